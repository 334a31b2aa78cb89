"""Saying what was done of what is due, who leads the work with a child, and how the child's page shows it."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.models import CaseEvent, Lead, Note
from cre_toolkit.children.holding import hold
from tests.factories.assessments import ready_draft
from tests.factories.events import incident_on
from tests.factories.people import ChildFactory, child_protection_manager, practitioner
from tests.integration.childforms import page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return practitioner(name="Wendy Works")


@pytest.fixture
def child(user):
    """A child who was assessed at medium: their manager is to be told, and a review is due."""
    facts = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}
    child = ChildFactory(created_by=user, **facts)
    sending.send(by=user, assessment=ready_draft(child, user, level="medium"))
    return child


@pytest.fixture
def client(user):
    return signed_in(user)


def do(child, action):
    return reverse("child-do", args=[child.reference, action])


def typed(**said):
    now = timezone.localtime()
    day = {"day_day": now.day, "day_month": now.month, "day_year": now.year, "time": f"{now:%H:%M}"}
    return {"form_id": uuid.uuid4(), "said": "Told her by telephone."} | day | said


def due(child):
    return [entry.id for entry in state_of(child).due]


def agree(child, by, level):
    """A CRE review that agreed a level an hour ago."""
    held, ago = hold(child), timezone.now() - datetime.timedelta(hours=1)
    keys = {"type": "cre-review", "level": level}
    meeting = event(by=by, child=held, kind=CaseEvent.Kind.MEETING, at=ago, keys=keys)
    enter(by=by, child=held, events=[meeting])


def rows_of(text):
    """The rows of a table of what is due."""
    return text.split("<tr ")[2:]


class TestDoing:
    def test_the_toolkits_words_stand_there_with_their_source(self, client, child):
        text = page(client.get(do(child, "threshold-discussion")))
        for words in ("to discuss the threshold", "Social Worker and Team Manager", "CRE 2020, page 10"):
            assert words in text

    def test_once_it_is_said_it_is_due_no_more_and_the_page_says_who_and_when(self, client, child):
        address = do(child, "threshold-discussion")
        assert client.post(address, typed()).status_code == 302
        assert "threshold-discussion" not in due(child)
        text = page(client.get(address))
        assert "The threshold was discussed on" in text
        assert "recorded by <bdi>Wendy Works</bdi>" in text
        assert "<form method" not in text[text.index("<main") :]

    def test_who_is_slower_is_told_and_keeps_their_words(self, client, child):
        address = do(child, "threshold-discussion")
        client.post(address, typed())
        text = page(client.post(address, typed(said="Spoke with Maya at noon.")), 422)
        assert "This is not due any more" in text
        assert "Spoke with Maya at noon." in text
        assert Note.objects.count() == 1

    def test_what_has_a_page_of_its_own_leads_there(self, client, child):
        agree(child, child.created_by, "high")
        text = page(client.get(do(child, "telephone-police")))
        assert reverse("child-calls", args=[child.reference]) in text

    def test_what_an_assessment_does_leads_to_the_button_that_begins_one(self, client, child):
        incident_on(child)
        (row,) = [one for one in rows_of(page(client.get("/due/"))) if "New assessment" in one]
        href = f"{reverse('child', args=[child.reference])}#assess"
        assert f'href="{href}"' in row
        assert 'id="assess"' in page(client.get(href))

    def test_the_tasking_meeting_is_recorded_by_whoever_runs_it_and_by_nobody_else(self, client, child):
        chair = signed_in(child_protection_manager())
        tasking = reverse("child-tasking", args=[child.reference])
        for reader, leads in ((client, False), (chair, True)):
            (row,) = [one for one in rows_of(page(reader.get("/due/"))) if "Monthly tasking" in one]
            assert (f'href="{tasking}"' in row) is leads

    def test_what_is_not_due_says_so_and_what_there_is_not_is_not_found(self, client, child):
        assert "This is not due on this case" in page(client.get(do(child, "looked-after-discussion")))
        assert client.get(do(child, "dance")).status_code == 404

    def test_an_assessment_above_the_agreed_level_leads_to_asking_the_manager(self, client, user, child):
        agree(child, user, "low")
        sending.send(by=user, assessment=ready_draft(child, user, level="high"))
        text = page(client.get(reverse("child", args=[child.reference])))
        today = f"{timezone.localdate():%-d %B %Y}"
        assert f"Assessed above the agreed level since {today}: ask the manager" in text
        assert do(child, "bring-meeting-forward") in text
        assert client.post(do(child, "bring-meeting-forward"), typed()).status_code == 302
        text = page(client.get(reverse("child", args=[child.reference])))
        assert "Assessed above the agreed level since" in text
        assert do(child, "bring-meeting-forward") not in text


class TestLeading:
    def lead(self, child):
        return reverse("child-lead", args=[child.reference])

    def test_who_leads_stands_on_the_childs_page_and_on_the_network(self, client, child):
        said = {
            "form_id": uuid.uuid4(),
            "who": "other",
            "name": "Tara, form tutor",
            "why": "She asked for her",
        }
        assert client.post(self.lead(child), said | {"drawn_in": "no"}).status_code == 302
        for name in ("child", "child-network"):
            text = page(client.get(reverse(name, args=[child.reference])))
            assert "Tara, form tutor</bdi></strong> leads the work with the child" in text

    def test_where_adults_draw_the_child_in_everybody_sees_what_to_do_until_it_is_done(
        self, client, child, user
    ):
        said = {"form_id": uuid.uuid4(), "who": user.pk, "why": "He trusts her", "drawn_in": "yes"}
        assert "Select whether it goes on" in page(client.post(self.lead(child), said), 422)
        assert client.post(self.lead(child), said | {"goes_on": "yes"}).status_code == 302
        record = reverse("child", args=[child.reference])
        assert "Police or CRE lead:" in page(client.get(record))
        text = page(client.get(self.lead(child)))
        assert "propose a high risk strategy meeting" in text
        assert "The child is harmed by it, also where other children are harmed" in text
        discuss = f"{reverse('child-note', args=[child.reference])}?kind=discussion&about=drawn-in"
        assert discuss in text
        assert client.post(discuss, typed()).status_code == 302
        assert "Police or CRE lead:" not in page(client.get(record))

    @pytest.mark.parametrize(
        ("said", "asks"),
        [
            ({"who": "other"}, "Enter their name, and what they do"),
            ({"who": ""}, "Select who leads the work"),
        ],
    )
    def test_what_is_missing_is_said(self, client, child, said, asks):
        wrong = {"form_id": uuid.uuid4(), "why": "x", "drawn_in": "no"} | said
        assert asks in page(client.post(self.lead(child), wrong), 422)
        assert not Lead.objects.exists()
