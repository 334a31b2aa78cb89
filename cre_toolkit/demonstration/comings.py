"""Who has been invited, has left or is on leave in the demonstration, for administrator and manager to see.

The one who left and the one who is away each have two children: Maya Pretend, their manager, hands on those
of the first, and Sam Pretend stands in for the second. None of the three is listed as who can sign in.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts import administering
from cre_toolkit.accounts.models import Agency, Role, User
from cre_toolkit.children import actions as children
from cre_toolkit.children import cover
from cre_toolkit.demonstration.people import CITY, Person, load_people
from cre_toolkit.jobs.invitations import send_invitation


def _social_worker(email: str, name: str) -> Person:
    roles, authorities, teams = (Role.PRACTITIONER,), ("derby",), ("Exploitation Team",)
    return Person(email, name, "Social worker", CITY, roles, authorities, teams)


LEFT = _social_worker("lena@example.org", "Lena Pretend")
AWAY = _social_worker("noel@example.org", "Noel Pretend")
FAMILY_NAMES = {LEFT.email: ("Fabricated", "Conjured"), AWAY.email: ("Dreamt", "Figment")}
LEAVE = datetime.timedelta(days=14)


@transaction.atomic
def load_comings_and_goings(users: dict[str, User]) -> None:
    """Invite one colleague, close the account of another, and send a third on leave, each by its own act.

    Args:
        users: those who are there, by the part of their address before the @.
    """
    theirs = load_people((LEFT, AWAY))
    left, away = theirs["lena"], theirs["noel"]
    for worker in (left, away):
        for number, family_name in enumerate(FAMILY_NAMES[worker.email]):
            children.add_child(
                by=worker,
                form_id=uuid.uuid4(),
                authority="derby",
                given_names=("Robin", "Ash")[number],
                family_name=family_name,
                estimated_age=14 + number,
                allocated_worker=worker,
                open_to_social_care="yes",
            )
    admin, now = users["admin"], timezone.now()
    administering.close_account(by=admin, user=left)
    cover.arrange(
        by=users["manager"], absent=away, stand_in=users["worker"], since=now, until=now + LEAVE,
        form_id=uuid.uuid4(),
    )  # fmt: skip
    invited = administering.add_person(
        by=admin,
        email="nia@example.org",
        name="Nia Pretend",
        agency=Agency.objects.get(name=CITY),
        role=Role.PRACTITIONER,
        authority="derby",
        job_title="Social worker",
    )
    send_invitation(by=admin, user=invited)
