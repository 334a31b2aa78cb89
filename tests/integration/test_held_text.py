"""Without script, what was sent after the session ended is held for its author, and for nobody else."""

import datetime
import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.assessments import drafts, held, queries
from cre_toolkit.assessments.models import HeldText, Withdrawal
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.models import Call
from cre_toolkit.children.models import Child
from tests.factories.assessments import AssessmentFactory, ready_draft, sent_record, write
from tests.factories.people import PASSWORD, ChildFactory, give_access, practitioner
from tests.integration.htmlforms import forms_in
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
        assert "This is what you typed" in page
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

    def test_if_it_was_handed_over_meanwhile_it_comes_back_to_be_copied(self, client, draft):
        sent_late(client, draft)
        drafts.hand_over(by=draft.author, assessment=draft, to=practitioner())
        client.force_login(draft.author)
        response = client.get(url("places-people", draft) + "?held=1")
        assert response.status_code == 404
        assert TEXT in response.content.decode()
        assert "this page can no longer take it" in response.content.decode()
        assert "Page not found" not in response.content.decode()

    def test_what_was_held_is_still_known_as_that_after_a_mistake(self):
        draft = ready_draft(level="low")
        client = signed_in(draft.author)
        sent_late(client, draft, "level", rationale=TEXT, look_again_on_day="99")
        form = forms_in(back_again(client, draft, "level"))[-1]
        wrong = client.post(url("level", draft), form.filled_in() | {"then": "continue"})
        assert wrong.status_code == 422
        again = forms_in(wrong.content.decode())[-1]
        assert again.hidden["held"] == form.hidden["held"]

    def test_the_first_page_leads_to_it_whoever_signed_in_between(self, client, draft):
        sent_late(client, draft)
        assert "held=1" not in signed_in(practitioner()).get("/").content.decode()
        page = signed_in(draft.author).get("/").content.decode()
        assert f'href="{url("places-people", draft)}?held=1"' in page

    def test_the_log_of_a_call_is_held_too(self, client, draft):
        page = client.get(url("calls", draft)).content.decode()
        signature = re.search(r'name="held_for" value="([^"]*)"', page)[1]
        client.logout()
        said = {"to": "telephone-police", "telephone-police-note": "INC 7: a car is on its way."}
        client.post(url("calls", draft), {**said, "held_for": signature})
        page = back_again(client, draft, "calls")
        assert "INC 7: a car is on its way." in page
        assert not Call.objects.exists()


class TestOnPagesThatAreNoSectionOfADraft:
    """That every form is held is `test_every_form.py`; here, what follows."""

    def late(self, user, address, **said):
        """Opened by somebody, typed into, and sent when the session had ended; then they signed in again."""
        client = signed_in(user)
        form = forms_in(client.get(address).content.decode())[-1]
        client.logout()
        client.post(address, form.filled_in() | said)
        client.force_login(user)
        return client

    def test_a_withdrawal_is_given_back_and_done_by_nothing_but_the_button(self):
        record = sent_record()
        address = url("withdraw", record.assessment)
        client = self.late(record.author, address, category="in-error", words=TEXT)
        form = forms_in(client.get(address + "?held=1").content.decode())[-1]
        assert form.areas["words"].strip() == TEXT
        assert not Withdrawal.objects.exists()
        client.post(address, form.filled_in() | {"category": "in-error"})
        assert Withdrawal.objects.get().words == TEXT
        assert not HeldText.objects.exists()

    def test_the_reason_for_one_that_somebody_else_withdrew_meanwhile_comes_back_to_be_copied(self):
        record = sent_record()
        address = url("withdraw", record.assessment)
        client = self.late(record.author, address, category="in-error", words=TEXT)
        client.post(address, {"category": "in-error", "words": "On the telephone."})
        page = client.get(address + "?held=1").content.decode()
        assert "This assessment is withdrawn" in page
        assert TEXT in page

    def test_a_childs_own_words_are_saved_over_nothing_newer(self):
        child = ChildFactory()
        address = reverse("child-edit", args=[child.reference, "voice"])
        client = self.late(child.created_by, address, wishes=TEXT)
        form = forms_in(client.get(address + "?held=1").content.decode())[-1]
        assert form.areas["wishes"].strip() == TEXT
        client.post(address, {"version": child.version, "wishes": "Newer"})
        assert client.post(address, form.filled_in()).status_code == 409
        assert HeldText.objects.exists()

    def test_a_child_who_is_added_late_is_added_once(self):
        worker = practitioner()
        said = {"given_names": "Amy", "authority": "derby", "then": "save"}
        client = self.late(worker, reverse("child-new"), **said)
        form = forms_in(client.get(reverse("child-new") + "?held=1").content.decode())[-1]
        assert form.boxes["given_names"] == "Amy"
        for _ in range(2):
            client.post(reverse("child-new"), form.filled_in() | said)
        assert Child.objects.count() == 1
        assert not HeldText.objects.exists()

    def test_of_two_calls_only_the_one_that_was_typed_takes_it(self):
        child = ChildFactory()
        address = reverse("child-calls", args=[child.reference])
        said = {"to": "telephone-police", "telephone-police-note": TEXT}
        client = self.late(child.created_by, address, **said)
        page = client.get(address + "?held=1").content.decode()
        calls = next(form for form in forms_in(page) if form.areas)
        assert calls.areas["telephone-police-note"].strip() == TEXT
        assert calls.areas["telephone-social-care-note"].strip() == ""
        assert "held" in calls.hidden


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
        events = Event.objects.filter(kind__startswith="text.").order_by("pk")
        assert [event.kind for event in events] == ["text.held", "text.given-back", "text.forgotten"]
        assert TEXT not in str([event.detail for event in events])


class TestForAPageThatIsNotAskedAnyMore:
    """What came between took away what the page asks about: there are no boxes, and the text is not lost."""

    def late(self, client, draft, page, sections, **said):
        sent_late(client, draft, page, **said)
        for section, answers in sections.items():
            write(draft, section, **answers)
        return back_again(client, draft, page)

    def test_the_cards_when_every_indicator_was_unticked(self, client, draft):
        write(draft, "indicators", items={"missing": {}})
        page = self.late(client, draft, "rating", {"indicators": {"items": {}}}, **{"missing-note": TEXT})
        assert TEXT in page
        assert f'href="{url("indicators", draft)}"' in page
        assert HeldText.objects.exists()

    def test_the_level_when_the_own_level_was_taken_back(self, client, draft):
        write(draft, "analysis", level="medium")
        page = self.late(client, draft, "level", {"analysis": {"level": ""}}, rationale=TEXT)
        assert TEXT in page
        assert "Record your own level first" in page

    def test_why_it_is_low_when_it_is_low_no_more(self):
        child = ChildFactory(send="yes", open_to_social_care="yes", plan="none", looked_after="no")
        draft = ready_draft(child, child.created_by, level="low", rated="low")
        client = signed_in(draft.author)
        higher = {"analysis": {"level": "medium", "primary_exploitation": "criminal"}}
        page = self.late(client, draft, "low", higher, protective_factors=TEXT, thorough_assessment="on")
        assert TEXT in page
        assert f'href="{url("level", draft)}"' in page

    def test_a_card_that_was_unticked_meanwhile_stands_among_the_others(self, client, draft):
        write(draft, "indicators", items={"missing": {}, "grooming": {}})
        now = {"indicators": {"items": {"grooming": {}}}}
        page = self.late(client, draft, "rating", now, **{"missing-note": TEXT, "grooming-note": ""})
        assert 'name="missing-note"' in page
        assert TEXT in page
