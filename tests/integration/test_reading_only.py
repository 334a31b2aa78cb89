"""Whoever may read a child's record and do nothing else is offered nothing that would be refused."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.casework.assessment.calls import declare_danger
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import ChildFactory, give_access, make_user
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
CHANGES = (
    ("assessment-start", []), ("paper-start", []), ("child-calls", []), ("child-edit", ["identity"]),
    ("child-note", []), ("child-lead", []),
)  # fmt: skip


def links(user, child, path):
    """Which of the ways to change the child's record stand on a page as this user sees it."""
    shown = signed_in(user).get(path).content.decode()
    assert child.family_name in shown
    return {name for name, more in CHANGES if reverse(name, args=[child.reference, *more]) in shown}


@pytest.fixture
def child():
    """A child in danger: calls are due, and nearly everything is unknown."""
    child = ChildFactory()
    draft = AssessmentFactory(child=child, author=child.created_by)
    declare_danger(by=child.created_by, assessment=draft, at=timezone.now())
    return child


@pytest.mark.parametrize("role", [Role.POLICE_REFERRAL, Role.CHAMPION])
def test_a_childs_page_and_what_is_due_offer_no_change_to_whoever_may_only_read(child, role):
    reader = make_user(role)
    give_access(child, user=reader)
    assert links(reader, child, reverse("child", args=[child.reference])) == set()
    assert links(reader, child, reverse("due")) == set()


def test_they_offer_it_to_whoever_works_with_children(child):
    worker = make_user(Role.PRACTITIONER)
    give_access(child, user=worker)
    assert links(worker, child, reverse("child", args=[child.reference])) == {name for name, _ in CHANGES}
    assert links(worker, child, reverse("due")) == {"child-calls"}
