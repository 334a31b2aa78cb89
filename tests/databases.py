"""A real copy of the test database for tests that commit, use several connections, or kill a process.

What was recorded is never deleted: triggers refuse it. So such a test cannot be cleaned up after by emptying
tables. It gets a copy of the migrated database instead, and the copy is thrown away.
"""

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from django.db import connection, connections

Result = TypeVar("Result")


@dataclass(frozen=True)
class RealDatabase:
    """The copy that this process's connections now use; `url` is for other processes (`DATABASE_URL`)."""

    url: str

    def at_once(self, count: int, act: Callable[[int], Result]) -> list[Result | Exception]:
        """Run `act(0)` ... `act(count - 1)` in threads that start together, each on a connection of its own.

        Returns what each gave back, or the exception it ended with, in order.
        """
        results: list[Result | Exception] = [RuntimeError("the thread did not finish")] * count
        start = threading.Barrier(count)

        def one(number: int) -> None:
            try:
                start.wait(timeout=10)
                results[number] = act(number)
            except Exception as problem:  # noqa: BLE001 - handed to the test, which judges it
                results[number] = problem
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        return results


@contextlib.contextmanager
def fresh_copy(folder: Path) -> Iterator[RealDatabase]:
    """Point Django's default connection at a new copy of the test database while the block runs."""
    if connection.vendor == "sqlite":
        with _sqlite_copy(folder / "real.sqlite3") as copy:
            yield copy
    else:
        with _postgresql_copy() as copy:
            yield copy


@contextlib.contextmanager
def _sqlite_copy(path: Path) -> Iterator[RealDatabase]:
    copy_sqlite(connection.settings_dict["NAME"], path)
    with _connected_to(str(path)):
        yield RealDatabase(url=f"sqlite:///{path}")


def copy_sqlite(source: str | Path, target: str | Path) -> None:
    """Copy a SQLite database by its backup API: a plain copy of the file would miss what its WAL holds."""
    with (
        contextlib.closing(sqlite3.connect(source)) as original,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)


@contextlib.contextmanager
def _postgresql_copy() -> Iterator[RealDatabase]:
    template = connection.settings_dict["NAME"]
    name = f"{template}_copy"
    connection.close()  # a database is copied only while nobody is connected to it
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        with _connected_to(name):
            yield RealDatabase(url=_postgresql_url(name))
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _postgresql_url(name: str) -> str:
    server = connection.settings_dict
    sign_in = quote(server["USER"], safe="")
    if server["PASSWORD"]:
        sign_in += ":" + quote(server["PASSWORD"], safe="")
    # A folder as host is a Unix socket; it travels percent-encoded in the host's place.
    host = quote(server["HOST"], safe="")
    port = f":{server['PORT']}" if server["PORT"] else ""
    return f"postgres://{sign_in}@{host}{port}/{name}"


@contextlib.contextmanager
def _connected_to(name: str) -> Iterator[None]:
    # Connections made later, in other threads too, read the same dictionary.
    server = connections.settings["default"]
    before = server["NAME"]
    connections.close_all()
    server["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        server["NAME"] = connection.settings_dict["NAME"] = before


# What was recorded: rows are added and read, never changed or removed (docs/explanation/audit.md).
APPEND_ONLY = frozenset(
    {
        "assessments_record",
        "assessments_withdrawal",
        "assessments_familysheet",
        "audit_event",
        "audit_eventchild",
        "audit_head",
        "audit_link",
        "children_breakglass",
        "children_breakglassreview",
        "casework_call",
        "casework_referralstep",
        "casework_sealeddocument",
        "casework_missingepisode",
        "casework_missingreturn",
        "casework_returninterview",
        "casework_missingplan",
        "casework_taskingcase",
        "casework_taskingrequest",
        "casework_taskinganswer",
        "casework_taskingmeeting",
        "casework_note",
        "casework_lead",
        "casework_noteinerror",
        "casework_minutes",
        "casework_caseevent",
        "casework_incident",
        "casework_inerror",
        "casework_closing",
        "casework_reopening",
        "casework_death",
        "casework_deathtakenback",
        "casework_transitionstep",
        "casework_countersignature",
    }
)


@contextlib.contextmanager
def as_restricted_role() -> Iterator[None]:
    """On PostgreSQL, go on with the rights that the service has in production, where it owns no table.

    It may do everything to rows, but only read and add those of `APPEND_ONLY`. Must run in a transaction,
    with which role and rights go again. SQLite knows no roles: there this does nothing, the triggers stand
    alone.
    """
    if connection.vendor == "sqlite":
        yield
        return
    # Roles belong to the whole server: each worker of a run has one of its own.
    role = f"cre_app_{connection.settings_dict['NAME']}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{role}"')
        cursor.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"')
        cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
        cursor.execute(f'REVOKE UPDATE, DELETE ON {", ".join(sorted(APPEND_ONLY))} FROM "{role}"')
        cursor.execute(f'SET LOCAL ROLE "{role}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
