"""The timeline of a child: everything, by when it happened; and writing onto it (toolkit.md, B13)."""

import datetime
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending, withdrawing
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.models import Note, NoteInError
from cre_toolkit.casework.note.notes import Said, write_note
from cre_toolkit.documents.model import MARKING
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, child_protection_manager, give_access, practitioner
from tests.integration.childforms import page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return practitioner(name="Wendy Works")


@pytest.fixture
def child(user):
    return ChildFactory(created_by=user, given_names="Amy", send="no", open_to_social_care="yes")


@pytest.fixture
def client(user):
    return signed_in(user)


def timeline(client, child, **asked):
    return client.get(reverse("child-timeline", args=[child.reference]), asked)


def note(user, child, kind=Note.Kind.DISCUSSION, days=0, **said):
    words = {"said": "Spoke with her aunt.", "decision": "", "reason": "", "decided_by": "", "service": ""}
    at = timezone.now() - datetime.timedelta(days=days)
    return write_note(
        by=user, child=child, said=Said(kind=kind, at=at, **(words | said)), form_id=uuid.uuid4()
    )


def due(child):
    return [entry.id for entry in state_of(child).due]


def titles(response):
    return [line.title for line in response.context["lines"]]


def typed(**said):
    now = timezone.localtime()
    return {
        "form_id": uuid.uuid4(),
        "day_day": now.day,
        "day_month": now.month,
        "day_year": now.year,
        "time": f"{now:%H:%M}",
    } | said


def test_nothing_happened_yet_is_said(client, child):
    assert "Nothing is on the record yet" in page(timeline(client, child))


def test_everything_stands_by_when_it_happened_and_says_where_it_was_entered_late(client, user, child):
    record = sending.send(by=user, assessment=ready_draft(child, user, level="medium"))
    note(user, child, days=3, said="He waits at the station.")
    shown = timeline(client, child)
    assert "CRE risk assessment: assessed as medium" in titles(shown)[:-1]
    assert titles(shown)[-1] == "Discussion"
    text = page(shown)
    assert "He waits at the station." in text
    assert f"entered on {timezone.localdate():%-d %B %Y}" in text
    assert reverse("assessment-record", args=[record.assessment.reference]) in text
    assert Event.objects.filter(kind="child.timeline-viewed", child=child.pk).count() == 1


def test_what_was_recorded_in_error_stays_and_says_so(client, user, child):
    record = sending.send(by=user, assessment=ready_draft(child, user))
    withdrawing.withdraw(by=user, record=record, category="other", words="Another child was meant.")
    shown = timeline(client, child)
    assert [line.in_error for line in shown.context["lines"]].count(True) == 1
    assert "Recorded in error" in page(shown)


def test_a_filter_counts_keeps_to_its_days_and_survives_turning_the_page(client, user, child):
    for days in range(60):
        note(user, child, days=days)
    note(user, child, kind=Note.Kind.INTERVENTION, service="Youth service (invented)")
    first = timezone.localdate() - datetime.timedelta(days=55)
    asked = {"what": "discussion", "first_0": "", "first_day": first.day, "first_month": first.month,
             "first_year": first.year}  # fmt: skip
    shown = timeline(client, child, **asked)
    text = page(shown)
    assert shown.context["found"].chosen == 56
    assert "Discussions (56)" in text
    assert "Interventions (1)" in text
    following = re.search(r'href="(\?[^"]*page=2[^"]*)"', text)
    rest = client.get(reverse("child-timeline", args=[child.reference]) + following[1].replace("&amp;", "&"))
    assert len(rest.context["lines"]) == 6
    assert set(titles(rest)) == {"Discussion"}


def test_a_filter_that_cannot_be_read_says_so_and_leaves_nothing_out(client, user, child):
    note(user, child)
    shown = timeline(client, child, first_day="31", first_month="2", first_year="2026")
    assert "must be a real date" in page(shown)
    assert titles(shown) == ["Discussion"]


def test_it_takes_as_many_statements_however_much_happened(client, user, child):
    def asked():
        with CaptureQueriesContext(connection) as statements:
            timeline(client, child)
        return len(statements)

    note(user, child)
    few = asked()
    for days in range(5):
        note(user, child, days=days)
    sending.send(by=user, assessment=ready_draft(child, user))
    assert asked() == few


def test_all_of_it_is_printed_on_one_page_with_its_marking_and_without_links(client, user, child):
    for days in range(60):
        note(user, child, days=days)
    shown = timeline(client, child, all="1")
    assert len(shown.context["lines"]) == 60
    text = page(shown)
    assert text.count(MARKING) == 2
    assert f"Printed by {user.name}" in text
    assert "Recorded in error?" not in text


class TestWriting:
    def test_the_same_form_sent_twice_writes_one_and_tells_whom_it_should(self, client, user, child):
        colleague, stranger = practitioner(name="Carl Colleague"), practitioner()
        give_access(child, user=colleague)
        address = reverse("child-note", args=[child.reference])
        assert stranger.name not in page(client.get(address))
        said = typed(said="Spoke of Friday.", colleagues=[colleague.pk], tell=[colleague.pk, stranger.pk])
        # Whoever is not in the network is no choice of the form.
        assert client.post(address, said).status_code == 422
        said["tell"] = [colleague.pk]
        for _ in range(2):
            assert client.post(address, said).status_code == 302
        written = Note.objects.get()
        assert written.colleagues == ["Carl Colleague"]
        assert [mail.to for mail in Message.objects.filter(cause=written.pk)] == [colleague.email]
        mail = Message.objects.get(cause=written.pk)
        assert child.reference in mail.body
        assert "Amy" not in mail.subject + mail.body

    @pytest.mark.parametrize(
        ("kind", "said", "asks"),
        [
            ("discussion", {"said": ""}, "Enter what was said"),
            ("discussion", {"said": "x", "decision": "To wait"}, "A decision without its reason"),
            ("decision", {"decision": "To wait", "decided_by": "The team"}, "why it was decided"),
            ("intervention", {"said": "Boxing on Mondays", "service": ""}, "Enter which service"),
            ("discussion", {"said": "x", "day_year": "2199"}, "must be today or in the past"),
        ],
    )
    def test_what_is_missing_is_said_and_what_was_typed_stays(self, client, child, kind, said, asks):
        answer = client.post(f"{reverse('child-note', args=[child.reference])}?kind={kind}", typed(**said))
        text = page(answer, 422)
        assert asks in text
        assert all(words in text for words in said.values() if len(words) > 4)
        assert not Note.objects.exists()

    def test_each_kind_stands_on_the_timeline_with_its_reason_and_who_decided(self, client, child):
        address = reverse("child-note", args=[child.reference])
        decided = {"decision": "To ring her aunt", "reason": "She trusts her", "decided_by": "Maya, manager"}
        assert client.post(f"{address}?kind=decision", typed(**decided)).status_code == 302
        served = {"service": "Youth service", "said": "Boxing on Mondays"}
        assert client.post(f"{address}?kind=intervention", typed(**served)).status_code == 302
        text = page(timeline(client, child))
        for words in ("Decided: To ring her aunt", "Because: She trusts her", "Decided by: Maya, manager",
                      "Intervention: Youth service", "Boxing on Mondays"):  # fmt: skip
            assert words in text, words


class TestInError:
    @pytest.fixture
    def assessed(self, user, child):
        sending.send(by=user, assessment=ready_draft(child, user, level="medium"))
        said = Said(kind=Note.Kind.DISCUSSION, at=timezone.now(), said="Told Maya.")
        write_note(by=user, child=child, said=said, action="tell-manager", form_id=uuid.uuid4())
        return child

    @staticmethod
    def address():
        note = Note.objects.get()
        return reverse("child-note-in-error", args=[note.child.reference, note.pk])

    def test_what_it_had_done_is_due_again_and_it_stays_and_says_so(self, client, assessed):
        assert "tell-manager" not in due(assessed)
        assert self.address() in page(timeline(client, assessed))
        assert "Enter what was wrong" in page(client.post(self.address(), {"why": " "}), 422)
        assert client.post(self.address(), {"why": "It was Amir"}).status_code == 302
        assert "tell-manager" in due(assessed)
        text = page(timeline(client, assessed))
        for words in ("Told Maya.", "Recorded in error: It was Amir"):
            assert words in text
        assert self.address() not in text
        # Said by somebody else meanwhile: their own words are shown to them, and one stands.
        assert "Not Maya" in page(client.post(self.address(), {"why": "Not Maya"}))
        assert NoteInError.objects.get().why == "It was Amir"

    def test_it_is_for_who_wrote_it_and_their_managers_to_say(self, assessed):
        colleague = practitioner()
        give_access(assessed, user=colleague)
        assert signed_in(colleague).post(self.address(), {"why": "x"}).status_code == 403
        assert not NoteInError.objects.exists()


def test_what_a_colleague_entered_is_not_offered_to_whoever_could_not_withdraw_it(child, user, client):
    sending.send(by=user, assessment=ready_draft(child, user, level="medium"))
    note(user, child)
    colleague = practitioner(name="Colin Colleague")
    give_access(child, user=colleague)
    for reader, offered in (
        (client, True),
        (signed_in(colleague), False),
        (signed_in(child_protection_manager()), True),
    ):
        assert ("Recorded in error?" in page(timeline(reader, child))) is offered
