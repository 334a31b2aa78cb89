"""Minutes are saved while they are typed, as drafts of assessments are, with the same answers."""

import re

import pytest
import time_machine
from django.urls import reverse

from cre_toolkit.audit.models import Event
from cre_toolkit.casework.meeting.drafts import draft_of
from cre_toolkit.casework.models import Minutes, MinutesDraft
from tests.factories.meetings import chair_of, held_meeting, planned_meeting
from tests.factories.people import ChildFactory, practitioner
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
TYPING = {"HX-Request": "true"}


@pytest.fixture
def meeting():
    return planned_meeting(ChildFactory(), days=-0.01)


@pytest.fixture
def client(meeting):
    return signed_in(meeting.chair)


def at(meeting):
    return reverse("meeting-record", args=[meeting.reference])


def typed(client, meeting, version=0, *, opened=0, **said):
    """What the page's script sends while somebody types."""
    carried = {"version": version, "opened": opened}
    return client.post(at(meeting), carried | said, headers=TYPING)


def version_in(response):
    return int(re.search(rb'name="version" value="(\d+)"', response.content)[1])


def test_the_page_asks_for_it(client, meeting):
    page = client.get(at(meeting)).content.decode()
    assert f'hx-post="{at(meeting)}"' in page
    assert 'id="saved"' in page
    assert 'hx-history="false"' in page


def test_it_says_when_gives_the_form_its_new_version_and_records_nothing(client, meeting):
    with time_machine.travel("2031-11-26 10:42:30+00:00", tick=False):
        client.force_login(meeting.chair)
        response = typed(client, meeting, discussion="Her aunt meets her.")
    assert (response.status_code, response["X-Autosave"]) == (200, "saved")
    assert "Saved 10:42" in response.content.decode()
    assert version_in(response) == 1
    assert "Her+aunt" in draft_of(meeting.chair, meeting).typed
    assert not Minutes.objects.exists()


def test_each_is_one_event_on_the_audit_trail(client, meeting):
    typed(client, meeting, discussion="Her aunt meets her.")
    assert Event.objects.filter(kind="minutes.saved").count() == 1


def test_the_button_pressed_after_it_is_no_conflict_with_oneself(client, meeting):
    first = typed(client, meeting, discussion="Her")
    second = typed(client, meeting, version_in(first), discussion="Her aunt")
    said = {"version": version_in(second), "opened": 0, "discussion": "Her aunt.", "then": "save"}
    assert client.post(at(meeting), said).status_code == 302
    assert "Her+aunt." in MinutesDraft.objects.get().typed


def test_an_answer_that_got_lost_is_asked_for_again_without_a_conflict(client, meeting):
    for _ in range(2):
        response = typed(client, meeting, discussion="Her aunt")
        assert (response["X-Autosave"], version_in(response)) == ("saved", 1)


def test_changed_in_another_window_shows_both_texts_and_overwrites_nothing(client, meeting):
    typed(client, meeting, discussion="From the other window", **{"action-0-what": "Meet her"})
    response = typed(client, meeting, discussion="From this window")
    assert (response.status_code, response["X-Autosave"]) == (409, "changed")
    text = response.content.decode()
    for words in ("Not saved", "What was said?", "From the other window", "From this window", "Action 1:"):
        assert words in text
    assert "other" in MinutesDraft.objects.get().typed
    assert version_in(response) == 1, "so that the button can save what stands in the boxes"


def test_once_two_texts_stand_side_by_side_only_the_button_saves(client, meeting):
    typed(client, meeting, discussion="From the other window")
    said = {"version": 0, "opened": 0, "discussion": "From this window", "then": "save"}
    page = client.post(at(meeting), said).content
    assert b"hx-post" not in page
    assert b'data-typed="unsaved"' in page


def test_recorded_by_somebody_else_meanwhile_it_is_saved_and_said(client, meeting):
    recorded = held_meeting(meeting.child, chair_of(meeting.child))
    response = typed(client, recorded.meeting, discussion="What only I heard.")
    assert response["X-Autosave"] == "saved"
    assert "Somebody else has changed what is recorded" in response.content.decode()
    assert MinutesDraft.objects.filter(meeting=recorded.meeting).exists()


def test_what_was_written_is_thrown_away_by_a_button_and_nobody_elses_with_it(client, meeting):
    other = signed_in(chair_of(meeting.child))
    for writer in (client, other):
        typed(writer, meeting, discussion="Her aunt meets her.")
    assert "Throw away what you wrote" in client.get(at(meeting)).content.decode()
    client.post(at(meeting), {"then": "discard"})
    page = client.get(at(meeting)).content.decode()
    assert "Her aunt meets her." not in page
    assert "Throw away what you wrote" not in page
    assert MinutesDraft.objects.count() == Event.objects.filter(kind="minutes.discarded").count() == 1


def test_what_was_written_before_the_minutes_were_recorded_says_so(client, meeting):
    recorded = held_meeting(meeting.child, meeting.chair).meeting
    correct = {"version": 0, "opened": 1, "then": "continue", "why": "Her uncle.", "discussion": "Her uncle."}
    correct |= {"chaired_by": "Cara Invented"}
    typed(client, recorded, opened=1, discussion="Her aunt.")
    assert "written after that" not in client.get(at(recorded)).content.decode()
    other = chair_of(meeting.child)
    signed_in(other).post(at(recorded), correct | {"level_why": "Better."})
    assert Minutes.objects.count() == 2
    assert "written after that" in client.get(at(recorded)).content.decode()


def test_signed_out_is_401_and_no_redirect(client, meeting):
    client.logout()
    response = typed(client, meeting, discussion="Her aunt")
    assert (response.status_code, response["X-Autosave"]) == (401, "signed-out")
    assert not MinutesDraft.objects.exists()


def test_whoever_does_not_see_the_child_finds_nothing(meeting):
    response = typed(signed_in(practitioner()), meeting, discussion="x")
    assert response.status_code == 404
    assert "X-Autosave" not in response
