"""A recipient or a subject that would add a line, or another recipient, to a message."""

from types import SimpleNamespace

import pytest
from django.core import mail as outbox
from django.core.mail import BadHeaderError

from cre_toolkit.jobs.actions import mail
from cre_toolkit.jobs.tasks import allowed, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _allowed(settings):
    settings.MAIL_ALLOWED_DOMAINS = ["example.org"]


@pytest.mark.parametrize(
    "address",
    [
        "sam@evil.example\r\nBcc: kit@example.org",
        "sam@evil.example, kit@example.org",
        "sam@evil.example,kit@example.org",
        "sam@evil.example kit@example.org",
        "<sam@evil.example>@example.org",
        "sam@example.org\nBcc: sam@evil.example",
        "kit@example.org@evil.example",
        "@example.org",
    ],
)
def test_who_is_no_single_person_of_the_allow_list_gets_nothing(address):
    assert not allowed(address)


def test_a_subject_is_one_line():
    message = mail(by=None, to="sam@example.org", subject="Sent\r\nBcc: sam@evil.example", body="Sign in.")
    with pytest.raises(BadHeaderError):
        deliver.call(SimpleNamespace(attempt=1), str(message.pk))
    assert not outbox.outbox
