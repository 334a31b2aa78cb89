"""Single sign-on, where there is no provider to ask; with one, it is tried in `tests/browser`."""

import time

import pytest
from django.test import Client, RequestFactory

from cre_toolkit.accounts import identities
from cre_toolkit.accounts.models import Role
from cre_toolkit.audit.models import Event
from cre_toolkit.web.second_factor import is_proved
from cre_toolkit.web.single_sign_on import ASKED_AT
from cre_toolkit.web.step_up import FRESH_FOR, is_fresh
from tests.factories.people import practitioner
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
BEGIN, BACK = "/account/single-sign-on/", "/account/single-sign-on/organisation/back/"


def test_without_a_provider_there_is_no_such_page(client):
    assert client.get("/account/sign-in/").status_code == 200
    for response in (client.get(BEGIN), client.post(BEGIN), client.get(BACK)):
        assert response.status_code == 404


def request_of(user, *, asked: float):
    """A request of somebody who came by single sign-on just now, and whom the provider asked so long ago."""
    client = signed_in(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "socialaccount", "at": time.time()}]
    session[ASKED_AT] = time.time() - asked
    session.save()
    request = RequestFactory().get("/")
    request.session, request.user = session, user
    return request


def test_a_provider_that_lets_somebody_through_silently_confirms_nothing():
    user = practitioner()
    long_ago = FRESH_FOR.total_seconds() + 60
    assert is_fresh(request_of(user, asked=1))
    assert not is_fresh(request_of(user, asked=long_ago))
    assert not is_fresh(request_of(user, asked=time.time())), "it does not say when"


@pytest.mark.parametrize("asks", [True, False])
def test_the_providers_second_step_is_enough_where_the_installation_says_that_it_asks_for_one(settings, asks):
    settings.OIDC_SECOND_FACTOR = asks
    assert is_proved(request_of(practitioner(), asked=1)) is asks


def test_a_session_by_single_sign_on_sets_up_a_second_step_where_one_is_needed(settings):
    settings.SECOND_FACTOR_ROLES = [Role.PRACTITIONER]
    user = practitioner()
    client = Client()
    client.force_login(user)
    assert client.get("/").url.startswith("/account/second-step/")


def test_an_identity_is_linked_once_and_another_is_refused():
    user = practitioner()
    identities.link(by=user, provider="organisation", uid="one")
    assert Event.objects.get(kind="account.identity-linked").subject == user.pk
    with pytest.raises(identities.AnotherIdentity):
        identities.link(by=user, provider="organisation", uid="two")
