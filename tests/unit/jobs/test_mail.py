"""Mail: written with its cause, sent at least once, tried again, and only where it may go."""

import datetime
import smtplib

import pytest
import time_machine
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from cre_toolkit.audit.models import Event
from cre_toolkit.jobs.actions import mail, mail_each
from cre_toolkit.jobs.models import Lease, Message
from cre_toolkit.jobs.queue import LEASE, tend
from cre_toolkit.jobs.tasks import ATTEMPTS
from tests.factories.sessions import Later

# The worker ends its connections after each job, as a process of its own would.
pytestmark = pytest.mark.usefixtures("real_database")


@pytest.fixture(autouse=True)
def _allowed(settings):
    settings.MAIL_ALLOWED_DOMAINS = ["example.org"]


def queue(to="sam@example.org"):
    return mail(
        by=None, to=to, subject="Assessment 7Q4K-2M9XAB has been sent to you", body="Sign in to read it."
    )


def work():
    call_command("worker", once=True)


def later():
    DBTaskResult.objects.update(run_after=timezone.now() - datetime.timedelta(seconds=1))


def status(message):
    return Message.objects.get(pk=message.pk).status


def test_mail_is_gone_when_its_cause_is_undone():
    with transaction.atomic():
        queue()
        transaction.set_rollback(True)
    work()
    assert not Message.objects.exists()
    assert not outbox.outbox


def test_the_worker_sends_what_waits_once():
    message = queue()
    work()
    work()
    assert status(message) == "sent"
    assert [sent.to for sent in outbox.outbox] == [["sam@example.org"]]


def test_to_several_each_message_goes_by_itself():
    """One that is refused holds up no other."""
    messages = mail_each(
        by=None, to=["sam@example.com", "kit@example.org", "ash@example.org"], subject="S", body="B"
    )
    work()
    assert [status(message) for message in messages] == ["refused", "sent", "sent"]
    assert [sent.to for sent in outbox.outbox] == [["kit@example.org"], ["ash@example.org"]]
    assert Event.objects.filter(kind="mail.queued").count() == 2
    assert Event.objects.filter(kind="mail.refused", subject=messages[0].pk).exists()


def test_to_nobody_is_no_mail_and_no_job():
    assert mail_each(by=None, to=[], subject="S", body="B") == []
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("address", ["sam@example.com", "sam@example.org.evil.test", "sam"])
def test_nothing_goes_outside_the_allow_list(address):
    message = queue(address)
    work()
    assert status(message) == "refused"
    assert not outbox.outbox


def test_a_server_that_refuses_loses_nothing(monkeypatch):
    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected

    message = queue()
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", refuse)
        work()
    assert status(message) == "waiting"
    tend()
    job = DBTaskResult.objects.get()
    assert job.status == TaskResultStatus.READY
    assert job.run_after > timezone.now(), "it waits before it tries again"
    later()
    work()
    assert status(message) == "sent"


def test_after_the_last_attempt_it_stays_failed_and_visible(monkeypatch):
    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    message = queue()
    for _ in range(2 * ATTEMPTS + 2):
        later()
        work()
    assert status(message) == "failed"
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
    assert len(DBTaskResult.objects.get().worker_ids) == ATTEMPTS


@pytest.fixture
def go_by(monkeypatch) -> Later:
    return Later(monkeypatch)


def running():
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())


def test_a_killed_workers_job_is_taken_up_after_its_lease(go_by):
    message = queue()
    running()
    assert tend() == 0, "its worker may still be at it"
    go_by(LEASE)
    assert tend() == 1
    work()
    assert status(message) == "sent"


def test_a_worker_started_anew_from_cron_for_each_turn_takes_it_up_too(go_by):
    message = queue()
    running()
    for _ in range(3):
        work()
        assert status(message) == "waiting"
        go_by(LEASE / 3)
    work()
    assert status(message) == "sent"
    work()
    assert not Lease.objects.exists()


def test_a_job_that_is_taken_up_has_its_whole_lease_again(go_by):
    queue()
    running()
    tend()
    go_by(LEASE)
    running()
    assert tend() == 0


def test_a_clock_that_moves_by_a_day_takes_no_job_from_its_worker():
    message = queue()
    running()
    for days in (1, -1):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
            assert tend() == 0
    assert status(message) == "waiting"


def test_a_job_put_off_by_a_clock_that_was_wrong_waits_no_longer_than_the_longest_pause():
    queue()
    DBTaskResult.objects.update(run_after=timezone.now() + datetime.timedelta(days=1))
    tend()
    assert DBTaskResult.objects.get().run_after <= timezone.now()


def test_a_job_done_but_not_marked_sends_nothing_twice():
    message = queue()
    work()
    DBTaskResult.objects.update(status=TaskResultStatus.READY)
    later()
    work()
    assert status(message) == "sent"
    assert len(outbox.outbox) == 1
