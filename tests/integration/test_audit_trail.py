"""The audit trail's pages: who may ask what, that every answer is right, and that asking is on the trail."""

import csv
import datetime
import io

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.web.csv_files import cell
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    give_access,
    make_user,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def auditor(**given):
    return make_user(Role.RECORDS_AUDITOR, **given)


def ask(client: Client, **question: str):
    """What the form's answer shows, by way of the address that it leads to."""
    response = client.post(reverse("audit"), question, follow=True)
    assert response.status_code == 200
    return response


def rows(response) -> list[tuple]:
    return [tuple(map(str, row)) for row in response.context["rows"]]


def looked(by, child, kind: str = "child.viewed", **more) -> Event:
    return audit.record(by=by, kind=kind, authority=child.authority, child=child.pk, **more)


class TestWhoMayAsk:
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.RECORDS_AUDITOR])
    def test_no_other_role_reads_the_trail_without_a_child(self, role):
        client = signed_in(make_user(role))
        may_open = role in (Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER)
        looked(practitioner(), ChildFactory())
        response = client.get(reverse("audit"))
        assert response.status_code == (200 if may_open else 403)
        assert "rows" not in (response.context or {})
        assert client.get(reverse("audit-csv")).status_code == 403

    def test_an_auditor_reads_their_authority_and_no_other(self):
        here, there = ChildFactory(), ChildFactory(authority="derbyshire")
        worker = practitioner(name="Invented Looker")
        looked(worker, here)
        looked(worker, there)
        found = rows(signed_in(auditor()).get(reverse("audit")))
        assert [row for row in found if row[1] == "Invented Looker" and here.reference in row[3]]
        assert there.reference not in str(found)

    def test_a_child_of_another_authority_is_not_found_and_that_was_tried_is_on_the_trail(self):
        there = ChildFactory(authority="derbyshire")
        user = auditor()
        client = signed_in(user)
        response = ask(client, child=there.reference)
        assert "about whom you may ask" in response.content.decode()
        tried = Event.objects.get(kind="access.not-visible", actor=user.pk)
        assert (tried.child, tried.detail["reference"]) == (there.pk, there.reference)
        assert client.get(reverse("audit"), {"child": there.reference}).status_code == 404
        assert client.get(reverse("audit-csv"), {"child": there.reference}).status_code == 404

    def test_a_name_that_somebody_types_for_a_reference_is_not_on_the_trail(self):
        user = auditor()
        signed_in(practitioner()).get("/children/amy-invented/")
        ask(signed_in(user), child="Amy Invented")
        for tried in Event.objects.filter(kind="access.not-visible"):
            assert tried.detail["reference"] == ""
        assert not [each for each in Event.objects.all() if "INVENTED" in str(each.detail).upper()]

    def test_what_belongs_to_no_authority_is_read_where_the_person_has_a_role(self):
        ours, theirs = (
            practitioner(name="Of Derby"),
            practitioner(authority="derbyshire", name="Of Elsewhere"),
        )
        for user in (ours, theirs):
            audit.record(by=user, kind="account.signed-in")
        names = {row[1] for row in rows(signed_in(auditor()).get(reverse("audit")))}
        assert "Of Derby" in names
        assert "Of Elsewhere" not in names

    def test_an_auditor_sees_no_name_of_a_child_anywhere(self):
        child = ChildFactory(given_names="Siânwen")
        looked(practitioner(), child)
        client = signed_in(auditor())
        for page in (ask(client, child=child.reference), client.get(reverse("audit-csv"))):
            assert "Siânwen" not in page.content.decode()

    @pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER])
    def test_managers_ask_about_a_child_whom_they_see_and_no_other(self, role):
        seen, unseen = ChildFactory(), ChildFactory()
        user = team_manager() if role == Role.TEAM_MANAGER else child_protection_manager()
        give_access(seen, user=user)
        looked(practitioner(name="Invented Looker"), seen)
        client = signed_in(user)
        assert "Invented Looker" in {row[1] for row in rows(ask(client, child=seen.reference))}
        assert "about whom you may ask" in ask(client, child=unseen.reference).content.decode()
        assert client.get(reverse("audit"), {"child": unseen.reference}).status_code == 404

    def test_they_must_say_which_child(self):
        page = ask(signed_in(team_manager()), kind="child.viewed").content.decode()
        assert "Enter the reference of a child whose record you can see" in page


class TestAsking:
    @pytest.fixture
    def client(self):
        return signed_in(auditor())

    def test_about_a_child_finds_the_lists_with_the_child_too(self, client):
        child, other = ChildFactory(), ChildFactory()
        looked(practitioner(), child)
        audit.record(by=practitioner(), kind="home.viewed", children=[child.pk, other.pk])
        looked(practitioner(), other)
        found = rows(ask(client, child=child.reference.lower().replace("-", " ")))
        assert len([row for row in found if child.reference in row[3]]) == 1
        assert len([row for row in found if row[3] == "On a list of 2"]) == 1
        assert other.reference not in str(found)

    def test_about_a_child_finds_what_was_done_to_a_record_merged_into_it(self, client):
        kept = ChildFactory()
        merged = ChildFactory(merged_into=kept, stands_for=kept.pk)
        looked(practitioner(name="Looked Before"), merged)
        for reference in (kept.reference, merged.reference):
            assert "Looked Before" in {row[1] for row in rows(ask(client, child=reference))}

    def test_about_a_person_a_kind_and_a_time_together(self, client):
        child, worker = ChildFactory(), practitioner(email="sam@example.org")
        now = timezone.now()
        for days in (0, 1, 2):
            with time_machine.travel(now - datetime.timedelta(days=days), tick=False):
                looked(worker, child)
                looked(worker, child, "child.changed")
                looked(practitioner(), child)
        day = timezone.localtime(now - datetime.timedelta(days=1)).date()
        since = {"since_day": str(day.day), "since_month": str(day.month), "since_year": str(day.year)}
        until = {name.replace("since", "until"): value for name, value in since.items()}
        found = ask(client, email="SAM@example.org", kind="child.viewed", **since, **until)
        assert len(rows(found)) == 1
        assert "sam@example.org" not in found.request["QUERY_STRING"], "no name in an address"

    def test_a_page_at_a_time_to_the_end_each_once(self, client):
        child = ChildFactory()
        worker = practitioner()
        made = {str(looked(worker, child).pk) for _ in range(120)}
        address, seen = f"{reverse('audit')}?child={child.reference}&kind=child.viewed", []
        while address:
            response = client.get(address)
            seen += rows(response)
            older = response.context["older"]
            address = older and reverse("audit") + older
        assert len(seen) == len(made)
        assert "Nothing is on the trail" in ask(client, kind="child.parted").content.decode()

    @pytest.mark.parametrize(
        "asked",
        [
            {"user": "sam"},
            {"kind": "nothing.such"},
            {"since": "yesterday"},
            {"until": "9999-12-31"},
            {"since": "2026-02-31"},
            {"before": "x"},
            {"before": "00000000-0000-0000-0000-000000000000"},
            {"child": "' OR 1=1 --"},
            {"child": "x" * 5000},
        ],
    )
    def test_an_address_that_no_page_of_ours_made_is_not_found(self, client, asked):
        assert client.get(reverse("audit"), asked).status_code == 404

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"email": "nobody@example.org"}, "Nobody has an account with this e-mail address"),
            ({"email": "not an address"}, "Enter an e-mail address, like"),
            ({"kind": "nothing.such"}, "Select"),
            ({"since_day": "1", "since_month": "1", "since_year": "2999"}, "today or in the past"),
        ],
    )
    def test_an_error_says_how_to_mend_it(self, client, typed, said):
        assert said in ask(client, **typed).content.decode()

    def test_whoever_was_told_is_named(self, client):
        told = practitioner(name="Told Pretend")
        looked(practitioner(), ChildFactory(), "assessment.sent", detail={"users": [str(told.pk)]})
        assert "users: Told Pretend" in {row[4] for row in rows(client.get(reverse("audit")))}

    def test_each_look_into_the_trail_is_on_it(self, client):
        child = ChildFactory()
        ask(client, child=child.reference, kind="child.viewed")
        client.get(reverse("audit-csv"), {"child": child.reference})
        searched, fetched = Event.objects.filter(kind__startswith="audit.").order_by("pk")
        assert (searched.kind, searched.child, searched.detail) == (
            "audit.searched",
            child.pk,
            {"by": ["child", "kind"]},
        )
        assert (fetched.kind, fetched.child) == ("audit.exported", child.pk)
        assert fetched.detail["events"] == 1

    def test_it_costs_the_same_however_long_the_trail_is(self, client, django_assert_max_num_queries):
        worker, child = practitioner(), ChildFactory()
        for _ in range(60):
            looked(worker, child)
        with django_assert_max_num_queries(14):
            client.get(reverse("audit"), {"child": child.reference})


class TestInertness:
    """What people are called and what was typed does nothing in an auditor's browser or spreadsheet."""

    @pytest.fixture
    def client(self):
        return signed_in(auditor())

    def test_markup_is_text(self, client):
        looked(practitioner(name=HOSTILE), ChildFactory(), detail={"fields": [HOSTILE], HOSTILE: "x"})
        page = client.get(reverse("audit")).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "  ="])
    def test_no_cell_of_a_file_is_a_formula(self, client, start):
        looked(practitioner(name=f"{start}1+1"), ChildFactory())
        text = client.get(reverse("audit-csv")).content.decode("utf-8-sig")
        cells = [one for row in csv.reader(io.StringIO(text, newline="")) for one in row]
        assert f"'{start}1+1" in cells

    def test_what_is_no_formula_is_left_as_it_is(self):
        assert [cell(value) for value in ("Siân Ŵyn-Jones", 7, None, "a=b")] == [
            "Siân Ŵyn-Jones",
            "7",
            "",
            "a=b",
        ]

    def test_the_file_is_named_by_its_day_and_holds_each_event_with_its_id(self, client):
        event = looked(practitioner(), child := ChildFactory())
        response = client.get(reverse("audit-csv"), {"child": child.reference})
        assert response["Content-Disposition"] == f'attachment; filename="audit-{timezone.localdate()}.csv"'
        heads, *lines = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
        (line,) = [dict(zip(heads, line, strict=True)) for line in lines]
        assert line["Event (id)"] == str(event.pk)
        assert line["Child"] == child.reference
        assert line["When (UTC)"] == event.at.astimezone(datetime.UTC).isoformat()

    def test_the_file_is_for_whoever_signed_in_or_confirmed_just_now(self):
        client = Client()
        client.force_login(auditor())
        assert client.get(reverse("audit")).status_code == 200
        asked_first = client.get(reverse("audit-csv"))
        assert asked_first.headers["Location"].startswith(reverse("account_reauthenticate"))

    def test_a_file_that_cannot_hold_everything_says_so(self, client, monkeypatch):
        monkeypatch.setattr("cre_toolkit.web.views.audit.MOST_IN_A_FILE", 2)
        child = ChildFactory()
        for _ in range(3):
            looked(practitioner(), child)
        text = client.get(reverse("audit-csv"), {"child": child.reference}).content.decode()
        assert "Older events are left out: a file holds 2." in text


def test_an_auditor_finds_the_trail_from_home_and_a_manager_from_who_can_see_a_record():
    assert reverse("audit") in signed_in(auditor()).get("/").content.decode()
    child, manager = ChildFactory(), team_manager()
    give_access(child, user=manager)
    page = signed_in(manager).get(reverse("child-access", args=[child.reference])).content.decode()
    assert f"{reverse('audit')}?child={child.reference}" in page
    worker = child.created_by
    page = signed_in(worker).get(reverse("child-access", args=[child.reference])).content.decode()
    assert reverse("audit") not in page
