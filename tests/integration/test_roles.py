"""What each role may do: what the account page says is what the service does, and nothing else."""

import re
import uuid
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.referral.states import State
from cre_toolkit.children import access, permissions
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.children.permissions import Act
from tests.factories.assessments import ready_draft
from tests.factories.missing import tasking_request
from tests.factories.people import (
    ChildFactory,
    RoleHeldFactory,
    TeamFactory,
    broken_glass,
    give_access,
    make_user,
    practitioner,
    team_manager,
)
from tests.factories.referrals import referral_on
from tests.factories.relationships import at_level
from tests.integration.journeys import signed_in

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"


def given(user):
    """A child to whose record the user has been given access."""
    child = ChildFactory()
    give_access(child, user=user)
    return child


def allocated(user):
    """A child whose allocated worker the user is."""
    child = ChildFactory(allocated_worker=user)
    give_access(child, user=user, reason=AccessGrant.Reason.ALLOCATED)
    return child


def of_team(user):
    """A child whom somebody works with in a team that the user manages."""
    child, team = ChildFactory(), TeamFactory()
    give_access(child, user=practitioner(teams=[team]))
    user.memberships.create(team=team, manages=True, since=child.created_at)
    return child


def at_high(user):
    child = ChildFactory()
    at_level(child, "high")
    return child


def sent_by(author, child=None):
    """The assessment that somebody sent of a child, when they still assessed children.

    Of a child given to them where none is named.
    """
    assesses = access.may(access.standing_of(author), Act.ASSESS)
    then = None if assesses else RoleHeldFactory(user=author)
    draft = ready_draft(child or given(author), author=author)
    sending.send(by=author, assessment=draft)
    if then:
        then.delete()
    return draft


def sent_with_a_manager(user):
    """By somebody whose manager is another, of a child who was given to the user as well."""
    team = TeamFactory()
    team_manager(team)
    child = given(user)
    author = practitioner(teams=[team])
    give_access(child, user=author)
    return sent_by(author, child)


def sent_in_the_team(user):
    team = TeamFactory()
    author = practitioner(teams=[team])
    user.memberships.create(team=team, manages=True, since=timezone.now())
    child = given(author)
    give_access(child, user=user)
    return sent_by(author, child)


def sent_by_somebody_else(user):
    return sent_by(practitioner(), given(user))


def broken(user):
    """A break-glass that somebody else did in the authority."""
    return broken_glass(ChildFactory())


def broken_in_the_team(user):
    """One on a child whose allocated worker is in a team that the user manages."""
    team = TeamFactory()
    user.memberships.create(team=team, manages=True, since=timezone.now())
    child = ChildFactory(allocated_worker=practitioner(teams=[team]))
    return broken_glass(child)


def referred_to_a_team_of(user, state):
    team = TeamFactory()
    user.memberships.create(team=team, since=timezone.now())
    child = ChildFactory()
    give_access(child, team=team, reason=AccessGrant.Reason.SENT)
    return referral_on(child, team=team, state=state)


def takes(step, state, **said):
    """Somebody takes a step of a referral to a team of theirs."""
    return lambda client, user: client.post(
        reverse("referral-step", args=[referred_to_a_team_of(user, state).reference, step]),
        {"form_id": str(uuid.uuid4()), **{name: value() for name, value in said.items()}},
    )


def opens(name, whose, *more):
    return lambda client, user: client.get(reverse(name, args=[whose(user).reference, *more]))


LET_IN = {"why": "School nurse"}
TRIES = {
    Act.SEE_GIVEN: opens("child", given),
    Act.SEE_OF_TEAM: opens("child", of_team),
    Act.SEE_AT_LEVEL: opens("child", at_high),
    Act.SEARCH: lambda client, user: client.post(reverse("search"), {"name": "Amy"}),
    Act.ADD_CHILD: lambda client, user: client.post(reverse("child-new"), {"then": "begin"}),
    Act.EDIT_CHILD: opens("child-edit", given, "identity"),
    Act.ASSESS: lambda client, user: client.post(
        reverse("assessment-start", args=[given(user).reference]), {"form_id": str(uuid.uuid4())}
    ),
    Act.LOG_CALL: opens("child-calls", given),
    Act.WRITE_NOTE: opens("child-note", given),
    Act.RECORD_INCIDENT: opens("child-incident-new", given),
    Act.RECORD_MISSING: opens("child-missing-report", given),
    Act.MONITOR_MISSING: lambda client, user: client.get(reverse("missing"), {"authority": "derby"}),
    Act.MONITOR_MISSING_OF_TEAM: lambda client, user: client.get(reverse("missing")),
    Act.RUN_TASKING: lambda client, user: client.get(reverse("tasking")),
    Act.ANSWER_TASKING: lambda client, user: client.post(
        reverse("child-tasking", args=[(asked := tasking_request(given(user))).child.reference]),
        {"request": str(asked.pk), "outcome": "done", "words": "Done.", "form_id": str(uuid.uuid4())},
    ),
    Act.REFER: opens("child-refer", given),
    Act.ANSWER_REFERRALS: takes("acknowledge", State.SENT, words=lambda: "Today"),
    Act.ALLOCATE: takes("allocate", State.ACCEPTED, worker=lambda: practitioner().pk),
    Act.FIND_ROUTE: opens("no-route-entry", lambda user: referral_on(ChildFactory())),
    Act.KEEP_MEETINGS: opens("child-meeting-new", given),
    Act.KEEP_MEETINGS_OF_OWN: opens("child-meeting-new", allocated),
    Act.WITHDRAW_OWN: opens("assessment-withdraw", sent_by),
    Act.WITHDRAW_OF_TEAM: opens("assessment-withdraw", sent_in_the_team),
    Act.WITHDRAW_ANY: opens("assessment-withdraw", sent_by_somebody_else),
    Act.COUNTERSIGN: lambda client, user: client.get(reverse("countersign")),
    Act.COUNTERSIGN_ANY: lambda client, user: client.post(
        reverse("assessment-decision", args=[sent_with_a_manager(user).reference]),
        {"outcome": "agreed", "form_id": str(uuid.uuid4())},
    ),
    Act.TAKE_ON: lambda client, user: client.get(reverse("taking-on")),
    Act.PLAN_TRANSITION: opens("child-transition", given),
    Act.SEE_TRANSITIONS: lambda client, user: client.get(reverse("transitions")),
    Act.TRANSFER: opens("child-transfer", given),
    Act.RECEIVE_TRANSFER: lambda client, user: client.get(reverse("transfers")),
    Act.CLOSE: opens("child-close", given),
    Act.REOPEN: opens("child-reopen", given),
    Act.RECORD_DEATH: opens("child-death", given),
    Act.GIVE_FAMILY_SHEET: opens("assessment-family", sent_by_somebody_else),
    Act.SETTLE_DUPLICATES: lambda client, user: client.get("/duplicates/"),
    Act.KEEP_RECORDS: lambda client, user: client.get(reverse("records")),
    Act.KEEP_NETWORK: lambda client, user: client.post(
        reverse("child-network", args=[given(user).reference]), LET_IN | {"email": practitioner().email}
    ),
    Act.KEEP_NETWORK_OF_OWN: lambda client, user: client.post(
        reverse("child-network", args=[allocated(user).reference]), LET_IN | {"email": practitioner().email}
    ),
    Act.RESTRICT: opens("child-restriction", given),
    Act.ANSWER_SUBJECT_ACCESS: lambda client, user: client.get(reverse("requests")),
    Act.READ_TRAIL: lambda client, user: client.get(reverse("audit-csv")),
    Act.BREAK_GLASS: opens("break-glass-open", lambda user: ChildFactory()),
    Act.REVIEW_BREAK_GLASS: opens("break-glass", broken),
    Act.REVIEW_BREAK_GLASS_OF_TEAM: opens("break-glass", broken_in_the_team),
    Act.REVIEW_ACCESS: lambda client, user: client.get(reverse("access-reviews")),
    Act.READ_TRAIL_OF_SEEN: lambda client, user: client.get(
        reverse("audit-csv"), {"child": given(user).reference}
    ),
    Act.ADMINISTER: lambda client, user: client.get(reverse("administration")),
    Act.HAND_ON: lambda client, user: client.get(reverse("team")),
}
"""How a person would go about each act, over HTTP."""
# Acts that are part of a wider one.
WIDER = {
    Act.TRANSFER: Act.RECEIVE_TRANSFER,
    Act.RECEIVE_TRANSFER: Act.TRANSFER,
    Act.MONITOR_MISSING_OF_TEAM: Act.MONITOR_MISSING,
    Act.WITHDRAW_OWN: Act.WITHDRAW_ANY,
    Act.WITHDRAW_OF_TEAM: Act.WITHDRAW_ANY,
    Act.READ_TRAIL_OF_SEEN: Act.READ_TRAIL,
    Act.KEEP_NETWORK_OF_OWN: Act.KEEP_NETWORK,
    Act.KEEP_MEETINGS_OF_OWN: Act.KEEP_MEETINGS,
    Act.REVIEW_BREAK_GLASS_OF_TEAM: Act.REVIEW_BREAK_GLASS,
}


def test_every_act_is_tried():
    assert set(TRIES) == set(Act)


@pytest.mark.django_db
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_can_do_what_the_table_says_and_nothing_else(role, act):
    user = make_user(role)
    response = TRIES[act](signed_in(user), user)
    if role in permissions.ROLES_FOR[act] | permissions.ROLES_FOR[WIDER.get(act, act)]:
        assert response.status_code in (200, 302)
    else:
        assert response.status_code in (403, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_the_account_page_says_what_a_role_may_do_whole_and_nothing_else(role):
    user = make_user(role)
    page = unescape(signed_in(user).get(reverse("account")).content.decode())
    said = re.findall(r"<li>(.+?)</li>", page[page.index("What your roles let you do") :])
    said = [line for line in said if "<" not in line]
    standing = access.standing_of(user)
    words = {permission.words: permission.act for permission in permissions.PERMISSIONS}
    theirs = [act for act in words.values() if access.may(standing, act)]
    if theirs:
        assert [words[line] for line in said] == theirs
    else:
        assert said == [permissions.NOTHING_YET]


def test_each_act_stands_in_the_table_once():
    assert [permission.act for permission in permissions.PERMISSIONS] == list(Act)


def test_the_page_of_the_reference_is_what_the_table_prints():
    assert PAGE.read_text() == permissions.page(), (
        "run: .venv/bin/python -m cre_toolkit.children.permissions > docs/reference/permissions.md"
    )
