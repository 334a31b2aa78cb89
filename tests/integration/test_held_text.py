"""Without script, what was sent after the session ended is held for its author, and for nobody else."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cre_toolkit.assessments import held, queries
from cre_toolkit.assessments.models import HeldText
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.models import Call
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import PASSWORD, give_access, practitioner
from tests.integration.journeys import signed_in, url

pytestmark = pytest.mark.django_db
TEXT = "She said that he waits at the station."


@pytest.fixture
def draft():
    return AssessmentFactory()


@pytest.fixture
def client(draft):
    return signed_in(draft.author)


def hidden_of(client, draft, page="places-people"):
    content = client.get(url(page, draft)).content.decode()
    names = ("version", "held_for")
    return {name: re.search(rf'name="{name}" value="([^"]*)"', content)[1] for name in names}


def sent_late(client, draft, page="places-people", **said):
    """A form that was opened in a session and sent after it ended. Where it leads."""
    hidden = hidden_of(client, draft, page)
    client.logout()
    return client.post(url(page, draft), {**hidden, **(said or {"locations": TEXT}), "then": "continue"})


def back_again(client, draft, page="places-people"):
    client.force_login(draft.author)
    return client.get(url(page, draft) + "?held=1").content.decode()


def answers_of(draft):
    return queries.draft(draft.author, draft.reference).answers


class TestHeld:
    def test_they_are_sent_to_sign_in_and_told_that_their_text_is_kept(self, client, draft):
        response = sent_late(client, draft)
        assert response.status_code == 302
        assert response.url == (
            f"/account/sign-in/?next=/assessments/{draft.reference}/places-people/%3Fheld%3D1"
        )
        assert "what you typed is kept" in client.get(response.url).content.decode()

    def test_nothing_is_saved_by_it(self, client, draft):
        sent_late(client, draft)
        assert answers_of(draft).places.blank

    def test_after_signing_in_it_stands_in_its_box_and_can_be_saved(self, client, draft):
        response = sent_late(client, draft)
        draft.author.set_password(PASSWORD)
        draft.author.save()
        signing_in = {"login": draft.author.email, "password": PASSWORD}
        response = client.post(response.url, signing_in)
        assert response.url == f"{url('places-people', draft)}?held=1"
        page = client.get(response.url).content.decode()
        assert TEXT in page
        assert "before you were signed out" in page
        found = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("version", "held")}
        assert client.post(response.url, {**found, "locations": TEXT, "then": "continue"}).status_code == 302
        assert answers_of(draft).places.locations == TEXT
        assert not HeldText.objects.exists()

    def test_it_is_saved_by_its_author_and_not_by_itself(self, client, draft):
        sent_late(client, draft)
        page = back_again(client, draft)
        assert "hx-post" not in page
        assert 'data-typed="unsaved"' in page, "leaving the page is asked first"

    def test_it_stays_until_it_is_saved(self, client, draft):
        sent_late(client, draft)
        for _ in range(2):
            assert TEXT in back_again(client, draft)

    def test_it_can_be_left_out(self, client, draft):
        sent_late(client, draft)
        id_ = re.search(r'name="held" value="([^"]*)"', back_again(client, draft))[1]
        client.post(url("places-people", draft), {"held": id_, "then": "leave-out"})
        assert not HeldText.objects.exists()
        assert TEXT not in back_again(client, draft)

    def test_enter_in_a_box_saves_it_and_never_leaves_it_out(self, client, draft):
        """A browser presses the first button of the form for whoever presses Enter."""
        sent_late(client, draft, "actions", **{"action-0-action": TEXT})
        page = back_again(client, draft, "actions")
        form = page[page.index('id="questions"') :].partition("</form>")[0]
        assert 'name="held"' in form
        assert "leave-out" not in form
        assert "leave-out" in page

    def test_the_list_of_sections_leads_to_it(self, client, draft):
        sent_late(client, draft)
        client.force_login(draft.author)
        page = client.get(url("", draft)).content.decode()
        assert f'href="{url("places-people", draft)}?held=1"' in page

    def test_what_was_saved_meanwhile_is_not_overwritten_by_it(self, client, draft):
        sent_late(client, draft)
        write(draft, "places", locations="Saved on the telephone")
        page = back_again(client, draft)
        found = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("version", "held")}
        response = client.post(url("places-people", draft), {**found, "locations": TEXT})
        assert response.status_code == 409
        assert answers_of(draft).places.locations == "Saved on the telephone"
        assert HeldText.objects.exists()

    def test_two_texts_for_one_page_are_given_back_one_after_the_other(self, client, draft):
        sent_late(client, draft, locations="first")
        client.force_login(draft.author)
        sent_late(client, draft, locations="second")
        page = back_again(client, draft)
        assert "first" in page
        held.forget(by=draft.author, id_=re.search(r'name="held" value="([^"]*)"', page)[1])
        assert "second" in back_again(client, draft)

    def test_if_the_assessment_was_sent_meanwhile_it_comes_back_to_be_copied(self):
        draft = ready_draft()
        client = signed_in(draft.author)
        sent_late(client, draft)
        client.force_login(draft.author)
        client.post(url("check", draft))
        page = back_again(client, draft)
        assert "already been sent" in page
        assert TEXT in page

    def test_the_log_of_a_call_is_held_too(self, client, draft):
        page = client.get(url("calls", draft)).content.decode()
        signature = re.search(r'name="held_for" value="([^"]*)"', page)[1]
        client.logout()
        said = {"to": "telephone-police", "telephone-police-note": "INC 7: a car is on its way."}
        client.post(url("calls", draft), {**said, "held_for": signature})
        page = back_again(client, draft, "calls")
        assert "INC 7: a car is on its way." in page
        assert not Call.objects.exists()


class TestForNobodyElse:
    def test_another_user_never_gets_it(self, client, draft):
        sent_late(client, draft)
        colleague = practitioner()
        give_access(draft.child, user=colleague)
        client.force_login(colleague)
        for page in ("places-people", ""):
            response = client.get(url(page, draft) + "?held=1")
            assert response.status_code == 404
            assert TEXT not in response.content.decode()
        assert HeldText.objects.exists()

    def test_nor_can_they_make_it_go_away(self, client, draft):
        sent_late(client, draft)
        held.forget(by=practitioner(), id_=str(HeldText.objects.get().pk))
        assert HeldText.objects.exists()

    @pytest.mark.parametrize("signature", ["", "forged", "WyJ4Il0:1:x"])
    def test_nothing_is_held_without_the_signature(self, client, draft, signature):
        client.logout()
        response = client.post(url("places-people", draft), {"locations": TEXT, "held_for": signature})
        assert response.status_code == 302
        assert not HeldText.objects.exists()

    def test_nor_with_the_signature_of_another_page(self, client, draft):
        hidden = hidden_of(client, draft, "analysis")
        client.logout()
        client.post(url("places-people", draft), {**hidden, "locations": TEXT})
        assert not HeldText.objects.exists()

    def test_nor_a_day_after_the_page_was_opened(self, client, draft):
        hidden = hidden_of(client, draft)
        client.logout()
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=25), tick=False):
            client.post(url("places-people", draft), {**hidden, "locations": TEXT})
        assert not HeldText.objects.exists()

    def test_nor_for_somebody_who_has_been_deactivated(self, client, draft):
        hidden = hidden_of(client, draft)
        client.logout()
        type(draft.author).objects.update(is_active=False)
        client.post(url("places-people", draft), {**hidden, "locations": TEXT})
        assert not HeldText.objects.exists()

    def test_whoever_signs_in_in_between_is_not_shown_it_and_its_author_is(self, draft):
        """Sign-in in tab B by somebody else, then the button in tab A: the token is of another session."""
        client = Client(enforce_csrf_checks=True)
        client.force_login(draft.author)
        hidden = hidden_of(client, draft)
        client.cookies.clear()
        client.force_login(practitioner())
        response = client.post(url("places-people", draft), {**hidden, "locations": TEXT})
        assert response.status_code == 403
        assert TEXT not in response.content.decode()
        assert "kept for them alone" in response.content.decode()
        assert TEXT in back_again(client, draft)

    def test_who_signed_in_again_in_another_tab_gets_it_back_at_once(self, draft):
        client = Client(enforce_csrf_checks=True)
        client.force_login(draft.author)
        hidden = hidden_of(client, draft)
        client.cookies.pop("csrftoken")
        response = client.post(url("places-people", draft), {**hidden, "locations": TEXT})
        assert response.status_code == 403
        back = re.search(r'href="(/assessments/[^"]*held=1)"', response.content.decode())[1]
        assert TEXT in client.get(back).content.decode()


class TestBounds:
    def test_too_long_is_not_held_and_shown_to_be_copied(self, client, draft, monkeypatch):
        monkeypatch.setattr(held, "MOST_CHARACTERS", 10)
        response = sent_late(client, draft)
        assert response.status_code == 401
        assert TEXT in response.content.decode()
        assert not HeldText.objects.exists()

    def test_ten_at_a_time_for_one_person(self, draft):
        for number in range(held.MOST_TEXTS):
            held.keep(by=draft.author, path="/x/", posted=f"a={number}")
        with pytest.raises(held.TooMuch):
            held.keep(by=draft.author, path="/x/", posted="a=more")

    def test_the_same_sent_twice_is_held_once(self, draft):
        assert held.keep(by=draft.author, path="/x/", posted="a=1") == held.keep(
            by=draft.author, path="/x/", posted="a=1"
        )

    def test_after_a_day_it_is_forgotten(self, client, draft):
        sent_late(client, draft)
        later = timezone.now() + datetime.timedelta(hours=24, minutes=1)
        with time_machine.travel(later, tick=False):
            assert TEXT not in back_again(client, draft)
            assert held.forget_old() == 1
        assert not HeldText.objects.exists()

    def test_holding_giving_back_and_forgetting_are_on_the_audit_trail_without_the_text(self, client, draft):
        sent_late(client, draft)
        back_again(client, draft)
        held.forget(by=draft.author, id_=str(HeldText.objects.get().pk))
        events = Event.objects.filter(kind__startswith="text.").order_by("at")
        assert [event.kind for event in events] == ["text.held", "text.given-back", "text.forgotten"]
        assert TEXT not in str([event.detail for event in events])
