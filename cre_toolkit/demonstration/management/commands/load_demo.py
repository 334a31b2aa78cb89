"""`manage.py load_demo`: invented people, children and assessments, made through the service's own acts."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.demonstration.children import load_children
from cre_toolkit.demonstration.people import PASSWORD, PEOPLE, load_people


class Command(BaseCommand):
    help = "Load invented people and children, where the database is empty. Refuses outside a demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "This is not a demonstration (CRE_ENVIRONMENT): invented people stay out of it."
            )
        if User.objects.exists():
            self.stdout.write("There are people in the database already: nothing loaded.")
        else:
            with transaction.atomic():
                load_children(load_people())
        self.stdout.write(f"Sign in with any of these and the password {PASSWORD}:")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:34}{person.job_title}")
