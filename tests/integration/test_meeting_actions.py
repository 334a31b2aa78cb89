"""What a meeting asked for and nobody has done is seen where people look: the child's page, what is due."""

import datetime
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.lists.desk import waits_for
from cre_toolkit.casework.meeting import actions as meeting_actions
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting.minutes import ActionAgreed, said_in
from cre_toolkit.casework.models import MeetingAction
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.jobs.models import Message
from cre_toolkit.web.views import due as page
from tests.factories.meetings import held_meeting, planned_meeting
from tests.factories.people import (
    ChildFactory,
    front_door,
    give_access,
    locked_out,
    practitioner,
    restricted_to,
)
from tests.integration.journeys import signed_in
from tests.integration.merges import merge, undo

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def agreed(what, owner, days=None):
    day = None if days is None else timezone.localdate() + days * DAY
    return ActionAgreed(what=what, owner=owner.pk, due_on=day)


def read(user, name, *of):
    """What somebody reads on a page, and its addresses."""
    return re.sub(r"\s+", " ", signed_in(user).get(reverse(name, args=of)).content.decode())


def done_at(action):
    return reverse("meeting-action", args=[action.minutes.meeting.reference, action.pk])


@pytest.fixture
def owner():
    return practitioner(name="Robin Owner")


@pytest.fixture
def child(owner):
    child = ChildFactory()
    give_access(child, user=owner)
    return child


class TestTheChildsPage:
    @pytest.fixture
    def action(self, child, owner):
        return held_meeting(child, actions=(agreed("Meet her at the station", owner, -3),)).actions.get()

    def test_says_what_is_to_be_done_by_whom_by_when_and_for_how_long_it_is_overdue(self, child, action):
        text = read(child.created_by, "child", child.reference)
        (item,) = [
            one for one in re.findall("<li>.*?</li>", text) if "Meet her at the station</span><br>" in one
        ]
        day = f"{action.due_on:%-d %B %Y}"
        assert [words in item for words in ("Robin Owner", f"by {day}", "3 days overdue")] == [True] * 3
        assert reverse("meeting", args=[action.minutes.meeting.reference]) in item

    def test_leads_whoever_may_say_that_it_was_done_to_where_they_say_so(self, child, action, owner):
        for user in (owner, action.minutes.meeting.chair):
            assert done_at(action) in read(user, "child", child.reference)
        assert done_at(action) not in read(child.created_by, "child", child.reference)

    def test_no_longer_has_what_was_done(self, child, action, owner):
        meeting_actions.finish(by=owner, child=child, action=action.pk, how="Every Friday since.")
        assert "Meet her at the station" not in read(owner, "child", child.reference)


class TestWhatIsDue:
    def test_has_what_meetings_asked_somebody_for_what_is_overdue_first_and_links_where_it_is_done(
        self, child, owner
    ):
        asked = (agreed("No day", owner), agreed("Soon", owner, 2), agreed("Late", owner, -1))
        others = (
            agreed("Another's", child.created_by, -9),
            ActionAgreed(what="Her aunt's", owner_name="Aunt"),
        )
        held_meeting(child, actions=asked + others)
        text = read(owner, "due")
        assert re.findall('app-typed">([^<]+)<', text) == ["Late", "Soon", "No day"]
        assert "3 actions of meetings are yours to do, 1 overdue" in text
        assert "1 day overdue" in text
        assert all(done_at(one) in text for one in MeetingAction.objects.filter(owner=owner))
        assert audit.of_child(child.pk).filter(kind="due.viewed", actor=owner.pk).count() == 1

    def test_ends_where_it_is_full_says_how_many_there_are_and_is_on_the_first_page_alone(
        self, child, owner, monkeypatch
    ):
        monkeypatch.setattr(page, "MOST_ASKED", 2)
        held_meeting(child, actions=tuple(agreed(f"Thing {number}", owner) for number in range(3)))
        text = read(owner, "due")
        assert text.count("Thing ") == 2 * text.count('app-typed">Thing')
        assert "All 3, and your meetings" in text
        assert "Asked for in meetings" not in signed_in(owner).get("/due/?page=2").content.decode()

    def test_says_nothing_of_meetings_to_whom_they_gave_nothing_to_do(self, child, owner):
        planned_meeting(child)
        assert "Asked for in meetings" not in read(owner, "due")

    def test_never_has_anything_about_a_child_whose_record_is_closed_to_its_owner(self, owner):
        children = [ChildFactory() for _ in range(3)]
        for child in children:
            give_access(child, user=owner)
            held_meeting(child, actions=(agreed("Meet her", owner, -1),))
        restricted, shut_out, given = children
        restricted_to(restricted, practitioner())
        locked_out(shut_out, owner)
        given.grants.filter(user=owner).update(until=timezone.now())
        assert "Meet her" not in read(owner, "due") + read(owner, "meetings")


class TestRecordedInError:
    """The meeting never was: what it gave people to do is nobody's to do, and stands with it."""

    @pytest.fixture
    def minutes(self, child, owner):
        late = agreed("Meet her at the station", owner, -3)
        return held_meeting(child, actions=(late, agreed("Telephone her school", owner)))

    @pytest.fixture
    def action(self, minutes):
        return minutes.actions.get(what="Meet her at the station")

    def withdraw(self, minutes):
        in_error.withdraw(by=minutes.by, entered=minutes.event, why="Of another child.")

    def anew(self, minutes, *actions):
        return meetings.record(
            by=minutes.by,
            child=minutes.child,
            meeting=minutes.meeting,
            held_at=minutes.held_at,
            said=said_in(minutes).model_copy(update={"actions": actions}),
            form_id=uuid.uuid4(),
        )

    def test_it_is_on_no_page_where_people_look_for_what_they_have_to_do(self, child, minutes, owner):
        pages = (
            ["due"],
            ["home"],
            ["meetings"],
            ["child", child.reference],
            ["child-meetings", child.reference],
        )
        words = re.compile("Meet her at the station|actions? of meetings")
        assert [bool(words.search(read(owner, *page))) for page in pages] == [True] * 5
        self.withdraw(minutes)
        assert [bool(words.search(read(owner, *page))) for page in pages] == [False] * 5
        assert "recorded in error" in read(owner, "child-meetings", child.reference)
        assert "Meet her at the station" in read(owner, "meeting", minutes.meeting.reference)

    def test_it_is_on_no_list_of_the_morning(self, owner, minutes):
        assert "actions of meetings" in str(waits_for(access.standing_of(owner)))
        self.withdraw(minutes)
        assert "actions of meetings" not in str(waits_for(access.standing_of(owner)))

    def test_whoever_had_something_to_do_is_told(self, owner, minutes):
        self.withdraw(minutes)
        assert Message.objects.filter(to=owner.email, subject__contains="was withdrawn").count() == 1

    def test_nobody_says_any_more_that_it_was_done_and_what_they_typed_is_shown(
        self, child, owner, minutes, action
    ):
        self.withdraw(minutes)
        with pytest.raises(meeting_actions.AskedNoMore):
            meeting_actions.finish(by=owner, child=child, action=action.pk, how="Every Friday.")
        response = signed_in(owner).post(done_at(action), {"how": "Every Friday."})
        assert response.status_code == 422
        text = response.content.decode()
        assert "Nobody has to do this any more" in text
        assert "Every Friday." in text
        assert "<textarea" not in text

    def test_recorded_anew_it_asks_for_the_same_once_and_what_was_done_is_done(
        self, child, owner, minutes, action
    ):
        meeting_actions.finish(by=owner, child=child, action=action.pk, how="Every Friday.")
        self.withdraw(minutes)
        assert "Every Friday." in read(owner, "meeting", minutes.meeting.reference)
        self.anew(minutes, *said_in(minutes).actions)
        assert [one.what for one in meeting_actions.open_meeting_actions(child)] == ["Telephone her school"]
        assert "Every Friday." in read(owner, "meeting", minutes.meeting.reference)

    def test_what_is_left_out_when_it_is_recorded_anew_is_nobodys_to_do(self, child, minutes):
        self.withdraw(minutes)
        self.anew(minutes, said_in(minutes).actions[0])
        assert [one.what for one in meeting_actions.open_meeting_actions(child)] == [
            "Meet her at the station"
        ]


def test_what_corrected_minutes_leave_out_is_nobodys_to_do_and_the_rest_still_is(child, owner):
    asked = agreed("Meet her at the station", owner), agreed("Meet him at the station", owner)
    first = held_meeting(child, actions=asked)
    for action in first.actions.all():
        assert action.what in read(owner, "child", child.reference)
    meetings.correct(
        by=first.by,
        child=child,
        meeting=first.meeting,
        version=1,
        said=said_in(first).model_copy(update={"actions": asked[:1]}),
        why="Nobody was to meet him.",
        form_id=uuid.uuid4(),
    )
    for address in (["due"], ["child", child.reference]):
        text = read(owner, *address)
        assert "Meet her at the station" in text
        assert "Meet him at the station" not in text
    # The version before still says it.
    assert "Meet him at the station" in read(owner, "meeting", first.meeting.reference)


class TestTwoRecordsOfOneChild:
    """Each had a meeting; merged, they are one case, and parted again each has its own."""

    @pytest.fixture
    def kept(self, owner):
        kept = ChildFactory(given_names="Siân")
        give_access(kept, user=owner)
        held_meeting(kept, actions=(agreed("Of the kept record", owner),))
        return kept

    @pytest.fixture
    def other(self, owner):
        other = ChildFactory(given_names="Sian")
        give_access(other, user=owner)
        held_meeting(other, actions=(agreed("Of the other record", owner),))
        planned_meeting(other)
        return other

    def asked(self, child):
        return {one.what for one in meeting_actions.open_meeting_actions(Child.objects.get(pk=child.pk))}

    def test_what_the_meetings_of_both_asked_for_is_shown_on_the_kept_one(self, kept, other, owner):
        merge(kept, other)
        both = {"Of the kept record", "Of the other record"}
        assert self.asked(kept) == both
        for address in (["child", kept.reference], ["child-meetings", kept.reference], ["due"]):
            text = read(owner, *address)
            assert {words for words in both if words in text} == both
        # It is named by the record that stands for the child.
        assert other.reference not in read(owner, "due")
        assert "Meetings that are planned" in read(owner, "child", kept.reference)

    def test_whoever_saw_the_kept_one_alone_does_what_a_meeting_of_the_other_asked_for(self, kept, other):
        merge(kept, other)
        chair = MeetingAction.objects.get(child=kept).minutes.meeting.chair
        (action,) = MeetingAction.objects.filter(child=other)
        done = meeting_actions.finish(
            by=chair, child=Child.objects.get(pk=kept.pk), action=action.pk, how="She was met."
        )
        assert done.done_by == chair
        assert self.asked(kept) == {"Of the kept record"}

    def test_parted_again_each_meeting_goes_with_its_own_record(self, kept, other, owner):
        undo(merge(kept, other))
        assert (self.asked(kept), self.asked(other)) == ({"Of the kept record"}, {"Of the other record"})
        on_kept, on_other = (read(owner, "child", child.reference) for child in (kept, other))
        assert ("Of the other record" in on_kept, "Of the other record" in on_other) == (False, True)
        assert "Meetings that are planned" not in on_kept
        assert "Meetings that are planned" in on_other

    def test_parted_again_whoever_saw_one_of_them_reads_nothing_of_the_others_meetings(self, kept, other):
        seen_by_kept_alone = kept.created_by
        done = merge(kept, other)
        assert "Of the other record" in read(seen_by_kept_alone, "child", kept.reference)
        undo(done)
        (action,) = MeetingAction.objects.filter(child=other)
        with pytest.raises(access.NotVisible):
            meeting_actions.finish(
                by=front_door(), child=Child.objects.get(pk=kept.pk), action=action.pk, how="Done."
            )
        client = signed_in(seen_by_kept_alone)
        assert client.get(reverse("meeting", args=[action.minutes.meeting.reference])).status_code == 404
