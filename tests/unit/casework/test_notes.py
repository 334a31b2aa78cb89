"""Notes on a case, what they do of what is due, and who leads the work (toolkit.md, B8, B12, B13)."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case.effects import EFFECTS
from cre_toolkit.casework.case.entering import InTheFuture
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.case.telling_events import DONE
from cre_toolkit.casework.lists.around import GIST, around
from cre_toolkit.casework.models import CaseEvent, Lead, Note
from cre_toolkit.casework.note import leading, notes
from cre_toolkit.casework.note.in_error import say_in_error
from cre_toolkit.casework.note.leading import Named, SaysTooLittle, name_lead
from cre_toolkit.casework.note.notes import DRAWN_IN, NotDue, NothingSaid, Said, write_note
from cre_toolkit.children import access
from cre_toolkit.jobs.models import Message
from cre_toolkit.rules.authority import ActionId, CaseActionId
from tests.factories.assessments import ready_draft
from tests.factories.meetings import held_meeting
from tests.factories.people import (
    ChildFactory,
    FamilyMemberFactory,
    give_access,
    locked_out,
    police_referral,
    practitioner,
)

pytestmark = pytest.mark.django_db
KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}
NOW = datetime.timedelta()


@pytest.fixture
def author():
    return practitioner(name="Wendy Works")


@pytest.fixture
def child(author):
    return ChildFactory(created_by=author, **KNOWN)


def said(ago=NOW, **words):
    return Said(**{"kind": Note.Kind.DISCUSSION, "at": timezone.now() - ago, "said": "Spoke."} | words)


def due(child):
    return [entry.id for entry in state_of(child).due]


class TestDoing:
    @pytest.fixture
    def assessed(self, child, author):
        sending.send(by=author, assessment=ready_draft(child, author, level="medium"))
        return child

    def test_a_note_does_what_was_due_with_who_and_when_and_once(self, assessed, author):
        assert "threshold-discussion" in due(assessed)
        form = uuid.uuid4()
        for _ in range(2):
            write_note(by=author, child=assessed, said=said(), action="threshold-discussion", form_id=form)
        assert "threshold-discussion" not in due(assessed)
        done = CaseEvent.objects.get(kind="done", keys__action="threshold-discussion")
        assert done.by == author
        assert Note.objects.count() == 1

    def test_what_was_done_before_it_was_asked_for_is_done_at_the_asking(self, assessed, author):
        day = datetime.timedelta(days=1)
        write_note(
            by=author, child=assessed, said=said(day), action="threshold-discussion", form_id=uuid.uuid4()
        )
        assert "threshold-discussion" not in due(assessed)

    @pytest.mark.parametrize("before", [datetime.timedelta(), datetime.timedelta(minutes=5)])
    def test_what_a_meeting_asked_for_is_done_though_it_was_done_in_the_meeting_or_before_it(
        self, child, author, before
    ):
        with time_machine.travel(timezone.now() - datetime.timedelta(days=2), tick=False):
            sending.send(by=author, assessment=ready_draft(child, author, level="low"))
        held = held_meeting(child, days=-1 / 24, level="high")
        assert "threshold-discussion" in due(child), "the meeting has raised the level"
        spoke = Said(kind=Note.Kind.DISCUSSION, at=held.held_at - before, said="Spoke.")
        write_note(by=author, child=child, said=spoke, action="threshold-discussion", form_id=uuid.uuid4())
        assert "threshold-discussion" not in due(child)

    def test_what_is_not_due_is_refused_with_nothing_written(self, child, author):
        with pytest.raises(NotDue):
            write_note(by=author, child=child, said=said(), action="tell-manager", form_id=uuid.uuid4())
        assert not CaseEvent.objects.exists()

    def test_telling_the_manager_is_not_countersigning(self, assessed, author):
        write_note(by=author, child=assessed, said=said(), action="tell-manager", form_id=uuid.uuid4())
        assert "tell-manager" not in due(assessed)
        assert not CaseEvent.objects.filter(kind="countersign").exists()

    def test_the_table_of_acts_names_what_a_note_does(self):
        does = next(effect.does for effect in EFFECTS if effect.act == "note.notes.write_note")
        assert set(does) == notes.DONE_BY_A_NOTE

    def test_everything_that_can_be_done_has_words_for_it(self):
        assert set(DONE) == {*ActionId.__args__, *CaseActionId.__args__}


class TestWriting:
    @pytest.mark.parametrize(
        "words",
        [
            {"said": " "},
            {"decision": "To wait"},
            {"decision": "To wait", "reason": "She asks us to"},
            {"kind": Note.Kind.DECISION, "reason": "Because", "decided_by": "The team"},
            {"kind": Note.Kind.INTERVENTION},
        ],
    )
    def test_a_decision_has_a_reason_and_somebody_and_each_kind_says_what_it_is(self, child, author, words):
        with pytest.raises(NothingSaid):
            write_note(by=author, child=child, said=said(**words), form_id=uuid.uuid4())

    def test_nothing_is_written_that_has_not_happened(self, child, author):
        with pytest.raises(InTheFuture):
            write_note(by=author, child=child, said=said(-datetime.timedelta(hours=1)), form_id=uuid.uuid4())

    def test_whose_role_does_not_write_onto_cases_cannot(self, child):
        officer = police_referral()
        give_access(child, user=officer)
        with pytest.raises(access.NotAllowed):
            write_note(by=officer, child=child, said=said(), form_id=uuid.uuid4())

    def test_the_number_of_a_form_about_another_child_shows_nothing(self, child, author):
        note = write_note(by=author, child=child, said=said(), form_id=uuid.uuid4())
        with pytest.raises(access.NotVisible):
            write_note(by=author, child=ChildFactory(), said=said(), form_id=note.form_id)

    def test_nobody_is_told_to_whom_the_record_is_closed(self, child, author):
        colleague, shut_out = practitioner(), practitioner()
        for person in (colleague, shut_out):
            give_access(child, user=person)
        locked_out(child, shut_out)
        write_note(by=author, child=child, said=said(), told=[colleague, shut_out], form_id=uuid.uuid4())
        assert [mail.to for mail in Message.objects.filter(subject__contains="note")] == [colleague.email]


def named(**words):
    return Named(**{"name": "Tara, form tutor", "why": "She goes to her.", "drawn_in": "no"} | words)


class TestLeading:
    def test_the_newest_counts_and_the_earlier_stays_on_the_timeline(self, child, author):
        for name in ("Tara, form tutor", "Gran"):
            name_lead(by=author, child=child, named=named(name=name), form_id=uuid.uuid4())
        assert leading.leading(child).lead.name == "Gran"
        assert len(leading.happened(child)) == 2

    def test_the_same_form_names_once(self, child, author):
        form = uuid.uuid4()
        for _ in range(2):
            name_lead(by=author, child=child, named=named(), form_id=form)
        assert Lead.objects.count() == 1

    def test_where_adults_draw_the_child_in_it_is_discussed_and_where_it_goes_on_a_meeting_is_proposed(
        self, child, author
    ):
        drawn = named(drawn_in="yes", goes_on="yes")
        name_lead(by=author, child=child, named=drawn, form_id=uuid.uuid4())
        now = leading.leading(child)
        assert (now.to_discuss, now.to_meet) == (True, True)
        write_note(by=author, child=child, said=said(), action=DRAWN_IN, form_id=uuid.uuid4())
        now = leading.leading(child)
        assert (now.to_discuss, now.to_meet) == (False, True)
        say_in_error(by=author, note=Note.objects.get(), why="It was about another child.")
        assert leading.leading(child).to_discuss
        assert around(child).lead.to_discuss
        assert around(child).notes == []

    @pytest.mark.parametrize("words", [{"name": ""}, {"why": " "}, {"drawn_in": "yes"}])
    def test_a_name_a_reason_and_whether_it_goes_on_are_said(self, child, author, words):
        with pytest.raises(SaysTooLittle):
            name_lead(by=author, child=child, named=named(**words), form_id=uuid.uuid4())


class TestAround:
    def test_one_statement_tells_everything_that_stands_around_a_child(
        self, child, author, django_assert_num_queries
    ):
        FamilyMemberFactory(child=child, name="Anna")
        give_access(child, user=practitioner(name="Bea"))
        name_lead(by=author, child=child, named=named(drawn_in="yes", goes_on="no"), form_id=uuid.uuid4())
        for days in range(7):
            ago = datetime.timedelta(days=days)
            write_note(by=author, child=child, said=said(ago, said=f"{days}" * 200), form_id=uuid.uuid4())
        with django_assert_num_queries(1):
            stands = around(child)
        assert [member["name"] for member in stands.family] == ["Anna"]
        assert [member.name for member in stands.network] == ["Bea", "Wendy Works"]
        assert [note.text for note in stands.notes] == [f"{day}" * GIST + "…" for day in range(5)]
        assert (stands.lead.name, stands.lead.to_discuss, stands.lead.to_meet) == (
            "Tara, form tutor", True, False,
        )  # fmt: skip
