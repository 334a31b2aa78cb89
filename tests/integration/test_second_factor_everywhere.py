"""Who needs a second step and has none: every address, read from the URLconf. And what no passkey answers."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from cre_toolkit.accounts import factors
from cre_toolkit.web.urls import urlpatterns
from tests.factories.people import PASSWORD, practitioner
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# Setting one up, confirming for it, locking and leaving; and what is there for who is not signed in at all.
OPEN = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "single-sign-on",
    "openid_connect_callback",
    "invitation",
    "invitation-link",
    "accessibility",
    "components",
    "lock",
    "session",
}
EXAMPLE = {"IntConverter": 1, "UUIDConverter": uuid.UUID(int=7)}


@pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)
def test_only_what_leads_to_one_is_open(settings, pattern):
    settings.SECOND_FACTOR_ROLES = ["all"]
    client = signed_in(practitioner())
    converters = pattern.pattern.converters.items()
    known = {name: EXAMPLE.get(type(converter).__name__, "send") for name, converter in converters}
    for ask in (client.get, client.post):
        response = ask(reverse(pattern.name, kwargs=known))
        sent_away = response.status_code == 302 and response.url.startswith("/account/second-step/?next=")
        assert sent_away is (pattern.name not in OPEN), response


ANSWER = {
    "id": "AAAA",
    "rawId": "AAAA",
    "type": "public-key",
    "response": {
        "clientDataJSON": "AAAA",
        "attestationObject": "AAAA",
        "authenticatorData": "AAAA",
        "signature": "AAAA",
    },
}
NO_ANSWERS = [
    "",
    "x",
    "null",
    "7",
    "[]",
    "{}",
    "[" * 5_000,
    '{"a":' * 5_000,
    json.dumps(ANSWER),
    json.dumps(ANSWER | {"id": 7, "rawId": None}),
    json.dumps(ANSWER | {"response": "x"}),
    json.dumps(ANSWER | {"response": {"clientDataJSON": "!", "attestationObject": "%%"}}),
    json.dumps(ANSWER | {"response": {"clientDataJSON": [], "attestationObject": {}}}),
    json.dumps(ANSWER | {"response": {}}),
]


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
def test_what_no_passkey_answers_is_refused_in_words(answer):
    user = practitioner()
    factors.add_app(by=user, secret=SECRET, code="000000")
    waiting, inside = Client(), signed_in(practitioner())
    waiting.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    for client, name in ((waiting, "mfa_authenticate"), (inside, "mfa_add_webauthn")):
        client.get(reverse(name))
        response = client.post(reverse(name), {"credential": answer})
        assert response.status_code in (200, 422), name
    assert not factors.has_one(inside.get("/account/").wsgi_request.user)
