"""The fixture that other tests lean on: its copies are whole, real and apart from each other."""

import os
import subprocess
import sys

import pytest
from django.db import IntegrityError, connection

from cre_toolkit.accounts.models import Agency
from tests.databases import RealDatabase


def write_agency(name: str) -> str:
    Agency.objects.create(name=name, kind=Agency.Kind.OTHER)
    return name


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_copy_of_its_own(real_database: RealDatabase, turn: int) -> None:
    assert not Agency.objects.exists()
    write_agency("written")
    assert Agency.objects.count() == 1


def test_what_is_written_is_committed_for_other_processes(real_database: RealDatabase) -> None:
    write_agency("seen-elsewhere")
    connection.close()
    count = "from cre_toolkit.accounts.models import Agency; print(Agency.objects.count())"
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
    results = real_database.at_once(4, lambda number: write_agency(f"Agency {number % 3}"))
    assert Agency.objects.count() == 3
    assert sorted(map(type, results), key=str) == sorted([str, str, str, IntegrityError], key=str)


@pytest.mark.django_db
def test_the_ordinary_database_saw_nothing_of_it() -> None:
    assert not Agency.objects.exists()
