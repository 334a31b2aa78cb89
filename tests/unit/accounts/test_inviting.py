"""An invitation is good once, for a week, and only its mail holds the link."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError

from cre_toolkit.accounts import inviting
from cre_toolkit.accounts.models import Invitation
from cre_toolkit.audit.models import Event
from tests.factories.people import PASSWORD, administrator, practitioner

pytestmark = pytest.mark.django_db
GOOD = "correct horse battery"
A_WEEK = datetime.timedelta(days=7)
NOON = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)


@pytest.fixture
def invited():
    user = practitioner()
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def token(invited):
    return inviting.new_link(by=administrator(), user=invited)


def test_its_owner_sets_the_password_and_the_link_is_used_up(invited, token):
    inviting.answer(token=token, password=GOOD)
    invited.refresh_from_db()
    assert invited.check_password(GOOD)
    with pytest.raises(inviting.NotGood):
        inviting.answer(token=token, password="another horse battery")
    assert Event.objects.get(kind="user.invitation-answered").subject == invited.pk


def test_a_week_later_it_is_good_no_longer(invited):
    with time_machine.travel(NOON, tick=False):
        token = inviting.new_link(by=administrator(), user=invited)
    with time_machine.travel(NOON + A_WEEK - datetime.timedelta(seconds=1), tick=False):
        assert inviting.find(token).user == invited
    with time_machine.travel(NOON + A_WEEK, tick=False), pytest.raises(inviting.NotGood):
        inviting.find(token)


def test_a_new_one_takes_the_place_of_the_one_before(invited, token):
    newer = inviting.new_link(by=administrator(), user=invited)
    with pytest.raises(inviting.NotGood):
        inviting.find(token)
    assert inviting.find(newer).user == invited


def test_a_weak_password_leaves_the_link_good(invited, token):
    for weak in ("short", "password1234", invited.email):
        with pytest.raises(ValidationError):
            inviting.answer(token=token, password=weak)
    assert inviting.find(token)


@pytest.mark.parametrize("guess", ["", "x", "0" * 43, "None"])
def test_a_guess_opens_nothing(token, guess):
    with pytest.raises(inviting.NotGood):
        inviting.find(guess)


def test_nobody_who_can_sign_in_already_is_invited():
    user = practitioner()
    assert user.check_password(PASSWORD)
    with pytest.raises(inviting.HasSignedIn):
        inviting.new_link(by=administrator(), user=user)


def test_the_link_stands_nowhere_in_the_database(token):
    assert token not in str(list(Invitation.objects.values()))
    assert token not in str(list(Event.objects.values()))


def test_it_opens_no_account_that_is_in_use(invited, token):
    """By a forgotten password that was set anew, or by single sign-on, its owner has come in meanwhile."""
    invited.set_password(GOOD)
    invited.save()
    with pytest.raises(inviting.NotGood):
        inviting.answer(token=token, password="another horse battery")
    invited.set_unusable_password()
    invited.last_login = NOON
    invited.save()
    with pytest.raises(inviting.NotGood):
        inviting.find(token)
