"""Drafts: danger stands, typed text comes back, and what becomes of one beside being sent."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.conf import settings
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments import actions, drafts, queries
from cre_toolkit.assessments.models import Assessment, DraftSection
from cre_toolkit.audit.models import Event
from cre_toolkit.audit.queries import of_child
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children import access
from cre_toolkit.jobs.models import Message
from cre_toolkit.jobs.upkeep import keep_up
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import (
    ChildFactory,
    MembershipFactory,
    TeamFactory,
    administrator,
    make_user,
    practitioner,
)
from tests.integration.journeys import answer, opened, signed_in, start, url

TYPED = "She said that he waits at the station."


@pytest.fixture
def draft(db):
    return AssessmentFactory()


@pytest.fixture
def client(draft):
    return signed_in(draft.author)


class TestDangerComesFirst:
    def test_it_stands_where_its_page_was_saved_elsewhere_meanwhile(self, client, draft):
        hidden = opened(client, "danger", draft)
        write(draft, "danger", immediate_risk="no")
        response = client.post(url("danger", draft), {**hidden, "immediate_risk": "yes"})
        assert response.status_code == 409
        assert CaseEvent.objects.get(child=draft.child).kind == "immediate-risk"

    def test_it_stands_where_the_draft_was_sent_meanwhile(self, db):
        draft = ready_draft()
        client = signed_in(draft.author)
        hidden = opened(client, "danger", draft)
        client.post(url("check", draft))
        response = client.post(url("danger", draft), {**hidden, "immediate_risk": "yes"})
        assert response.status_code == 409
        assert CaseEvent.objects.filter(child=draft.child, kind="immediate-risk").count() == 1
        assert url("calls", draft) in response.content.decode()

    def test_not_known_is_not_called_completed_since_sending_asks_again(self, client, draft):
        answer(client, "danger", draft, immediate_risk="not-known")
        page = client.get(url("", draft)).content.decode()
        task = page[page.index("Is the child in immediate danger?") :][:1000]
        assert "In progress" in task
        assert "Sending asks for yes or no" in task


class TestTypedTextComesBack:
    """Where it cannot be saved any more, it is shown, to be copied; and written nowhere."""

    def test_after_sending(self, db):
        draft = ready_draft()
        client = signed_in(draft.author)
        hidden = opened(client, "places-people", draft)
        client.post(url("check", draft))
        response = client.post(url("places-people", draft), {**hidden, "locations": TYPED})
        assert response.status_code == 409
        assert_shown(response, "Locations", TYPED)

    def test_after_sending_each_indicator_under_its_label(self, db):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.post(url("check", draft))
        said = {"missing-note": TYPED, "missing-level": "high", "version": "1"}
        response = client.post(url("rating", draft), said)
        assert_shown(response, "Regularly missing from home, care or education: evidence or comment", TYPED)

    def test_after_discarding(self, client, draft):
        hidden = opened(client, "places-people", draft)
        drafts.discard(by=draft.author, assessment=draft)
        response = client.post(url("places-people", draft), {**hidden, "locations": TYPED})
        assert response.status_code == 409
        assert_shown(response, "Locations", TYPED)
        assert not DraftSection.objects.exists()

    def test_after_handing_over(self, client, draft):
        hidden = opened(client, "actions", draft)
        drafts.hand_over(by=draft.author, assessment=draft, to=practitioner())
        said = {"action-0-action": TYPED, "action-0-timescale": "Friday"}
        response = client.post(url("actions", draft), {**hidden, **said})
        assert response.status_code == 404
        assert_shown(response, "Action 1: action", TYPED)
        assert not DraftSection.objects.exists()

    def test_it_is_escaped(self, client, draft):
        drafts.discard(by=draft.author, assessment=draft)
        response = client.post(url("places-people", draft), {"locations": "<script>alert(1)</script>"})
        assert b"<script>alert" not in response.content

    def test_when_the_service_itself_breaks(self, client, draft, monkeypatch):
        def broken(**_):
            raise RuntimeError

        monkeypatch.setattr(actions, "save_section", broken)
        client.raise_request_exception = False
        response = client.post(url("places-people", draft), {"version": "0", "locations": TYPED})
        assert response.status_code == 500
        assert_shown(response, "Locations", TYPED)


def assert_shown(response, label, text):
    page = response.content.decode()
    assert re.search(rf"<dt>{re.escape(label)}</dt>\s*<dd[^>]*>{re.escape(text)}</dd>", page), page
    assert "csrfmiddlewaretoken</dt>" not in page


class TestTheList:
    def page(self, client):
        return client.get(reverse("drafts")).content.decode()

    def test_says_which_child_and_when_it_was_saved(self, client, draft):
        with time_machine.travel("2026-11-26 10:42:00+00:00", tick=False):
            write(draft, "places", locations="x")
        page = self.page(client)
        assert draft.child.name in page
        assert "last saved on 26 November 2026 at 10:42" in page

    def test_leaves_out_what_was_sent_and_what_is_somebody_elses(self, db):
        sent, others = ready_draft(), AssessmentFactory()
        client = signed_in(sent.author)
        client.post(url("check", sent))
        page = self.page(client)
        assert sent.reference not in page
        assert others.reference not in page

    def test_is_a_look_at_each_child_on_the_audit_trail(self, client, draft):
        self.page(client)
        assert of_child(draft.child.pk).filter(kind="drafts.viewed").exists()

    def test_is_empty_in_words(self, db):
        assert "no unfinished assessment" in self.page(signed_in(practitioner()))

    def test_costs_the_same_for_one_and_for_ten(self, client, draft, django_assert_max_num_queries):
        for _ in range(9):
            AssessmentFactory(author=draft.author, child=ChildFactory(created_by=draft.author))
        self.page(client)
        with django_assert_max_num_queries(10):
            assert self.page(client).count("last saved") == 10


class TestDiscarding:
    def test_is_asked_first_and_a_look_changes_nothing(self, client, draft):
        page = client.get(url("discard", draft)).content.decode()
        assert "30 days" in page
        draft.refresh_from_db()
        assert draft.status == "draft"

    def test_takes_it_out_of_the_work_and_keeps_what_it_holds(self, client, draft):
        write(draft, "places", locations=TYPED)
        assert client.post(url("discard", draft)).url == reverse("drafts")
        page = client.get(reverse("drafts")).content.decode()
        assert "no unfinished assessment" in page
        assert draft.reference in page
        assert DraftSection.objects.get().answers["locations"] == TYPED
        event = Event.objects.get(kind="assessment.discarded")
        assert (event.actor, event.child, event.subject) == (draft.author.pk, draft.child.pk, draft.pk)

    def test_it_can_be_restored_as_it_was(self, client, draft):
        write(draft, "places", locations=TYPED)
        client.post(url("discard", draft))
        assert client.post(url("restore", draft)).url == url("", draft)
        assert TYPED in client.get(url("places-people", draft)).content.decode()
        assert Event.objects.filter(kind="assessment.restored").count() == 1

    def test_its_pages_lead_to_the_list_where_it_can_be_restored(self, client, draft):
        client.post(url("discard", draft))
        for page in ("", "places-people", "check", "discard", "hand-over"):
            content = client.get(url(page, draft)).content.decode()
            assert "This draft was discarded" in content, page
            assert reverse("drafts") in content

    def test_it_cannot_be_sent_or_written(self, db):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.post(url("discard", draft))
        assert client.post(url("check", draft)).status_code == 409
        draft.refresh_from_db()
        assert draft.status == "discarded"

    def test_a_new_one_can_be_begun_and_then_the_old_one_waits(self, client, draft):
        client.post(url("discard", draft))
        new = start(client, draft.child)
        assert new != draft
        page = client.post(url("restore", draft), follow=True).content.decode()
        assert "Send or discard that one first" in page
        draft.refresh_from_db()
        assert draft.status == "discarded"

    def test_danger_that_was_said_in_it_stands_and_the_page_says_so(self, client, draft):
        answer(client, "danger", draft, immediate_risk="yes")
        assert "stays on the child’s record" in client.get(url("discard", draft)).content.decode()
        client.post(url("discard", draft))
        assert CaseEvent.objects.filter(child=draft.child, kind="immediate-risk").exists()

    def test_after_thirty_days_its_text_is_erased_by_the_worker_and_not_before(self, client, draft):
        write(draft, "places", locations=TYPED)
        client.post(url("discard", draft))
        now = timezone.now()
        with time_machine.travel(now + datetime.timedelta(days=29), tick=False):
            keep_up(settings.UPKEEP)
            assert DraftSection.objects.exists()
        with time_machine.travel(now + datetime.timedelta(days=30, minutes=1), tick=False):
            keep_up(settings.UPKEEP)
            assert not DraftSection.objects.exists()
            assert not queries.discarded_by(draft.author).exists()
            client.force_login(draft.author)
            page = client.post(url("restore", draft), follow=True).content.decode()
        assert "cannot be restored" in page
        assert Assessment.objects.filter(pk=draft.pk).exists(), "that there was one stays on record"
        assert Event.objects.get(kind="assessment.draft-erased").actor is None


class TestHandingOver:
    @pytest.fixture
    def colleague(self, db):
        return practitioner(name="Cai Colleague")

    def hand(self, client, draft, to):
        return client.post(url("hand-over", draft), {"email": to.email.upper()})

    def test_is_to_those_who_may_assess_in_the_childs_authority(self, client, draft, colleague):
        county, nobody = practitioner(authority="derbyshire"), administrator()
        gone = practitioner(is_active=False)
        team = TeamFactory()
        for user in (draft.author, county, nobody, gone):
            MembershipFactory(user=user, team=team)
        for other in (county, nobody, gone, draft.author, make_user(Role.ANALYST)):
            assert self.hand(client, draft, other).status_code == 422
            assert client.post(url("hand-over", draft), {"to": str(other.pk)}).status_code == 422
        draft.refresh_from_db()
        assert draft.author == draft.child.created_by
        assert self.hand(client, draft, colleague).status_code == 302

    def test_those_of_ones_own_teams_are_listed_and_nobody_else(self, client, draft, colleague):
        team = TeamFactory()
        MembershipFactory(user=draft.author, team=team)
        near = practitioner(name="Nia Near", teams=[team])
        page = client.get(url("hand-over", draft)).content.decode()
        assert "Nia Near" in page
        assert colleague.name not in page
        client.post(url("hand-over", draft), {"to": str(near.pk)})
        draft.refresh_from_db()
        assert draft.author == near

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"email": "nobody@example.org"}, "signs in with this address. Check it with them"),
            ({"email": "Cai"}, "Enter an e-mail address like name@example.org"),
            ({"to": "listed", "email": "nobody@example.org"}, "not both"),
        ],
    )
    def test_an_error_says_how_to_mend_it(self, client, draft, typed, words):
        team = TeamFactory()
        MembershipFactory(user=draft.author, team=team)
        near = practitioner(teams=[team])
        sent = typed | ({"to": str(near.pk)} if "to" in typed else {})
        response = client.post(url("hand-over", draft), sent)
        assert response.status_code == 422
        assert words in response.content.decode()

    def test_the_colleague_goes_on_with_what_was_written(self, client, draft, colleague):
        write(draft, "places", locations=TYPED)
        assert self.hand(client, draft, colleague).url == reverse("drafts")
        theirs = signed_in(colleague)
        assert TYPED in theirs.get(url("places-people", draft)).content.decode()
        assert answer(theirs, "places-people", draft, locations="More").status_code == 302

    def test_who_began_it_is_named_on_the_draft(self, client, draft, colleague):
        self.hand(client, draft, colleague)
        theirs = signed_in(colleague)
        for page in (theirs.get(url("", draft)), theirs.get(reverse("drafts"))):
            assert f"Begun by {draft.author.name}, handed over to you on" in page.content.decode()

    def test_handed_on_again_it_still_names_who_began_it(self, client, draft, colleague):
        self.hand(client, draft, colleague)
        third = practitioner()
        self.hand(signed_in(colleague), draft, third)
        draft.refresh_from_db()
        assert (draft.author, draft.begun_by) == (third, draft.child.created_by)

    def test_who_began_it_is_named_in_what_is_sent(self, db, colleague):
        draft = ready_draft()
        began = draft.author
        drafts.hand_over(by=began, assessment=draft, to=colleague)
        assert signed_in(colleague).post(url("check", draft)).url == url("sent", draft)
        content = Assessment.objects.get().record.content
        assert content["author"]["name"] == colleague.name
        assert content["begun_by"]["name"] == began.name

    def test_the_colleague_sees_the_child_and_the_other_still_does(self, client, draft, colleague):
        self.hand(client, draft, colleague)
        for user in (colleague, draft.author):
            assert access.visible_to(user).filter(pk=draft.child.pk).exists()
        assert client.get(url("", draft)).status_code == 404

    def test_it_is_on_the_audit_trail(self, client, draft, colleague):
        self.hand(client, draft, colleague)
        event = Event.objects.get(kind="assessment.handed-over")
        assert (event.actor, event.child, event.detail) == (
            draft.author.pk,
            draft.child.pk,
            {"to": str(colleague.pk)},
        )

    def test_the_message_holds_the_reference_and_nothing_else(self, client, draft, colleague):
        self.hand(client, draft, colleague)
        message = Message.objects.get()
        assert message.to == colleague.email
        assert draft.reference in message.body
        assert draft.child.family_name not in message.subject + message.body
        assert outbox.outbox == [], "it leaves by the worker"

    def test_not_to_somebody_who_has_one_of_this_child(self, client, draft, colleague):
        AssessmentFactory(child=draft.child, author=colleague)
        response = self.hand(client, draft, colleague)
        assert response.status_code == 422
        assert "has an unfinished assessment of this child already" in response.content.decode()
        draft.refresh_from_db()
        assert draft.begun_by is None

    def test_with_nobody_chosen_it_says_how_to_mend_it(self, client, draft, colleague):
        response = client.post(url("hand-over", draft), {})
        assert response.status_code == 422
        assert "Choose who goes on with the assessment" in response.content.decode()

    def test_what_was_sent_cannot_be_handed_over(self, db, colleague):
        draft = ready_draft()
        client = signed_in(draft.author)
        client.post(url("check", draft))
        assert self.hand(client, draft, colleague).status_code == 409


@pytest.mark.parametrize(("page", "verbs"), [("discard", "GET HEAD POST"), ("restore", "POST"),
                                             ("hand-over", "GET HEAD POST"), ("", "GET HEAD"),
                                             ("calls", "GET HEAD POST")])  # fmt: skip
def test_other_verbs_are_refused(client, draft, page, verbs):
    for verb in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(verbs.split()):
        assert client.generic(verb, url(page, draft)).status_code == 405, verb


class TestAtOnce:
    def test_begun_in_two_tabs_at_the_same_instant_there_is_one_draft(self, real_database):
        child = ChildFactory()
        results = real_database.at_once(
            8, lambda _: actions.start(by=child.created_by, child=child, form_id=uuid.uuid4())
        )
        assert {each.pk for each in results} == {Assessment.objects.get().pk}
        assert Event.objects.filter(kind="assessment.started").count() == 1

    def test_handing_over_and_sending_exclude_each_other(self, real_database):
        draft = ready_draft()
        colleague, client = practitioner(), signed_in(draft.author)
        acts = [
            lambda: drafts.hand_over(by=draft.author, assessment=draft, to=colleague),
            lambda: client.post(url("check", draft)).status_code,
        ]
        handed, sent = real_database.at_once(2, lambda number: acts[number]())
        stands = Assessment.objects.get()
        if stands.status == "sent":
            assert (stands.author, sent) == (draft.author, 302)
            assert isinstance(handed, actions.AlreadySent)
        else:
            assert (stands.author, sent) == (colleague, 404)
