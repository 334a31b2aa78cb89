"""The monthly tasking meeting: its list, what has changed, requests and answers, and the pack."""

import datetime
import io
import uuid

import docx
import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.models import CaseEvent, TaskingAnswer, TaskingCase, TaskingMeeting
from cre_toolkit.casework.tasking import meetings as tasking
from cre_toolkit.casework.tasking.listing import Change, tasking_list
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.children.models import Child
from cre_toolkit.children.standing import standing_of
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.missing import ago, tasking_request
from tests.factories.people import ChildFactory, child_protection_manager, practitioner, restricted_to
from tests.integration.childforms import page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


def at_level(level: str, **given) -> Child:
    """A child whose newest assessment says so."""
    child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no", **given)
    draft = ready_draft(child, level=level, rated=level)
    sending.send(by=draft.author, assessment=draft)
    child.refresh_from_db()
    return child


def agreed(child: Child, level: str) -> None:
    """A CRE review agreed another level."""
    keys = {"type": "cre-review", "level": level}
    enter(
        by=child.created_by,
        child=child,
        events=[
            event(by=child.created_by, child=child, kind=CaseEvent.Kind.MEETING, at=timezone.now(), keys=keys)
        ],
    )


@pytest.fixture
def chair():
    return child_protection_manager()


def held(chair, at=None, not_discussed=(), form_id=None):
    return tasking.record_meeting(
        by=chair,
        authority="derby",
        at=at or timezone.now(),
        not_discussed=not_discussed,
        form_id=form_id or uuid.uuid4(),
    )


def listed(chair):
    return tasking_list(standing_of(chair), "derby")


def due(child):
    return {entry.action: entry.due_on for entry in queries.due_for(child)}


def test_the_list_is_of_medium_and_high_and_says_what_has_changed_since_the_last_meeting(chair):
    up, down, off = at_level("medium"), at_level("high"), at_level("medium")
    at_level("low")
    assert {case.change for case in listed(chair).cases} == {Change.NEW}
    held(chair)
    new = at_level("medium")
    agreed(up, "high")
    agreed(down, "medium")
    agreed(off, "low")
    found = listed(chair)
    assert {case.child: case.change for case in found.cases} == {
        up: Change.UP,
        down: Change.DOWN,
        new: Change.NEW,
    }
    assert [case.child.working_level for case in found.cases] == ["high", "medium", "medium"]
    assert (found.off, found.off_unseen) == ([], 1), "a low case is not theirs to see, and is counted"


def test_the_meeting_restarts_the_clock_of_each_case_that_it_discussed_and_of_no_other(chair):
    discussed, left = at_level("high"), at_level("high")
    before = due(discussed)["monthly-tasking"]
    assert due(left)["monthly-tasking"] == before
    form_id = uuid.uuid4()
    for _ in range(2):
        held(chair, not_discussed=[left.reference], form_id=form_id)
    assert TaskingMeeting.objects.count() == 1
    meetings = CaseEvent.objects.filter(kind=CaseEvent.Kind.MEETING)
    assert [(one.child_id, one.keys) for one in meetings] == [(discussed.pk, {"type": "tasking"})]
    assert TaskingCase.objects.get(child__stands_for=left.pk).event is None
    assert [one.title for one in tasking.discussed(discussed)] == ["Monthly tasking meeting"]
    assert tasking.discussed(left) == []


def test_a_restricted_record_is_absent_for_whoever_is_not_named_on_it(chair):
    child = at_level("high")
    restricted_to(child, child.created_by)
    assert listed(chair).cases == []
    held(chair)
    assert not TaskingCase.objects.exists()


def test_only_who_prepares_it_records_it_and_in_their_own_authority(chair):
    with pytest.raises(NotAllowed):
        held(practitioner())
    with pytest.raises(NotVisible):
        tasking.record_meeting(
            by=chair, authority="derbyshire", at=ago(hours=1), not_discussed=(), form_id=uuid.uuid4()
        )


def test_a_request_is_told_to_the_worker_answered_in_steps_and_told_back(chair):
    child = at_level("high")
    worker = child.created_by
    Child.objects.filter(pk=child.pk).update(allocated_worker=worker)
    Message.objects.all().delete()
    asked = tasking_request(child)
    assert [(one.to, child.given_names in one.body) for one in Message.objects.all()] == [
        (worker.email, False)
    ]
    client = signed_in(worker)
    address = reverse("child-tasking", args=[child.reference])
    typed = {
        "request": str(asked.pk),
        "outcome": "under-way",
        "words": "Asked the shop.",
        "form_id": str(uuid.uuid4()),
    }
    for _ in range(2):
        assert client.post(address, typed).status_code == 302
    assert TaskingAnswer.objects.count() == 1
    assert Message.objects.filter(to=asked.by.email).count() == 1
    assert "Under way" in page(client.get(address))
    done = typed | {"outcome": "done", "words": "He has gone.", "form_id": str(uuid.uuid4())}
    assert client.post(address, done).status_code == 302
    assert "Answer a request" not in page(client.get(address))
    assert [one.how_far for case in listed(chair).cases for one in case.asked] == ["Done"]


def test_an_answered_request_is_off_the_list_after_the_next_meeting(chair):
    child = at_level("high")
    asked = tasking_request(child)
    tasking.answer(
        by=child.created_by,
        request=asked,
        outcome=TaskingAnswer.Outcome.DONE,
        words="Yes.",
        form_id=uuid.uuid4(),
    )
    assert [len(case.asked) for case in listed(chair).cases] == [1]
    held(chair, at=timezone.now())
    assert [len(case.asked) for case in listed(chair).cases] == [0]


def test_the_pack_is_fetched_freshly_signed_in_as_word_and_csv_with_requests_and_answers(chair, client):
    child = at_level("high", family_name="Ŵynford")
    tasking_request(child, asked="=Look at the car park")
    client.force_login(chair)
    assert client.get(reverse("tasking-csv")).status_code == 302
    assert client.get(reverse("tasking-docx")).status_code == 302
    fresh = signed_in(chair)
    text = fresh.get(reverse("tasking-csv")).content.decode("utf-8-sig")
    assert "'=Look at the car park" in text
    assert child.reference in text
    made = fresh.get(reverse("tasking-docx"))
    assert "Ŵynford" not in made.headers["Content-Disposition"]
    word = docx.Document(io.BytesIO(made.content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert any("Ŵynford" in cell for cell in cells)
    assert "Ŵynford" not in word.core_properties.title
    assert "tasking.exported" in {one.kind for one in audit.of_child(child.pk)}


def test_the_pages_lead_from_the_list_to_the_meeting_and_back(chair):
    child, left = at_level("high"), at_level("medium")
    client = signed_in(chair)
    assert child.reference in page(client.get(reverse("tasking")))
    now = timezone.localtime() - datetime.timedelta(minutes=1)
    typed = {
        "form_id": str(uuid.uuid4()),
        "day_day": now.day,
        "day_month": now.month,
        "day_year": now.year,
        "time": "25:00",
        "not_discussed": [left.reference],
    }
    address = reverse("tasking-meeting")
    pressed = page(client.post(address, {"form_id": str(uuid.uuid4())}), 422)
    assert "Enter the day of the meeting" in pressed, "one press records nothing on everybody's case"
    assert f'value="{now.year}"' not in page(client.get(address))
    assert "Enter the time like 16:30" in page(client.post(address, typed), 422)
    assert client.post(address, typed | {"time": f"{now:%H:%M}"}).status_code == 302
    assert f"The last meeting on the record was held on {now.day}" in page(client.get(reverse("tasking")))
    ask = reverse("child-tasking-ask", args=[child.reference])
    assert "Enter what the meeting asked for" in page(client.post(ask, {"form_id": str(uuid.uuid4())}), 422)


def test_a_closed_case_is_not_on_the_list(chair):
    child = at_level("high")
    held(chair)
    closed = event(by=child.created_by, child=child, kind=CaseEvent.Kind.CLOSED, at=timezone.now())
    enter(by=child.created_by, child=child, events=[closed])
    found = listed(chair)
    assert found.cases == []
    assert [case.child for case in found.off] == [child]
