"""What was recorded never changes: no code path, and the database refuses (architecture.md, decision 3)."""

import pytest
from django.db import DatabaseError, connection, transaction

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.models import Event
from tests.databases import APPEND_ONLY

# Changed until it is carried out; its certificate never (test_retention.py).
GUARDED_ONCE_DONE = {"records_destruction"}


def guarded_tables() -> dict[str, set[str]]:
    """The tables that triggers guard, and against what."""
    if connection.vendor == "sqlite":
        question = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        question = "SELECT event_object_table, event_manipulation FROM information_schema.triggers"
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(question)
        for table, act in cursor.fetchall():
            found.setdefault(table, set()).add(act.rpartition("_")[2].lower())
    return found


@pytest.mark.django_db
def test_triggers_guard_every_table_of_what_was_recorded() -> None:
    assert guarded_tables() == {table: {"update", "delete"} for table in APPEND_ONLY | GUARDED_ONCE_DONE}


def refused(act: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


@pytest.mark.usefixtures("restricted_role")
@pytest.mark.parametrize("act", ["UPDATE audit_event SET kind = 'another'", "DELETE FROM audit_event"])
def test_the_service_cannot_change_an_event(act: str) -> None:
    with transaction.atomic():
        audit.record(by=None, kind="child.viewed")
    refused(act)
    assert Event.objects.filter(kind="child.viewed").exists()


# The owner of a SQLite file can lift its triggers: there the audit's seals are the defence. On PostgreSQL
# the service does not own its tables.
if connection.vendor == "postgresql":

    @pytest.mark.usefixtures("restricted_role")
    @pytest.mark.parametrize("table", sorted(APPEND_ONLY))
    @pytest.mark.parametrize(
        "act",
        [
            "UPDATE {0} SET {1} = {1}",
            "DELETE FROM {0}",
            "TRUNCATE {0} CASCADE",
            "ALTER TABLE {0} DISABLE TRIGGER ALL",
            "DROP TRIGGER {0}_append_only ON {0}",
            "DROP TABLE {0} CASCADE",
            "SET session_replication_role = replica",
        ],
    )
    def test_the_service_cannot_lift_the_guard(table: str, act: str) -> None:
        with connection.cursor() as cursor:
            column = connection.introspection.get_primary_key_columns(cursor, table)[0]
        refused(act.format(table, column))
