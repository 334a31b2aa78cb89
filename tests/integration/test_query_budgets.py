"""How many statements each work may send to the database: all that the test client sees.

That is reading the session and the user, the transaction's own beginning and end, the access policy, and the
audit, besides the work itself. `docs/reference/performance.md` has the goals beside the figures; here is what
holds today, so that nothing becomes dearer unseen. Each number stands whatever the caseload is.
"""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.meeting.minutes import ActionAgreed
from tests.factories.assessments import ready_draft
from tests.factories.meetings import held_meeting
from tests.factories.people import ChildFactory, TeamFactory, front_door, practitioner, team_manager
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
FACTS = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


@pytest.fixture(params=[1, 6], ids=["one child", "six"])
def caseload(request) -> int:
    return request.param


@pytest.fixture
def author(db):
    """A practitioner with a manager, in an authority whose front door has three people."""
    officer, manager = front_door(), team_manager(TeamFactory())
    for _ in range(2):
        front_door(officer.memberships.get().team)
    return practitioner(teams=[manager.memberships.get().team])


@pytest.fixture
def children(author, caseload):
    return [ChildFactory(created_by=author, **FACTS) for _ in range(caseload)]


@pytest.fixture
def assessed(author, children):
    """Each of them assessed, the first one twice."""
    for child in (children[0], *children):
        sending.send(by=author, assessment=ready_draft(child, author))
    return children


@pytest.fixture
def client(author):
    return signed_in(author)


def statements(most, act, status=200):
    """Do it, and assert how many statements it took at most."""
    with CaptureQueriesContext(connection) as asked:
        response = act()
    assert response.status_code == status
    listed = "\n".join(query["sql"][:120] for query in asked)
    assert len(asked) <= most, f"{len(asked)} statements, {most} at most:\n{listed}"


def test_register_a_child(client, children):
    typed = {"given_names": "Newt", "family_name": "Pretend", "authority": "derby", "form_id": uuid.uuid4()}
    statements(9, lambda: client.post(reverse("child-new"), typed | {"then": "add"}), 302)


@pytest.mark.parametrize("indicators", [1, 28])
def test_send_an_assessment_to_the_front_door_and_a_manager(client, author, children, indicators):
    draft = ready_draft(children[0], author, indicators=indicators)
    # Two of them since a manager is asked: the queue in which it waits, and what people are told here.
    # One of them writes who has it: sent is not received (toolkit.md, B1).
    statements(25, lambda: client.post(reverse("assessment-check", args=[draft.reference])), 302)


def test_open_a_child_with_history(client, assessed):
    statements(10, lambda: client.get(reverse("child", args=[assessed[0].reference])))


def test_the_first_page(client, assessed):
    statements(11, lambda: client.get("/"))


def test_the_list_of_what_is_due(client, assessed):
    # Two for the list: its rows, and one that counts for every filter at once.
    statements(9, lambda: client.get("/due/"))


def test_the_list_of_what_is_due_and_a_child_with_what_meetings_asked_for(client, author, assessed):
    # One more, for whom they asked: whether they did is counted with the list.
    for child in assessed:
        held_meeting(child, actions=(ActionAgreed(what="Meet her", owner=author.pk),))
    statements(10, lambda: client.get("/due/"))
    statements(10, lambda: client.get(reverse("child", args=[assessed[0].reference])))


def test_search_by_name(client, assessed):
    statements(7, lambda: client.post(reverse("search"), {"name": "Invented"}))


def test_what_to_do_after_sending(client, assessed):
    reference = assessed[0].records.first().assessment.reference
    # One of them reads who has it, and how far it has got (toolkit.md, B1).
    statements(8, lambda: client.get(reverse("assessment-sent", args=[reference])))


def test_read_what_was_sent(client, assessed):
    reference = assessed[0].records.first().assessment.reference
    # One of them reads who has it, and how far it has got (toolkit.md, B1); one the manager's answer (B4).
    statements(9, lambda: client.get(reverse("assessment-record", args=[reference])))
