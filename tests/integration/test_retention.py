"""The end of a record's time: counted, reviewed, held, and destroyed by two people with a certificate."""

import datetime
from collections.abc import Callable
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.assessments.models import Assessment, FamilySheet, Record
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.models import CaseEvent, Due, Meeting
from cre_toolkit.children import access, break_glass
from cre_toolkit.children.break_glass_models import BreakGlass, BreakGlassReview
from cre_toolkit.children.models import Child, MatchKey
from cre_toolkit.jobs.models import Message
from cre_toolkit.records import destroying, keeping, reviewing
from cre_toolkit.records.models import Destruction, KeptUntil, LegalHold
from cre_toolkit.records.reviewing import NotNow
from cre_toolkit.records.schedule import Fits
from tests.databases import APPEND_ONLY
from tests.factories.assessments import AssessmentFactory, ready_draft, sent_record
from tests.factories.keeping import keeper
from tests.factories.meetings import AGREED, held_meeting, meeting_on
from tests.factories.people import ChildFactory, broken_glass, child_protection_manager, practitioner
from tests.integration.merges import KNOWN, merge, undo

pytestmark = pytest.mark.django_db
# The last class that holds for the child below is the 25th birthday.
BORN = datetime.date(2010, 5, 4)
OVER = datetime.date(2035, 5, 4)
LATER = datetime.datetime(2036, 1, 15, 10, 0, tzinfo=datetime.UTC)


@pytest.fixture
def child():
    return ChildFactory(date_of_birth=BORN)


@pytest.fixture
def assessed(child):
    """Assessed as low, and sent, with everything that follows from it."""
    sending.send(by=child.created_by, assessment=ready_draft(child, level="low", indicators=0))
    return child


@pytest.fixture
def other():
    """Another child's assessment."""
    another = ChildFactory(date_of_birth=BORN)
    return sent_record(another, another.created_by, level="low", indicators=0)


@pytest.fixture
def in_2036(assessed, other):
    """Ten years after the assessment."""
    with time_machine.travel(LATER, tick=False):
        yield


def approved(child) -> Destruction:
    proposed = reviewing.propose(by=keeper(), child=child, why="Nothing more is asked of it")
    reviewing.approve(by=keeper(), destruction=proposed)
    return proposed


# --- Counting -----------------------------------------------------------------------------------------------


def test_what_was_said_once_counts_for_good(child):
    sent_record(child, child.created_by, level="medium")
    assert Fits.ASSESSED in keeping.facts_of([child])[child.pk].ever


def test_an_estimated_age_is_taken_at_its_youngest():
    child = ChildFactory(date_of_birth=None, estimated_age=14, estimated_on=datetime.date(2026, 2, 1))
    assert keeping.facts_of([child])[child.pk].born == datetime.date(2012, 2, 1)


def test_the_last_entry_is_that_of_the_newest_thing_on_record(child):
    with time_machine.travel(datetime.datetime(2027, 6, 1, 12, tzinfo=datetime.UTC), tick=False):
        sent_record(child, child.created_by, level="low", indicators=0)
    assert keeping.facts_of([child])[child.pk].last_entry == datetime.date(2027, 6, 1)


def test_the_worker_counts_each_child_once_a_day(child):
    assert keeping.count_next() >= 1
    assert KeptUntil.objects.get(child=child).until == OVER
    assert keeping.count_next() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2), tick=False):
        assert keeping.count_next() >= 1


def test_counting_takes_as_many_statements_for_many_children(django_assert_num_queries):
    few, many = ChildFactory.create_batch(2), ChildFactory.create_batch(12)
    with django_assert_num_queries(3):
        keeping.facts_of(few)
    with django_assert_num_queries(3):
        keeping.facts_of(many)


# --- Reviewing ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_2036")
def test_a_record_is_destroyed_by_two_people_and_leaves_a_certificate(assessed):
    record = Record.objects.get(child=assessed)
    proposed = approved(assessed)
    out = StringIO()
    call_command("destroy_records", stdout=out)
    certificate = Destruction.objects.get(pk=proposed.pk)
    assert certificate.done_at is not None
    assert certificate.contents["assessments"][0]["sha256"] == record.sha256
    assert certificate.contents["rows"]["children.Child"] == 1
    assert certificate.reference in out.getvalue()
    for kind in (Assessment, Record, CaseEvent, MatchKey, KeptUntil, Due):
        assert not kind.objects.filter(child=assessed.pk).exists(), kind
    assert not Child.objects.filter(pk=assessed.pk).exists()
    assert not Message.objects.filter(cause=record.pk).exists()


@pytest.mark.usefixtures("in_2036")
def test_the_audit_trail_outlives_the_record(assessed):
    before = set(Event.objects.filter(child=assessed.pk).values_list("pk", flat=True))
    approved(assessed)
    call_command("destroy_records", stdout=StringIO())
    after = Event.objects.filter(child=assessed.pk)
    assert before < set(after.values_list("pk", flat=True))
    assert after.filter(kind="records.destroyed").count() == 1
    call_command("audit", "verify", stdout=StringIO())


def test_whatever_was_recorded_of_a_child_may_go_with_them():
    """A new table of what was recorded is the audit's, or of a child and then named in the migration.

    That a tasking meeting was held is of its authority; what it said of a child stands in its cases.
    """
    guard = import_module("cre_toolkit.records.migrations.0002_destruction")
    of_nobody = {"casework_taskingmeeting"} | {table for table in APPEND_ONLY if table.startswith("audit_")}
    assert set(guard.OF_CHILD) == set(APPEND_ONLY) - of_nobody


@pytest.mark.usefixtures("in_2036")
def test_who_broke_the_glass_goes_with_the_record(assessed):
    broken = broken_glass(assessed)
    break_glass.review(
        by=child_protection_manager(),
        broken=broken,
        outcome=BreakGlassReview.Outcome.JUSTIFIED,
        words="Nobody else was there",
    )
    with time_machine.travel(LATER + datetime.timedelta(days=7 * 366), tick=False):
        destroying.destroy(by=None, destruction=approved(assessed))
    assert not BreakGlass.objects.filter(pk=broken.pk).exists()


@pytest.mark.usefixtures("in_2036")
def test_meetings_and_their_minutes_go_with_the_record(assessed):
    with transaction.atomic():
        held_meeting(assessed, level="low", actions=(AGREED,))
        meeting_on(assessed)
    with time_machine.travel(LATER + datetime.timedelta(days=7 * 366), tick=False):
        destroying.destroy(by=None, destruction=approved(assessed))
    assert not Meeting.objects.exists()


@pytest.mark.usefixtures("in_2036")
def test_another_child_is_left_alone(assessed, other):
    approved(assessed)
    call_command("destroy_records", stdout=StringIO())
    assert list(Child.objects.all()) == [other.child]
    assert list(Record.objects.all()) == [other]


@pytest.mark.usefixtures("in_2036")
def test_nobody_approves_what_they_proposed(assessed):
    proposed = reviewing.propose(by=(one := keeper()), child=assessed, why="Over")
    with pytest.raises(access.NotAllowed, match="somebody else decides"):
        reviewing.approve(by=one, destruction=proposed)
    with pytest.raises(IntegrityError), transaction.atomic():  # and the database says the same
        Destruction.objects.filter(pk=proposed.pk).update(approved_by=one, approved_at=timezone.now())


def test_a_record_whose_time_is_not_over_is_not_proposed(assessed):
    with pytest.raises(NotNow, match="not over"):
        reviewing.propose(by=keeper(), child=assessed, why="Over")


@pytest.mark.usefixtures("in_2036")
def test_what_cannot_be_counted_is_not_proposed():
    unknown = ChildFactory(date_of_birth=None, estimated_age=None, estimated_on=None)
    with pytest.raises(NotNow, match="not over"):
        reviewing.propose(by=keeper(), child=unknown, why="Over")


@pytest.mark.usefixtures("in_2036")
def test_a_legal_hold_stands_before_everything(assessed):
    proposed = approved(assessed)
    reviewing.put_on_hold(by=keeper(), child=assessed, why="An inquiry asks for records")
    call_command("destroy_records", stdout=StringIO(), stderr=(said := StringIO()))
    assert "legal hold" in said.getvalue()
    assert Child.objects.filter(pk=assessed.pk).exists()
    reviewing.end_hold(by=keeper(), child=assessed, why="The inquiry has reported")
    destroying.destroy(by=None, destruction=proposed)
    assert not Child.objects.filter(pk=assessed.pk).exists()
    assert not LegalHold.objects.exists()


def test_holding_twice_is_one_hold(child):
    first = reviewing.put_on_hold(by=keeper(), child=child, why="A claim")
    assert reviewing.put_on_hold(by=keeper(), child=child, why="The same claim") == first


@pytest.mark.usefixtures("in_2036")
def test_a_record_that_was_reviewed_is_kept_to_the_day_that_was_said(assessed):
    reviewing.keep_longer(by=keeper(), child=assessed, until=datetime.date(2040, 1, 1), why="A brother asks")
    assert keeping.kept_to(assessed, keeping.count(assessed)) == datetime.date(2040, 1, 1)
    with pytest.raises(NotNow, match="not over"):
        reviewing.propose(by=keeper(), child=assessed, why="Over")


@pytest.mark.usefixtures("in_2036")
def test_a_review_looks_ahead(assessed):
    with pytest.raises(ValueError, match="future"):
        reviewing.keep_longer(by=keeper(), child=assessed, until=datetime.date(2036, 1, 15), why="Today")


@pytest.mark.usefixtures("in_2036")
def test_a_destruction_is_refused_until_it_is_carried_out(assessed):
    proposed = approved(assessed)
    reviewing.refuse(by=keeper(), destruction=proposed, why="The family asked for a copy")
    call_command("destroy_records", stdout=StringIO())
    assert Child.objects.filter(pk=assessed.pk).exists()
    with pytest.raises(NotNow, match="decided meanwhile"):
        reviewing.approve(by=keeper(), destruction=proposed)
    approved(assessed)  # and it can be proposed anew


@pytest.mark.usefixtures("in_2036")
def test_a_record_is_proposed_once(assessed):
    reviewing.propose(by=keeper(), child=assessed, why="Over")
    with pytest.raises(NotNow, match="proposed already"):
        reviewing.propose(by=keeper(), child=assessed, why="Over")


@pytest.mark.usefixtures("in_2036")
@pytest.mark.parametrize(
    "who", [practitioner, lambda: keeper("derbyshire")], ids=["practitioner", "elsewhere"]
)
def test_it_is_the_keepers_of_the_authority_who_decide(assessed, who):
    proposed = reviewing.propose(by=keeper(), child=assessed, why="Over")
    other = who()
    for act in (
        lambda: reviewing.put_on_hold(by=other, child=assessed, why="x"),
        lambda: reviewing.end_hold(by=other, child=assessed, why="x"),
        lambda: reviewing.keep_longer(by=other, child=assessed, until=datetime.date(2050, 1, 1), why="x"),
        lambda: reviewing.propose(by=other, child=assessed, why="x"),
        lambda: reviewing.approve(by=other, destruction=proposed),
        lambda: reviewing.refuse(by=other, destruction=proposed, why="x"),
    ):
        with pytest.raises(access.NotAllowed):
            act()


# --- The guard ----------------------------------------------------------------------------------------------


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def delete(rows: QuerySet[Any]) -> Callable[[], object]:
    """Past Django's own checks, straight to the database's."""
    return lambda: rows._raw_delete("default")


@pytest.mark.usefixtures("in_2036")
def test_what_was_recorded_goes_only_of_the_child_whose_destruction_was_approved(assessed, other):
    approved(assessed)
    refused(delete(Record.objects.filter(pk=other.pk)))


@pytest.mark.usefixtures("in_2036")
def test_while_a_destruction_is_only_proposed_nothing_goes(assessed):
    reviewing.propose(by=keeper(), child=assessed, why="Over")
    refused(delete(Record.objects.filter(child=assessed)))
    case_event = CaseEvent.objects.filter(child=assessed)
    assert case_event.exists()
    refused(delete(case_event))


@pytest.mark.usefixtures("in_2036")
def test_an_approved_destruction_lets_nothing_be_changed(assessed):
    approved(assessed)
    refused(lambda: Record.objects.filter(child=assessed).update(recorded_level="high"))


@pytest.mark.usefixtures("in_2036")
def test_a_certificate_neither_changes_nor_goes(assessed):
    done = destroying.destroy(by=None, destruction=approved(assessed))
    certificate = Destruction.objects.filter(pk=done.pk)
    refused(lambda: certificate.update(why=""))
    refused(delete(certificate))


@pytest.mark.usefixtures("in_2036")
def test_half_a_destruction_is_none(assessed, monkeypatch):
    """It fails after half of the rows have gone: all of them are there again."""
    proposed = approved(assessed)

    def breaks(*_args, **_said):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(destroying.audit, "record", breaks)
    with pytest.raises(RuntimeError), transaction.atomic():
        destroying.destroy(by=None, destruction=proposed)
    assert Record.objects.filter(child=assessed).exists()
    assert Destruction.objects.get(pk=proposed.pk).done_at is None
    assert not FamilySheet.objects.exists()


def test_a_hold_on_one_of_two_records_of_a_child_holds_the_one_that_is_kept():
    kept, other = ChildFactory(**KNOWN), ChildFactory(**KNOWN)
    reviewing.put_on_hold(by=keeper(), child=other, why="An inquiry")
    merge(kept, other)
    kept.refresh_from_db()
    with pytest.raises(NotNow, match="legal hold"):
        reviewing.over_since(kept)


@pytest.mark.usefixtures("in_2036")
def test_what_was_merged_since_it_was_approved_stays_until_somebody_agrees_on_that(child):
    kept, other = (ChildFactory(date_of_birth=BORN, created_at=child.created_at, **KNOWN) for _ in range(2))
    Child.objects.filter(pk__in=[kept.pk, other.pk]).update(created_at=child.created_at)
    ends = [approved(each) for each in (kept, other)]
    merged = merge(kept, other)
    for end in ends:
        with pytest.raises(NotNow, match="merged with another since"):
            destroying.destroy(by=None, destruction=end)
    assert Child.objects.filter(pk__in=[kept.pk, other.pk]).count() == 2
    undo(merged)
    destroying.destroy(by=None, destruction=ends[1])
    assert Child.objects.filter(pk=kept.pk).exists()
    assert not Child.objects.filter(pk=other.pk).exists()


@pytest.mark.usefixtures("in_2036")
def test_a_draft_about_another_child_does_not_go_with_what_it_was_begun_from(assessed):
    earlier = Assessment.objects.get(child=assessed)
    draft = AssessmentFactory(previous=earlier)
    with pytest.raises(destroying.OfAnotherChildToo, match="Assessment"):
        destroying.destroy(by=None, destruction=approved(assessed))
    assert Assessment.objects.filter(pk=draft.pk).exists()
