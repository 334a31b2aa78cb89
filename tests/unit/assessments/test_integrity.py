"""A sent assessment that somebody altered in the database is found, whatever else they altered with it."""

import hashlib
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from cre_toolkit.assessments import integrity
from cre_toolkit.assessments.deflating import deflated, inflated
from cre_toolkit.assessments.models import Record
from tests.factories.assessments import sent_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def lift_the_guard() -> None:
    """As the owner of the tables can."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER assessments_record_no_update")
        else:
            cursor.execute("ALTER TABLE assessments_record DISABLE TRIGGER ALL")


def found() -> list[str]:
    return [each.how for each in integrity.altered()]


def test_nothing_is_found_where_nothing_was_altered():
    sent_record()
    call_command("verify_records", stdout=(said := StringIO()))
    assert "1 sent assessments are as they were recorded" in said.getvalue()


@pytest.mark.usefixtures("lift_the_guard")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda plain: {"deflated": deflated(plain.replace(b"medium", b"low"))}, "what it says"),
        (
            lambda plain: {
                "deflated": deflated(plain.replace(b"medium", b"low")),
                "sha256": hashlib.sha256(plain.replace(b"medium", b"low")).hexdigest(),
            },
            "its hash",
        ),
        (lambda plain: {"recorded_level": "low"}, "a column beside it"),
        (lambda plain: {"deflated": deflated(plain)[:-9]}, "what it says"),
    ],
    ids=["content", "content and hash", "the column for queries", "the end cut off"],
)
def test_an_altered_record_is_found(change: Callable[[bytes], dict], says: str):
    record = sent_record(level="medium")
    Record.objects.filter(pk=record.pk).update(**change(inflated(record.deflated)))
    assert [how for how in found() if says in how]
    with pytest.raises(CommandError, match="1 sent assessments are not as they were recorded"):
        call_command("verify_records", stderr=StringIO())


@pytest.mark.usefixtures("lift_the_guard")
def test_a_record_that_nobody_recorded_is_found():
    record = sent_record()
    copy = Record.objects.get(pk=record.pk)
    other = sent_record()
    Record.objects.filter(pk=other.pk).update(sha256=copy.sha256, deflated=copy.deflated)
    assert found() == ["its hash is not the one that was recorded"]
