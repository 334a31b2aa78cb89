"""The completed form as PDF, as Word and as a page to print: who gets it, and that each look is recorded."""

import io

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from cre_toolkit.assessments.models import Record, Withdrawal
from cre_toolkit.audit import chain, heads
from cre_toolkit.audit.models import Event
from cre_toolkit.rules.loading import load_instrument
from tests.factories.assessments import ready_draft, sent_record
from tests.factories.people import ChildFactory, give_access, practitioner

pytestmark = pytest.mark.django_db

FILES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
EVENTS = {
    "pdf": "assessment.pdf-downloaded",
    "docx": "assessment.docx-downloaded",
    "print": "assessment.print-viewed",
}
HOSTILE = "<script>alert(1)</script> {{7*7}} #read('x') Siân Ŵyn, Nguyễn, O'Neill, 李小龙, عائشة"


@pytest.fixture
def record() -> Record:
    child = ChildFactory(
        given_names="Siân",
        family_name="Ŵyn",
        send="no",
        open_to_social_care="yes",
        plan="none",
        looked_after="no",
    )
    return sent_record(child, places={"locations": HOSTILE, "persons_or_places_of_risk": "yes"})


def address(record: Record, name: str) -> str:
    return reverse(f"assessment-{name}", args=[record.assessment.reference])


@pytest.fixture
def reader(client: Client, record: Record) -> Client:
    client.force_login(record.author)
    return client


@pytest.mark.parametrize(("extension", "kind"), FILES.items())
def test_a_file_is_an_attachment_named_by_its_reference_that_no_browser_keeps(
    reader: Client, record: Record, extension: str, kind: str
) -> None:
    response = reader.get(address(record, extension))
    assert response.status_code == 200
    assert response["Content-Type"] == kind
    reference = record.assessment.reference
    assert response["Content-Disposition"] == f'attachment; filename="assessment-{reference}.{extension}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(("name", "kind"), EVENTS.items())
def test_each_look_is_an_event_of_the_child(reader: Client, record: Record, name: str, kind: str) -> None:
    reader.get(address(record, name))
    event = Event.objects.get(kind=kind)
    assert (event.actor, event.child, event.subject) == (record.author.pk, record.child.pk, record.pk)


@pytest.mark.parametrize("name", EVENTS)
def test_who_may_see_the_child_gets_it_and_nobody_else(client: Client, record: Record, name: str) -> None:
    colleague = practitioner()
    client.force_login(colleague)
    assert client.get(address(record, name)).status_code == 404
    give_access(record.child, user=colleague)
    assert client.get(address(record, name)).status_code == 200


def test_without_its_audit_event_no_document_is_given(
    reader: Client, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("cre_toolkit.audit.actions.record", full)
    reader.raise_request_exception = False
    for name in EVENTS:
        assert reader.get(address(record, name)).status_code == 500


def test_all_three_say_the_same_in_the_order_of_the_toolkit(reader: Client, record: Record) -> None:
    titles = [section.title for section in load_instrument(record.instrument).sections]
    word = docx.Document(io.BytesIO(reader.get(address(record, "docx")).content))
    headings = [each.text for each in word.paragraphs if each.style.name == "Heading 2"]
    assert headings[: len(titles)] == titles
    page = reader.get(address(record, "print")).content.decode()
    read = PdfReader(io.BytesIO(reader.get(address(record, "pdf")).content))
    printed = " ".join(" ".join(sheet.extract_text() for sheet in read.pages).split())
    for text in (page, printed):
        places = [text.index(title) for title in titles]
        assert places == sorted(places)


def test_what_was_written_is_text_in_all_three(reader: Client, record: Record) -> None:
    word = docx.Document(io.BytesIO(reader.get(address(record, "docx")).content))
    assert HOSTILE in [paragraph.text for paragraph in word.paragraphs]
    page = reader.get(address(record, "print")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} #read" in page


def test_what_is_on_every_page_is_on_the_page_to_print(reader: Client, record: Record) -> None:
    page = reader.get(address(record, "print")).content.decode()
    assert page.count("OFFICIAL-SENSITIVE") == 2
    assert record.assessment.reference in page
    assert f"Completed by {record.author.name}" in page


def test_a_draft_has_no_document(client: Client) -> None:
    draft = ready_draft()
    client.force_login(draft.author)
    for name in EVENTS:
        assert client.get(reverse(f"assessment-{name}", args=[draft.reference])).status_code == 404


def test_a_withdrawn_assessment_says_so_on_every_page_of_all_three(reader: Client, record: Record) -> None:
    Withdrawal.objects.create(
        record=record, by=record.author, at=timezone.now(), category="duplicate", words="Sent from two tabs."
    )
    line = "WITHDRAWN on "
    pages = PdfReader(io.BytesIO(reader.get(address(record, "pdf")).content)).pages
    assert all(line in sheet.extract_text() for sheet in pages)
    word = docx.Document(io.BytesIO(reader.get(address(record, "docx")).content))
    assert word.sections[0].header.paragraphs[1].text.startswith(line)
    shown = reader.get(address(record, "print")).content.decode()
    assert shown.count(line) == 2
    assert "Sent from two tabs." in shown


@pytest.mark.parametrize("name", EVENTS)
def test_each_says_on_every_page_where_the_audit_trail_ended(
    reader: Client, record: Record, name: str
) -> None:
    assert "Audit trail" not in text_of(reader, record, name), "before the first event is linked"
    chain.seal()
    head = heads.short(record.child.authority)
    assert heads.read_short(head).number == Event.objects.filter(authority=record.child.authority).count()
    assert f"Audit trail: {head}" in text_of(reader, record, name)


def text_of(reader: Client, record: Record, name: str) -> str:
    """What stands on the second page of a PDF, on every page of a Word file, on the page to print."""
    content = reader.get(address(record, name)).content
    if name == "pdf":
        return str(PdfReader(io.BytesIO(content)).pages[1].extract_text())
    if name == "docx":
        return "\n".join(
            line.text for line in docx.Document(io.BytesIO(content)).sections[0].footer.paragraphs
        )
    return content.decode()
