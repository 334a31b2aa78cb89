"""Two records are merged of which one is closed, or of a child who has died: nothing due is hidden."""

import uuid

import pytest
from django.utils import timezone

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case.rebuilding import cases, look
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.ends import closing, death
from cre_toolkit.casework.models import Closing, Death, Due
from cre_toolkit.children.models import Child
from tests.factories.assessments import ready_draft
from tests.factories.events import incident_on
from tests.factories.people import ChildFactory, child_protection_manager, practitioner
from tests.integration.merges import KNOWN, merge, undo

pytestmark = pytest.mark.django_db


def now(child) -> Child:
    return Child.objects.get(pk=child.pk)


def assessed() -> Child:
    child = ChildFactory(**KNOWN)
    sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by, level="high"))
    return now(child)


def close(child) -> None:
    said = {"reason": Closing.Reason.SAFER, "words": "Her aunt is with her.", "form_id": uuid.uuid4()}
    closing.close(by=child_protection_manager(), child=now(child), **said)


def reopen(child) -> None:
    said = {"words": "A new concern.", "form_id": uuid.uuid4()}
    closing.reopen(by=practitioner(), child=now(child), **said)


def die(child) -> None:
    told = death.Told(died_on=timezone.localdate(), known=Death.Known.EXACTLY, told_by="The police")
    death.record_death(by=child_protection_manager(), child=now(child), told=told, form_id=uuid.uuid4())


@pytest.mark.parametrize("closed_one_is_kept", [True, False])
def test_merged_with_an_open_case_a_closed_one_is_open_and_its_reviews_stay_due(closed_one_is_kept):
    opened, closed = assessed(), ChildFactory(**KNOWN)
    reviews = {one.id for one in state_of(opened).due if one.is_review}
    close(closed)
    kept, other = (closed, opened) if closed_one_is_kept else (opened, closed)
    done = merge(kept, other)
    state = state_of(kept)
    assert not state.closed
    assert reviews
    assert {one.id for one in state.due if one.is_review} == reviews
    undo(done)
    assert state_of(now(closed)).closed
    assert not state_of(now(opened)).closed
    assert {one.id for one in state_of(now(opened)).due if one.is_review} == reviews


@pytest.mark.parametrize("closed_one_is_kept", [True, False])
def test_what_happened_to_the_case_while_they_were_one_stays_when_they_are_parted(closed_one_is_kept):
    opened, closed = assessed(), ChildFactory(**KNOWN)
    close(closed)
    kept, other = (closed, opened) if closed_one_is_kept else (opened, closed)
    done = merge(kept, other)
    close(kept)
    undo(done)
    assert state_of(now(kept)).closed
    assert state_of(now(other)).closed is not closed_one_is_kept


def test_parted_a_record_on_which_something_was_entered_since_stays_open():
    opened, closed = assessed(), ChildFactory(**KNOWN)
    close(closed)
    done = merge(closed, opened)
    incident_on(now(closed))
    undo(done)
    assert not state_of(now(closed)).closed


def test_parted_the_closed_record_says_why_it_is_closed():
    opened, closed = assessed(), ChildFactory(**KNOWN)
    close(closed)
    undo(merge(opened, closed))
    why = closing.last_closing(now(closed))
    assert why.reason == Closing.Reason.SAFER
    assert why.words == "Closed again, as it was before the merge. Her aunt is with her."


def test_two_closed_cases_are_one_closed_case_that_can_be_opened_and_closed_again():
    kept, other = assessed(), assessed()
    close(other)
    close(kept)
    done = merge(kept, other)
    assert state_of(kept).closed
    reopen(kept)
    assert not state_of(kept).closed
    with pytest.raises(closing.Refused, match="open"):
        reopen(kept)
    close(kept)
    assert state_of(kept).closed
    sending.send(by=kept.created_by, assessment=ready_draft(now(kept), kept.created_by, level="high"))
    assert not state_of(kept).closed
    undo(done)
    assert not state_of(other).closed


def test_nothing_is_due_once_a_record_of_the_child_says_that_the_child_has_died():
    kept, other = assessed(), ChildFactory(**KNOWN)
    die(other)
    done = merge(kept, other)
    assert now(kept).died_on
    assert not Due.objects.filter(child=kept).exists()
    undo(done)
    assert now(other).died_on
    assert now(kept).died_on is None
    assert Due.objects.filter(child=kept).exists()


def test_parted_again_the_death_stays_with_the_record_on_which_it_was_told():
    kept, other = assessed(), assessed()
    done = merge(kept, other)
    die(kept)
    undo(done)
    assert now(kept).died_on
    assert now(other).died_on is None
    assert Due.objects.filter(child=other).exists()


def test_taken_back_it_is_taken_back_of_both_records():
    kept, other = assessed(), assessed()
    die(kept)
    die(other)
    done = merge(kept, other)
    death.take_back(by=child_protection_manager(), child=now(kept), why="Another child of that name.")
    assert not state_of(kept).closed
    undo(done)
    assert now(other).died_on is None
    assert not state_of(other).closed


def test_the_copies_are_right_after_a_merge_of_a_closed_case_and_after_its_undoing():
    opened, closed = assessed(), assessed()
    close(closed)
    done = merge(opened, closed)
    assert not [one for one in look(cases(), mend=False) if one.differs or one.error]
    undo(done)
    assert not [one for one in look(cases(), mend=False) if one.differs or one.error]
