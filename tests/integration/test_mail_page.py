"""Mail that may not go, or did not arrive: loud to whoever caused it, and seen until somebody sees to it."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.jobs.actions import mail
from cre_toolkit.jobs.allow_list import allowed
from cre_toolkit.jobs.models import Message
from tests.factories.people import administrator, practitioner
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


def failed(by, **given):
    message = mail(by=by, to="kit@example.org", subject="Record 7Q4K-2M9XAB", body="Sign in.", **given)
    Message.objects.filter(pk=message.pk).update(status="failed", answer="550")
    return message


def page(user):
    return signed_in(user).get(reverse("mail")).content.decode()


def press(user, message, then):
    return signed_in(user).post(reverse("mail"), {"message": message.pk, "then": then}, follow=True)


class TestTheListOfDomains:
    @pytest.fixture(autouse=True)
    def _lists(self, settings):
        settings.MAIL_ALLOWED_DOMAINS = ["shared.example.org"]
        settings.MAIL_ALLOWED_DOMAINS_BY_AUTHORITY = {"derby": ["Derby.example.org", "nhs.example.org"]}

    def test_an_authoritys_own_list_takes_the_place_of_the_shared_one(self):
        assert allowed("kit@derby.example.org", "derby")
        assert not allowed("kit@shared.example.org", "derby")
        assert not allowed("kit@derby.example.org", "derbyshire")
        assert allowed("kit@shared.example.org", "derbyshire")

    def test_mail_about_no_child_may_go_to_any_of_them_and_nowhere_else(self):
        assert allowed("kit@nhs.example.org")
        assert allowed("kit@shared.example.org")
        assert not allowed("kit@elsewhere.example.org")


class TestWhoSeesToIt:
    def test_whoever_caused_it_and_the_administrator_of_the_authority_and_nobody_else(self):
        sender, admin = practitioner(), administrator()
        failed(sender, authority="derby")
        for user in (sender, admin):
            assert "kit@example.org" in page(user)
            assert "the mail server answered 550" in page(user)
        for user in (practitioner(), administrator(authority="derbyshire")):
            assert "Every message has arrived" in page(user)

    def test_of_mail_about_no_child_the_administrator_where_the_person_works(self):
        practitioner(email="kit@example.org")
        failed(None)
        assert "kit@example.org" in page(administrator())
        assert "kit@example.org" not in page(administrator(authority="derbyshire"))

    def test_what_was_written_is_shown_to_nobody(self):
        sender = practitioner()
        failed(sender)
        assert "Sign in." not in page(sender)

    def test_what_is_not_theirs_they_can_do_nothing_about(self):
        message = failed(practitioner())
        press(practitioner(), message, "dealt")
        message.refresh_from_db()
        assert message.dealt_with_at is None


class TestSeeingToIt:
    def test_sent_again_it_waits_for_the_worker_and_is_off_the_list(self):
        sender = practitioner()
        message = failed(sender)
        assert "is being sent again" in press(sender, message, "again").content.decode()
        message.refresh_from_db()
        assert message.status == "waiting"
        assert "Every message has arrived" in page(sender)
        assert Event.objects.filter(kind="mail.retried", subject=message.pk).exists()

    def test_seen_to_it_is_off_the_list_and_on_the_record_once(self):
        sender = practitioner()
        message = failed(sender)
        for words in ("It is off the list", "nothing more to do"):
            assert words in press(sender, message, "dealt").content.decode()
        assert Event.objects.filter(kind="mail.dealt-with", subject=message.pk).count() == 1

    def test_a_link_that_was_erased_is_not_sent_again_and_it_is_said_what_to_do(self):
        sender = practitioner()
        message = failed(sender, secret=True)
        assert "Send a new one" in press(sender, message, "again").content.decode()

    def test_an_address_that_is_still_not_on_the_list_is_not_tried(self, settings):
        sender = practitioner()
        message = failed(sender)
        settings.MAIL_ALLOWED_DOMAINS = []
        assert "is not on the authority’s list" in press(sender, message, "again").content.decode()

    @pytest.mark.parametrize("asked", ["", "1", "6d0f6a4e-0000-4000-8000-000000000000"])
    def test_what_is_no_message_does_nothing(self, asked):
        answer = signed_in(practitioner()).post(reverse("mail"), {"message": asked, "then": "again"})
        assert answer.status_code in (302, 404)


def test_what_has_waited_for_an_hour_is_seen_though_nothing_was_given_up():
    sender = practitioner()
    mail(by=sender, to="kit@example.org", subject="Record 7Q4K-2M9XAB", body="Sign in.")
    assert "Every message has arrived" in page(sender)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        assert "Still waiting" in page(sender)
