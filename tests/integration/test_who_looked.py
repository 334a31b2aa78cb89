"""Who has looked at a child's record: for those responsible, complete, and with break-glass marked."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.kinds import KINDS, READING, REFUSED
from cre_toolkit.audit.models import Event
from cre_toolkit.children.models import AccessGrant
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    ChildFactory,
    broken_glass,
    child_protection_manager,
    give_access,
    make_user,
    practitioner,
    restricted_to,
    team_manager,
)
from tests.factories.relationships import at_level
from tests.integration.journeys import signed_in
from tests.integration.merges import merge
from tests.integration.test_query_budgets import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return team_manager()


@pytest.fixture
def worker(manager):
    return practitioner(teams=[manager.memberships.get().team])


@pytest.fixture
def child(worker):
    return ChildFactory(given_names="Siânwen", allocated_worker=worker, created_by=worker)


def looks(child):
    return reverse("child-looks", args=[child.reference])


def page(user, child, query="") -> str:
    response = signed_in(user).get(looks(child) + query)
    assert response.status_code == 200
    return response.content.decode()


def overview(user, child) -> str:
    return signed_in(user).get(reverse("child-access", args=[child.reference])).content.decode()


def test_the_worker_their_manager_and_a_protection_manager_may_ask(worker, manager, child):
    at_level(child, "high")
    for user in (worker, manager, child_protection_manager()):
        assert "Who has looked at this record" in page(user, child)
        assert looks(child) in overview(user, child)


def test_others_who_see_the_child_are_told_whom_to_ask(child):
    colleague = practitioner()
    give_access(child, user=colleague)
    refused = signed_in(colleague).get(looks(child))
    assert refused.status_code == 403
    assert "Ask one of them" in refused.content.decode()
    assert looks(child) not in overview(colleague, child)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.RECORDS_AUDITOR, Role.ADMINISTRATOR])
def test_for_whoever_does_not_see_the_child_there_is_no_such_page(child, role):
    assert signed_in(make_user(role)).get(looks(child)).status_code == 404


def test_each_look_says_who_of_which_agency_and_at_what(worker, child):
    colleague = practitioner(name="Invented Colleague")
    give_access(child, user=colleague)
    signed_in(colleague).get(reverse("child", args=[child.reference]))
    signed_in(colleague).post(reverse("search"), {"reference": child.reference})
    found = page(worker, child)
    assert "Invented Colleague" in found
    assert "Invented City Council" in found
    assert "Opened a child&#x27;s record" in found
    assert "Searched" in found
    assert "Opened the list of who has looked" in found, "this look too"


def test_whoever_was_refused_stands_there_as_refused(worker, child):
    signed_in(practitioner(name="Invented Stranger")).get(reverse("child", args=[child.reference]))
    found = page(worker, child)
    assert "Invented Stranger" in found
    assert "Refused" in found


def test_the_lists_of_every_day_are_shown_where_somebody_asks_for_them(worker, child):
    ready_draft(child, worker)
    signed_in(worker).get("/")
    assert "Opened the home page" not in page(worker, child)
    found = page(worker, child, "?lists")
    assert "Opened the home page" in found


def test_what_was_changed_is_no_look(worker, child):
    signed_in(worker).post(
        reverse("child-edit", args=[child.reference, "voice"]), {"wishes": "To be asked.", "version": "1"}
    )
    assert "Changed a child" not in page(worker, child)


def test_a_look_by_break_glass_is_marked_and_an_earlier_refusal_is_not(worker, child):
    stranger = practitioner(name="Invented Stranger")
    signed_in(stranger).get(reverse("child", args=[child.reference]))
    assert "By break-glass" not in page(worker, child)
    broken_glass(child, by=stranger)
    signed_in(stranger).get(reverse("child", args=[child.reference]))
    assert page(worker, child).count("By break-glass") == 1


def test_looks_at_a_record_that_was_merged_are_looks_at_the_child(worker, child):
    earlier = ChildFactory(created_by=worker)
    signed_in(make_user(Role.CHILD_PROTECTION_MANAGER, name="Invented Chair")).get(
        reverse("child", args=[earlier.reference])
    )
    assert "Invented Chair" not in page(worker, child)
    merge(child, earlier)
    assert "Invented Chair" in page(worker, child)


def test_older_looks_stand_on_pages_of_their_own(worker, child):
    client = signed_in(worker)
    for _ in range(audit.PAGE):
        client.get(reverse("child", args=[child.reference]))
    signed_in(practitioner(name="Invented Stranger")).get(reverse("child", args=[child.reference]))
    first = client.get(looks(child))
    assert first.context["rows"][0][3] == KINDS["child.looks-viewed"]
    assert len(first.context["rows"]) == audit.PAGE
    older = client.get(looks(child) + first.context["older"])
    assert 0 < len(older.context["rows"]) < audit.PAGE
    assert "Back to the newest" in older.content.decode()
    assert client.get(f"{looks(child)}?before=nonsense").status_code == 200


def test_the_page_costs_the_same_however_many_looked(worker, child):
    for number in (1, 40):
        for _ in range(number):
            broken_glass(child, by=(stranger := practitioner()))
            signed_in(stranger).get(reverse("child", args=[child.reference]))
        client = signed_in(worker)
        statements(11, lambda client=client: client.get(looks(child)))


def test_every_kind_of_event_that_shows_something_is_a_look():
    shows = {
        kind
        for kind in KINDS
        if kind.endswith((".viewed", "-viewed", "-downloaded", "-shown", ".opened", ".listed"))
    }
    assert shows <= READING.keys(), "kinds.py: what shows somebody something stands in READING"
    assert not READING.keys() & REFUSED.keys()


def test_access_that_has_ended_stands_on_the_page_of_who_can_see_the_record(worker, child):
    colleague = practitioner(name="Invented Colleague")
    grant = give_access(child, user=colleague)
    AccessGrant.objects.filter(pk=grant.pk).update(until=grant.since)
    found = overview(worker, child)
    assert "Who could see it before" in found
    assert "Invented Colleague" in found


def test_who_can_see_the_record_is_told_with_what_they_do_and_until_when(worker, child):
    colleague = practitioner(name="Invented Colleague")
    grant = give_access(child, user=colleague)
    AccessGrant.objects.filter(pk=grant.pk).update(why="Sees her at school each week.")
    broken = broken_glass(child)
    found = overview(worker, child)
    assert "): Sees her at school each week." in found
    until = date_format(timezone.localtime(broken.until), "j F Y, H:i")
    assert f"until {until})" in found


def test_of_a_restricted_record_the_people_named_on_it_may_ask(worker, manager, child):
    restricted_to(child, worker)
    assert "Who has looked" in page(worker, child)
    assert signed_in(manager).get(looks(child)).status_code == 404


def test_the_look_at_the_looks_is_on_the_trail(worker, child):
    page(worker, child)
    assert Event.objects.get(kind="child.looks-viewed").child == child.pk
