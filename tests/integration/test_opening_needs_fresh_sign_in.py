"""What opens a closed record to others is done by whoever has just shown that it is them."""

import datetime
import time

import pytest
import time_machine
from django.urls import reverse

from cre_toolkit.children.models import Child, LockOut
from tests.factories.people import ChildFactory, locked_out, practitioner, restricted_to, team_manager
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
LONG = datetime.timedelta(minutes=5)


@pytest.fixture
def clock():
    with time_machine.travel(time.time(), tick=False) as clock:
        yield clock


@pytest.fixture
def manager():
    return team_manager()


@pytest.fixture
def child(manager):
    return restricted_to(ChildFactory(), manager)


def posts(client, name: str, *args: object) -> str:
    """Where pressing the page's button leads."""
    return client.post(reverse(name, args=args)).headers["Location"]


def test_a_restriction_is_lifted_after_a_fresh_sign_in_alone(child, manager, clock):
    client = signed_in(manager)
    clock.shift(LONG)
    assert posts(client, "child-restriction-lift", child.reference).startswith(
        reverse("account_reauthenticate")
    )
    assert Child.objects.get(pk=child.pk).restricted
    fresh = signed_in(manager)
    posts(fresh, "child-restriction-lift", child.reference)
    assert not Child.objects.get(pk=child.pk).restricted


def test_whoever_was_locked_out_is_let_in_after_a_fresh_sign_in_alone(child, manager, clock):
    lock_out = locked_out(child, practitioner())
    client = signed_in(manager)
    clock.shift(LONG)
    page = ("child-lock-out-end", child.reference, lock_out.pk)
    assert posts(client, *page).startswith(reverse("account_reauthenticate"))
    assert LockOut.objects.get(pk=lock_out.pk).until is None
    posts(signed_in(manager), *page)
    assert LockOut.objects.get(pk=lock_out.pk).until is not None
