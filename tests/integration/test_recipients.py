"""To whom an assessment goes: sent is said where somebody in social care can open it, and only there."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import queries
from cre_toolkit.children import access, cover
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    AgencyFactory,
    ChildFactory,
    MembershipFactory,
    RoleHeldFactory,
    TeamFactory,
    front_door,
    give_access,
    practitioner,
    team_manager,
)

pytestmark = pytest.mark.django_db


def send(draft):
    return sending.send(by=draft.author, assessment=draft)


def closed_case(**given):
    facts = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}
    return ChildFactory(**facts | given)


def due_ids(child):
    return [entry.action for entry in queries.due_for(child)]


@pytest.fixture
def open_case():
    """An open case; allocate somebody to it."""

    def of(worker, **given):
        facts = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}
        return ChildFactory(**facts | {"allocated_worker": worker} | given)

    return of


def test_an_allocated_worker_who_assesses_has_it_already(open_case):
    officer, worker = front_door(), practitioner()
    record = send(ready_draft(open_case(worker, created_by=worker), worker))
    assert "send-to-social-care" not in due_ids(record.child)
    assert record.content["referred"]["social_care"] == record.content["sent_at"]
    assert not AccessGrant.objects.filter(reason="sent").exists()
    assert not Message.objects.filter(to__in=[worker.email, officer.email]).exists()


def test_whoever_stands_in_for_a_worker_on_leave_is_told_too_from_the_day_until_the_day(open_case):
    """The worker is not there to read it, and what is sent about an open case goes to no front door."""
    worker, stand_in, author, now = practitioner(), practitioner(), practitioner(), timezone.now()
    leave = {"since": now + datetime.timedelta(days=1), "until": now + datetime.timedelta(days=8)}
    cover.arrange(by=team_manager(), absent=worker, stand_in=stand_in, form_id=uuid.uuid4(), **leave)
    Message.objects.all().delete()
    for day, told in ((0, False), (2, True), (9, False)):
        with time_machine.travel(now + datetime.timedelta(days=day), tick=False):
            send(ready_draft(open_case(worker, created_by=author), author))
        mailed = set(Message.objects.values_list("to", flat=True))
        assert worker.email in mailed
        assert (stand_in.email in mailed) is told, day
        Message.objects.all().delete()


@pytest.mark.parametrize(
    "worker",
    [
        {"agency": "Invented Academy", "kind": "education"},
        {"is_active": False},
    ],
    ids=["a teacher", "somebody who has left"],
)
def test_a_worker_who_is_not_there_in_social_care_is_no_way_to_it(open_case, worker):
    officer, given = front_door(), dict(worker)
    if "agency" in given:
        given["agency"] = AgencyFactory(name=given.pop("agency"), kind=given.pop("kind"))
    record = send(ready_draft(open_case(practitioner(**given))))
    assert access.visible_to(officer).get() == record.child
    assert "send-to-social-care" not in due_ids(record.child)


@pytest.mark.parametrize("gone", ["left", "deactivated", "not there yet"])
def test_a_front_door_with_nobody_there_is_sent_nothing_and_the_page_says_so(client, gone):
    officer, now = front_door(), timezone.now()
    if gone == "deactivated":
        User.objects.filter(pk=officer.pk).update(is_active=False)
    elif gone == "left":
        officer.memberships.update(until=now - datetime.timedelta(days=1))
    else:
        officer.memberships.update(since=now + datetime.timedelta(days=1))
    record = send(ready_draft(closed_case()))
    assert not AccessGrant.objects.filter(reason="sent").exists()
    assert not Message.objects.filter(subject__contains="has been sent to you").exists()
    assert "social_care" not in record.content["referred"]
    assert "send-to-social-care" in due_ids(record.child)
    client.force_login(record.author)
    page = client.get(reverse("assessment-sent", args=[record.assessment.reference])).content.decode()
    assert "Nobody in children’s social care has it yet" in page
    assert 'href="tel:01332641172"' in page
    assert "Sent to" not in page


@pytest.mark.parametrize("until", [None, 7], ids=["for good", "for another week"])
def test_a_front_door_with_somebody_there_has_it(client, until):
    officer = front_door()
    if until:
        officer.memberships.update(until=timezone.now() + datetime.timedelta(days=until))
    record = send(ready_draft(closed_case()))
    assert access.visible_to(officer).get() == record.child
    assert Message.objects.get().to == officer.email
    client.force_login(record.author)
    page = client.get(reverse("assessment-sent", args=[record.assessment.reference])).content.decode()
    assert "Nobody in children’s social care has it yet" not in page
    assert "Sent to" in page


def test_an_open_case_without_a_worker_on_the_service_is_not_said_to_be_with_that_worker(client):
    front_door()
    record = send(
        ready_draft(closed_case(open_to_social_care="yes", worker_name="Somebody not on the service"))
    )
    client.force_login(record.author)
    page = client.get(reverse("assessment-sent", args=[record.assessment.reference])).content.decode()
    assert "Sent to <strong>children’s social care in Derby</strong>" in page
    assert "otherwise it is with the front door, First Contact Team" in page
    assert "<strong>Allocated social worker</strong>" not in page


def test_whoever_has_left_the_front_door_is_told_nothing():
    officer, former = front_door(), practitioner()
    team = officer.memberships.get().team
    MembershipFactory(user=former, team=team, until=timezone.now() - datetime.timedelta(days=1))
    send(ready_draft(closed_case()))
    assert {message.to for message in Message.objects.all()} == {officer.email}


def test_nobody_is_told_what_they_sent_themselves():
    officer = front_door()
    RoleHeldFactory(user=officer)
    record = send(ready_draft(closed_case(created_by=officer), officer))
    assert not Message.objects.exists()
    assert "send-to-social-care" not in due_ids(record.child), "the front door has it by its own officer"


def test_what_was_sent_is_on_the_audit_as_the_record():
    record = send(ready_draft())
    event = Event.objects.get(kind="assessment.sent")
    assert (event.subject_kind, event.subject) == ("record", record.pk)


def test_a_manager_who_is_mailed_can_open_what_they_were_mailed_about():
    manager = team_manager(TeamFactory())
    author = practitioner(teams=[manager.memberships.get().team, elsewhere := TeamFactory()])
    child = closed_case()
    give_access(child, team=elsewhere)
    give_access(child, user=author, reason=AccessGrant.Reason.ASSESSED)  # as whoever begins has it
    record = send(ready_draft(child, author))
    assert manager.email in set(Message.objects.values_list("to", flat=True))
    assert queries.sent_to(access.standing_of(manager))
    assert access.visible_to(manager).get() == record.child


def test_who_manages_a_team_without_the_role_is_mailed_nothing():
    manager = team_manager(TeamFactory())
    author = practitioner(teams=[manager.memberships.get().team])
    manager.roles_held.update(until=timezone.now())
    send(ready_draft(closed_case(), author))
    assert not Message.objects.exists()
