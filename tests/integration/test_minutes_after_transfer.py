"""Minutes written up after a transfer: whoever was responsible at the meeting decides what it agrees."""

import datetime
import uuid
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.lists.timeline import timeline
from cre_toolkit.casework.meeting import holding, planning
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.minutes import Said
from cre_toolkit.casework.models import Meeting
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children import access
from tests.factories.assessments import ready_draft
from tests.factories.meetings import chair_of, planned_meeting
from tests.factories.people import ChildFactory, child_protection_manager, front_door, give_access
from tests.integration.htmlforms import forms_in
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
AGREED = Said(level="high", level_why="The car was seen three times.")


class Moved:
    """A child of Derby with a review held two hours ago, whom Derbyshire received an hour ago."""

    def __init__(self):
        now = timezone.now()
        self.held_at = (now - datetime.timedelta(hours=2)).replace(microsecond=0)
        with time_machine.travel(now - datetime.timedelta(hours=3)):
            child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
            send(by=child.created_by, assessment=ready_draft(child))
            child.refresh_from_db()
            self.of_derby = chair_of(child)
            self.review = planned_meeting(child, self.of_derby, days=1 / 24)
        with time_machine.travel(now - datetime.timedelta(hours=1)):
            said = {"child": child, "form_id": uuid.uuid4(), "to": "derbyshire", "why": "They have moved."}
            there = front_door(authority="derbyshire")
            transferring.ask(by=self.of_derby, **said)
            transferring.receive(by=there, child=child, words="Today")
        child.refresh_from_db()
        self.child = child
        self.of_county = child_protection_manager(authority="derbyshire")
        for user in (self.of_derby, self.of_county):
            give_access(child, user=user)

    def record(self, by, meeting=None, said=AGREED):
        return holding.record(
            by=by,
            child=self.child,
            meeting=meeting or self.review,
            held_at=self.held_at,
            said=said,
            form_id=uuid.uuid4(),
        )


@pytest.fixture
def moved(db):
    return Moved()


def test_the_level_that_was_agreed_counts_and_is_recorded_by_those_who_could_agree_it_then(moved):
    with pytest.raises(access.NotAllowed, match="of Derby"):
        moved.record(moved.of_county)
    moved.record(moved.of_derby)
    assert state_of(moved.child).agreed_level.level == "high"


def test_whoever_may_not_record_the_level_reads_whom_to_ask(moved):
    page = signed_in(moved.of_county).get(reverse("meeting-record", args=[moved.review.reference]))
    assert "of Derby" in page.content.decode()


def test_a_kind_that_was_not_held_there_then_is_refused_with_words_and_what_was_typed_stays(moved):
    client = signed_in(moved.of_county)
    address = reverse("child-meeting-new", args=[moved.child.reference])
    day, at = timezone.localdate(moved.held_at), timezone.localtime(moved.held_at)
    said = {"day_day": day.day, "day_month": day.month, "day_year": day.year, "time": f"{at:%H:%M}"}
    (form,) = [form for form in forms_in(client.get(address).content.decode()) if "held_for" in form.hidden]
    typed = (
        form.filled_in()
        | said
        | {"kind": "cpm-vc-review", "chair": str(moved.of_county.pk), "place": "Room 4"}
    )
    response = client.post(address, typed)
    assert response.status_code == 422
    words = unescape(response.content.decode())
    assert "is responsible for the child, and holds no such meeting" in words
    assert "Room 4" in words
    assert Meeting.objects.count() == 1
    assert client.post(address, typed | {"kind": "cre-review"}).status_code == 302
    assert Meeting.objects.count() == 2


def test_it_is_called_what_it_was_called_where_it_was_held(moved):
    moved.record(moved.of_derby)
    titles = [one.title for one in timeline(moved.child, most=50).entries]
    assert "CRE review meeting: agreed level high" in titles
    assert planning.title_of(moved.review, moved.child.authority) == "CRE review meeting"
    assert meeting_queries.happened(moved.child)[0].title.startswith("CRE review meeting")


def test_a_meeting_that_agreed_no_level_there_is_asked_for_none(moved):
    meeting = planned_meeting(moved.child, moved.of_county, kind="high-risk-strategy", days=-2 / 24)
    standing = access.standing_of(moved.of_county)
    assert not holding.agreeing(standing, moved.child, meeting.kind, moved.held_at).sets_level
    assert holding.agreeing(standing, moved.child, meeting.kind, timezone.now()).may
