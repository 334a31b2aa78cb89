"""Merging while others decide, send and telephone about the same children."""

import threading
import time
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from cre_toolkit.assessments import actions as assessments
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.assessment import calls, sending, withdrawing
from cre_toolkit.casework.case import state
from cre_toolkit.casework.ends import merging
from cre_toolkit.casework.models import Call, Due
from cre_toolkit.children import duplicates
from cre_toolkit.children.actions import Changed
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import ChildFactory, front_door, give_access, noted_pair, practitioner

KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def merge(pair: PossibleDuplicate, kept: Child, by=None) -> Merge:
    return merging.merge(by=by or front_door(), pair=pair, kept=kept, take=[], versions=(1, 1))


def test_two_people_who_merge_one_pair_either_way_round_merge_it_once(real_database):
    pair = noted_pair(ChildFactory(), ChildFactory())
    people = [front_door() for _ in range(4)]

    def act(number: int) -> Merge:
        mine = PossibleDuplicate.objects.select_related("child", "other").get(pk=pair.pk)
        return merge(mine, mine.child if number % 2 else mine.other, by=people[number])

    results = real_database.at_once(4, act)
    done = [each for each in results if isinstance(each, Merge)]
    refused = [each for each in results if not isinstance(each, Merge)]
    assert len(done) == 1, results
    assert all(isinstance(each, duplicates.AlreadyDecided | Changed) for each in refused), refused
    assert Merge.objects.count() == 1
    assert Child.objects.exclude(merged_into=None).get() == done[0].merged


def test_one_decides_that_they_are_two_while_another_merges(real_database):
    pair = noted_pair(ChildFactory(), ChildFactory())
    people = [front_door() for _ in range(2)]
    # Both look before either says anything: whoever looks later decides on what was said meanwhile.
    as_seen = [PossibleDuplicate.objects.select_related("child", "other").get(pk=pair.pk) for _ in people]

    def act(number: int) -> object:
        mine = as_seen[number]
        if number:
            return merge(mine, mine.child, by=people[0])
        return duplicates.say_different(by=people[1], pair=mine, why="Seen together.")

    results = real_database.at_once(2, act)
    assert sum(isinstance(each, duplicates.AlreadyDecided) for each in results) == 1, results
    merged = Child.objects.exclude(merged_into=None).exists()
    assert PossibleDuplicate.objects.get().state == ("same" if merged else "different")


def test_what_is_begun_while_two_records_are_merged_begins_on_the_one_that_is_kept(real_database):
    worker, merger = practitioner(), front_door()
    kept, other = ChildFactory(**KNOWN), ChildFactory(**KNOWN)
    for child in (kept, other):
        give_access(child, user=worker)
    pair, merged = noted_pair(kept, other), threading.Event()

    def act(number: int) -> object:
        if number:
            merged.wait(timeout=10)
            return assessments.start(by=worker, child=Child.objects.get(pk=other.pk), form_id=uuid.uuid4())
        with transaction.atomic():
            done = merge(PossibleDuplicate.objects.get(pk=pair.pk), kept, by=merger)
            merged.set()
            # The other waits for the end of this; where it did not, it would begin on the other record now.
            time.sleep(0.3)
            return done

    results = real_database.at_once(2, act)
    assert not [each for each in results if isinstance(each, Exception)], results
    draft = Assessment.objects.get()
    assert draft.child_id == kept.pk
    calls.declare_danger(by=worker, assessment=draft, at=timezone.now())
    assert set(Due.objects.values_list("child", flat=True)) == {kept.pk}


@pytest.mark.parametrize("kept_first", [True, False])
def test_what_is_withdrawn_in_the_moment_of_parting_counts_for_neither(real_database, kept_first):
    author, merger = practitioner(), front_door()
    two = [ChildFactory(created_by=author, **KNOWN) for _ in range(2)]
    kept, other = two if kept_first else reversed(two)
    record = sending.send(by=author, assessment=ready_draft(other, author, level="high"))
    done = merge(noted_pair(kept, other), kept, by=merger)

    def act(number: int) -> object:
        if number:
            return merging.undo(by=merger, merge=Merge.objects.get(pk=done.pk), why="Seen together.")
        return withdrawing.withdraw(
            by=author, record=Record.objects.get(pk=record.pk), category="in-error", words="Not so."
        )

    results = real_database.at_once(2, act)
    assert not [each for each in results if isinstance(each, Exception)], results
    for child in (kept, other):
        now = Child.objects.get(pk=child.pk)
        assert now.merged_into is None
        assert now.working_level == (state.state_of(now).working_level or "") == ""


def test_what_is_sent_or_said_in_the_moment_of_merging_is_not_lost(real_database):
    """Whoever comes first: the record and the danger count for the child who is kept."""
    author, caller, merger = practitioner(), practitioner(), front_door()
    kept, other = ChildFactory(**KNOWN), ChildFactory(**KNOWN)
    for user in (author, caller):
        give_access(other, user=user)
    draft = ready_draft(other, author, level="high")
    danger = AssessmentFactory(child=other, author=caller)
    pair = noted_pair(kept, other)

    def act(number: int) -> object:
        if number == 0:
            return merge(pair, kept, by=merger)
        if number == 1:
            return sending.send(by=author, assessment=Assessment.objects.get(pk=draft.pk))
        said = Assessment.objects.get(pk=danger.pk)
        return calls.declare_danger(by=caller, assessment=said, at=timezone.now())

    results = real_database.at_once(3, act)
    assert not [each for each in results if isinstance(each, Exception)], results
    child = Child.objects.get(pk=kept.pk)
    case = state.read(child)
    assert [one.record for one in case.heard] == [Record.objects.get()]
    assert child.working_level == "high"
    assert {entry.id for entry in case.state.due} >= set(Call.To.values)
    # The copies are those of the kept record, and right.
    assert set(Due.objects.values_list("child", flat=True)) == {kept.pk}
    stored = set(Due.objects.values_list("action", flat=True))
    state.refresh(child=child)
    assert set(Due.objects.values_list("action", flat=True)) == stored
