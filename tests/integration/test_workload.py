"""A manager sees who has how much in hand, and goes from there to what is due."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.lists.due import Wanted, due_list
from cre_toolkit.casework.lists.workload import SORTS, workload
from cre_toolkit.casework.transfer.caseload import team_mates
from cre_toolkit.children import access
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import ChildFactory, TeamFactory, practitioner, team_manager
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def manager(team):
    return team_manager(team)


@pytest.fixture
def worker(team):
    return practitioner(teams=[team], name="Sam Pretend")


@pytest.fixture
def colleague(team):
    return practitioner(teams=[team], name="Cai Pretend")


def allocated(worker):
    return ChildFactory(created_by=worker, allocated_worker=worker, **FACTS)


def test_who_has_how_much_in_hand_is_a_table_that_is_sorted_and_leads_to_what_is_due(
    manager, worker, colleague
):
    """By level, what is late, what is unfinished, what waits for the manager."""
    mine = [allocated(worker) for _ in range(2)]
    allocated(colleague)
    for child in mine[:1]:
        with time_machine.travel(timezone.now() - datetime.timedelta(days=5)):
            sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by, level="high"))
    AssessmentFactory(child=mine[1], author=worker)
    standing = access.standing_of(manager)
    sam, cai = sorted(workload(standing, team_mates(standing)), key=lambda load: -load.children)
    assert (sam.person, sam.children, sam.high, sam.others, sam.drafts) == (worker, 2, 1, 1, 1)
    assert (cai.person, cai.children, cai.overdue) == (colleague, 1, 0)
    late = due_list(standing, most=100, wanted=Wanted(worker=worker.pk, overdue=True)).all
    assert sam.overdue == late > 0
    text = signed_in(manager).get("/team/", {"sort": "overdue"}).content.decode()
    assert f"/due/?worker={worker.pk}&amp;overdue=yes" in text
    table = text.split('id="workload"')[1]
    assert table.index("Sam Pretend") < table.index("Cai Pretend"), "the most comes first"
    by_name = signed_in(manager).get("/team/", {"sort": "; drop"}).content.decode().split('id="workload"')[1]
    assert by_name.index("Cai Pretend") < by_name.index("Sam Pretend")


def test_an_assessment_that_waits_for_the_manager_is_counted_with_its_author(manager, worker):
    child = allocated(worker)
    sending.send(by=worker, assessment=ready_draft(child, worker, level="high"))
    standing = access.standing_of(manager)
    (load,) = workload(standing, team_mates(standing))
    assert load.to_countersign == 1


def test_every_column_sorts(manager, worker, colleague):
    client = signed_in(manager)
    for sort in SORTS:
        assert client.get("/team/", {"sort": sort}).status_code == 200
