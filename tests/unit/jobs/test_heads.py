"""The audit's heads leave the service: once a day, into a folder and by mail."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.models import Head
from cre_toolkit.jobs.heads import sign_and_send
from cre_toolkit.jobs.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def somebody_keeps_them(settings, tmp_path):
    settings.AUDIT_HEADS = tmp_path
    settings.AUDIT_HEADS_TO = ["keeper@example.org"]
    with transaction.atomic():
        audit.record(by=None, kind="child.viewed", authority="derby")


def test_once_a_day_and_no_more_often(tmp_path):
    now = timezone.now()
    for hours in (0, 1, 23, 25):
        with time_machine.travel(now + datetime.timedelta(hours=hours), tick=False):
            sign_and_send()
    assert Head.objects.filter(authority="derby").count() == 2
    assert Message.objects.count() == 2
    assert len(list(tmp_path.glob("*-derby-*.json"))) == 2


def test_the_mail_holds_each_head_whole_and_names_nobody(tmp_path):
    sign_and_send()
    message = Message.objects.get()
    assert message.to == "keeper@example.org"
    for path in tmp_path.iterdir():
        assert path.read_text() in message.body


def test_where_nobody_is_to_have_it_no_mail_is_made(settings):
    settings.AUDIT_HEADS_TO = []
    sign_and_send()
    assert Head.objects.exists()
    assert not Message.objects.exists()
