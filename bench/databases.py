"""A database of each engine, new and empty, for as long as it is measured."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from scripts.postgres_for_tests import server

Environment = dict[str, str]
NewDatabase = Callable[[], Environment]


@contextmanager
def sqlite() -> Iterator[NewDatabase]:
    """Makes databases in files, in a folder that goes when the block ends."""
    with _folders() as new_folder:

        def make() -> Environment:
            folder = new_folder()
            return _environment(folder) | {"DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}"}

        yield make


@contextmanager
def postgresql() -> Iterator[NewDatabase]:
    """Makes databases in a server of its own, which stops when the block ends."""
    with _folders() as new_folder, server() as url:

        def make() -> Environment:
            name = f"bench_{secrets.token_hex(4)}"
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
            return _environment(new_folder()) | {"DATABASE_URL": f"{url.rpartition('/')[0]}/{name}"}

        yield make


ENGINES = {"SQLite": sqlite, "PostgreSQL": postgresql}


@contextmanager
def _folders() -> Iterator[Callable[[], Path]]:
    with tempfile.TemporaryDirectory(prefix="cre-bench-") as parent:

        def make() -> Path:
            return Path(tempfile.mkdtemp(dir=parent))

        yield make


def _environment(folder: Path) -> Environment:
    """The service as `make run` starts it, with files of its own."""
    return {"CRE_ENVIRONMENT": "demonstration", "CRE_VAR": str(folder), "DEBUG": "false"}
