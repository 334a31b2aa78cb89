"""What a child or family may be given (A5, E3): only where it is safe, seen first, kept as it was given."""

import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import docx
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments import family_content, family_sheet
from cre_toolkit.assessments.models import FamilySheet, Record, Withdrawal
from cre_toolkit.assessments.plain_words import labels, to_say_plainly
from cre_toolkit.audit.models import Event
from cre_toolkit.rules.loading import load_instrument
from tests.factories.assessments import sent_record
from tests.factories.people import ChildFactory, give_access, make_user

PERSON = "A man called “Jay”, about 25, in a white van"
SAFE = {"safe-to-tell-family": "yes", "safe_to_tell_why": "The aunt helps."}


def record_where(answer: str, **sections: Any) -> Record:
    child = ChildFactory(
        given_names="Siân", send="no", open_to_social_care="yes", plan="none", looked_after="no"
    )
    sharing = SAFE | {"safe-to-tell-family": answer}
    places = {"persons": PERSON, "persons_or_places_of_risk": "yes"}
    return sent_record(child, sharing=sharing, places=places, **sections)


@pytest.fixture
def record() -> Record:
    return record_where("yes")


@pytest.fixture
def writer(client: Client, record: Record) -> Client:
    client.force_login(record.author)
    return client


def page(record: Record) -> str:
    return reverse("assessment-family", args=[record.assessment.reference])


def typed(**changed: Any) -> dict[str, Any]:
    return {
        "form_id": str(uuid.uuid4()),
        "for_whom": "child",
        "name": "Siân",
        "talked_about": "We talked about school.",
        "worries": "A man waits for you at the gate.",
        "next": "We tell the school.\nWe meet on Monday.",
        "ring": "Ring Sam on 01332 496 0100.",
        "helplines": ["Childline, for children and young people: 0800 1111"],
        "then": "give",
    } | changed


def said(sheet: FamilySheet) -> str:
    parts = [*sheet.content["opening"], sheet.content["closing"]]
    for section in sheet.content["sections"]:
        parts += [section["heading"], section.get("text", ""), *section.get("items", ())]
    return "\n".join(parts)


@pytest.mark.django_db
class TestWhetherItIsOffered:
    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ("no", "<strong>not safe</strong> to tell the family"),
            ("not-known", "the answer was “not known”"),
            ("", "the question was not answered"),
        ],
    )
    def test_where_it_is_not_known_to_be_safe_nothing_is_offered_and_the_page_says_what_to_do(
        self, client: Client, answer: str, words: str
    ) -> None:
        record = record_where(answer)
        client.force_login(record.author)
        shown = client.get(page(record)).content.decode()
        assert words in shown
        assert "take advice from children’s social care" in shown.lower()
        assert "<textarea" not in shown
        assert client.post(page(record), typed()).status_code == 403
        assert not FamilySheet.objects.exists()

    def test_of_a_withdrawn_assessment_nothing_is_offered(self, writer: Client, record: Record) -> None:
        Withdrawal.objects.create(
            record=record, by=record.author, at=timezone.now(), category="duplicate", words="Twice."
        )
        assert "This assessment was withdrawn" in writer.get(page(record)).content.decode()
        assert writer.post(page(record), typed()).status_code == 403

    def test_an_older_assessment_leads_to_the_newest(
        self, writer: Client, record: Record, time_machine: Any
    ) -> None:
        time_machine.move_to(timezone.now() + timedelta(minutes=1))
        sent_record(record.child, record.author, sharing={"safe-to-tell-family": "no"})
        assert "There is a newer assessment of this child" in writer.get(page(record)).content.decode()

    def test_who_sees_the_record_but_works_with_no_children_is_refused(
        self, client: Client, record: Record
    ) -> None:
        champion = make_user(Role.CHAMPION)
        give_access(record.child, user=champion)
        client.force_login(champion)
        assert client.get(page(record)).status_code == 403
        assert client.post(page(record), typed()).status_code == 403


@pytest.mark.django_db
class TestWhatStandsOnIt:
    def test_a_number_that_may_have_changed_is_to_be_checked_first(
        self, record: Record, time_machine: Any
    ) -> None:
        time_machine.move_to(datetime(2026, 11, 26, 12, tzinfo=UTC))
        hints = dict(family_content.helplines(record))
        assert hints["The police, when it is not an emergency: 101"] == ""
        social_care = next(hint for said, hint in hints.items() if said.startswith("Children’s social care"))
        assert social_care == "As of July 2020: check before use"
        assert all("check" in hints[line] for line in hints if line.startswith(("Childline", "Missing")))

    def test_the_form_begins_with_neutral_words_that_hold_nothing_of_the_assessment(
        self, writer: Client, record: Record
    ) -> None:
        start = family_content.prefilled(record, record.author)
        text = "\n".join((start.talked_about, start.worries, start.next, start.ring))
        assert start.worries == ""
        assert "We look again at how things are: by " in start.next
        assert record.author.telephone in start.ring
        assert to_say_plainly(text) == []
        for never in ("Jay", "medium", "police", *labels(load_instrument(record.instrument))):
            assert never not in text
        assert "checked" not in writer.get(page(record)).content.decode()

    def test_nobody_is_promised_what_was_to_come_by_a_day_that_is_over(
        self, record: Record, time_machine: Any
    ) -> None:
        assert "We look again" in family_content.prefilled(record, record.author).next
        time_machine.move_to(timezone.now() + timedelta(days=400))
        assert " by " not in family_content.prefilled(record, record.author).next

    def test_a_sheet_holds_what_was_typed_and_none_of_the_forms_words(
        self, writer: Client, record: Record
    ) -> None:
        start = family_content.prefilled(record, record.author)
        writer.post(page(record), typed(next=start.next, talked_about=start.talked_about))
        sheet = FamilySheet.objects.get()
        text = said(sheet)
        assert "A man waits for you at the gate." in text
        assert "It is not your fault" in text
        assert to_say_plainly(text) == []
        for never in ("Jay", "OFFICIAL", "medium", "white van", record.assessment.reference):
            assert never not in text

    def test_words_of_professionals_are_pointed_out_and_never_altered(
        self, writer: Client, record: Record
    ) -> None:
        worries = "You may be a victim of CSE. You are high risk."
        shown = writer.post(page(record), typed(worries=worries, then="preview")).content.decode()
        assert "You may want to say this more plainly" in shown
        assert "<strong>CSE</strong>" in shown
        assert "<strong>high risk</strong>" in shown
        assert worries in shown
        writer.post(page(record), typed(worries=worries))
        assert worries in said(FamilySheet.objects.get())

    def test_what_was_typed_is_text(self, writer: Client, record: Record) -> None:
        shown = writer.post(
            page(record), typed(worries="<script>x</script>", then="preview")
        ).content.decode()
        assert "<script>x" not in shown


@pytest.mark.django_db
class TestLookingFirst:
    def test_a_preview_makes_nothing_and_holds_all_that_was_typed(
        self, writer: Client, record: Record
    ) -> None:
        shown = writer.post(page(record), typed(then="preview")).content.decode()
        assert not FamilySheet.objects.exists()
        assert 'name="worries" value="A man waits for you at the gate."' in shown
        changed = writer.post(page(record), typed(then="change"))
        assert changed.status_code == 200
        assert "A man waits for you at the gate." in changed.content.decode()

    def test_what_is_missing_is_said_and_nothing_that_was_typed_is_lost(
        self, writer: Client, record: Record
    ) -> None:
        response = writer.post(page(record), typed(for_whom="", worries="", next="We meet on Monday."))
        assert response.status_code == 422
        shown = response.content.decode()
        assert "Select who it is for" in shown
        assert "Enter why you are worried" in shown
        assert "We meet on Monday." in shown

    def test_an_indicator_that_may_put_the_child_in_danger_at_home_is_pointed_out_first(
        self, client: Client
    ) -> None:
        every = len(load_instrument("cre-2020").indicators)
        record = record_where("yes", indicators=every)
        client.force_login(record.author)
        assert "do not alert the family" in client.get(page(record)).content.decode().lower()


@pytest.mark.django_db
class TestWhatIsKept:
    def test_the_same_form_sent_twice_makes_one_sheet(self, writer: Client, record: Record) -> None:
        form = typed()
        for _ in range(2):
            assert writer.post(page(record), form).status_code == 302
        assert FamilySheet.objects.count() == 1
        assert Event.objects.filter(kind="family-sheet.given").count() == 1

    def test_gone_back_and_corrected_the_sheet_holds_the_corrected_words(
        self, writer: Client, record: Record
    ) -> None:
        form = typed(worries="A man waits for you at the cinema.")
        writer.post(page(record), form)
        shown = writer.post(page(record), form | {"worries": "A man waits for you at the gate."}, follow=True)
        first, corrected = FamilySheet.objects.order_by("at", "pk")
        assert "at the cinema" in said(first)
        assert "at the gate" in said(corrected)
        assert f"The sheet {corrected.reference} is made." in shown.content.decode()

    def test_it_says_by_whom_and_when_and_can_be_had_again_as_it_was(
        self, writer: Client, record: Record
    ) -> None:
        writer.post(page(record), typed())
        sheet = FamilySheet.objects.get()
        assert (sheet.by, sheet.record) == (record.author, record)
        shown = writer.get(page(record)).content.decode()
        assert sheet.reference in shown
        files = [
            reverse(f"assessment-family-{ending}", args=[record.assessment.reference, sheet.reference])
            for ending in ("pdf", "docx")
        ]
        pdf, word = (writer.get(file) for file in files)
        printed = " ".join(
            " ".join(each.extract_text().split()) for each in PdfReader(io.BytesIO(pdf.content)).pages
        )
        assert "A man waits for you at the gate." in printed
        assert "OFFICIAL" not in printed
        paragraphs = [each.text for each in docx.Document(io.BytesIO(word.content)).paragraphs]
        assert "A man waits for you at the gate." in paragraphs
        assert pdf["Content-Disposition"] == f'attachment; filename="sheet-{sheet.reference}.pdf"'
        assert writer.get(files[0]).content == pdf.content

    def test_every_look_and_the_giving_are_events_of_the_child(self, writer: Client, record: Record) -> None:
        writer.get(page(record))
        writer.post(page(record), typed())
        sheet = FamilySheet.objects.get()
        for ending in ("pdf", "docx"):
            writer.get(
                reverse(f"assessment-family-{ending}", args=[record.assessment.reference, sheet.reference])
            )
        kinds = set(Event.objects.filter(child=record.child.pk).values_list("kind", flat=True))
        assert kinds >= {
            "assessment.family-viewed",
            "family-sheet.given",
            "family-sheet.pdf-downloaded",
            "family-sheet.docx-downloaded",
        }

    def test_the_sheet_of_another_assessment_is_not_found(self, writer: Client, record: Record) -> None:
        other = record_where("yes")
        sheet = family_sheet.give(
            by=other.author,
            record=other,
            said=family_content.Said(for_whom="family", talked_about="a", worries="b", next="c", ring="d"),
            form_id=uuid.uuid4(),
        )
        for ending in ("pdf", "docx"):
            address = reverse(
                f"assessment-family-{ending}", args=[record.assessment.reference, sheet.reference]
            )
            assert writer.get(address).status_code == 404

    def test_nothing_that_was_given_can_be_changed_or_removed(self, writer: Client, record: Record) -> None:
        writer.post(page(record), typed())
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            FamilySheet.objects.update(content={})
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            FamilySheet.objects.all().delete()


def test_eight_presses_at_once_make_one_sheet(real_database: Any) -> None:
    record = record_where("yes")
    said = family_content.Said(for_whom="child", talked_about="a", worries="b", next="c", ring="d")
    form_id = uuid.uuid4()
    results = real_database.at_once(
        8, lambda n: family_sheet.give(by=record.author, record=record, said=said, form_id=form_id).reference
    )
    assert len(set(results)) == 1, results
    assert FamilySheet.objects.count() == 1
    assert Event.objects.filter(kind="family-sheet.given").count() == 1
