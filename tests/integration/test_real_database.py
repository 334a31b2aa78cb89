"""The fixture that other tests lean on: its copies are whole, real and apart from each other."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection

from tests.databases import RealDatabase

EXPIRY = datetime(2030, 1, 1, tzinfo=UTC)


def write_session(key: str) -> str:
    Session.objects.create(session_key=key, session_data="", expire_date=EXPIRY)
    return key


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_copy_of_its_own(real_database: RealDatabase, turn: int) -> None:
    assert not Session.objects.exists()
    write_session("written")
    assert Session.objects.count() == 1


def test_what_is_written_is_committed_for_other_processes(real_database: RealDatabase) -> None:
    write_session("seen-elsewhere")
    connection.close()
    count = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
    program = f"import django; django.setup(); {count}"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ
        | {"DATABASE_URL": real_database.url, "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1"


def test_threads_write_at_once_and_one_of_two_equals_loses(real_database: RealDatabase) -> None:
    results = real_database.at_once(4, lambda number: write_session(f"key-{number % 3}"))
    assert Session.objects.count() == 3
    assert sorted(map(type, results), key=str) == sorted([str, str, str, IntegrityError], key=str)


@pytest.mark.django_db
def test_the_ordinary_database_saw_nothing_of_it() -> None:
    assert not Session.objects.exists()
