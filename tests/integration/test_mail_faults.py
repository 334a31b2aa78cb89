"""A mail server that refuses, hangs, vanishes or dies loses nothing, and nobody waits for it in vain.

A real server on the loopback misbehaves; the worker is the real one. Source: trust.md, "Faults to survive".
"""

import datetime
import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cre_toolkit.jobs.actions import mail
from cre_toolkit.jobs.queue import LEASE, tend
from tests.factories.sessions import Later
from tests.integration.smtp import Fault, MailServer

pytestmark = pytest.mark.usefixtures("real_database")


@pytest.fixture
def serve(settings):
    """A server with these faults, to which the service's mail goes."""
    servers = []

    def start(*faults):
        server = MailServer(faults)
        server.__enter__()
        servers.append(server)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 0.3
        settings.MAIL_ALLOWED_DOMAINS = ["example.org"]
        return server

    yield start
    for server in servers:
        server.__exit__()


def queue():
    return mail(by=None, to="sam@example.org", subject="Assessment 7Q4K-2M9XAB", body="Sign in to read it.")


def turn():
    """One turn of the worker, whatever the pause before the next attempt is."""
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(
        run_after=timezone.now() - datetime.timedelta(seconds=1)
    )
    call_command("worker", once=True)


def until_sent(message, turns=3):
    for _ in range(turns):
        turn()
        tend()
    message.refresh_from_db()
    return message


@pytest.mark.parametrize(
    "fault", [Fault.NOT_NOW, Fault.HANGS, Fault.VANISHES_IN_DATA, Fault.DIES_AFTER_DATA], ids=lambda f: f.name
)
def test_what_is_in_the_way_for_now_loses_nothing_and_the_message_goes_with_one_id(serve, fault):
    server = serve(fault)
    message = queue()
    turn()
    message.refresh_from_db()
    assert message.status == "waiting"
    assert until_sent(message).status == "sent"
    ids = {taken["Message-ID"] for taken in server.taken}
    assert ids == {f"<{message.pk}@cre-toolkit>"}
    assert len(server.taken) == (2 if fault is Fault.DIES_AFTER_DATA else 1)


def test_an_address_that_the_server_does_not_know_is_given_up_at_once_and_seen(serve):
    serve(Fault.REFUSES)
    message = queue()
    turn()
    message.refresh_from_db()
    assert (message.status, message.answer) == ("failed", "550")
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL, "there is nothing to try again"


def test_what_it_answered_for_now_is_kept_to_be_seen(serve):
    serve(Fault.NOT_NOW)
    message = queue()
    turn()
    message.refresh_from_db()
    assert message.answer == "451"


def test_a_server_that_hangs_holds_up_the_worker_no_longer_than_the_timeout(serve):
    serve(Fault.HANGS)
    queue()
    begun = time.monotonic()
    turn()
    assert time.monotonic() - begun < 10


def test_a_worker_that_is_killed_while_it_sends_loses_nothing(real_database, serve, monkeypatch):
    server = serve(Fault.HANGS)
    message = queue()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings",
        "DATABASE_URL": real_database.url,
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "MAIL_ALLOWED_DOMAINS": "example.org",
    }
    worker = subprocess.Popen([sys.executable, "manage.py", "worker", "--once"], env=environment)
    try:
        running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        for _ in range(600):
            if running.exists() and server.holds:
                break
            time.sleep(0.05)
        worker.send_signal(signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
    assert running.exists(), "nobody has marked it"
    tend()
    Later(monkeypatch)(LEASE)
    assert tend() == 1
    assert until_sent(message).status == "sent"
    assert [taken["Message-ID"] for taken in server.taken] == [f"<{message.pk}@cre-toolkit>"]
