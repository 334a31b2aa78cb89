"""What is due, on whose list: it is short of nothing, and says so where it is cut off."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.assessment import calls, sending, withdrawing
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.lists import due as due_lists
from cre_toolkit.casework.models import Due
from cre_toolkit.children import access
from cre_toolkit.web.views import due as page
from cre_toolkit.web.views import home
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    administrator,
    child_protection_manager,
    front_door,
    give_access,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


def assessed(level="medium", **given):
    """A child whose assessment has been sent."""
    draft = ready_draft(ChildFactory(**FACTS | given), level=level)
    sending.send(by=draft.author, assessment=draft)
    draft.child.refresh_from_db()
    return draft.child


def due_of(user, most=50):
    return due_lists.due_list(access.standing_of(user), most=most)


class TestWhoseList:
    def test_what_was_sent_to_the_front_door_is_due_on_its_peoples_lists(self):
        officer = front_door()
        child = assessed()
        assert {entry.child.reference for entry in due_of(officer).entries} == {child.reference}
        assert child.name in signed_in(officer).get("/").content.decode()

    def test_what_is_due_to_those_whom_a_manager_manages_is_on_the_managers_list(self):
        manager = team_manager(TeamFactory())
        worker = practitioner(teams=[manager.memberships.get().team])
        child = assessed(created_by=worker)
        assert {entry.child.reference for entry in due_of(manager).entries} == {child.reference}

    def test_what_is_due_at_medium_or_high_is_on_the_child_protection_managers_list(self):
        seen, low = assessed("high"), assessed("low")
        manager = child_protection_manager()
        assert {entry.child.reference for entry in due_of(manager).entries} == {seen.reference}
        page = signed_in(manager).get("/due/").content.decode()
        assert "those at medium or high in your authority among them" in page
        assert low.reference not in page

    def test_access_that_has_ended_takes_it_off_the_list(self):
        child = assessed()
        give_access(child, user=(former := practitioner()), until=timezone.now())
        assert due_of(former).entries == []

    def test_nobody_elses_is_on_it(self):
        assessed()
        assert due_of(practitioner()).entries == []
        assert due_of(administrator()).entries == []

    def test_a_child_to_whom_several_grants_lead_is_on_it_once(self):
        child = assessed()
        once = [entry.action for entry in due_of(child.created_by).entries]
        give_access(child, user=child.created_by)
        assert [entry.action for entry in due_of(child.created_by).entries] == once

    def test_an_empty_list_says_whose_children_it_speaks_of(self):
        text = signed_in(practitioner()).get("/").content.decode()
        assert "Nothing is due on the children whose records you can see" in text


class TestOrder:
    def test_a_telephone_call_comes_before_older_work(self):
        worker = practitioner()
        with time_machine.travel("2026-03-27 16:20 +0000"):
            assessed(created_by=worker)
        endangered = AssessmentFactory(child=ChildFactory(created_by=worker))
        calls.declare_danger(by=worker, assessment=endangered, at=timezone.now())
        entries = due_of(worker).entries
        assert [entry.is_call for entry in entries[:3]] == [True, True, False]

    def test_a_call_that_several_drafts_ask_for_is_one_call(self):
        first = AssessmentFactory()
        give_access(first.child, user=(other := practitioner()))
        second = AssessmentFactory(child=first.child, author=other)
        for draft in (first, second):
            calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
        assert [entry.action for entry in due_of(other).entries] == [
            "telephone-police",
            "telephone-social-care",
        ]

    def test_what_has_no_date_says_for_how_long_and_is_overdue_after_the_packs_days(self):
        with time_machine.travel("2026-03-27 16:20 +0000", tick=False):
            child = assessed(authority="derbyshire")
        for day, overdue, words in (
            (3, False, "Not arranged for 7 days"),
            (4, True, "Overdue: not arranged for 8"),
        ):
            with time_machine.travel(f"2026-04-{day:02} 17:00 +0000", tick=False):
                entries = due_of(child.created_by).entries
                meeting = next(one for one in entries if one.action == "medium-risk-strategy-meeting")
                assert meeting.overdue is overdue
                assert words in signed_in(child.created_by).get("/due/").content.decode()

    def test_a_case_and_a_list_show_the_same_in_the_same_order(self):
        with time_machine.travel("2026-03-27 16:20 +0000", tick=False):
            child = assessed("high", authority="derbyshire")
        with time_machine.travel("2026-04-20 12:00 +0000", tick=False):
            assert queries.due_for(child) == due_of(child.created_by).entries


class TestALowLevelIsLookedAtAgain:
    """Its author set the day; the toolkit reviews medium and high alone."""

    @pytest.fixture
    def low(self):
        with time_machine.travel("2026-03-27 16:20 +0000", tick=False):
            child = ChildFactory(**FACTS)
            draft = ready_draft(child, level="low", rated="low")
            write(draft, "level", look_again_on="2026-05-03")
            sending.send(by=draft.author, assessment=draft)
        child.refresh_from_db()
        return child

    def again(self, child):
        return [entry for entry in due_of(child.created_by).entries if entry.action == "look-again"]

    def test_is_on_the_list_and_on_the_childs_page_on_the_day_that_was_set(self, low):
        with time_machine.travel("2026-04-01 12:00 +0000", tick=False):
            assert queries.due_for(low) == due_of(low.created_by).entries
            (entry,) = self.again(low)
            assert (entry.due_on, entry.overdue) == (datetime.date(2026, 5, 3), False)
            client = signed_in(low.created_by)
            for address in ("/due/", f"/children/{low.reference}/"):
                text = client.get(address).content.decode()
                assert "Look again at the low level" in text
                assert 'By <time datetime="2026-05-03">3 May 2026</time>' in text

    def test_is_overdue_after_that_day_and_not_on_it(self, low):
        for moment, overdue in (("2026-05-03 22:00", False), ("2026-05-03 23:30", True)):
            with time_machine.travel(f"{moment} +0000", tick=False):
                assert [entry.overdue for entry in self.again(low)] == [overdue]

    @pytest.mark.parametrize("level", ["low", "medium"])
    def test_a_newer_assessment_takes_its_place(self, low, level):
        with time_machine.travel("2026-04-10 12:00 +0000", tick=False):
            draft = ready_draft(low, level=level, rated=level)
            if level == "low":
                write(draft, "level", look_again_on="", no_look_again_why="He has moved away.")
            sending.send(by=draft.author, assessment=draft)
            assert self.again(low) == []

    def test_goes_when_the_assessment_is_withdrawn(self, low):
        record = low.assessments.get().record
        with time_machine.travel("2026-04-10 12:00 +0000", tick=False):
            withdrawing.withdraw(by=record.author, record=record, category="in-error", words="About another.")
            assert self.again(low) == []


class TestDangerComesFirst:
    def test_the_first_page_says_at_its_top_how_many_calls_are_due_now(self):
        draft = AssessmentFactory()
        client = signed_in(draft.author)
        assert "due now" not in client.get("/").content.decode()
        calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
        text = client.get("/").content.decode()
        assert "2 telephone calls are due now" in text
        assert text.index("calls are due now") < text.index("Find or add a child")
        assert 'href="tel:01332641172"' in text, "one press calls"

    def test_calls_that_the_first_page_does_not_list_are_counted_and_led_to(self, monkeypatch):
        monkeypatch.setattr(home, "MOST_DUE", 3)
        worker = practitioner()
        for _ in range(2):
            draft = AssessmentFactory(child=ChildFactory(created_by=worker), author=worker)
            calls.declare_danger(by=worker, assessment=draft, at=timezone.now())
        text = signed_in(worker).get("/").content.decode()
        assert "4 telephone calls are due now" in text
        assert 'href="/due/">4 telephone calls' in text.replace("\n", "")


class TestCutOff:
    def test_the_first_page_says_how_many_more_there_are_and_leads_to_all(self, monkeypatch):
        monkeypatch.setattr(home, "MOST_DUE", 2)
        child = assessed()
        total = Due.objects.filter(shown_from=None).count()
        text = signed_in(child.created_by).get("/").content.decode()
        assert f"and {total - 2} more" in text
        assert 'href="/due/"' in text

    def test_a_whole_list_says_nothing_of_more(self):
        child = assessed()
        assert 'href="/due/"' not in signed_in(child.created_by).get("/").content.decode().split("<main")[1]

    def test_page_by_page_everything_comes_once(self, monkeypatch):
        monkeypatch.setattr(page, "PAGE", 2)
        child = assessed()
        client, seen, number = signed_in(child.created_by), [], 1
        while True:
            context = client.get("/due/", {"page": number}).context
            seen += [entry.action for entry in context["due"].entries]
            if not context["due"].more:
                break
            number += 1
        assert seen == [entry.action for entry in due_of(child.created_by).entries]
        assert "Previous" in client.get("/due/", {"page": 2}).content.decode()

    @pytest.mark.parametrize("asked", ["0", "-1", "two", "", "²", "99999999999999999999"])
    def test_what_is_no_page_is_the_first(self, asked):
        response = signed_in(assessed().created_by).get("/due/", {"page": asked})
        assert response.context["page"] == 1
        assert response.context["due"].entries

    def test_a_page_after_the_last_leads_back(self):
        text = signed_in(assessed().created_by).get("/due/", {"page": 9}).content.decode()
        assert "The list ends before this page" in text
        assert 'href="?page=1"' in text

    def test_the_look_is_found_by_each_child_on_the_list(self):
        worker = practitioner()
        children = [assessed(created_by=worker), assessed(created_by=worker)]
        signed_in(worker).get("/due/")
        for child in children:
            assert audit.of_child(child.pk).filter(kind="due.viewed", actor=worker.pk).count() == 1

    def test_a_role_that_sees_no_child_has_no_list(self):
        assert signed_in(administrator()).get("/due/").status_code == 403


class TestWhatTimeBrings:
    """Nothing counts down and no job runs: the list knows beforehand what a birthday brings."""

    BORN = datetime.date(2010, 6, 1)

    @pytest.fixture
    def child(self):
        with time_machine.travel("2027-03-01 12:00 +0000"):
            return assessed("high", date_of_birth=self.BORN)

    def actions(self, child):
        case = [entry.action for entry in queries.due_for(child)]
        assert case == [entry.action for entry in due_of(child.created_by).entries]
        return case

    @pytest.mark.parametrize(
        ("day", "shown"),
        [("2027-05-31 22:59", False), ("2027-05-31 23:01", True), ("2028-01-01 00:00", True)],
    )
    def test_the_move_to_adult_services_is_on_the_list_from_the_17th_birthday(self, child, day, shown):
        with time_machine.travel(f"{day} +0000"):
            assert ("adult-transition" in self.actions(child)) is shown

    def test_a_level_that_falls_takes_it_away_again(self, child):
        with time_machine.travel("2027-04-01 12:00 +0000"):
            assert Due.objects.filter(action="adult-transition", shown_from="2027-06-01").exists()
        low = assessed("low", date_of_birth=self.BORN)
        assert not Due.objects.filter(child=low, action="adult-transition").exists()

    def test_where_only_an_age_is_known_there_is_no_birthday(self):
        child = assessed("high", date_of_birth=None, estimated_age=16, estimated_on=timezone.localdate())
        assert not Due.objects.filter(child=child, action="adult-transition").exists()
