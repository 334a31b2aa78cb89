"""The monthly tasking meeting: its list, what has changed, requests and answers, and the pack."""

import datetime
import io
import uuid

import docx
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.models import CaseEvent, Due, TaskingAnswer, TaskingCase
from cre_toolkit.casework.tasking import meetings
from cre_toolkit.casework.tasking import requests as tasking
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


def hours_ago(level: str) -> Child:
    """The same of some hours ago: before a meeting that was held since."""
    with time_machine.travel(ago(hours=6)):
        return at_level(level)


def close(child: Child) -> None:
    """Its case is closed now."""
    closed = event(by=child.created_by, child=child, kind=CaseEvent.Kind.CLOSED, at=timezone.now())
    enter(by=child.created_by, child=child, events=[closed])


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


def held(chair, at=None, not_discussed=(), listed=None):
    shown = tasking_list(standing_of(chair), "derby").cases if listed is None else ()
    return meetings.record_meeting(
        by=chair,
        authority="derby",
        at=at or timezone.now(),
        listed=[case.child.reference for case in shown] if listed is None else listed,
        not_discussed=not_discussed,
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
    held(chair, not_discussed=[left.reference])
    events = CaseEvent.objects.filter(kind=CaseEvent.Kind.MEETING)
    assert [(one.child_id, one.keys) for one in events] == [(discussed.pk, {"type": "tasking"})]
    assert TaskingCase.objects.get(child__stands_for=left.pk).event is None
    assert [one.title for one in meetings.discussed(discussed)] == ["Monthly tasking meeting"]
    assert meetings.discussed(left) == []


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
        meetings.record_meeting(
            by=chair, authority="derbyshire", at=ago(hours=1), listed=(), not_discussed=()
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
    child, left = hours_ago("high"), hours_ago("medium")
    client = signed_in(chair)
    assert child.reference in page(client.get(reverse("tasking")))
    now = timezone.localtime() - datetime.timedelta(minutes=1)
    typed = {
        "listed": f"{child.reference} {left.reference}",
        "day_day": now.day,
        "day_month": now.month,
        "day_year": now.year,
        "time": "25:00",
        "not_discussed": [left.reference],
    }
    address = reverse("tasking-meeting")
    pressed = page(client.post(address, {"listed": child.reference}), 422)
    assert "Enter the day of the meeting" in pressed, "one press records nothing on everybody's case"
    assert f'value="{now.year}"' not in page(client.get(address))
    assert "Enter the time like 16:30" in page(client.post(address, typed), 422)
    typed |= {"time": f"{now:%H:%M}"}
    made = client.post(address, typed)
    assert made.status_code == 302
    shown = page(client.get(made.url))
    assert "on the record of every case that it discussed" in shown
    assert shown.count("Not discussed") == 1
    assert f'href="{made.url}"'.replace("&", "&amp;") in page(client.get(reverse("tasking")))
    again = signed_in(child_protection_manager())
    assert again.post(address, typed).url == made.url
    assert f"{chair.name} recorded it" in page(again.get(made.url))
    ask = reverse("child-tasking-ask", args=[child.reference])
    assert "Enter what the meeting asked for" in page(client.post(ask, {"form_id": str(uuid.uuid4())}), 422)


class TestTheListOfAMeeting:
    """What is recorded is the list as it stood when the meeting began, as whoever records it was shown it."""

    @pytest.fixture
    def a_day_ago(self):
        """A meeting that was held yesterday; what happens to a case happens today."""
        return ago(days=1)

    @pytest.fixture
    def listed_before(self):
        with time_machine.travel(ago(days=3)):
            return at_level("high")

    def test_what_came_onto_it_after_the_meeting_began_is_not_part_of_it(
        self, chair, listed_before, a_day_ago
    ):
        at_level("high")
        meeting = held(chair, at=a_day_ago)
        assert [case.child for case in meeting.cases.all()] == [listed_before]
        assert {case.change for case in listed(chair).cases} == {Change.SAME, Change.NEW}

    def test_a_level_that_has_changed_since_is_kept_as_it_stood(self, chair, listed_before, a_day_ago):
        agreed(listed_before, "medium")
        assert held(chair, at=a_day_ago).cases.get().level == "high"
        assert [case.change for case in listed(chair).cases] == [Change.DOWN]

    def test_a_case_that_has_left_it_since_was_discussed_all_the_same(self, chair, listed_before, a_day_ago):
        close(listed_before)
        meeting = held(chair, at=a_day_ago, listed=[listed_before.reference])
        assert meeting.cases.get().event is not None
        assert "monthly-tasking" not in due(listed_before)

    def test_a_case_that_its_recorder_was_not_shown_is_not_part_of_it(self, chair, listed_before):
        unseen = at_level("high")
        meeting = held(chair, listed=[listed_before.reference])
        assert [case.child for case in meeting.cases.all()] == [listed_before]
        assert "monthly-tasking" in due(unseen)

    def test_nobody_records_a_case_that_they_do_not_see(self, chair):
        child = restricted_to(at_level("high"), practitioner())
        assert not held(chair, listed=[child.reference]).cases.exists()


def test_a_second_recorder_is_led_to_the_meeting_that_there_is(chair):
    hours_ago("high")
    first = held(chair, at=ago(minutes=5))
    with pytest.raises(meetings.AlreadyRecorded) as led:
        held(child_protection_manager(), at=ago(minutes=4))
    assert led.value.meeting == first
    assert CaseEvent.objects.filter(kind=CaseEvent.Kind.MEETING).count() == 1


def test_recording_a_meeting_is_the_same_number_of_statements_however_many_cases(chair):
    for days, cases in ((2, 2), (1, 2)):
        for _ in range(cases):
            with time_machine.travel(ago(days=4)):
                at_level("high")
        with CaptureQueriesContext(connection) as asked:
            held(chair, at=ago(days=days), listed=Child.objects.values_list("reference", flat=True))
        if days == 2:
            few = len(asked)
    assert len(asked) == few


def test_what_is_still_asked_of_a_case_that_has_left_the_list_is_on_the_page_the_pack_and_the_desk(chair):
    child, quiet = at_level("high"), at_level("high")
    asked = tasking_request(child, asked="Look at the car park")
    for each in (child, quiet):
        close(each)
    assert [(one.child, one.change) for one in listed(chair).left] == [(child, Change.OFF)]
    client = signed_in(chair)
    still = "Requests still open of cases no longer on the list"
    assert still in page(client.get(reverse("tasking")))
    assert "Look at the car park" in client.get(reverse("tasking-csv")).content.decode("utf-8-sig")
    word = docx.Document(io.BytesIO(client.get(reverse("tasking-docx")).content))
    assert still in [one.text for one in word.paragraphs]
    waits = "1 request of the tasking meeting is open on a case that is no longer on its list"
    assert waits in page(client.get("/"))
    tasking.answer(
        by=child.created_by,
        request=asked,
        outcome=TaskingAnswer.Outcome.DONE,
        words="Done.",
        form_id=uuid.uuid4(),
    )
    assert listed(chair).left == []
    assert waits not in page(client.get("/"))


def test_such_a_case_out_of_ones_sight_is_counted_alone(chair):
    child = at_level("high")
    tasking_request(child, asked="Look at the car park")
    agreed(child, "low")
    found = listed(chair)
    assert (found.left, found.left_unseen) == ([], 1)
    shown = page(signed_in(chair).get(reverse("tasking")))
    assert "Its allocated worker can answer" in shown
    assert "car park" not in shown


def test_nobody_is_asked_about_a_child_who_has_died(chair):
    child = at_level("high")
    tasking_request(child)
    Child.objects.filter(pk=child.pk).update(died_on=timezone.localdate())
    Due.objects.filter(child=child).delete()
    assert (listed(chair).left, listed(chair).left_unseen) == ([], 0)


def test_a_closed_case_is_not_on_the_list(chair):
    child = hours_ago("high")
    held(chair, at=ago(minutes=1))
    close(child)
    found = listed(chair)
    assert found.cases == []
    assert [case.child for case in found.off] == [child]


class TestAPageOfTheList:
    """A page reads the cases that it shows; what has changed is told of all of them."""

    def test_each_page_has_its_own_cases_and_every_page_the_same_numbers(self, chair):
        held(chair, listed=[hours_ago("medium").reference])
        for level in ("high", "medium", "high"):
            at_level(level)
        whole = listed(chair)
        pages = [tasking_list(standing_of(chair), "derby", before=before, most=3) for before in (0, 3)]
        assert [case.child for one in pages for case in one.cases] == [case.child for case in whole.cases]
        assert [(one.number, one.changed(Change.NEW), one.changed(Change.SAME)) for one in pages] == [
            (4, 3, 1),
            (4, 3, 1),
        ]

    def test_it_takes_the_same_number_of_statements_however_many_cases_there_are(self, chair):
        for cases in (1, 3):
            for _ in range(cases):
                tasking_request(at_level("high"))
            with CaptureQueriesContext(connection) as asked:
                tasking_list(standing_of(chair), "derby", most=1)
            if cases == 1:
                few = len(asked)
        assert len(asked) == few

    def test_what_was_asked_on_a_record_that_was_merged_since_is_asked_of_the_case_on_the_list(self, chair):
        kept, merged = at_level("high"), at_level("high")
        tasking_request(merged)
        Due.objects.filter(child=merged).delete()
        Child.objects.filter(pk=merged.pk).update(merged_into=kept)
        found = listed(chair)
        assert [(case.child, len(case.asked)) for case in found.cases] == [(kept, 1)]
        assert (found.left, found.left_unseen) == ([], 0)
