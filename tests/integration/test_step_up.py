"""Step-up: the gravest acts ask whoever did not sign in just now to show again that it is them."""

import datetime
import time

import pytest
import time_machine
from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.test import Client
from django.urls import path, reverse

from cre_toolkit.assessments.models import HeldText
from cre_toolkit.web import held_forms
from cre_toolkit.web import urls as service
from cre_toolkit.web.step_up import FRESH_FOR, fresh_sign_in_required
from tests.factories.people import PASSWORD, practitioner
from tests.integration.htmlforms import forms_in
from tests.integration.journeys import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
GRAVEST = "/gravest/"
TEXT = "He waits for her at the station."
PAGE = "<form method='post'>{% include '_components/form.html' %}{{ form }}<button>Do it</button></form>"


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea)


@fresh_sign_in_required
def gravest(request):
    """A page with a form, made as the service's pages are."""
    form = ReasonForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        return HttpResponseRedirect(f"/done/?{form.cleaned_data['reason']}")
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


urlpatterns = [*service.urlpatterns, path("gravest/", gravest)]
handler500 = service.handler500


@pytest.fixture
def user():
    return practitioner()


@pytest.fixture
def clock():
    with time_machine.travel(time.time(), tick=False) as clock:
        yield clock


@pytest.fixture
def client(user, clock):
    return signed_in(user)


def confirm_address(of):
    return f"{reverse('account_reauthenticate')}?next={of}"


def confirm(client, response):
    return client.post(response.url, {"password": PASSWORD})


def typed(client):
    """The form of the page as a browser would send it, with a reason typed."""
    (form,) = [form for form in forms_in(client.get(GRAVEST).content.decode()) if form.areas]
    return form.filled_in() | {"reason": TEXT}


def test_whoever_signed_in_just_now_is_not_asked(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.get(GRAVEST).status_code == 200
    assert client.post(GRAVEST, typed(client)).url.startswith("/done/")


def test_whoever_signed_in_longer_ago_confirms_before_the_page_opens(client, clock):
    clock.shift(FRESH_FOR)
    asked = client.get(GRAVEST)
    assert asked.url == confirm_address("/gravest/")
    assert confirm(client, asked).url == GRAVEST
    assert client.get(GRAVEST).status_code == 200


def test_the_wrong_password_confirms_nothing(client, clock):
    clock.shift(FRESH_FOR)
    assert client.post(client.get(GRAVEST).url, {"password": "another one"}).status_code == 200
    assert client.get(GRAVEST).status_code == 302


def test_the_button_asks_again_after_two_minutes_and_the_words_are_given_back(client, clock):
    posted = typed(client)
    clock.shift(FRESH_FOR)
    asked = client.post(GRAVEST, posted)
    assert asked.url == confirm_address("/gravest/%3Fheld%3D1")
    assert "What you typed is kept" in client.get(asked.url).content.decode()
    back = client.get(confirm(client, asked).url).content.decode()
    (form,) = [form for form in forms_in(back) if form.areas]
    assert form.areas["reason"].strip() == TEXT
    assert client.post(GRAVEST, form.filled_in()).url.startswith("/done/")
    assert not HeldText.objects.exists(), "saved, so no longer held"


def test_the_words_survive_being_asked_twice(client, clock):
    clock.shift(FRESH_FOR)
    client.post(client.get(GRAVEST).url, {"password": PASSWORD})
    posted = typed(client)
    for _ in range(2):
        clock.shift(FRESH_FOR)
        back = client.get(confirm(client, client.post(GRAVEST, posted)).url).content.decode()
        (form,) = [form for form in forms_in(back) if form.areas]
        assert form.areas["reason"].strip() == TEXT
        posted = form.filled_in()
    assert HeldText.objects.count() == 1


def test_a_form_that_is_not_the_services_own_is_not_held(client, clock):
    clock.shift(FRESH_FOR)
    assert client.post(GRAVEST, {"reason": TEXT}).url == confirm_address("/gravest/")
    assert not HeldText.objects.exists()


def test_a_clock_that_was_set_back_keeps_no_session_fresh(client, clock):
    clock.shift(-datetime.timedelta(days=1))
    assert client.get(GRAVEST).status_code == 302


def test_a_session_that_nobody_confirmed_is_not_fresh(user, clock):
    """A session that was made without signing in says nothing of when its user was there."""
    client = Client()
    client.force_login(user)
    assert client.get(GRAVEST).status_code == 302


def test_one_persons_confirming_is_not_anothers(client, clock):
    client.post(reverse("account_logout"))
    client.force_login(practitioner())
    assert client.get(GRAVEST).status_code == 302
