"""A merge that was wrong: undone, everything is as it was. What came since: `test_merging_since.py`."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.case import state
from cre_toolkit.casework.ends import merging
from cre_toolkit.casework.models import Call, CaseEvent, Due
from cre_toolkit.children import duplicates
from cre_toolkit.children.actions import set_rows, update_child
from cre_toolkit.children.merging import CHOICES
from cre_toolkit.children.models import AccessGrant, Child, FamilyMember, MatchKey, PossibleDuplicate
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import (
    ChildFactory,
    FamilyMemberFactory,
    noted_pair,
)
from tests.integration.merges import merge, rows, two_records, undo

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return two_records()


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
