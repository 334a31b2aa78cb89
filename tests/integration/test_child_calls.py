"""Whoever sees a child in danger can log the calls, also after the assessment was sent."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import calls
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.models import Call
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import give_access, practitioner

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    draft = AssessmentFactory()
    calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
    return draft.child


def form(client, child, **typed):
    page = client.get(reverse("child-calls", args=[child.reference]))
    log = next(log for log in page.context["logs"] if log.to == "telephone-police")
    now = timezone.localtime()
    said = {
        "form_id": log.initial["form_id"],
        "outcome": "spoke",
        "spoke_to": "The control room",
        "time": f"{now:%H:%M}",
        "day_day": now.day,
        "day_month": now.month,
        "day_year": now.year,
    } | typed
    return {"to": "telephone-police"} | {f"telephone-police-{key}": value for key, value in said.items()}


def due(child):
    return [entry.action for entry in queries.due_for(child) if entry.is_call]


def test_a_colleague_with_access_logs_the_call_and_it_is_due_no_more(client, child):
    colleague = practitioner()
    give_access(child, user=colleague)
    client.force_login(colleague)
    home = client.get(reverse("child", args=[child.reference])).content.decode()
    assert reverse("child-calls", args=[child.reference]) in home
    typed = form(client, child)
    for _ in range(2):
        assert client.post(reverse("child-calls", args=[child.reference]), typed).status_code == 302
    assert due(child) == ["telephone-social-care"]
    assert Call.objects.get().by == colleague
    assert Event.objects.filter(kind="call.logged").count() == 1


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client, child):
    client.force_login(child.created_by)
    typed = form(client, child, outcome="", note="He is at the bus station <now>")
    response = client.post(reverse("child-calls", args=[child.reference]), typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Select whether you spoke to somebody" in page
    assert "He is at the bus station &lt;now&gt;" in page
    assert not Call.objects.exists()


class TestBothCallsOnOnePage:
    def typed(self, client, child):
        """The call to the police is whole; that to social care is being written down."""
        return form(client, child) | {"telephone-social-care-note": "Waiting for the duty worker."}

    def test_what_was_typed_for_the_one_stays_while_the_other_is_logged(self, client, child):
        client.force_login(child.created_by)
        response = client.post(reverse("child-calls", args=[child.reference]), self.typed(client, child))
        assert response.status_code == 200
        assert "The call is logged" in response.content.decode()
        assert "Waiting for the duty worker." in response.content.decode()
        police, social_care = response.context["logs"]
        assert not police.is_bound
        assert not social_care.errors
        assert [call.to for call in Call.objects.all()] == ["telephone-police"]

    def test_a_refresh_of_that_page_logs_nothing_again(self, client, child):
        client.force_login(child.created_by)
        typed = self.typed(client, child)
        for _ in range(2):
            client.post(reverse("child-calls", args=[child.reference]), typed)
        assert Call.objects.count() == 1

    def test_enter_in_a_box_of_the_second_logs_the_second(self, client, child):
        client.force_login(child.created_by)
        said = {key.replace("police", "social-care"): value for key, value in form(client, child).items()}
        response = client.post(
            reverse("child-calls", args=[child.reference]), said | {"to": "telephone-police"}
        )
        assert response.status_code == 302
        assert Call.objects.get().to == "telephone-social-care"
