"""What counts no longer since what it belongs to was withdrawn: said, and nobody is led to withdraw it too.

Source: case.md, `withdrawn` ("and every `done` and `countersign` that names it with it").
"""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.assessments.models import Withdrawal
from cre_toolkit.casework.assessment import sending, withdrawing
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.counting import gone_from
from cre_toolkit.casework.case.entering import NotPossible
from cre_toolkit.casework.countersigning import answers
from cre_toolkit.casework.countersigning.answers import Answer, Outcome
from cre_toolkit.casework.models import CaseEvent, InError, Note, NoteInError
from cre_toolkit.casework.note.notes import Said, write_note
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, child_protection_manager, give_access, practitioner
from tests.integration.childforms import page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
FACTS = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


@pytest.fixture
def author(db):
    return practitioner()


@pytest.fixture
def manager(db):
    return child_protection_manager()


@pytest.fixture
def child(author):
    return ChildFactory(created_by=author, **FACTS)


@pytest.fixture
def record(author, child):
    return sending.send(by=author, assessment=ready_draft(child, author, level="medium"))


def withdraw(author, record):
    withdrawing.withdraw(by=author, record=record, category=Withdrawal.Category.IN_ERROR, words="x")


def told_manager(author, child):
    said = Said(kind=Note.Kind.DISCUSSION, at=timezone.now(), said="Told Maya.")
    return write_note(by=author, child=child, said=said, action="tell-manager", form_id=uuid.uuid4())


@pytest.fixture
def answered(author, manager, record):
    # Whom the level alone let in would not see the record after the withdrawal.
    give_access(record.child, user=manager)
    answer = Answer(Outcome.RETURNED, words="Who saw it?")
    return answers.countersign(by=manager, record=record, answer=answer, form_id=uuid.uuid4()).event


def lines(user, child):
    return signed_in(user).get(reverse("child-timeline", args=[child.reference])).context["lines"]


class TestOfAWithdrawnAssessment:
    def test_the_timeline_says_that_the_answer_counts_no_longer_and_offers_no_withdrawal(
        self, author, manager, child, record, answered
    ):
        address = reverse("child-event-in-error", args=[child.reference, answered.pk])
        assert address in [line.wrong_href for line in lines(manager, child)]
        assert not any(line.gone for line in lines(manager, child))
        withdraw(author, record)
        gone = [line for line in lines(manager, child) if line.gone]
        assert "Returned by a manager" in [line.title for line in gone]
        assert not any(line.wrong_href for line in gone)
        text = page(signed_in(manager).get(reverse("child-timeline", args=[child.reference])))
        assert "Counts no longer" in text
        assert "What it belongs to was withdrawn." in text

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_the_page_of_one_that_was_open_meanwhile_says_so_and_asks_for_nothing(
        self, author, manager, child, record, answered, method
    ):
        withdraw(author, record)
        address = reverse("child-event-in-error", args=[child.reference, answered.pk])
        text = page(getattr(signed_in(manager), method)(address, {"why": "x"}))
        assert "This counts no longer" in text
        assert not InError.objects.exists()

    def test_the_refusal_of_a_withdrawal_says_why(self, author, manager, child, record, answered):
        withdraw(author, record)
        with pytest.raises(NotPossible, match="it counts no longer, since what it belongs to was withdrawn"):
            in_error.withdraw(by=manager, entered=in_error.find(child, answered.pk), why="x")

    def test_what_was_done_of_it_counts_no_longer_either(self, author, manager, child, record):
        told_manager(author, child)
        withdraw(author, record)
        done = CaseEvent.objects.filter(kind=CaseEvent.Kind.DONE, keys__action="tell-manager")
        assert done.exists()
        assert {str(one.pk) for one in done} <= gone_from(child)

    def test_a_note_that_did_something_of_it_can_still_be_said_to_be_in_error(self, author, child, record):
        note = told_manager(author, child)
        withdraw(author, record)
        address = reverse("child-note-in-error", args=[child.reference, note.pk])
        assert signed_in(author).post(address, {"why": "It was Amir"}).status_code == 302
        assert NoteInError.objects.get().note == note
