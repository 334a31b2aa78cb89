"""Two records of one child become one, and two again: nothing is lost, and undoing puts everything back."""

import datetime
from typing import Any

import pytest
from django.core import serializers
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cre_toolkit.assessments import queries as assessments
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.casework import calls, merging, sending, state
from cre_toolkit.casework.models import Call, CaseEvent, Due
from cre_toolkit.children import access, duplicates, pairs
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.children.actions import Changed, set_rows, update_child
from cre_toolkit.children.matching import Sought
from cre_toolkit.children.merging import CHOICES, differing, taken_by_default
from cre_toolkit.children.models import AccessGrant, Child, FamilyMember, MatchKey, Merge, PossibleDuplicate
from cre_toolkit.children.queries import search
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import (
    ChildFactory,
    FamilyMemberFactory,
    TeamFactory,
    front_door,
    give_access,
    noted_pair,
    practitioner,
)

KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def merge(kept: Child, other: Child, take: list[str] | None = None, by: Any = None) -> Merge:
    kept, other = (Child.objects.get(pk=child.pk) for child in (kept, other))
    return merging.merge(
        by=by or front_door(),
        pair=noted_pair(kept, other),
        kept=kept,
        take=taken_by_default(kept, other) if take is None else take,
        versions=(kept.version, other.version),
    )


def undo(merge: Merge, why: str = "Their mothers came together.") -> list[str]:
    return merging.undo(by=front_door(), merge=Merge.objects.get(pk=merge.pk), why=why)


@pytest.fixture
def two():
    """A record with an assessment that was sent and one with nothing but a name, of one child."""
    author = practitioner()
    rich = ChildFactory(given_names="Siân", family_name="Ŵyn", created_by=author, **KNOWN)
    poor = ChildFactory(given_names="Sian", family_name="Wyn", address="", postcode="", date_of_birth=None)
    sending.send(by=author, assessment=ready_draft(rich, author, level="high"))
    return Child.objects.get(pk=rich.pk), poor


pytestmark = pytest.mark.django_db


class TestOneCase:
    def test_what_was_recorded_on_either_is_read_as_one_case(self, two):
        rich, poor = two
        record = Record.objects.get(child=rich)
        merge(poor, rich)
        kept = Child.objects.get(pk=poor.pk)
        assert state.state_of(kept).working_level == "high"
        assert [each.pk for each in assessments.records_of(kept)] == [record.pk]
        assert kept.working_level == "high"
        assert set(Due.objects.values_list("child", flat=True)) == {kept.pk}

    def test_the_records_themselves_are_not_touched(self, two):
        rich, poor = two
        before = rows(Record, CaseEvent, Call)
        merge(poor, rich)
        assert rows(Record, CaseEvent, Call) == before

    def test_danger_said_on_the_merged_record_is_due_on_the_kept_one_and_a_call_does_it(self):
        user = practitioner()
        kept, other = ChildFactory(created_by=user, **KNOWN), ChildFactory(created_by=user, **KNOWN)
        draft = AssessmentFactory(child=other, author=user)
        calls.declare_danger(by=user, child=other, assessment=draft, at=timezone.now())
        merge(kept, other)
        kept = Child.objects.get(pk=kept.pk)
        assert {entry.id for entry in state.state_of(kept).due} >= set(Call.To.values)
        for to in Call.To:
            log_call(user, kept, to)
        assert not {entry.id for entry in state.state_of(kept).due} & set(Call.To.values)

    def test_what_is_sent_from_a_draft_of_the_merged_record_counts_for_the_kept_one(self, two):
        rich, poor = two
        author = practitioner()
        give_access(poor, user=author)
        draft = ready_draft(poor, author, level="medium")
        merge(rich, poor)
        draft.refresh_from_db()
        assert draft.child_id == rich.pk
        record = sending.send(by=author, assessment=draft)
        assert record.child_id == rich.pk

    def test_its_reference_leads_to_the_kept_record_for_those_who_may_see_it(self, two):
        rich, poor = two
        merge(rich, poor)
        found = access.find_child(by=rich.created_by, reference=poor.reference)
        assert found.pk == rich.pk
        with pytest.raises(NotVisible):
            access.find_child(by=practitioner(), reference=poor.reference)

    def test_it_is_found_by_the_names_of_both_records_and_shown_once(self, two):
        rich, poor = two
        Child.objects.filter(pk=poor.pk).update(given_names="Zsófia")
        merge(rich, poor)
        result = search(rich.created_by, Sought(names=("Sian Wyn",)))
        assert [found.pk for found in result.found] == [rich.pk]
        by_reference = search(rich.created_by, Sought(reference=poor.reference)).found
        assert [(found.pk, found.by_earlier_record) for found in by_reference] == [(rich.pk, True)]
        assert not search(practitioner(), Sought(names=("Sian Wyn",))).found

    def test_who_looked_at_the_child_is_asked_of_both(self, two):
        rich, poor = two
        done = merge(rich, poor)
        event = Event.objects.get(kind="child.merged", subject=done.pk)
        for child in (rich, poor):
            assert event in audit.of_child(child.pk)


class TestWhoSees:
    def test_whoever_could_see_one_sees_the_child(self, two):
        rich, poor = two
        worker, team = practitioner(), TeamFactory()
        member = practitioner(teams=[team])
        give_access(poor, user=worker)
        give_access(poor, team=team)
        merge(rich, poor)
        for user in (worker, member, poor.created_by, rich.created_by):
            assert list(access.visible_to(user)) == [rich], user
        assert not access.visible_to(practitioner()).exists()

    def test_sight_that_ends_tomorrow_still_does(self, two):
        rich, poor = two
        worker, tomorrow = practitioner(), timezone.now() + datetime.timedelta(days=1)
        give_access(poor, user=worker, until=tomorrow)
        merge(rich, poor)
        assert AccessGrant.objects.get(child=rich, user=worker).until == tomorrow

    def test_after_undoing_they_see_what_they_saw_before(self, two):
        rich, poor = two
        worker = practitioner()
        give_access(poor, user=worker)
        undo(merge(rich, poor))
        assert list(access.visible_to(worker)) == [poor]
        assert list(access.visible_to(rich.created_by)) == [rich]

    def test_a_grant_of_the_merged_record_shows_nothing_by_itself(self, two):
        """Once somebody's access to the kept record has ended, a grant left on the other opens no way in."""
        rich, poor = two
        worker = practitioner()
        give_access(rich, user=worker)
        merge(poor, rich)
        AccessGrant.objects.filter(child=poor, user=worker).update(until=timezone.now())
        assert not access.visible_to(worker).exists()
        with pytest.raises(NotVisible):
            assessments.record(worker, Record.objects.get().assessment.reference)


class TestDetails:
    def test_what_the_kept_record_does_not_know_is_taken_by_default_and_nothing_else(self, two):
        rich, poor = two
        assert taken_by_default(poor, rich) == [
            "date_of_birth", "address", "open_to_social_care", "plan", "looked_after", "send",
        ]  # fmt: skip
        assert taken_by_default(rich, poor) == []
        assert differing(rich, poor) == ["given_names", "family_name"]

    def test_a_person_chooses_where_they_differ(self, two):
        rich, poor = two
        merge(rich, poor, take=["family_name"])
        kept = Child.objects.get(pk=rich.pk)
        assert (kept.given_names, kept.family_name) == ("Siân", "Wyn")

    def test_what_somebody_wrote_is_kept_of_both(self):
        kept, other = ChildFactory(wishes="To stay."), ChildFactory(wishes="“Ask my nan.”")
        merge(kept, other, take=[])
        assert Child.objects.get(pk=kept.pk).wishes == "To stay.\n\n“Ask my nan.”"

    def test_family_and_agencies_of_both_stand_once_each(self):
        kept, other = ChildFactory(), ChildFactory()
        for child in (kept, other):
            FamilyMemberFactory(child=child, name="Anna")
        FamilyMemberFactory(child=other, name="Ben")
        merge(kept, other)
        assert list(kept.family.order_by("position").values_list("name", flat=True)) == ["Anna", "Ben"]

    def test_the_worker_who_is_taken_over_sees_the_child_as_the_allocated_worker(self):
        worker = practitioner()
        kept, other = ChildFactory(), ChildFactory(allocated_worker=worker)
        done = merge(kept, other, take=["worker"])
        allocated = AccessGrant.objects.filter(child=kept, user=worker, reason=AccessGrant.Reason.ALLOCATED)
        assert allocated.filter(until=None).exists()
        undo(done)
        assert not allocated.filter(until=None).exists()
        assert Child.objects.get(pk=kept.pk).allocated_worker is None


# --- Undoing ------------------------------------------------------------------------------------------------


def rows(*models: Any) -> list[str]:
    return [serializers.serialize("json", model.objects.order_by("pk")) for model in models]


def everything() -> dict[str, Any]:
    """All that a person could read of every child, and what is due: as it stands."""
    counters = {"version"}
    children = [
        {
            field.name: getattr(child, field.attname)
            for field in Child._meta.concrete_fields
            if field.name not in counters
        }
        for child in Child.objects.order_by("pk")
    ]
    now = timezone.now()
    return {
        "children": children,
        "family": sorted(
            FamilyMember.objects.values_list("child", "name", "relationship", "contact", "position")
        ),
        "keys": sorted(MatchKey.objects.values_list("child", "kind", "value")),
        "grants": sorted(
            (str(child), str(user), str(team), reason)
            for child, user, team, reason, until in AccessGrant.objects.values_list(
                "child", "user", "team", "reason", "until"
            )
            if until is None or until > now
        ),
        "drafts": sorted(Assessment.objects.values_list("pk", "child", "status")),
        "due": sorted(Due.objects.values_list("child", "action", "event", "text")),
        "recorded": rows(Record, CaseEvent, Call),
    }


NAMES = st.sampled_from(["", "Amy", "Siân", "عائشة"])
FACT = st.sampled_from(["", "yes", "no", "not-known"])
DETAILS = st.fixed_dictionaries(
    {
        "given_names": NAMES,
        "family_name": st.sampled_from(["Invented", "Ŵyn"]),
        "known_as": NAMES,
        "date_of_birth": st.sampled_from([None, datetime.date(2011, 5, 14), datetime.date(2012, 1, 1)]),
        "nhs_number": st.sampled_from(["", "9990000018"]),
        "gender": st.sampled_from(["", "Female", "they"]),
        "address": st.sampled_from(["", "1 Invented Street", "2 Invented Street"]),
        "postcode": st.sampled_from(["", "DE1 2QY"]),
        "wishes": st.sampled_from(["", "Rest.", "Peace."]),
        "send": FACT,
        "open_to_social_care": FACT,
        "needs_interpreter": FACT,
        "plan": st.sampled_from(["", "none", "child-protection", "not-known"]),
    }
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=DETAILS, other=DETAILS, take=st.sets(st.sampled_from(sorted(CHOICES))), swap=st.booleans())
def test_undoing_puts_everything_back_exactly(one, other, take, swap):
    made = [ChildFactory(**one), ChildFactory(**other)]
    FamilyMemberFactory(child=made[0], name="Anna")
    FamilyMemberFactory(child=made[1], name="Ben")
    AssessmentFactory(child=made[1])
    calls.declare_danger(
        by=made[0].created_by,
        child=made[0],
        assessment=AssessmentFactory(child=made[0]),
        at=timezone.now(),
    )
    noted_pair(*made)
    before = everything()
    kept, merged = reversed(made) if swap else made
    done = merge(kept, merged, take=sorted(take))
    assert everything() != before
    assert undo(done) == []
    assert everything() == before


class TestUndoing:
    def test_the_two_are_then_different_children_for_the_reason_given(self, two):
        done = merge(*two)
        undo(done, "Seen together.")
        pair = PossibleDuplicate.objects.get()
        assert (pair.state, pair.why) == ("different", "Seen together.")
        done.refresh_from_db()
        assert done.undone_why == "Seen together."
        assert Event.objects.filter(kind="child.parted").exists()

    def test_what_was_written_since_stays_with_the_kept_record(self, two):
        rich, poor = two
        done = merge(rich, poor, take=["given_names"])
        kept = Child.objects.get(pk=rich.pk)
        update_child(by=rich.created_by, child=kept, version=kept.version, changes={"given_names": "Shân"})
        set_rows(by=rich.created_by, child=kept, table="family", rows=[{"name": "Anna"}])
        new = sending.send(by=rich.created_by, assessment=ready_draft(kept, rich.created_by, level="low"))
        assert undo(done) == ["given_names"]
        assert Child.objects.get(pk=rich.pk).given_names == "Shân"
        assert rich.family.get().name == "Anna"
        assert Record.objects.get(pk=new.pk).child_id == rich.pk
        assert state.state_of(Child.objects.get(pk=poor.pk)).assessed_level is None

    def test_a_draft_that_was_sent_meanwhile_stays_and_one_that_was_not_goes_back(self, two):
        rich, poor = two
        sender, waiter = practitioner(), practitioner()
        for user in (sender, waiter):
            give_access(poor, user=user)
        sent, kept_open = ready_draft(poor, sender), AssessmentFactory(child=poor, author=waiter)
        done = merge(rich, poor)
        sending.send(by=sender, assessment=Assessment.objects.get(pk=sent.pk))
        undo(done)
        assert Assessment.objects.get(pk=sent.pk).child_id == rich.pk
        assert Assessment.objects.get(pk=kept_open.pk).child_id == poor.pk

    def test_the_latest_merge_is_undone_first(self, two):
        rich, poor = two
        first = merge(rich, poor)
        second = merge(ChildFactory(), rich)
        with pytest.raises(merging.LaterMerge) as later:
            undo(first)
        assert later.value.merge == second
        undo(second)
        undo(first)
        assert not Child.objects.exclude(merged_into=None).exists()

    def test_records_that_were_merged_before_come_along_and_go_back(self, two):
        rich, poor = two
        merge(rich, poor)
        third = ChildFactory()
        second = merge(third, rich)
        assert set(Child.objects.values_list("stands_for", flat=True)) == {third.pk}
        assert state.state_of(Child.objects.get(pk=third.pk)).working_level == "high"
        undo(second)
        assert Child.objects.get(pk=poor.pk).merged_into_id == rich.pk

    def test_twice_is_said(self, two):
        done = merge(*two)
        undo(done)
        with pytest.raises(duplicates.AlreadyDecided):
            undo(done)


class TestRefused:
    def test_for_those_whose_duty_it_is_not(self, two):
        with pytest.raises(NotAllowed):
            merge(*two, by=practitioner())
        done = merge(*two)
        with pytest.raises(NotAllowed):
            merging.undo(by=practitioner(), merge=done, why="x")

    def test_what_somebody_changed_since_it_was_shown(self, two):
        rich, poor = two
        update_child(by=poor.created_by, child=poor, version=1, changes={"school": "New School"})
        with pytest.raises(Changed):
            merging.merge(
                by=front_door(), pair=noted_pair(rich, poor), kept=rich, take=[], versions=(rich.version, 1)
            )
        assert Child.objects.get(pk=poor.pk).merged_into is None

    def test_two_drafts_of_one_author(self, two):
        rich, poor = two
        author = practitioner()
        for child in (rich, poor):
            AssessmentFactory(child=child, author=author)
        with pytest.raises(merging.UnfinishedOnBoth) as both:
            merge(rich, poor)
        assert list(both.value.authors) == [author]

    def test_two_authorities(self, two):
        rich, poor = two
        Child.objects.filter(pk=poor.pk).update(authority="derbyshire")
        with pytest.raises(duplicates.AlreadyDecided):
            merge(rich, poor)

    def test_a_record_that_was_merged_into_another(self, two):
        rich, poor = two
        third = ChildFactory()
        stale = noted_pair(rich, third)
        merge(poor, rich)
        with pytest.raises(duplicates.AlreadyDecided):
            merging.merge(by=front_door(), pair=stale, kept=third, take=[], versions=(1, rich.version + 1))


class TestOtherPairs:
    def test_what_is_open_about_the_merged_record_is_asked_about_the_kept_one(self, two):
        rich, poor = two
        third = ChildFactory(given_names="Sian", family_name="Win")
        noted_pair(poor, third)
        done = merge(rich, poor)
        standing = access.standing_of(front_door())
        waiting = pairs.page_of(standing, PossibleDuplicate.State.OPEN).pairs
        assert [{pair.child_id, pair.other_id} for pair in waiting] == [{rich.pk, third.pk}]
        undo(done)
        waiting = pairs.page_of(standing, PossibleDuplicate.State.OPEN).pairs
        assert [{pair.child_id, pair.other_id} for pair in waiting] == [{poor.pk, third.pk}]


def log_call(user, child, to):
    return calls.log_call(
        by=user,
        child=child,
        to=to,
        at=timezone.now(),
        outcome=Call.Outcome.SPOKE,
        spoke_to="Somebody",
        form_id=AssessmentFactory.build().pk,
    )
