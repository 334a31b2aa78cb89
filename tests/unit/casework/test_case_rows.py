"""A case is worked out from rows, which say what the models of its events say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import rows
from cre_toolkit.casework.case.state import described_events, events_of, events_of_many, refresh
from cre_toolkit.casework.models import Awaiting
from tests.factories.assessments import ready_draft
from tests.factories.meetings import held_meeting
from tests.factories.people import ChildFactory, practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    """Assessed twice, with a meeting: one assessment waits for a manager, and so does the other."""
    author = practitioner()
    child = ChildFactory(created_by=author)
    for _ in range(2):
        sending.send(by=author, assessment=ready_draft(child, author))
    held_meeting(child)
    child.refresh_from_db()
    return child


def test_a_row_says_what_the_model_of_its_event_says(child):
    read, models = events_of(child), described_events(child)
    for row, model in zip(read, models, strict=True):
        for name in rows.EventRow.__slots__:
            if name not in ("queued", "record"):
                assert getattr(row, name) == getattr(model, name), name
        assert row.record == model.record
        if row.record:
            assert row.record.content == model.record.content
    assert events_of_many([child.pk]) == {child.pk: read}


def test_a_row_knows_whether_its_assessment_waits_for_a_manager(child):
    one, _ = Awaiting.objects.order_by("since", "record")
    one.delete()
    waiting = {row.record.pk for row in events_of(child) if row.queued}
    assert waiting == set(Awaiting.objects.values_list("record", flat=True))
    assert len(waiting) == 1


def test_working_a_case_out_writes_of_the_queue_what_changed_and_nothing_else(child):
    def asked():
        with CaptureQueriesContext(connection) as context:
            refresh(child=child, held=True)
        return [query["sql"] for query in context if "casework_awaiting" in query["sql"].split(" WHERE ")[0]]

    (read,) = asked()
    assert read.startswith("SELECT")
    Awaiting.objects.all().delete()
    assert [sql.split()[0] for sql in asked()] == ["SELECT", "INSERT"]
    assert Awaiting.objects.count() == 2
