"""The review of access: what a records auditor sees of break-glass, long access and who opens most."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access_review, break_glass
from tests.factories.people import (
    ChildFactory,
    broken_glass,
    child_protection_manager,
    give_access,
    locked_out,
    make_user,
    practitioner,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/access-reviews/"


@pytest.fixture
def auditor():
    return make_user(Role.RECORDS_AUDITOR)


def page(user, query=""):
    response = signed_in(user).get(ADDRESS + query)
    assert response.status_code == 200
    return response


@pytest.mark.parametrize("role", [role for role in Role if role != Role.RECORDS_AUDITOR])
def test_it_is_for_records_auditors_alone(role):
    assert signed_in(make_user(role)).get(ADDRESS).status_code == 403


def test_an_auditor_is_led_there_from_the_first_page(auditor):
    assert ADDRESS in signed_in(auditor).get("/").content.decode()


def test_it_says_when_there_is_nothing(auditor):
    found = page(auditor).content.decode()
    assert "Nobody has opened a record by break-glass" in found
    assert "None has been open for so long" in found
    assert "Nobody has opened a record." in found


def test_each_break_glass_with_its_outcome_by_reference_and_without_a_name(auditor):
    child = ChildFactory(given_names="Siânwen")
    broken = broken_glass(child, by=practitioner(name="Invented Stranger"))
    found = page(auditor).content.decode()
    assert child.reference in found
    assert "Invented Stranger" in found
    assert "Not yet; nobody could be asked" in found
    assert "Siânwen" not in found
    assert broken.why not in found
    break_glass.review(
        by=child_protection_manager(name="Invented Chair"), broken=broken, outcome="justified", words="Yes."
    )
    assert "It was justified, says <bdi>Invented Chair</bdi>" in page(auditor).content.decode()
    assert Event.objects.filter(kind="access-review.viewed", child=child.pk).count() == 2


def test_what_nobody_reviewed_in_time_is_marked_and_said_first(auditor):
    child_protection_manager(name="Invented Chair")
    broken_glass(ChildFactory())
    assert "Not reviewed in time" not in page(auditor).content.decode()
    with time_machine.travel(timezone.now() + break_glass.LASTS + datetime.timedelta(minutes=1)):
        found = page(auditor).content.decode()
    assert "Not reviewed in time" in found
    assert "Overdue</strong>; Invented Chair was asked" in found


def test_of_another_authority_and_of_a_record_closed_to_them_nothing_is_shown(auditor):
    elsewhere = broken_glass(ChildFactory(authority="derbyshire"))
    theirs = broken_glass(ChildFactory())
    locked_out(theirs.child, auditor)
    found = page(auditor).content.decode()
    assert elsewhere.child.reference not in found
    assert theirs.child.reference not in found


def test_older_ones_stand_on_pages_of_their_own(auditor):
    child = ChildFactory()
    for _ in range(access_review.PAGE + 1):
        broken_glass(child)
    first = page(auditor)
    assert len(first.context["broken"]) == access_review.PAGE
    older = page(auditor, f"?after={first.context['after']}")
    assert len(older.context["broken"]) == 1
    assert "Back to the newest" in older.content.decode()


def test_access_is_counted_by_its_reason_once_it_has_been_open_for_long(auditor):
    def since(days, **given):
        give_access(
            ChildFactory(**given),
            user=practitioner(),
            since=timezone.now() - datetime.timedelta(days=days),
        )

    since(100)
    since(200)
    since(400)
    since(400, authority="derbyshire")

    def counted(days):
        return {row[0]: row[1] for row in page(auditor, f"?days={days}").context["open"]}

    network = "is in the child's network of practitioners"
    assert counted(90) == {network: "3"}
    assert counted(180) == {network: "2"}
    assert counted(365) == counted("nonsense") == {network: "1"}


def test_who_opened_the_records_of_most_children_comes_first(auditor):
    busy, idle = practitioner(name="Invented Busy"), practitioner(name="Invented Idle")
    children = [ChildFactory() for _ in range(3)]
    for user, seen in ((busy, children), (idle, children[:1])):
        for child in seen:
            give_access(child, user=user)
            for _ in range(2):
                signed_in(user).get(reverse("child", args=[child.reference]))
        signed_in(user).get("/")
    shown = page(auditor).context["opened"]
    assert [("Busy" in who, number) for who, _, number, _ in shown] == [(True, "3"), (False, "1")]
    month = timezone.now() + datetime.timedelta(days=access_review.COUNTED_DAYS + 1)
    with time_machine.travel(month):
        assert page(auditor).context["opened"] == []
