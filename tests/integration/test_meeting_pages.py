"""Meetings in the browser's words: planned from what is due, recorded after what follows is shown, kept."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.calendar_file import calendar_file
from cre_toolkit.casework.meeting.minutes import ActionAgreed, Attendance, Dissent, Said
from cre_toolkit.casework.meeting.papers import minutes_document
from cre_toolkit.casework.models import CaseEvent, Meeting, Minutes, MinutesDraft
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.documents.word import render_word
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.meetings import chair_of, held_meeting, planned_meeting
from tests.factories.people import ChildFactory, give_access, practitioner
from tests.integration.htmlforms import forms_in
from tests.integration.journeys import signed_in

WORDS = {
    "discussion": "Her aunt meets her at the station.",
    "level": "medium",
    "level_why": "It is better, and not over.",
}


def at(name, meeting, **query):
    return reverse(name, args=[meeting.reference], query=query or None)


def carried(response):
    """What the form of a page sends without anybody typing."""
    (form,) = [form for form in forms_in(response.content.decode()) if "held_for" in form.hidden]
    return form.filled_in()


def in_parts(name, day):
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def write(client, meeting, then="continue", **words):
    page = client.get(at("meeting-record", meeting))
    return client.post(at("meeting-record", meeting), carried(page) | {"then": then} | WORDS | words)


@pytest.mark.django_db
class TestPlanning:
    def test_what_is_due_is_proposed_with_its_last_day(self):
        child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
        chair = chair_of(child)
        send(by=child.created_by, assessment=ready_draft(child, level="high"))
        client = signed_in(chair)
        page = client.get(reverse("child-meeting-new", args=[child.reference]))
        last = timezone.localdate() + datetime.timedelta(weeks=4)
        assert (
            carried(page).items() >= {name: str(part) for name, part in in_parts("day", last).items()}.items()
        )
        response = client.post(
            reverse("child-meeting-new", args=[child.reference]),
            carried(page) | {"kind": "cre-review", "chair": str(chair.pk), "then": "plan"},
        )
        meeting = Meeting.objects.get()
        assert response.url == at("meeting", meeting)
        assert timezone.localdate(meeting.at) == last

    def test_a_day_that_is_past_is_not_proposed_so_that_one_press_records_no_meeting(self):
        child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
        client = signed_in(chair_of(child))
        with time_machine.travel(timezone.now() - datetime.timedelta(weeks=9)):
            send(by=child.created_by, assessment=ready_draft(child, level="high"))
        address = reverse("child-meeting-new", args=[child.reference])
        response = client.post(address, carried(client.get(address)))
        assert response.status_code == 422
        assert "Enter the day of the meeting" in response.content.decode()
        assert not Meeting.objects.exists()

    def test_a_meeting_that_was_held_already_is_recorded_next(self):
        child = ChildFactory()
        chair = chair_of(child)
        client = signed_in(chair)
        address = reverse("child-meeting-new", args=[child.reference])
        yesterday = timezone.localdate() - datetime.timedelta(days=1)
        said = {"kind": "network", "chair": str(chair.pk), "time": "10:00", **in_parts("day", yesterday)}
        response = client.post(address, carried(client.get(address)) | said)
        assert response.url == at("meeting-record", Meeting.objects.get())

    @pytest.mark.parametrize(("kind", "proposed"), [("cre-review", False), ("network", True)])
    def test_the_worker_who_plans_it_is_no_chair_of_a_meeting_whose_level_they_cannot_agree(
        self, kind, proposed
    ):
        worker = practitioner()
        child = ChildFactory(created_by=worker, allocated_worker=worker)
        give_access(child, user=worker)
        client = signed_in(worker)
        page = client.get(reverse("child-meeting-new", args=[child.reference]), {"kind": kind})
        assert (f'<option value="{worker.pk}" selected>' in page.content.decode()) is proposed

    def test_whoever_may_not_plan_is_told_whom_to_ask(self):
        child = ChildFactory()
        response = signed_in(child.created_by).get(reverse("child-meeting-new", args=[child.reference]))
        assert response.status_code == 403
        assert "Ask one of them" in response.content.decode()


@pytest.mark.django_db
class TestRecording:
    @pytest.fixture
    def meeting(self):
        with time_machine.travel(timezone.now() - datetime.timedelta(days=2)):
            child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
            send(by=child.created_by, assessment=ready_draft(child, level="high"))
        return planned_meeting(child, days=-0.01)

    def test_what_follows_is_shown_and_then_recorded_and_the_next_meeting_planned(self, meeting):
        client = signed_in(meeting.chair)
        assert write(client, meeting).url == at("meeting-check", meeting)
        page = client.get(at("meeting-check", meeting))
        review = timezone.localdate(meeting.at) + datetime.timedelta(weeks=6)
        words = f"CRE review meeting by {review.day} {review:%B %Y}: Medium: 6 weeks, Derby"
        assert words in page.content.decode()
        assert "Protection becomes less" in page.content.decode()
        client.post(at("meeting-check", meeting), carried(page) | {"plan_next": "yes", "kind": "cre-review"})
        minutes = Minutes.objects.get()
        assert (minutes.level, minutes.meeting.status) == ("medium", Meeting.Status.HELD)
        assert state_of(meeting.child).agreed_level.level == "medium"
        planned = Meeting.objects.get(status=Meeting.Status.PLANNED)
        assert timezone.localdate(planned.at) == review
        assert not MinutesDraft.objects.exists()

    def test_who_chaired_is_asked_and_nobody_chaired_who_did_not_come(self, meeting):
        client, planned = signed_in(meeting.chair), meeting.chair.name
        said = carried(client.get(at("meeting-record", meeting)))
        assert said["chaired_by"] == planned
        place = next(name for name, who in said.items() if who == str(meeting.chair.pk))
        away = {place.replace("who-", "came-"): "apologies"}
        refused = write(client, meeting, **away)
        assert refused.status_code == 422
        assert "Enter who chaired it instead" in refused.content.decode()
        assert write(client, meeting, chaired_by="Dev Invented, who stood in", **away).status_code == 302
        assert "Dev Invented, who stood in" in client.get(at("meeting-check", meeting)).content.decode()

    def test_a_later_date_than_the_rules_propose_needs_a_reason(self, meeting):
        client = signed_in(meeting.chair)
        write(client, meeting)
        page = client.get(at("meeting-check", meeting))
        late = timezone.localdate(meeting.at) + datetime.timedelta(weeks=7)
        said = carried(page) | {"plan_next": "yes", "kind": "cre-review"} | in_parts("day", late)
        response = client.post(at("meeting-check", meeting), said)
        assert response.status_code == 422
        assert "Enter why it is later than" in response.content.decode()
        client.post(at("meeting-check", meeting), said | {"why_later": "School holidays."})
        dates = {one["title"]: one["why_later"] for one in Minutes.objects.get().content["next_dates"]}
        assert dates == {"CRE review meeting": "School holidays.", "Monthly tasking": ""}

    def test_a_second_click_and_a_refresh_record_one(self, meeting):
        client = signed_in(meeting.chair)
        write(client, meeting)
        said = carried(client.get(at("meeting-check", meeting))) | {"plan_next": "no"}
        answers = [client.post(at("meeting-check", meeting), said) for _ in range(2)]
        assert [answer.url for answer in answers] == [at("meeting", meeting)] * 2
        assert Minutes.objects.count() == 1

    def test_who_is_second_is_shown_what_was_recorded_and_keeps_their_text(self, meeting):
        other = chair_of(meeting.child)
        first, second = signed_in(meeting.chair), signed_in(other)
        mine = second.get(at("meeting-record", meeting))
        write(first, meeting)
        said = carried(first.get(at("meeting-check", meeting))) | {"plan_next": "no"}
        first.post(at("meeting-check", meeting), said)
        response = second.post(
            at("meeting-record", meeting),
            carried(mine) | WORDS | {"then": "continue", "discussion": "What only I heard."},
        )
        assert response.status_code == 409
        page = response.content.decode()
        assert WORDS["discussion"] in page
        assert "What only I heard." in page
        again = second.get(at("meeting-record", meeting)).content.decode()
        assert "Correct the minutes" in again
        assert "What only I heard." in again

    def test_two_windows_do_not_overwrite_each_other_unseen(self, meeting):
        client = signed_in(meeting.chair)
        stale = carried(client.get(at("meeting-record", meeting)))
        write(client, meeting, then="save", discussion="The first window.")
        response = client.post(
            at("meeting-record", meeting), stale | {"then": "save", "discussion": "The second window."}
        )
        assert response.status_code == 409
        page = response.content.decode()
        assert "The first window." in page
        assert "The second window." in page
        assert "first" in MinutesDraft.objects.get().typed

    def test_a_form_without_its_tables_is_no_error_of_ours(self, meeting):
        client = signed_in(meeting.chair)
        whole = carried(client.get(at("meeting-record", meeting)))
        sent = {name: text for name, text in whole.items() if not name.startswith(("action-", "decision-"))}
        response = client.post(at("meeting-record", meeting), sent | WORDS | {"then": "continue"})
        assert response.url == at("meeting-check", meeting)
        assert client.get(response.url).status_code == 200

    def test_anything_is_saved_and_recording_says_all_that_is_missing(self, meeting):
        client = signed_in(meeting.chair)
        assert write(client, meeting, then="save", level="", discussion="").status_code == 302
        page = write(client, meeting, level="", discussion="", level_why="").content.decode()
        assert "Enter what was said" in page
        assert "Select the level that the meeting agreed" in page

    def test_attendance_stays_with_the_person_when_somebody_joins_meanwhile(self, meeting):
        client, chair = signed_in(meeting.chair), str(meeting.chair.pk)
        page = carried(client.get(at("meeting-record", meeting)))
        (place,) = [name.removeprefix("who-") for name, who in page.items() if who == chair]
        write(client, meeting, **{f"came-{place}": "present"})
        give_access(meeting.child, user=practitioner(name="Aaron Invented"))
        said = carried(client.get(at("meeting-check", meeting))) | {"plan_next": "no"}
        client.post(at("meeting-check", meeting), said)
        (came,) = Minutes.objects.get().content["attendance"]
        assert came["user"] == chair

    def test_minutes_are_corrected_by_a_newer_version(self, meeting):
        client = signed_in(meeting.chair)
        write(client, meeting)
        said = carried(client.get(at("meeting-check", meeting))) | {"plan_next": "no"}
        client.post(at("meeting-check", meeting), said)
        form = carried(client.get(at("meeting-record", meeting)))
        assert form["discussion"] == WORDS["discussion"]
        client.post(at("meeting-record", meeting), form | {"then": "continue", "why": "It was her uncle."})
        page = client.get(at("meeting", meeting)).content.decode()
        assert "It was her uncle." in page
        assert "Version 1" in page

    def test_a_correction_says_what_it_does_not_change_and_how_that_is_put_right(self, meeting):
        recorded = held_meeting(meeting.child, meeting.chair, discussion="Her aunt was there.")
        text = signed_in(meeting.chair).get(at("meeting-record", recorded.meeting)).content.decode()
        held = timezone.localtime(recorded.held_at)
        assert f"held on {held:%-d %B %Y, %H:%M} and agreed the level medium" in text
        assert reverse("child-event-in-error", args=[meeting.child.reference, recorded.event_id]) in text

    def test_recorded_in_error_the_way_leads_to_recording_it_anew_and_nothing_but_the_level_is_written_twice(
        self, meeting
    ):
        agreed = ActionAgreed(what="Meet her at the station", owner_name="Her aunt")
        said = {"discussion": "Her aunt was there.", "actions": (agreed,), "others": "A nurse"}
        recorded = held_meeting(meeting.child, meeting.chair, **said)
        client = signed_in(meeting.chair)
        address = reverse("child-event-in-error", args=[meeting.child.reference, recorded.event_id])
        page = client.get(address)
        assert "It can then be recorded anew" in page.content.decode()
        response = client.post(address, carried(page) | {"why": "The level was another."})
        assert response.url == at("meeting", recorded.meeting)
        assert "Record the meeting" in client.get(response.url).content.decode()
        page = client.get(at("meeting-record", recorded.meeting))
        assert "choose the level anew" in page.content.decode()
        form = carried(page)
        assert (form["discussion"], form["others"]) == (said["discussion"], said["others"])
        assert (form["action-0-what"], form["action-0-owner_name"]) == (agreed.what, agreed.owner_name)
        assert form["time"] == f"{timezone.localtime(recorded.held_at):%H:%M}"
        assert "level" not in form

    def test_what_is_corrected_after_it_was_withdrawn_is_kept_and_shown(self, meeting):
        recorded = held_meeting(meeting.child, meeting.chair)
        client = signed_in(meeting.chair)
        form = carried(client.get(at("meeting-record", recorded.meeting)))
        in_error.withdraw(by=meeting.chair, entered=recorded.event, why="Of another child.")
        said = {"then": "continue", "why": "It was her uncle.", "discussion": "Her uncle was there."}
        response = client.post(at("meeting-record", recorded.meeting), form | said)
        assert response.status_code == 409
        text = response.content.decode()
        assert "What you corrected was recorded in error" in text
        assert "Her uncle was there." in text

    def test_a_planned_meeting_is_prepared_from_the_record(self, meeting):
        agreed = ActionAgreed(what="Meet her at the station", owner_name="Her aunt")
        held_meeting(meeting.child, meeting.chair, days=-5, actions=(agreed,))
        page = signed_in(meeting.chair).get(at("meeting", meeting)).content.decode()
        assert "Meet her at the station" in page
        assert "Not done yet" in page
        assert "The newest assessment" in page


def test_two_people_record_one_meeting_at_the_same_moment(real_database):
    """One is recorded; the other is told by whom, and their words are still there."""
    child = ChildFactory()
    meeting = planned_meeting(child, days=-1)
    people = [meeting.chair, chair_of(child)]

    def record(number):
        said = Said(level="medium", level_why="Better.", discussion=f"As {number} heard it.")
        return meetings.record(
            by=people[number],
            child=child,
            meeting=Meeting.objects.get(pk=meeting.pk),
            held_at=meeting.at,
            said=said,
            form_id=uuid.uuid4(),
        )

    results = real_database.at_once(2, record)
    (refused,) = [result for result in results if isinstance(result, meetings.AlreadyRecorded)]
    assert refused.minutes == Minutes.objects.get()
    assert CaseEvent.objects.filter(kind=CaseEvent.Kind.MEETING).count() == 1


def test_two_people_correct_the_minutes_at_the_same_moment(real_database):
    """One does; the other is shown what they say now, and keeps their words."""
    minutes = held_meeting(ChildFactory(), days=-1)
    meeting = minutes.meeting
    clients = [signed_in(minutes.by), signed_in(chair_of(meeting.child))]
    forms = [carried(client.get(at("meeting-record", meeting))) for client in clients]

    def correct(number):
        said = {"then": "continue", "why": f"As {number} heard it.", "discussion": "Her aunt."}
        return clients[number].post(at("meeting-record", meeting), forms[number] | said).status_code

    assert sorted(real_database.at_once(2, correct)) == [302, 409]
    assert Minutes.objects.filter(meeting=meeting).count() == 2
    assert MinutesDraft.objects.count() == 1


@pytest.mark.django_db
class TestCalendar:
    @pytest.mark.parametrize(
        ("local", "utc"),
        [("2026-03-29 10:00", "09:00"), ("2026-03-28 10:00", "10:00"), ("2026-10-25 10:00", "10:00")],
        ids=["the day summer time begins", "the day before", "the day it ends"],
    )
    def test_the_time_is_right_across_a_change_of_clocks(self, local, utc):
        with time_machine.travel("2026-03-01 12:00+00:00", tick=False):
            begins = timezone.make_aware(datetime.datetime.fromisoformat(local))
            (entry,) = Calendar.from_ical(calendar_file(planned_meeting(ChildFactory(), at=begins))).events
        assert f"{entry.start:%H:%M%z}" == f"{utc}+0000"

    def test_moved_and_cancelled_it_is_the_same_entry_with_a_higher_sequence(self):
        meeting = planned_meeting(ChildFactory())
        by, child = meeting.chair, meeting.child
        (first,) = Calendar.from_ical(calendar_file(meeting)).events
        cancelled = meeting_planning.cancel(by=by, child=child, meeting=meeting, version=1, why="Snow.")
        calendar = Calendar.from_ical(calendar_file(cancelled))
        (entry,) = calendar.events
        assert (calendar["METHOD"], entry["STATUS"]) == ("CANCEL", "CANCELLED")
        assert (entry["UID"], entry["SEQUENCE"]) == (first["UID"], first["SEQUENCE"] + 1)

    def test_it_goes_with_the_invitation_also_to_somebody_without_an_account(self):
        planned_meeting(ChildFactory(), others=[("A nurse", "nurse@example.org")])
        (entry,) = Calendar.from_ical(Message.objects.get().calendar).events
        assert entry["STATUS"] == "CONFIRMED"

    def test_it_says_nothing_about_a_child_and_no_place(self):
        child = ChildFactory(given_names="Amy")
        meeting = planned_meeting(child, place="Room 4")
        response = signed_in(meeting.chair).get(at("meeting-ics", meeting))
        text = response.content.decode()
        assert meeting.reference in text
        assert not re.search(f"Amy|{child.family_name}|{child.reference}|Room|review", text)


@pytest.mark.django_db
def test_minutes_as_word_and_pdf_hold_all_that_was_recorded():
    child = ChildFactory(given_names="Siân")
    minutes = held_meeting(
        child,
        attendance=(Attendance(name="A nurse", came="apologies"),),
        dissent=(Dissent(who="The police", level="high", why="He was seen again."),),
        actions=(ActionAgreed(what="Meet her", owner_name="Her aunt"),),
    )
    newest = meeting_queries.newest_minutes(minutes.meeting)
    document = minutes_document(child, minutes.meeting, newest)
    assert child.family_name not in document.title + document.reference
    assert render_pdf(document).startswith(b"%PDF")
    assert render_word(document).startswith(b"PK")
    said = str(document.blocks)
    for words in ("Siân", "Sent apologies", "The police", "He was seen again.", "Meet her", "Her aunt"):
        assert words in said


@pytest.mark.django_db
def test_whoever_sees_the_child_reads_the_minutes_and_is_offered_nothing_that_would_be_refused():
    child, reader = ChildFactory(), practitioner()
    give_access(child, user=reader)
    minutes = held_meeting(child, discussion="Her aunt meets her.")
    client = signed_in(reader)
    page = client.get(at("meeting", minutes.meeting)).content.decode()
    assert "Her aunt meets her." in page
    assert "Correct the minutes" not in page
    assert client.get(at("meeting-record", minutes.meeting)).status_code == 403
    assert signed_in(practitioner()).get(at("meeting", minutes.meeting)).status_code == 404
