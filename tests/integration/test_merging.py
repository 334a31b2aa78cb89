"""Two records of one child become one case: nothing is lost, and whoever saw one sees the child."""

import datetime

import pytest
from django.utils import timezone

from cre_toolkit.assessments import queries as assessments
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.case import state
from cre_toolkit.casework.ends import merging
from cre_toolkit.casework.models import Call, CaseEvent, Due
from cre_toolkit.children import access, duplicates, pairs
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.children.actions import Changed, update_child
from cre_toolkit.children.matching import Sought
from cre_toolkit.children.merging import differing, taken_by_default
from cre_toolkit.children.models import AccessGrant, Child, PossibleDuplicate
from cre_toolkit.children.queries import search
from cre_toolkit.jobs.models import Message
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
from tests.integration.merges import KNOWN, merge, rows, two_records, undo


@pytest.fixture
def two():
    return two_records()


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
        calls.declare_danger(by=user, assessment=draft, at=timezone.now())
        merge(kept, other)
        kept = Child.objects.get(pk=kept.pk)
        assert {entry.id for entry in state.state_of(kept).due} >= set(Call.To.values)
        for to in Call.To:
            log_call(user, kept, to)
        assert not {entry.id for entry in state.state_of(kept).due} & set(Call.To.values)

    def test_a_draft_of_the_merged_record_goes_on_by_way_of_the_kept_one_and_counts_for_it(self, two):
        rich, poor = two
        author = practitioner()
        give_access(poor, user=author)
        draft = ready_draft(poor, author, level="medium")
        merge(rich, poor)
        draft.refresh_from_db()
        assert draft.child_id == rich.pk
        record = sending.send(by=author, assessment=draft)
        kept = Child.objects.get(pk=rich.pk)
        assert record in assessments.records_of(kept)
        assert record in [heard.record for heard in state.read(kept).heard]
        assert record.content["child"]["name"] == kept.name

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

    def test_of_two_drafts_of_somebody_who_has_left_one_is_discarded_for_them(self, two):
        rich, poor = two
        author = practitioner()
        on_kept, on_other = (AssessmentFactory(child=child, author=author) for child in (rich, poor))
        type(author).objects.filter(pk=author.pk).update(is_active=False)
        merge(rich, poor)
        statuses = [Assessment.objects.get(pk=draft.pk).status for draft in (on_kept, on_other)]
        assert statuses == [Assessment.Status.DRAFT, Assessment.Status.DISCARDED]

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


class TestWhoIsTold:
    """Whoever settles duplicates could merge a record into one of their own, and so see it."""

    def test_the_workers_of_both_are_told_by_reference_alone(self):
        settles, one, other = front_door(), practitioner(), practitioner()
        kept = ChildFactory(given_names="Siân", family_name="Ŵyn", allocated_worker=one, created_by=settles)
        merged = ChildFactory(given_names="Sian", family_name="Ŵyn", allocated_worker=other)
        merge(kept, merged, by=settles)
        told = list(Message.objects.order_by("to"))
        assert {message.to for message in told} == {one.email, other.email}
        for message in told:
            assert kept.reference in message.subject
            assert "Ŵyn" not in message.subject + message.body

    def test_whoever_merges_is_not_told_of_their_own_act_nor_whoever_left(self):
        settles, left = front_door(), practitioner(is_active=False)
        kept, merged = ChildFactory(allocated_worker=settles), ChildFactory(allocated_worker=left)
        merge(kept, merged, by=settles)
        assert not Message.objects.exists()
