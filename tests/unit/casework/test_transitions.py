"""Turning 18, or 25 with SEND: agreed in time with Adult Safeguarding, and seen by those who manage (B11)."""

import datetime
import uuid

import pytest
import time_machine

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.ends import transitions
from cre_toolkit.casework.models import CaseEvent, TransitionStep
from cre_toolkit.children import access
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.models import Child, YesNoUnknown
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    give_access,
    police_referral,
    practitioner,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 26)
Birthday, Step = TransitionStep.Birthday, TransitionStep.Step
FACTS = {"open_to_social_care": "no", "plan": "none", "looked_after": "no"}


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel(datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def manager():
    return child_protection_manager()


def born(day: datetime.date | None, manager, send: str = "no", **given) -> Child:
    """A child at medium whom the manager sees by their level."""
    child = ChildFactory(date_of_birth=day, send=send, **FACTS, **given)
    Child.objects.filter(pk=child.pk).update(working_level="medium")
    return child


def assessed(child: Child) -> Child:
    sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by))
    child.refresh_from_db()
    return child


def plan(child, by=None, form_id=None, **said):
    said = {
        "birthday": Birthday.EIGHTEEN,
        "step": Step.AGREED,
        "on": TODAY,
        "who": "Alia Pretend, Adult Safeguarding",
        "agreed": "Her worker stays until she is 19.",
        "starts_on": datetime.date(2027, 1, 1),
        "wants": "“I want to keep my worker.”",
        "shared": YesNoUnknown.YES,
        "shared_why": "She agrees.",
        **said,
    }
    return transitions.plan(
        by=by or child.created_by, child=child, said=transitions.Said(**said), form_id=form_id or uuid.uuid4()
    )


def due(child) -> set[str]:
    return {one.id for one in state_of(child).due}


def listed(manager) -> list[tuple[Child, int | None, datetime.date | None]]:
    rows = transitions.turning(access.standing_of(manager), TODAY)
    return [(row.child, row.birthday, row.on) for row in rows]


class TestWhatIsDue:
    def test_agreed_it_is_done_and_begun_it_is_not(self, manager):
        child = assessed(born(datetime.date(2009, 1, 1), manager))
        assert "adult-transition" in due(child)
        plan(child, step=Step.BEGUN, agreed="", starts_on=None)
        assert "adult-transition" in due(child)
        plan(child)
        assert "adult-transition" not in due(child)

    def test_at_25_with_send(self, manager):
        child = assessed(born(datetime.date(2002, 3, 1), manager, send="yes"))
        assert {"adult-transition", "scope-ends", "adult-safeguarding-transfer"} <= due(child)
        plan(child, birthday=Birthday.TWENTY_FIVE)
        assert "scope-ends" not in due(child)
        assert "adult-transition" in due(child)

    def test_what_an_assessment_of_an_adult_asks_for_is_done_too(self, manager):
        child = assessed(born(datetime.date(2007, 1, 1), manager, send="yes"))
        assert "adult-safeguarding-transfer" in due(child)
        plan(child)
        assert not due(child) & {"adult-safeguarding-transfer", "adult-transition"}

    def test_agreed_before_the_17th_birthday_it_is_not_asked_for_afterwards(self, manager):
        child = assessed(born(datetime.date(2010, 1, 1), manager))
        plan(child)
        with time_machine.travel(datetime.datetime(2027, 2, 1, tzinfo=datetime.UTC), tick=False):
            assert "adult-transition" not in due(child)

    def test_a_form_sent_twice_is_one_step(self, manager):
        child = assessed(born(datetime.date(2009, 1, 1), manager))
        form_id = uuid.uuid4()
        assert plan(child, form_id=form_id) == plan(child, form_id=form_id)
        assert CaseEvent.objects.filter(keys__action="adult-transition").count() == 1

    @pytest.mark.parametrize(
        ("said", "says"),
        [({"agreed": " "}, "what is agreed"), ({"starts_on": None}, "from when"),
         ({"on": TODAY + datetime.timedelta(days=1)}, "in the past")],
    )  # fmt: skip
    def test_what_is_agreed_is_said_and_the_day_has_been(self, manager, said, says):
        with pytest.raises(transitions.Refused, match=says):
            plan(born(datetime.date(2009, 1, 1), manager), **said)

    def test_it_is_for_those_who_work_with_children(self, manager):
        child = born(datetime.date(2009, 1, 1), manager)
        with pytest.raises(NotAllowed):
            plan(child, by=police_referral())


class TestTheList:
    def test_from_the_17th_birthday_on_the_soonest_first(self, manager):
        later = born(datetime.date(2009, 11, 26), manager)
        born(datetime.date(2009, 11, 27), manager)
        soon = born(datetime.date(2008, 12, 1), manager)
        assert listed(manager) == [
            (soon, 18, datetime.date(2026, 12, 1)),
            (later, 18, datetime.date(2027, 11, 26)),
        ]

    def test_at_24_those_with_send_alone(self, manager):
        child = born(datetime.date(2002, 2, 1), manager, send="yes")
        assert (child, 25, datetime.date(2027, 2, 1)) in listed(manager)
        Child.objects.update(send="no")
        assert (child, 25, datetime.date(2027, 2, 1)) not in listed(manager)

    def test_born_on_29_february_the_day_is_1_march(self, manager):
        child = born(datetime.date(2008, 2, 29), manager)
        with time_machine.travel(datetime.datetime(2025, 3, 1, 12, tzinfo=datetime.UTC), tick=False):
            rows = transitions.turning(
                access.standing_of(child_protection_manager()), datetime.date(2025, 3, 1)
            )
        assert [(row.child, row.on) for row in rows] == [(child, datetime.date(2026, 3, 1))]

    def test_past_the_day_it_stays_until_something_is_agreed(self, manager):
        child = born(datetime.date(2008, 11, 1), manager)
        assert listed(manager) == [(child, 18, datetime.date(2026, 11, 1))]
        plan(child)
        assert listed(manager) == []

    def test_where_only_an_age_is_known_from_16_on_it_says_not_known_and_stands_last(self, manager):
        known = born(datetime.date(2009, 1, 1), manager)
        asked = born(None, manager, estimated_age=15, estimated_on=datetime.date(2025, 3, 1))
        born(None, manager, estimated_age=14, estimated_on=datetime.date(2026, 3, 1))
        assert listed(manager) == [(known, 18, datetime.date(2027, 1, 1)), (asked, None, None)]

    def test_it_names_nobody_whom_the_manager_does_not_see(self, manager):
        child = ChildFactory(date_of_birth=datetime.date(2009, 1, 1), **FACTS)
        assert listed(manager) == []
        give_access(child, user=manager)
        assert [one for one, *_ in listed(manager)] == [child]

    def test_it_is_for_managers(self):
        with pytest.raises(NotAllowed):
            listed(practitioner())

    def test_it_costs_two_statements_however_many(self, manager, django_assert_num_queries):
        for _ in range(3):
            born(datetime.date(2009, 1, 1), manager)
        standing = access.standing_of(manager)
        with django_assert_num_queries(2):
            transitions.turning(standing, TODAY)


@pytest.mark.parametrize(
    ("today", "months"),
    [((2026, 11, 26), 1), ((2026, 12, 2), 0), ((2026, 1, 1), 12), ((2027, 1, 2), -1)],
)
def test_months_left_are_whole_months(today, months):
    row = transitions.Turning(Child(), 18, datetime.date(2027, 1, 1), "")
    assert row.months_left(datetime.date(*today)) == months


@pytest.mark.parametrize(
    ("about", "begun"),
    [
        ({"date_of_birth": datetime.date(2009, 11, 27)}, False),
        ({"date_of_birth": datetime.date(2009, 11, 26)}, True),
        ({"date_of_birth": None, "estimated_age": 15, "estimated_on": TODAY}, False),
        ({"date_of_birth": None, "estimated_age": 16, "estimated_on": TODAY}, True),
        ({"date_of_birth": None, "estimated_age": None}, True),
    ],
)
def test_it_is_planned_from_the_17th_birthday_and_where_the_age_is_not_known_it_may_be(about, begun):
    assert transitions.has_begun(ChildFactory.build(**about), TODAY) is begun
