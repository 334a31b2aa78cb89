"""The list of what is due, as somebody asks for it: filters count right, survive paging and hide nothing."""

import datetime
from typing import get_args

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import entering
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.state import CALLS, MISSING
from cre_toolkit.casework.lists import due as due_lists
from cre_toolkit.casework.lists.due import KINDS, Wanted, Whose
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children import access, cover
from cre_toolkit.children.holding import hold
from cre_toolkit.rules.authority import ActionId, CaseActionId, ReviewId
from cre_toolkit.web.views import due as page
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, TeamFactory, give_access, practitioner, team_manager
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


def assessed(level="high", **given):
    draft = ready_draft(ChildFactory(**FACTS | given), level=level)
    sending.send(by=draft.author, assessment=draft)
    draft.child.refresh_from_db()
    return draft.child


def went_missing(child):
    with transaction.atomic():
        held = hold(child)
        at = timezone.now() - datetime.timedelta(hours=2)
        gone = event(by=child.created_by, child=held, kind=CaseEvent.Kind.MISSING, at=at)
        entering.enter(by=child.created_by, child=held, events=[gone])


@pytest.fixture
def manager():
    return team_manager(TeamFactory(authority="derbyshire"), authority="derbyshire")


@pytest.fixture
def worker(manager):
    return practitioner(authority="derbyshire", teams=[manager.memberships.get().team])


@pytest.fixture
def world(worker):
    """A child at high since six weeks, allocated to the worker; another at medium since today, to nobody.

    A colleague in the team assessed that one.
    """
    with time_machine.travel(timezone.now() - datetime.timedelta(weeks=6)):
        old = assessed(authority="derbyshire", created_by=worker, allocated_worker=worker)
    colleague = practitioner(authority="derbyshire", teams=[worker.memberships.get().team])
    new = assessed("medium", authority="derbyshire", created_by=colleague)
    give_access(new, user=worker)
    return old, new


def listed(user, **wanted):
    return due_lists.due_list(access.standing_of(user), most=100, wanted=Wanted(**wanted))


def children(found):
    return {entry.child.pk for entry in found.entries}


def test_whatever_can_fall_due_is_of_one_kind_of_task():
    every = {*get_args(ActionId), *get_args(CaseActionId), *get_args(ReviewId), *CALLS, MISSING, "look-again"}
    of_kinds = [action for kind in KINDS.values() for action in kind.actions]
    assert sorted(of_kinds) == sorted(every)


def test_every_number_is_the_length_of_the_list_that_it_promises(worker, manager, world):
    for user in (worker, manager):
        found = listed(user)
        assert found.all == len(found.rows) > 0
        choices = [{"whose": whose} for whose in Whose]
        choices += [{"kinds": frozenset({kind})} for kind in KINDS]
        choices += [{"overdue": True}, {"overdue": True, "whose": Whose.MINE}, {"authority": "derbyshire"}]
        for choice in choices:
            assert found.number(**choice) == len(listed(user, **choice).rows), choice


def test_mine_is_what_is_allocated_to_me_or_to_whom_i_stand_in_for(worker, manager, world):
    old, new = world
    assert children(listed(worker)) == {old.pk, new.pk}
    assert children(listed(worker, whose=Whose.MINE)) == {old.pk}
    assert children(listed(new.created_by, whose=Whose.MINE)) == {new.pk}, "nobody is allocated"
    colleague = practitioner(authority="derbyshire")
    now = timezone.now()
    cover.arrange(
        by=manager, absent=worker, stand_in=colleague, since=now, until=now + datetime.timedelta(days=1),
        form_id=old.pk,
    )  # fmt: skip
    assert children(listed(colleague, whose=Whose.MINE)) == {old.pk}


def test_a_managers_team_is_whose_workers_are_in_it_and_one_persons_list_can_be_opened(
    worker, manager, world
):
    old, _ = world
    assert children(listed(manager, whose=Whose.TEAM)) == {old.pk}
    assert children(listed(manager, worker=worker.pk)) == {old.pk}
    text = signed_in(manager).get("/due/", {"worker": str(worker.pk)}).content.decode()
    assert f"Allocated to <bdi>{worker.name}</bdi>" in text


def test_overdue_only_leaves_nothing_that_is_still_to_come(worker, world):
    found = listed(worker, overdue=True)
    assert found.rows
    assert all(row.entry.overdue for row in found.rows)


def test_filters_survive_turning_the_page_and_show_what_was_chosen(monkeypatch, worker, world):
    monkeypatch.setattr(page, "PAGE", 1)
    asked = {"whose": "mine", "kind": ["tell", "reviews"], "overdue": "yes"}
    text = signed_in(worker).get("/due/", asked).content.decode()
    assert "whose=mine&amp;overdue=yes&amp;kind=tell&amp;kind=reviews&amp;page=2" in text
    assert "Shown: Mine, and of those for whom I stand in; Overdue only; Referring and telling" in text
    assert "Show everything" in text


def test_an_address_that_asks_for_what_is_not_there_shows_everything(worker, world):
    asked = {"whose": "nobody", "kind": "x'; --", "authority": "elsewhere", "worker": "1", "page": "x"}
    response = signed_in(worker).get("/due/", asked)
    assert response.context["due"].wanted == Wanted()
    assert len(response.context["due"].rows) == listed(worker).all


def test_what_was_chosen_and_is_not_there_says_so_and_leads_back(worker, world):
    text = signed_in(worker).get("/due/", {"kind": "adult"}).content.decode()
    assert "Nothing is due of what you chose to see" in text


def test_a_child_missing_now_comes_after_calls_and_before_everything_overdue(worker, world):
    _, new = world
    went_missing(new)
    found = listed(worker)
    assert found.rows[0].entry.action == MISSING
    assert "Missing now" in signed_in(worker).get("/due/").content.decode()


def test_a_child_of_whom_nothing_else_is_due_is_listed_while_missing(worker):
    child = ChildFactory(created_by=worker, authority="derbyshire")
    went_missing(child)
    Due.objects.exclude(action=MISSING).delete()
    assert [row.entry.action for row in listed(worker).rows] == [MISSING]


def test_each_line_says_its_clock_the_two_levels_and_whose_it_is(worker, world):
    rows = {row.entry.action: row for row in listed(worker, whose=Whose.MINE).rows}
    assert rows["team-manager-review"].entry.clock == "High: 4 weeks, Derbyshire"
    assert rows["cpm-vc-review"].entry.clock == "High: 3 months, Derbyshire"
    assert rows["refer-police"].entry.clock == "Within 24 hours"
    assert rows["high-risk-strategy-meeting"].entry.clock == "No set time: overdue after 7 days"
    row = rows["team-manager-review"]
    assert (row.agreed, row.assessed, row.owner) == ("", "high", worker.name)
    text = signed_in(worker).get("/due/").content.decode()
    for words in ("14 days overdue", "High: 4 weeks, Derbyshire", "Agreed: none", "Nobody is allocated"):
        assert words in text
