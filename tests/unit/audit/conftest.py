"""Whoever owns the database, and does with it what the service cannot."""

import uuid

import pytest
from django.db import connection, transaction


@pytest.fixture
def as_owner(db):
    """Statements as the owner of the database could give them, past the triggers."""

    def tamper(*statements: tuple[str, list]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            else:
                cursor.execute("SET LOCAL session_replication_role = replica")
            for statement, values in statements:
                cursor.execute(statement, [_stored(value) for value in values])

    yield tamper
    # What is left would rightly fail the check of foreign keys at the test's end.
    transaction.set_rollback(True)


def _stored(value):
    return value.bytes if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value
