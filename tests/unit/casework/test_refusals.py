"""What the case contract refuses is said with dates and names, never with an event's number."""

import datetime
import re
import uuid

import pytest
from django.utils import timezone

from cre_toolkit.casework.case.entering import NotPossible, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.models import CaseEvent
from tests.factories.people import ChildFactory

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"[0-9a-f]{8}-")


def words_of(child, *events) -> str:
    with pytest.raises(NotPossible) as refused:
        enter(by=child.created_by, child=child, events=events)
    return str(refused.value)


def happened(child, kind, *, hour=10, **keys) -> CaseEvent:
    at = datetime.datetime(2026, 3, 3, hour, 5, tzinfo=datetime.UTC)
    return event(by=child.created_by, child=child, kind=kind, at=at, keys=keys)


def test_an_event_is_named_by_its_kind_and_date_in_london():
    child = ChildFactory()
    child.refresh_from_db()
    said = words_of(child, happened(child, CaseEvent.Kind.RETURNED))
    assert said.startswith("“Returned” of 3 March 2026, 10:05: ")
    assert not NUMBER.search(said)


def test_what_stands_in_the_way_is_named_too_and_so_is_a_meeting():
    child = ChildFactory()
    said = words_of(child, happened(child, CaseEvent.Kind.MEETING, type="cpm-vc-review", level="high"))
    assert said.startswith("“Meeting” of 3 March 2026, 10:05: the type ")
    assert "cpm-vc-review" not in said
    assert "cre-review" not in said
    gone = happened(child, CaseEvent.Kind.MISSING)
    enter(by=child.created_by, child=child, events=[gone])
    withdrawn = event(
        by=child.created_by, child=child, kind=CaseEvent.Kind.WITHDRAWN, at=timezone.now(),
        keys={"event": str(gone.pk)},
    )  # fmt: skip
    assert "“Went missing” of 3 March 2026, 10:05" in words_of(child, withdrawn)


def test_what_is_not_on_the_case_has_no_number_either():
    child = ChildFactory()
    at = timezone.now()
    keys = {"event": str(uuid.uuid4())}
    lost = event(by=child.created_by, child=child, kind=CaseEvent.Kind.WITHDRAWN, at=at, keys=keys)
    said = words_of(child, lost)
    assert "an entry is not an earlier event that still stands" in said
    assert not NUMBER.search(said)
