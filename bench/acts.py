"""What a side does when the parent asks: runs within its process, with Django set up."""

import re
import time
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from bench import audit_bench, cases_bench, documents_bench
from bench.data.copies import Loader
from bench.figures import Figure, undisturbed
from bench.goals import EVERY_WORK
from bench.sites import OURS, Cost, processor_time_of
from bench.visitor import Response, Visitors, ask
from bench.works import WAYS, WHO, Subject

# What frames a transaction asks nothing of the database.
_FRAME = re.compile(r"BEGIN|COMMIT")


class WentWrong(RuntimeError):
    """A page answered otherwise than it should: what it cost says nothing."""


class Served:
    """The application of this process."""

    def __init__(self) -> None:
        self._is_ours = settings.SETTINGS_MODULE == OURS
        self._visitors = Visitors()
        self._loader: Loader | None = None

    @cached_property
    def _application(self) -> Any:
        # Once it is asked for: its static files are gathered by then.
        return get_wsgi_application()

    # --- The database ---------------------------------------------------------------------------------------

    def migrate(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)

    def load(self, children: int) -> None:
        """Fill the database up to so many children."""
        self._loader = self._loader or Loader()
        self._loader.load(children)
        self._keep_house()

    def _keep_house(self) -> None:
        """What PostgreSQL's own housekeeping does within a minute of so many changed rows."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def size(self) -> int:
        """Bytes of the database, indexes and all."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_database_size(current_database())")
                return int(cursor.fetchone()[0])
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            return int(cursor.fetchone()[0])

    def size_of_audit(self) -> int:
        """Bytes of the audit's tables and indexes, where the database tells: PostgreSQL."""
        if connection.vendor != "postgresql":
            return 0
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                " WHERE relkind = 'r' AND relname LIKE 'audit_%'"
            )
            return int(cursor.fetchone()[0])

    def version(self) -> str:
        """The database's own name and version."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SHOW server_version")
                return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"

    # --- Works ----------------------------------------------------------------------------------------------

    def subjects(self, work: str, count: int) -> list[Subject]:
        """What the work is done to."""
        return WAYS[work].subjects(count)

    def cookie(self) -> str:
        """The cookies of the worker whose cases are opened."""
        return self._visitors.cookie(WHO)

    def documents(self) -> list[Figure]:
        """The figures of printed documents."""
        return documents_bench.measure()

    def audit(self) -> list[Figure]:
        """The figures of the audit trail."""
        return audit_bench.measure()

    def cases(self) -> list[Figure]:
        """The figures of working out cases."""
        return cases_bench.measure()

    def thin_out(self, open_actions: int) -> int:
        """Leave so many of all that is due, evenly; how many there are then."""
        left = cases_bench.thin_out(open_actions)
        self._keep_house()
        return left

    def measure(self, name: str, subjects: list[Subject]) -> Cost:
        """Do a work to each subject; the cost of one."""
        environs = [self._environ(name, subject) for subject in subjects]
        backends = self._backends()
        answers = []
        with undisturbed():
            database, clock, server = processor_time_of(backends), time.perf_counter(), time.process_time()
            for environ in environs:
                answers.append(ask(self._application, environ))
            spent = time.process_time() - server, time.perf_counter() - clock
            database = processor_time_of(backends) - database
        for answer in answers:
            _check(name, answer)
        calls = len(subjects)
        return Cost(server=spent[0] / calls, database=database / calls, clock=spent[1] / calls)

    def statements(self, name: str, subjects: list[Subject]) -> list[str]:
        """The statements that the work takes, for the last of the subjects (the first makes caches warm)."""
        said: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            said.append(sql)
            return execute(sql, params, many, context)

        for subject in subjects:
            said.clear()
            with connection.execute_wrapper(note):
                answer = ask(self._application, self._environ(name, subject))
            _check(name, answer)
        return [sql for sql in said if not _FRAME.match(sql)]

    def _environ(self, work: str, subject: Subject) -> dict[str, Any]:
        way = WAYS[work]
        return self._visitors.environ((way.ours if self._is_ours else way.floor)(subject))

    def _backends(self) -> list[int]:
        """The processes of PostgreSQL that serve this one; SQLite has none."""
        if connection.vendor != "postgresql":
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = %s", [settings.SETTINGS_MODULE]
            )
            return [pid for (pid,) in cursor.fetchall()]


def _check(work: str, answer: Response) -> None:
    if answer.status != EVERY_WORK[work].status:
        raise WentWrong(f"{work}: {answer.status}\n{answer.body.decode(errors='replace')}")
