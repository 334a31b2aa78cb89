"""Each authority that has its packs here has its own front door; every other one is another council."""

import uuid

import pytest
from django.urls import reverse

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.models import Referral
from cre_toolkit.casework.referral import answering, no_route
from cre_toolkit.casework.referral.models import To
from cre_toolkit.casework.referral.states import State
from cre_toolkit.children import access
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, child_protection_manager, front_door
from tests.integration.childforms import page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
CLOSED = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


def send(level):
    """An assessment of a child whose case is not open; their authority's front door has nobody here."""
    draft = ready_draft(ChildFactory(**CLOSED), level=level)
    return sending.send(by=draft.author, assessment=draft)


@pytest.fixture
def typed():
    return {"how": "service", "why": "They live there now", "form_id": str(uuid.uuid4())}


def test_the_front_door_of_another_authority_here_has_it_and_sees_the_child(typed):
    officer = front_door(authority="derbyshire")
    record = send(level="medium")
    client = signed_in(record.author)
    address = reverse("child-refer", args=[record.child.reference])
    assert "Starting Point, the front door" in page(client.get(address))
    assert client.post(address, typed | {"to": "other-authority:derbyshire"}).status_code == 302
    made = Referral.objects.get(to=To.OTHER_AUTHORITY)
    assert (made.team, made.state) == (officer.memberships.get().team, State.SENT)
    assert access.visible_to(officer).get() == record.child
    assert "refer-front-door" not in {entry.action for entry in queries.due_for(record.child)}
    answering.accept(by=officer, referral=made, words="We know the family", form_id=uuid.uuid4())
    assert Referral.objects.get(pk=made.pk).state == State.ACCEPTED


def test_of_several_teams_at_a_front_door_one_alone_can_have_it(typed):
    one, _other = front_door(), front_door()
    child = ChildFactory(**CLOSED)
    team = one.memberships.get().team
    client = signed_in(child.created_by)
    sent = client.post(
        reverse("child-refer", args=[child.reference]), typed | {"to": f"front-door:{team.pk}"}
    )
    assert sent.status_code == 302
    assert [made.team for made in Referral.objects.all()] == [team]


def test_what_reaches_nobody_is_routed_to_the_front_door_of_another_authority(typed):
    owner, record = child_protection_manager(), send(level="low")
    entry = Referral.objects.get(record=record)
    no_route.take(by=owner, referral=entry, form_id=uuid.uuid4())
    officer = front_door(authority="derbyshire")
    routed = signed_in(owner).post(
        reverse("referral-route", args=[entry.reference]), typed | {"to": "other-authority:derbyshire"}
    )
    assert routed.status_code == 302
    assert access.visible_to(officer).get() == record.child
    entry.refresh_from_db()
    assert (entry.state, entry.team) == (State.SENT, officer.memberships.get().team)


def test_another_council_has_no_account_here(typed):
    child = ChildFactory(**CLOSED)
    refused = signed_in(child.created_by).post(
        reverse("child-refer", args=[child.reference]), typed | {"to": "other-authority"}
    )
    assert "They have no account here" in page(refused, 422)
