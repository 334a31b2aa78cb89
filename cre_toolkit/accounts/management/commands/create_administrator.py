"""`manage.py create_administrator`: the first administrator, who gives everybody else their account."""

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from cre_toolkit.accounts import actions
from cre_toolkit.accounts.models import Role, User
from cre_toolkit.rules.loading import authority_ids


class Command(BaseCommand):
    help = (
        "Make an administrator. The password is asked for, or taken from the environment variable "
        "CRE_ADMINISTRATOR_PASSWORD; it is never an argument, where others on the machine could read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--authority", required=True, choices=authority_ids())

    def handle(self, *args: Any, email: str, name: str, authority: str, **options: Any) -> None:
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"There is an account for {email} already.")
        try:
            validate_email(email)
            password = os.environ.get("CRE_ADMINISTRATOR_PASSWORD") or getpass.getpass("Password: ")
            with transaction.atomic():
                user = actions.add_user(by=None, email=email, name=name, password=password)
                actions.give_role(by=None, user=user, role=Role.ADMINISTRATOR, authority=authority)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{email} is an administrator of {authority} and can sign in now.")
