"""A record that is closed to somebody is absent for them: searching, adding, lists, counts, mail, the trail.

Restricted records and lock-outs, over the pages; every single address is tried in test_permission_matrix.py.
"""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments import queries as assessments
from cre_toolkit.assessments.models import Withdrawal
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending, withdrawing
from cre_toolkit.casework.case import queries as casework
from cre_toolkit.casework.lists import due as due_lists
from cre_toolkit.children import access, pairs, siblings
from cre_toolkit.children.models import Child, PossibleDuplicate
from cre_toolkit.children.queries import possible_workers
from cre_toolkit.children.restriction import Refused
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    front_door,
    give_access,
    locked_out,
    make_user,
    noted_pair,
    practitioner,
    restricted_to,
    team_manager,
)
from tests.integration.journeys import signed_in
from tests.integration.merges import merge, undo

pytestmark = pytest.mark.django_db
NAME = "Ŵynfordd"
IN_ERROR = Withdrawal.Category.IN_ERROR
FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


def restricted(child: Child, user) -> None:
    """Closed to somebody because others are named on it."""
    restricted_to(child, child.created_by)


CLOSED = pytest.mark.parametrize("closed", [restricted, locked_out], ids=["restricted", "locked out"])


@pytest.fixture
def child() -> Child:
    return ChildFactory(given_names="Siân", family_name=NAME, nhs_number="9990000018", **FACTS)


def page(client, name: str, data: dict[str, str] | None = None) -> str:
    address = reverse(name)
    return (client.get(address) if data is None else client.post(address, data)).content.decode()


# --- Searching and adding -----------------------------------------------------------------------------------


@CLOSED
def test_a_search_answers_as_if_there_were_no_such_child(child, closed):
    user = practitioner()
    give_access(child, user=user)
    client = signed_in(user)
    asked = [{"name": NAME}, {"reference": child.reference}, {"nhs_number": child.nhs_number}]
    assert all(child.reference in page(client, "search", each) for each in asked)
    closed(child, user)
    for each in asked:
        answer = page(client, "search", each)
        assert child.reference not in answer.replace(f'value="{child.reference}"', "")
        assert "Nobody found whose record you can see" in answer
    shown = Event.objects.filter(kind__in=["child.searched", "child.existence-shown"], child=child.pk)
    assert shown.count() == len(asked), "and none after it was closed"


@CLOSED
def test_whoever_adds_the_same_child_reads_what_everybody_reads_and_the_front_door_is_not_shown_it(
    child, closed
):
    user = practitioner()
    give_access(child, user=user)
    officer = front_door()
    closed(child, user)
    if closed is locked_out:
        locked_out(child, officer)
    typed = {"given_names": "Siân", "family_name": NAME, "authority": "derby", "form_id": str(uuid.uuid4())}
    response = signed_in(user).post(reverse("child-new"), typed | {"then": "add"})
    assert response.status_code == 302
    assert PossibleDuplicate.objects.filter(state="open").count() == 1
    assert pairs.count(access.standing_of(officer)) == 0
    assert NAME not in page(signed_in(officer), "duplicates")
    assert "Possible duplicates" not in page(signed_in(officer), "home")


def test_a_pair_is_shown_to_whom_both_records_are_open(child):
    officer = front_door()
    noted_pair(restricted_to(child, officer), ChildFactory())
    assert pairs.count(access.standing_of(officer)) == 1
    assert pairs.count(access.standing_of(front_door())) == 0


def test_two_records_are_merged_only_where_both_are_restricted_or_neither(child):
    officer, other = front_door(), ChildFactory()
    restricted_to(child, officer, child.created_by)
    with pytest.raises(Refused, match="Restrict the other"):
        merge(other, child, by=officer)
    restricted_to(other, officer, child.created_by, other.created_by)
    merged = merge(other, child, by=officer)
    for named in (officer, child.created_by, other.created_by):
        assert other in access.visible_to(named)
    undo(merged)
    assert child in access.visible_to(child.created_by)
    assert child not in access.visible_to(other.created_by)


def test_whoever_is_locked_out_of_one_record_is_locked_out_of_what_it_was_merged_into(child):
    user, other = practitioner(), ChildFactory()
    give_access(other, user=user)
    locked_out(child, user)
    merge(other, child)
    assert other not in access.visible_to(user)
    found = page(signed_in(user), "search", {"name": NAME})
    assert other.reference not in found


# --- Lists, counts and suggestions --------------------------------------------------------------------------


@CLOSED
@pytest.mark.parametrize("who", [practitioner, team_manager, front_door, child_protection_manager])
def test_no_list_names_the_child_or_counts_what_is_theirs(child, closed, who):
    user = who()
    give_access(child, user=user)
    AssessmentFactory(child=child, author=user)
    sending.send(by=child.created_by, assessment=ready_draft(child, level="high", rated="high"))
    client = signed_in(user)
    assert any(NAME in page(client, name) for name in ("home", "due", "drafts"))
    closed(child, user)
    standing = access.standing_of(user)
    for name in ("home", "due", "drafts"):
        assert NAME not in page(client, name)
        assert child.reference not in page(client, name)
    assert due_lists.due_list(standing, most=50).entries == []
    assert casework.sent_to(standing) == []
    assert not list(assessments.drafts_of(user, standing))


@CLOSED
def test_it_is_not_suggested_as_a_brother_or_sister(child, closed):
    user = practitioner()
    give_access(child, user=user)
    sister = ChildFactory(family_name=NAME, created_by=user)
    standing = access.standing_of(user)
    assert siblings.suggested(standing, sister)
    closed(child, user)
    assert siblings.suggested(standing, sister) == []
    assert siblings.found(standing, NAME)[0].child == sister
    assert siblings.chosen(standing, [child.reference]) == []


@CLOSED
def test_nobody_to_whom_it_is_closed_can_be_given_work_on_it(child, closed):
    user = practitioner()
    assert user in possible_workers(child)
    assert user in assessments.colleagues(child, child.created_by)
    closed(child, user)
    assert user not in possible_workers(child)
    assert user not in assessments.colleagues(child, child.created_by)


# --- Mail ---------------------------------------------------------------------------------------------------


@CLOSED
def test_nobody_to_whom_it_is_closed_is_told_of_what_is_sent_or_withdrawn(child, closed):
    manager, officer = team_manager(), front_door()
    team = manager.memberships.get().team
    child.created_by.memberships.create(team=team, since=child.created_at)
    earlier = sending.send(by=child.created_by, assessment=ready_draft(child))
    assert {message.to for message in Message.objects.all()} == {manager.email, officer.email}
    for user in (manager, officer):
        closed(child, user)
    Message.objects.all().update(subject="before")
    draft = ready_draft(child)
    sending.send(by=child.created_by, assessment=draft)
    assert set(Message.objects.values_list("subject", flat=True)) == {"before"}
    due = {entry.action for entry in casework.due_for(child)}
    assert "send-to-social-care" in due, "nobody in social care has it by that"
    withdrawing.withdraw(by=child.created_by, record=earlier, category=IN_ERROR, words="By mistake")
    assert set(Message.objects.values_list("subject", flat=True)) == {"before"}


# --- The audit trail ----------------------------------------------------------------------------------------


def trail(user, reference: str = "") -> tuple[int, str]:
    response = signed_in(user).get(reverse("audit"), {"child": reference} if reference else {})
    return response.status_code, response.content.decode()


def test_a_manager_to_whom_it_is_closed_does_not_read_who_looked(child):
    manager = child_protection_manager()
    give_access(child, user=manager)
    assert "Opened a child&#x27;s record" not in trail(manager, child.reference)[1]
    signed_in(child.created_by).get(reverse("child", args=[child.reference]))
    assert child.created_by.name in trail(manager, child.reference)[1]
    restricted_to(child, child.created_by)
    assert child.created_by.name not in trail(manager, child.reference)[1]


def test_a_records_auditor_reads_who_looked_at_a_restricted_record_and_never_of_one_they_are_locked_out_of(
    child,
):
    auditor = make_user(Role.RECORDS_AUDITOR)
    restricted_to(child, child.created_by)
    signed_in(child.created_by).get(reverse("child", args=[child.reference]))
    assert child.created_by.name in trail(auditor, child.reference)[1]
    assert child.reference in trail(auditor)[1]
    locked_out(child, auditor)
    assert child.created_by.name not in trail(auditor, child.reference)[1]
    assert child.reference not in trail(auditor)[1]


# --- Who is told that it is restricted, and what all this costs ---------------------------------------------


def test_the_people_named_read_first_of_all_that_it_is_restricted(child):
    restricted_to(child, child.created_by)
    record = signed_in(child.created_by).get(reverse("child", args=[child.reference])).content.decode()
    assert "only the people named on it can see this record" in record


@pytest.mark.parametrize("caseload", [10, 200])
def test_access_costs_the_same_number_of_queries_whatever_the_caseload(caseload):
    manager = team_manager(TeamFactory())
    member = practitioner(teams=[manager.memberships.get().team])
    made = Child.objects.bulk_create(
        Child(authority="derby", family_name=NAME, created_at=timezone.now(), created_by=member)
        for _ in range(caseload)
    )
    for number, each in enumerate(made):
        give_access(each, user=member)
        if number % 5 == 0:
            restricted_to(each, member)
        if number % 5 == 1:
            locked_out(each, manager)
    with CaptureQueriesContext(connection) as asked:
        standing = access.standing_of(manager)
        seen = list(access.visible_to(manager, standing))
        found = list(Child.objects.filter(access.sees(standing), pk__in=[each.pk for each in made]))
    assert len(seen) == len(found) == caseload * 3 // 5
    assert len(asked) == 3
