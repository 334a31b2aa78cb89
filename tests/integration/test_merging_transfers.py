"""Two records are merged of which one, or both, came from another authority; and parted again."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.entering import NotPossible, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.rebuilding import cases, look
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.ends import merging
from cre_toolkit.casework.models import CaseEvent, Transfer
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children import access
from cre_toolkit.children.actions import update_child
from cre_toolkit.children.models import Child
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    front_door,
    give_access,
    practitioner,
)
from tests.integration.merges import KNOWN, merge, undo

pytestmark = pytest.mark.django_db
# The meetings by which each agrees a level; in the other they set none (case.md, `meeting`).
AGREES = {"derby": "cre-review", "derbyshire": "cpm-vc-review"}


def now(child) -> Child:
    return Child.objects.get(pk=child.pk)


def sees(user, child) -> bool:
    return access.visible_to(user).filter(pk=now(child).stands_for).exists()


def child_in(authority, **given) -> Child:
    """Assessed at high there, ten days after a meeting there agreed medium."""
    author = practitioner(authority=authority)
    child = ChildFactory(authority=authority, created_by=author, **KNOWN, **given)
    agreed(child, "medium", days=10)
    sending.send(by=author, assessment=ready_draft(child, author, level="high"))
    return now(child)


def agreed(child, level, *, days, kind="") -> CaseEvent:
    """A meeting of the child's authority agreed a level so many days ago."""
    held = event(
        by=child.created_by,
        child=child,
        kind=CaseEvent.Kind.MEETING,
        at=timezone.now() - datetime.timedelta(days=days),
        keys={"type": kind or AGREES[child.authority], "level": level},
    )
    enter(by=child.created_by, child=now(child), events=[held])
    return held


@pytest.fixture(autouse=True)
def doors():
    """The front doors of both."""
    return {authority: front_door(authority=authority) for authority in AGREES}


def ask(child, to) -> Transfer:
    by = child_protection_manager(authority=child.authority)
    said = {"to": to, "why": "The family moved.", "form_id": uuid.uuid4()}
    return transferring.ask(by=by, child=now(child), **said)


def receive(child, doors, to) -> None:
    transferring.receive(by=doors[to], child=now(child), words="We visit tomorrow.")


def moved(child, doors) -> Child:
    to = "derbyshire" if child.authority == "derby" else "derby"
    ask(child, to)
    receive(child, doors, to)
    return now(child)


def copies_are_right() -> bool:
    return not [one for one in look(cases(), mend=False) if one.differs or one.error]


def asked_for(state) -> set[tuple[str, str | None, str]]:
    """What assessments ask for, of whom: neither reviews nor what the two levels together bring."""
    return {
        (one.id, one.event_id, one.to)
        for one in state.due
        if not one.is_review and one.id != "bring-meeting-forward"
    }


@pytest.mark.parametrize("moved_one_is_kept", [True, False])
def test_one_that_was_transferred_here_and_one_that_always_stood_here(doors, moved_one_is_kept):
    came, stood = moved(child_in("derby"), doors), child_in("derbyshire")
    alone = [state_of(child) for child in (came, stood)]
    kept, other = (came, stood) if moved_one_is_kept else (stood, came)
    done = merge(kept, other, by=doors["derbyshire"])
    state = state_of(now(kept))
    assert (state.authority, state.working_level) == ("derbyshire", "high")
    # What each assessment asked for, by the rules of the authority for which it was made.
    assert asked_for(state) == asked_for(alone[0]) | asked_for(alone[1])
    assert copies_are_right()
    undo_there(done, doors)
    assert [state_of(now(child)).due for child in (came, stood)] == [one.due for one in alone]
    assert copies_are_right()


def test_both_transferred_here_at_different_times_with_meetings_of_the_first_authority_between(doors):
    first, second = child_in("derby"), child_in("derby")
    moved(first, doors)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2), tick=False) as clock:
        agreed(second, "high", days=1 / 24)
        moved(second, doors)
        clock.shift(60)
        check_both(first, second, doors)


def check_both(first, second, doors) -> None:
    done = merge(first, second, by=doors["derbyshire"])
    assert state_of(now(first)).authority == "derbyshire"
    assert state_of(now(first)).agreed_level.level == "high"
    undo_there(done, doors)
    assert {now(child).authority for child in (first, second)} == {"derbyshire"}
    assert copies_are_right()


def test_merged_before_the_receipt_both_records_pass_and_stay_there_when_they_are_parted(doors):
    kept, other = child_in("derby"), child_in("derby")
    ask(other, "derbyshire")
    done = merge(kept, other)
    receive(kept, doors, "derbyshire")
    assert {now(child).authority for child in (kept, other)} == {"derbyshire"}
    undo_there(done, doors)
    for child in (kept, other):
        assert (now(child).authority, state_of(now(child)).authority) == ("derbyshire", "derbyshire")
    assert copies_are_right()


def undo_there(done, doors) -> None:
    merging.undo(by=doors["derbyshire"], merge=type(done).objects.get(pk=done.pk), why="Seen together.")


def test_each_record_tells_of_the_receipt_also_once_they_are_parted(doors):
    kept, other = child_in("derby"), child_in("derby")
    done = merge(kept, other)
    moved(kept, doors)
    assert [one.title for one in transfers.happened(now(kept))][1:] == ["Transfer to Derbyshire: received"]
    undo_there(done, doors)
    (line,) = transfers.happened(now(other))
    assert line.title == "Received by Derbyshire, with a record merged with this one"


def test_parted_before_the_receipt_only_the_record_that_was_asked_for_waits(doors):
    kept, other = child_in("derby"), child_in("derby")
    ask(other, "derbyshire")
    done = merge(kept, other)
    assert sees(doors["derbyshire"], kept)
    undo(done)
    assert transfers.waiting_of(now(kept)) is None
    assert transfers.waiting_of(now(other))
    assert not sees(doors["derbyshire"], kept)
    assert sees(doors["derbyshire"], other)


def test_asked_for_on_both_one_receipt_answers_both(doors):
    kept, other = child_in("derby"), child_in("derby")
    for child in (kept, other):
        ask(child, "derbyshire")
    merge(kept, other)
    receive(kept, doors, "derbyshire")
    assert transfers.waiting_of(now(kept)) is None
    assert now(kept).authority == "derbyshire"


def test_declined_or_received_nobody_goes_on_seeing_the_child_by_the_merge(doors):
    kept, other = child_in("derby"), child_in("derby")
    nurse, worker = practitioner(), practitioner()
    give_access(other, user=nurse)
    other = now(other)
    update_child(
        by=other.created_by, child=other, version=other.version, changes={"allocated_worker": worker}
    )
    ask(other, "derbyshire")
    merge(kept, other, take=[])
    assert all(sees(user, kept) for user in (nurse, worker, doors["derbyshire"]))
    transferring.decline(by=doors["derbyshire"], child=now(kept), words="The family has not moved.")
    assert not sees(doors["derbyshire"], kept)
    moved(now(kept), doors)
    assert not sees(nurse, kept)
    assert not sees(worker, kept)
    assert sees(other.created_by, kept)
    assert now(other).allocated_worker is None


def test_outside_the_service_the_record_is_closed_and_merged_with_an_open_one_it_is_open(doors):
    gone, here = child_in("derby"), child_in("derby")
    city = child_protection_manager()
    said = {"to_whom": "Example Borough", "how": "By courier", "why": "They moved.", "form_id": uuid.uuid4()}
    transferring.ask(by=city, child=gone, **said)
    transferring.confirm(by=city, child=now(gone), words="Their duty manager, by telephone.")
    done = merge(here, gone)
    assert not state_of(now(here)).closed
    undo(done)
    assert state_of(now(gone)).closed
    assert not state_of(now(here)).closed


def test_a_meeting_that_may_not_lower_what_the_other_record_agreed_leaves_it_at_high(doors):
    high, lowered = child_in("derbyshire"), child_in("derbyshire")
    agreed(high, "high", days=5)
    agreed(lowered, "medium", days=3, kind="team-manager-review")
    done = merge(high, lowered, by=doors["derbyshire"])
    assert state_of(now(high)).agreed_level.level == "high"
    undo(done)
    assert state_of(now(lowered)).agreed_level.level == "medium"


def test_withdrawn_as_an_error_both_records_are_the_first_authoritys_again(doors):
    kept, other = child_in("derby"), child_in("derby")
    merge(kept, other)
    moved(kept, doors)
    passed = CaseEvent.objects.filter(kind=CaseEvent.Kind.TRANSFER).first()
    in_error.withdraw(by=doors["derbyshire"], entered=passed, why="The family has not moved.")
    assert {now(child).authority for child in (kept, other)} == {"derby"}
    assert copies_are_right()


def test_a_transfer_by_which_only_one_of_the_two_came_is_not_withdrawn_while_they_are_one(doors):
    came, stood = moved(child_in("derby"), doors), child_in("derbyshire")
    done = merge(came, stood, by=doors["derbyshire"])
    passed = CaseEvent.objects.get(kind=CaseEvent.Kind.TRANSFER)
    with pytest.raises(NotPossible, match="Undo the merge first"):
        in_error.withdraw(by=doors["derbyshire"], entered=passed, why="The family has not moved.")
    assert now(came).authority == "derbyshire"
    undo_there(done, doors)
    in_error.withdraw(
        by=doors["derbyshire"], entered=CaseEvent.objects.get(pk=passed.pk), why="The family has not moved."
    )
    assert now(came).authority == "derby"
    assert Record.objects.count() == 2
