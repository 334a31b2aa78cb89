"""What somebody began stays theirs to read when a role or a team of theirs ends; to write it does not."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts import actions as accounts
from cre_toolkit.accounts.models import Membership, Role
from cre_toolkit.assessments import drafts, paper
from cre_toolkit.assessments.models import RESTORED_WITHIN, Record
from cre_toolkit.assessments.queries import answers
from cre_toolkit.casework.assessment import sending, withdrawing
from cre_toolkit.casework.case.facts import change_facts
from cre_toolkit.casework.case.queries import due_for
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant
from tests.factories.assessments import ready_draft, write
from tests.factories.paper import paper_draft
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    give_access,
    practitioner,
    team_manager,
)
from tests.integration.journeys import answer, signed_in, start, url

pytestmark = pytest.mark.django_db


def child_of(author, **details):
    given = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}
    return ChildFactory(created_by=author, **given | details)


def reaches(user, draft):
    """Whether somebody can open a draft, finds it among theirs, and can hand it over."""
    client = signed_in(user)
    pages = [client.get(url(page, draft)).status_code for page in ("", "places-people", "hand-over")]
    return pages == [200, 200, 200] and draft.reference in client.get(reverse("drafts")).content.decode()


class TestSightOfTheChildEnds:
    def test_a_draft_begun_by_the_level_stays_when_the_level_falls(self):
        author, manager = practitioner(), child_protection_manager()
        child = child_of(author)
        record = sending.send(by=author, assessment=ready_draft(child, author, level="high"))
        draft = start(signed_in(manager), child)
        withdrawing.withdraw(by=author, record=record, category="wrong-child", words="Another child.")
        assert reaches(manager, draft)

    def test_a_draft_begun_by_way_of_a_team_mate_stays_when_they_leave(self):
        team = TeamFactory()
        member, manager = practitioner(teams=(team,)), team_manager(team)
        accounts.give_role(by=None, user=manager, role=Role.PRACTITIONER, authority="derby")
        draft = start(signed_in(manager), child_of(member))
        Membership.objects.filter(user=member).update(until=timezone.now())
        assert reaches(manager, draft)

    def test_a_draft_of_the_allocated_worker_stays_when_another_takes_over(self):
        author, worker, next_worker = practitioner(), practitioner(), practitioner()
        child = child_of(author)
        change_facts(by=author, child=child, version=child.version, changes={"allocated_worker": worker})
        draft = start(signed_in(worker), child)
        change_facts(by=author, child=child, version=child.version, changes={"allocated_worker": next_worker})
        assert reaches(worker, draft)

    def test_what_was_sent_stays_too(self):
        author, manager = practitioner(), child_protection_manager()
        child = child_of(author)
        record = sending.send(by=author, assessment=ready_draft(child, author, level="high"))
        draft = start(signed_in(manager), child)
        for section, said in answers(ready_draft(child_of(manager), level="low")).items():
            write(draft, section, **said)
        sending.send(by=manager, assessment=draft)
        withdrawing.withdraw(by=author, record=record, category="wrong-child", words="Another child.")
        child.refresh_from_db()
        assert child.working_level == "low"
        assert signed_in(manager).get(url("record", draft)).status_code == 200

    def test_a_paper_form_stays_too(self):
        author = practitioner()
        draft = paper_draft(child_of(practitioner()), author)
        assert access.visible_to(author).filter(pk=draft.child_id).exists()

    def test_the_page_of_who_sees_the_child_says_why(self):
        author, manager = practitioner(), child_protection_manager()
        child = child_of(author)
        sending.send(by=author, assessment=ready_draft(child, author, level="high"))
        start(signed_in(manager), child)
        page = signed_in(author).get(reverse("child-access", args=[child.reference])).content.decode()
        assert "Began an assessment of the child" in page


class TestSightOfNothing:
    """A draft that came to nothing gives no sight of the child once it can be restored no longer."""

    LATER = RESTORED_WITHIN + datetime.timedelta(days=1)

    @pytest.fixture
    def author(self):
        return practitioner()

    @pytest.fixture
    def draft(self, author):
        child = child_of(practitioner())
        give_access(child, user=author)
        return start(signed_in(author), child)

    def sees(self, user, child):
        begun = AccessGrant.objects.filter(child=child, user=user, reason=AccessGrant.Reason.ASSESSED)
        return begun.filter(until=None).exists()

    def test_it_ends_with_the_text(self, author, draft):
        drafts.discard(by=author, assessment=draft)
        drafts.erase_discarded()
        assert self.sees(author, draft.child)
        with time_machine.travel(timezone.now() + self.LATER):
            drafts.erase_discarded()
        assert not self.sees(author, draft.child)

    @pytest.mark.parametrize("handed_over", [False, True])
    def test_it_stays_for_who_has_made_something_else_of_the_child(self, author, draft, handed_over):
        drafts.discard(by=author, assessment=draft)
        other = start(signed_in(author), draft.child)
        if handed_over:
            drafts.hand_over(by=author, assessment=other, to=practitioner())
        with time_machine.travel(timezone.now() + self.LATER):
            drafts.erase_discarded()
        assert self.sees(author, draft.child)


class TestRoleEnds:
    """Who assesses no longer saves and sends nothing; what they had saved they read, and hand over."""

    @pytest.fixture
    def author(self):
        user = practitioner()
        accounts.give_role(by=None, user=user, role=Role.CHAMPION, authority="derby")
        return user

    @pytest.fixture
    def draft(self, author):
        draft = ready_draft(child_of(author), author, places={"locations": "The bus station."})
        accounts.end_role(by=None, user=author, role=Role.PRACTITIONER, authority="derby")
        return draft

    def test_nothing_is_saved_and_what_was_typed_comes_back(self, author, draft):
        response = answer(signed_in(author), "places-people", draft, locations="The park.")
        page = response.content.decode()
        assert response.status_code == 403
        assert "hand it over" in page
        assert "The park." in page
        assert answers(draft)["places"]["locations"] == "The bus station."

    def test_nothing_is_sent(self, author, draft):
        assert signed_in(author).post(url("check", draft)).status_code == 403
        with pytest.raises(access.NotAllowed, match="hand it over"):
            sending.send(by=author, assessment=draft)
        assert not Record.objects.exists()

    def test_nothing_is_recorded_from_paper(self, author):
        draft = paper_draft(child_of(author), author)
        accounts.end_role(by=None, user=author, role=Role.PRACTITIONER, authority="derby")
        with pytest.raises(access.NotAllowed):
            paper.record_once(by=author, assessment=draft)

    def test_it_is_read_and_handed_over(self, author, draft):
        page = signed_in(author).get(url("places-people", draft)).content.decode()
        assert "The bus station." in page
        colleague = practitioner()
        signed_in(author).post(url("hand-over", draft), {"email": colleague.email})
        draft.refresh_from_db()
        assert draft.author == colleague

    def test_danger_is_said_all_the_same(self, author, draft):
        response = answer(signed_in(author), "danger", draft, immediate_risk="yes", what="He is here.")
        page = response.content.decode()
        assert [entry.action for entry in due_for(draft.child) if entry.is_call]
        for words in ("999", "01332 641172", "He is here."):
            assert words in page
