"""A significant incident is recorded in words and asks for a new assessment; what was wrong is withdrawn."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.entering import InTheFuture, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.models import CaseEvent, Due, Incident, InError
from cre_toolkit.casework.note import incidents
from cre_toolkit.children.holding import hold
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    give_access,
    practitioner,
    team_manager,
)

pytestmark = pytest.mark.django_db
WORDS = {
    "what": "An adult in a grey car followed the child home.",
    "known_from": "The grandmother, on 3 May",
    "harm": "Frightened; would not leave the house",
    "others": "",
    "was_missing": "no",
    "danger_now": "no",
}


@pytest.fixture
def worker():
    return practitioner()


@pytest.fixture
def child(worker):
    return ChildFactory(created_by=worker, allocated_worker=worker)


def typed(at=None, **words):
    now = timezone.localtime(at) - datetime.timedelta(hours=1)
    parts = {f"day_{part}": getattr(now, part) for part in ("day", "month", "year")}
    return {"form_id": str(uuid.uuid4()), "time": f"{now:%H:%M}", **parts, **WORDS, **words}


def address(child):
    return reverse("child-incident-new", args=[child.reference])


def record(child, by=None, **said):
    said = {"at": timezone.now(), "form_id": uuid.uuid4(), **WORDS} | said
    return incidents.record_incident(by=by or child.created_by, child=child, **said)


def due(child):
    fresh = [(entry.id, entry.event_id) for entry in state_of(child).due]
    assert fresh == [
        (each.action, str(each.event)) for each in Due.objects.filter(child=child, shown_from=None)
    ]
    return [action for action, _ in fresh]


def wrong_page(child, entered):
    return reverse("child-event-in-error", args=[child.reference, entered.pk])


def test_an_incident_is_recorded_once_and_asks_for_a_new_assessment_until_there_is_one(client, worker, child):
    client.force_login(worker)
    sent = typed()
    for _ in range(2):
        assert client.post(address(child), sent).status_code == 302
    assert Incident.objects.get(child=child).what == WORDS["what"]
    assert due(child) == ["reassess"]
    sending.send(by=worker, assessment=ready_draft(child, worker))
    assert "reassess" not in due(child)


def test_said_with_danger_now_both_calls_are_due_at_once_and_the_page_with_the_numbers_follows(client, child):
    client.force_login(child.created_by)
    answer = client.post(address(child), typed(danger_now="yes"))
    assert answer.url == reverse("child-calls", args=[child.reference])
    assert set(due(child)) == {"reassess", "telephone-police", "telephone-social-care"}


def test_an_incident_that_has_not_happened_is_refused_and_what_was_typed_is_kept(client, worker, child):
    client.force_login(worker)
    tomorrow = typed(timezone.now() + datetime.timedelta(days=2))
    page = client.post(address(child), tomorrow)
    assert page.status_code == 422
    assert WORDS["what"] in page.content.decode()
    with pytest.raises(InTheFuture):
        record(child, at=timezone.now() + datetime.timedelta(minutes=5))
    assert not CaseEvent.objects.exists()


def test_the_allocated_worker_is_told_by_a_reference_and_nothing_else(worker, child):
    colleague = practitioner()
    record(child, by=colleague)
    mail = Message.objects.get(to=worker.email)
    assert child.reference in mail.subject
    assert child.family_name not in mail.subject + mail.body
    assert WORDS["what"] not in mail.body


def test_an_incident_stands_on_the_timeline_whole_and_says_when_it_was_in_error(worker, child):
    incident = record(child)
    (line,) = incidents.happened(child)
    assert WORDS["what"] in line.text
    assert WORDS["known_from"] in line.text
    assert not line.in_error
    in_error.withdraw(by=worker, entered=incident.event, why="It was another child.")
    assert incidents.happened(child)[0].in_error
    assert in_error.happened(child)[0].text == "It was another child."


def test_what_was_recorded_in_error_is_asked_about_withdrawn_once_and_stays_to_be_read(client, worker, child):
    incident = record(child)
    client.force_login(worker)
    page = wrong_page(child, incident.event)
    asked = client.get(page).content.decode()
    assert WORDS["what"] in asked
    assert client.post(page, {"why": ""}).status_code == 422
    assert due(child) == ["reassess"]
    assert client.post(page, {"why": "It was another child."}).status_code == 302
    assert due(child) == []
    again = client.post(page, {"why": "Something else"}).content.decode()
    assert "It was another child." in again
    assert "Something else" in again, "what was typed is shown, to be copied"
    assert InError.objects.count() == CaseEvent.objects.filter(kind="withdrawn").count() == 1
    assert Event.objects.filter(kind="case.withdrawn").count() == 1


def test_who_entered_it_their_manager_and_a_child_protection_manager_withdraw_and_nobody_else(client, child):
    manager = team_manager(TeamFactory())
    author = practitioner(teams=[manager.memberships.get().team])
    colleague, chair = practitioner(), child_protection_manager()
    for user in (author, colleague, chair):
        give_access(child, user=user)
    page = wrong_page(child, record(child, by=author).event)
    for user, answer in ((colleague, 403), (author, 200), (manager, 200), (chair, 200)):
        client.force_login(user)
        assert client.get(page).status_code == answer, user
    client.force_login(practitioner())
    assert client.get(page).status_code == 404, "who does not see the child does not hear of it"


def test_what_a_meeting_had_done_is_due_again_when_the_meeting_was_in_error(worker, child):
    """A meeting that never was has done nothing."""
    sending.send(by=worker, assessment=ready_draft(child, worker, level="high"))
    before = set(due(child))
    now = timezone.now()
    with_it = ticks(by=worker, child=child, state=state_of(child), actions={"refer-police"}, at=now)
    assert with_it, "so that there is something to do"
    held = hold(child)
    met = event(by=worker, child=held, kind=CaseEvent.Kind.MEETING, at=now, keys={"type": "professionals"})
    enter(by=worker, child=held, events=[met, *with_it])
    assert set(due(child)) < before
    in_error.withdraw(by=worker, entered=in_error.find(child, met.pk), why="It was cancelled.")
    assert set(due(child)) == before


@pytest.mark.parametrize("kind", ["missing", "returned", "closed", "reopened", "withdrawn", "assessment"])
def test_what_stands_in_turn_is_not_withdrawn_here(worker, child, kind):
    assert kind not in in_error.CAN_BE


def test_a_transfer_in_error_gives_the_child_back_to_the_authority_that_had_them(worker, child):
    held = hold(child)
    given = event(
        by=worker, child=held, kind=CaseEvent.Kind.TRANSFER, at=timezone.now(),
        keys={"authority": "derbyshire"}, from_authority="derby",
    )  # fmt: skip
    enter(by=worker, child=held, events=[given])
    child.refresh_from_db()
    assert child.authority == state_of(child).authority == "derbyshire"
    chair = child_protection_manager(authority="derbyshire")
    in_error.withdraw(by=chair, entered=given, why="The family did not move.")
    child.refresh_from_db()
    assert child.authority == state_of(child).authority == "derby"
