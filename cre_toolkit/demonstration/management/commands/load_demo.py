"""`manage.py load_demo`: invented people, children and assessments, made through the service's own acts."""

import argparse
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.demonstration.answers import load_answers
from cre_toolkit.demonstration.caseload import clock
from cre_toolkit.demonstration.caseload.load import live
from cre_toolkit.demonstration.caseload.plan import STORY, plan
from cre_toolkit.demonstration.caseload.staff import COLLEAGUES, STAFF
from cre_toolkit.demonstration.children import load_children
from cre_toolkit.demonstration.comings import load_comings_and_goings
from cre_toolkit.demonstration.emergencies import load_break_glass
from cre_toolkit.demonstration.ends import load_ends
from cre_toolkit.demonstration.incidents import load_incidents
from cre_toolkit.demonstration.mails import load_mail
from cre_toolkit.demonstration.meetings import load_meetings
from cre_toolkit.demonstration.missing import load_missing
from cre_toolkit.demonstration.notes import load_notes
from cre_toolkit.demonstration.people import PASSWORD, PEOPLE, load_people
from cre_toolkit.demonstration.referrals import load_referrals


class Command(BaseCommand):
    help = "Load invented people and children, where the database is empty. Refuses outside a demonstration."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--children", type=int, default=0, help="a caseload of so many beside the first few (0: none)"
        )
        parser.add_argument(
            "--seed", type=int, default=2020, help="which caseload: the same seed, the same one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "This is not a demonstration (CRE_ENVIRONMENT): invented people stay out of it."
            )
        if User.objects.exists():
            self.stdout.write("There are people in the database already: nothing loaded.")
        else:
            with transaction.atomic():
                users = self.load_caseload(**options) if options["children"] else load_people()
                load_children(users)
                load_referrals(users)
                load_answers(users)
                load_meetings(users)
                load_notes(users)
                load_incidents(users)
                load_missing(users)
                load_ends(users)
                load_comings_and_goings(users)
                load_break_glass(users)
                load_mail(users)
        self.stdout.write(f"Sign in with any of these and the password {PASSWORD}:")
        for person in PEOPLE:
            self.stdout.write(f"  {person.email:34}{person.job_title}")

    def load_caseload(self, *, children: int, seed: int, **_: Any) -> dict[str, User]:
        self.stderr.write(f"Loading an invented caseload of {children} children: a minute at most ...")
        now = timezone.now()
        # They have their roles since before the first thing that is told.
        with clock.at(now - STORY):
            users = load_people((*PEOPLE, *COLLEAGUES))
        live(plan(seed, children, timezone.localdate(now), STAFF), users, self.show)
        return users

    def show(self, done: int, of: int) -> None:
        """A line that counts up on a terminal, and nothing where the output is kept in a file."""
        if sys.stderr.isatty():
            end = "\n" if done == of else ""
            self.stderr.write(f"\rLoading the invented caseload: {done} of {of}", ending=end)
