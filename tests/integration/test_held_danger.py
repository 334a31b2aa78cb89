"""Danger that was said when the session had ended: whom to telephone is said before anything else."""

import pytest
from django.urls import reverse

from cre_toolkit.assessments import drafts
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import practitioner
from tests.integration.htmlforms import forms_in
from tests.integration.journeys import signed_in, url

pytestmark = pytest.mark.django_db
TEXT = "He is at the door."


@pytest.fixture
def draft():
    return AssessmentFactory()


@pytest.fixture
def client(draft):
    """Signed out, after a page of the draft was sent that said so."""
    client = signed_in(draft.author)
    hidden = forms_in(client.get(url("danger", draft)).content.decode())[-1].hidden
    client.logout()
    client.post(url("danger", draft), {**hidden, "immediate_risk": "yes", "what": TEXT, "then": "continue"})
    return client


def test_a_yes_to_danger_is_answered_with_the_numbers_before_anything_else(client, draft):
    page = client.get(reverse("account_login")).content.decode()
    assert page.index("Telephone now: the police, 999") < page.index("what you typed is kept")
    for number in ("01332 641172", "01629 533190"):
        assert number in page


def test_a_yes_to_danger_that_no_page_can_take_any_more_shows_the_numbers(client, draft):
    drafts.hand_over(by=draft.author, assessment=draft, to=practitioner())
    client.force_login(draft.author)
    page = client.get(url("danger", draft) + "?held=1").content.decode()
    for words in ("could not be put on a record", "999", "01332 641172", TEXT):
        assert words in page
