"""Each list of a morning goes once, though the worker is killed in the middle or two workers send at once."""

import os
import subprocess
import sys
import textwrap

import pytest

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.lists import digest
from cre_toolkit.casework.models import Reminder
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, practitioner

FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


@pytest.fixture(autouse=True)
def _morning(monkeypatch):
    """It is late enough, whenever this runs."""
    monkeypatch.setattr(digest, "FROM_HOUR", 0)


@pytest.fixture
def workers(real_database):
    """Three people to each of whom something is due."""
    people = [practitioner() for _ in range(3)]
    for person in people:
        child = ChildFactory(created_by=person, allocated_worker=person, **FACTS)
        sending.send(by=person, assessment=ready_draft(child, person, level="high"))
    return people


def lists_of(person):
    return Message.objects.filter(to=person.email, subject__contains="what is due").count()


@pytest.mark.parametrize("commits", [1, 2])
def test_killed_between_two_people_the_next_worker_tells_the_others_and_nobody_twice(
    real_database, workers, commits
):
    program = """
        import os, signal, sys
        import django
        django.setup()
        from django.db import connection
        from cre_toolkit.casework.lists import digest

        connection.connect()
        commit, left = connection.commit, [int(sys.argv[1])]

        def die_later():
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            commit()

        connection.commit = die_later
        digest.FROM_HOUR = 0
        digest.send_digests()
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), str(commits)],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings",
            "DATABASE_URL": real_database.url,
            "DATABASE_POOL": "false",
        },
        check=False,
        timeout=120,
    )
    assert killed.returncode == -9, "it was killed in the middle"
    assert sum(map(lists_of, workers)) == commits == Reminder.objects.count()
    for _ in range(2):
        digest.send_digests()
    assert [lists_of(person) for person in workers] == [1, 1, 1]


def test_two_workers_at_the_same_moment_send_each_list_once(real_database, workers):
    real_database.at_once(2, lambda _: digest.send_digests())
    assert [lists_of(person) for person in workers] == [1, 1, 1]
