"""Turns to write to SQLite: first come, first served, and nobody waits for one who is gone."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from cre_toolkit.accounts.models import Agency, Membership
from cre_toolkit.sqlite.turns import TooLong, Turn


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "turn")


def taken_by_another_process(path: str) -> subprocess.Popen[str]:
    """A process that has taken its turn and keeps it."""
    code = (
        "import sys, time; from cre_toolkit.sqlite.turns import Turn\n"
        "turn = Turn(sys.argv[1], 20); turn.take(); print('taken', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "taken\n"
    return process


def test_threads_have_their_turns_in_the_order_in_which_they_came(path: str):
    first, order = Turn(path, 20), []
    first.take()

    def wait(number: int) -> None:
        turn = Turn(path, 20)
        turn.take()
        order.append(number)
        turn.close()

    threads = []
    for number in range(6):
        thread = threading.Thread(target=wait, args=(number,))
        thread.start()
        threads.append(thread)
        while len(first._line._waiting) < number + 2:
            time.sleep(0.001)
    first.give_back()
    for thread in threads:
        thread.join(timeout=20)
    assert order == list(range(6))


def test_a_process_that_is_killed_gives_its_turn_back(path: str):
    process = taken_by_another_process(path)
    turn = Turn(path, 0.05)
    with pytest.raises(TooLong):
        turn.take()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)
    turn.take()
    turn.close()


def test_whoever_waits_too_long_leaves_the_line_to_the_others(path: str):
    first, impatient, patient = Turn(path, 20), Turn(path, 0.01), Turn(path, 20)
    first.take()
    with pytest.raises(TooLong):
        impatient.take()
    first.give_back()
    patient.take()
    patient.close()


def test_whoever_cannot_lock_the_file_leaves_the_line_to_the_others(path: str):
    broken, next_one = Turn(path, 0.5), Turn(path, 0.5)
    broken.close()  # as good as a disk that is gone
    with pytest.raises(OSError, match="Bad file descriptor"):
        broken.take()
    next_one.take()
    next_one.close()


def test_a_turn_is_given_back_once_and_by_whoever_has_it(path: str):
    one, other = Turn(path, 0.01), Turn(path, 0.01)
    one.take()
    other.give_back()
    with pytest.raises(TooLong):
        other.take()
    one.give_back()
    one.give_back()
    other.take()
    other.close()


if connection.vendor == "sqlite":

    def another() -> Turn:
        """A turn of somebody else's to write to the same database."""
        return Turn(f"{connection.settings_dict['NAME']}-turn", 0.01)

    def is_free() -> bool:
        turn = another()
        try:
            turn.take()
        except TooLong:
            return False
        finally:
            turn.close()
        return True

    @pytest.mark.usefixtures("real_database")
    class TestTransactions:
        """A connection has its turn from the beginning of a transaction to its end, whatever the end is."""

        def test_one_that_commits(self):
            with transaction.atomic():
                Agency.objects.create(name="Agency", kind=Agency.Kind.OTHER)
                with transaction.atomic():
                    assert not is_free()
                assert not is_free(), "it is the outer one that counts"
            assert is_free()

        def test_one_that_ends_by_an_error(self):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                raise ZeroDivisionError
            assert is_free()

        def test_one_that_cannot_be_committed(self):
            nobody = uuid.uuid4()
            with pytest.raises(IntegrityError), transaction.atomic():
                Membership.objects.create(user_id=nobody, team_id=nobody)
            assert is_free()

        def test_one_whose_connection_is_closed(self):
            with transaction.atomic():
                connection.close()
                assert is_free()
            with transaction.atomic():
                assert not is_free(), "and the next one has its own"

        def test_one_whose_turn_does_not_come_is_told_that_the_database_is_locked(self, monkeypatch):
            connection.ensure_connection()
            monkeypatch.setattr(connection._turn, "_seconds", 0.01)
            somebody = another()
            somebody.take()
            with pytest.raises(OperationalError, match="locked"), transaction.atomic():
                pass
            somebody.close()
            with transaction.atomic():
                assert not is_free()
