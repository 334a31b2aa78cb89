"""A code of an app is good once, however many ask at the same moment."""

import time

import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from cre_toolkit.accounts import factors
from tests.factories.people import PASSWORD, practitioner

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now():
    return totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30))


def test_one_code_in_eight_hands_at_once_opens_one_session(real_database):
    """Each signs in over a connection of its own, as in eight processes."""
    user = practitioner()
    with time_machine.travel(time.time() - 300):
        factors.add_app(by=user, secret=SECRET, code=code_now())
    windows = [Client() for _ in range(8)]
    for window in windows:
        window.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    code = code_now()
    step = reverse("mfa_authenticate")
    real_database.at_once(8, lambda number: windows[number].post(step, {"code": code}))
    assert [window.get("/").status_code for window in windows].count(200) == 1
