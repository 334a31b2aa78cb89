"""Subject access: what is held about a child, what is left out of it and why, checked by a second person."""

import datetime
import io
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.assessment import sending
from cre_toolkit.children import access
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.documents.pdf import render_pdf
from cre_toolkit.records import redacting, subject_access
from cre_toolkit.records.collecting import ABOUT, collect, stored
from cre_toolkit.records.models import Redaction, SubjectAccess
from cre_toolkit.records.redacting import flattened
from cre_toolkit.records.subject_access import NotNow, due_on
from tests.factories.assessments import NOTE, AssessmentFactory, ready_draft, write
from tests.factories.keeping import keeper
from tests.factories.people import ChildFactory, FamilyMemberFactory, locked_out, practitioner
from tests.integration.journeys import signed_in
from tests.integration.merges import KNOWN, merge, undo

pytestmark = pytest.mark.django_db
OTHERS = Redaction.Reason.OTHERS


@pytest.fixture
def child():
    child = ChildFactory(
        given_names="Siân",
        family_name="Ŵyn",
        own_words="“I want to go back to swimming.”",
        send="no",
        open_to_social_care="yes",
        plan="none",
        looked_after="no",
    )
    FamilyMemberFactory(child=child, name="Rhiannon Ŵyn")
    return child


@pytest.fixture
def assessed(child):
    sending.send(by=child.created_by, assessment=ready_draft(child))
    return child


def ask(child, by=None) -> SubjectAccess:
    return subject_access.open_request(
        by=by or keeper(child.authority),
        reference=child.reference,
        received_on=datetime.date(2026, 1, 31),
        asked_by="Herself; her school confirmed who she is.",
        form_id=uuid.uuid4(),
    )


def number_of(request: SubjectAccess, words: str) -> int:
    return next(number for number, line in enumerate(stored(request.lines)) if words in line.text)


def leave_out(request, words, *, by=None, line=None, reason=OTHERS, everywhere=False) -> Redaction:
    return subject_access.leave_out(
        by=by or request.by,
        request=request,
        line=number_of(request, words) if line is None else line,
        words=words,
        reason=reason,
        why="It names somebody else.",
        everywhere=everywhere,
    )[0]


def answered(request: SubjectAccess) -> str:
    """The text of the answer's PDF, and beside it the whole file, as bytes that are not compressed."""
    request.refresh_from_db()
    file = render_pdf(redacting.answer(request, request.redactions.all()))
    reader = PdfReader(io.BytesIO(file))
    hidden = [str(reader.metadata), *(str(page.get_contents().get_data()) for page in reader.pages)]
    return "\n".join([*(page.extract_text() for page in reader.pages), *hidden, str(file)])


# --- Collecting ---------------------------------------------------------------------------------------------


def test_what_is_held_about_a_child_is_collected_whole(assessed):
    draft = AssessmentFactory(child=assessed, author=practitioner())
    write(draft, "analysis", level="low", primary_exploitation="")
    text = "\n".join(f"{line.label}: {line.text}" for line in collect(assessed))
    for held in ("Siân", "Ŵyn", "back to swimming", "Rhiannon", NOTE, "added the child", "Unfinished"):
        assert held in text


def test_every_detail_of_the_childs_row_is_collected_or_says_nothing_about_them():
    not_about = {
        "id", "reference", "authority", "estimated_on", "allocated_worker", "working_level", "created_at",
        "created_by", "version", "form_id", "merged_into", "stands_for", "restricted",
    }  # fmt: skip
    assert {field.name for field in Child._meta.local_fields} == set(ABOUT) | not_about


def test_an_empty_answer_has_no_line(child):
    assert not [line for line in collect(child) if not line.level and not line.text.strip()]
    assert YesNoUnknown.NO.label in {line.text for line in collect(child)}


def test_a_request_pressed_twice_is_collected_once(child):
    by, form_id = keeper(), uuid.uuid4()
    made = [
        subject_access.open_request(
            by=by,
            reference=child.reference,
            received_on=datetime.date(2026, 1, 5),
            asked_by="Herself",
            form_id=form_id,
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_what_changes_later_does_not_change_what_was_collected(child):
    request = ask(child)
    Child.objects.filter(pk=child.pk).update(own_words="Something else")
    request.refresh_from_db()
    assert number_of(request, "back to swimming")


# --- The clock ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "extended", "due"),
    [
        ("2026-01-31", "", "2026-02-28"),
        ("2028-01-31", "", "2028-02-29"),
        ("2026-11-30", "", "2026-12-30"),
        ("2026-12-15", "", "2027-01-15"),
        ("2026-11-30", "Three agencies", "2027-02-28"),
    ],
)
def test_it_is_answered_within_a_month_or_three(received, extended, due):
    request = SubjectAccess(received_on=datetime.date.fromisoformat(received), extended_why=extended)
    assert due_on(request) == datetime.date.fromisoformat(due)


# --- Leaving out --------------------------------------------------------------------------------------------


def test_words_that_are_left_out_are_not_in_the_file(assessed):
    request = ask(assessed)
    leave_out(request, "Two teachers", everywhere=True)
    leave_out(request, "Rhiannon Ŵyn", everywhere=True)
    subject_access.approve(by=keeper(), request=request)
    answer = answered(request)
    assert "swimming" in answer
    assert "Two teachers" not in answer
    assert "Rhiannon" not in answer
    assert "schedule 2, paragraph 16" in answer


def test_what_is_held_is_not_touched(assessed):
    request = ask(assessed)
    before = request.lines
    leave_out(request, "Rhiannon Ŵyn")
    request.refresh_from_db()
    assert request.lines == before
    assert assessed.family.get().name == "Rhiannon Ŵyn"


def test_a_whole_line_leaves_nothing_but_its_label(child):
    request = ask(child)
    leave_out(request, "", line=number_of(request, "swimming"))
    subject_access.approve(by=keeper(), request=request)
    assert "swimming" not in answered(request)


def test_words_put_back_are_handed_out_and_that_they_were_left_out_stays(child):
    request = ask(child)
    left = leave_out(request, "swimming")
    subject_access.put_back(by=request.by, redaction=left)
    subject_access.approve(by=keeper(), request=request)
    assert "swimming" in answered(request)
    assert Redaction.objects.get(pk=left.pk).taken_back_by == request.by


def test_words_that_do_not_stand_in_the_line_are_refused(child):
    request = ask(child)
    with pytest.raises(NotNow, match="do not stand"):
        leave_out(request, "diving", line=number_of(request, "swimming"))


def test_words_are_left_out_everywhere_in_whatever_capitals_and_can_be_put_back_one_by_one(child):
    child.own_words, child.wishes = "RHIANNON  ŵyn said so; Rhiannon Ŵyn’s aunt", "Not Rhiannon Ŵynne"
    child.save()
    request = ask(child)
    leave_out(request, "Rhiannon Ŵyn", everywhere=True)
    answer = "\n".join(
        line.text for line in flattened(stored(request.lines), redacting.left_out(request.redactions.all()))
    )
    assert "rhiannon" not in answer.lower()
    left = request.redactions.values_list("words", flat=True)
    assert set(left) == {"Rhiannon Ŵyn", "RHIANNON  ŵyn"}


# --- Two people ---------------------------------------------------------------------------------------------


def test_whoever_worked_on_it_does_not_approve_it(child):
    request, helper = ask(child), keeper()
    leave_out(request, "swimming", by=helper)
    for own in (request.by, helper):
        with pytest.raises(access.NotAllowed, match="somebody else"):
            subject_access.approve(by=own, request=request)
    with pytest.raises(IntegrityError), transaction.atomic():
        SubjectAccess.objects.filter(pk=request.pk).update(approved_by=request.by)


def test_whoever_put_words_back_does_not_approve_that_they_are_handed_out(child):
    request, second = ask(child), keeper()
    subject_access.put_back(by=second, redaction=leave_out(request, "swimming"))
    with pytest.raises(access.NotAllowed, match="somebody else"):
        subject_access.approve(by=second, request=request)
    assert "ask a colleague" in signed_in(second).get(path_of(request, "check/")).content.decode()


def test_after_approval_nothing_of_the_answer_changes(child):
    request = ask(child)
    left = leave_out(request, "swimming")
    subject_access.approve(by=keeper(), request=request)
    for act in (
        lambda: leave_out(request, "Ŵyn"),
        lambda: subject_access.put_back(by=request.by, redaction=left),
        lambda: subject_access.extend(by=request.by, request=request, why="Late"),
        lambda: subject_access.approve(by=keeper(), request=request),
    ):
        with pytest.raises(NotNow):
            act()


# --- The pages ----------------------------------------------------------------------------------------------


def path_of(request: SubjectAccess, rest: str = "") -> str:
    return f"/requests/{request.reference}/{rest}"


def test_from_the_request_to_the_answer(assessed):
    first, second = signed_in(keeper()), signed_in(keeper())
    said = {
        "reference": assessed.reference.lower(),
        "received_on_day": "2",
        "received_on_month": "11",
        "received_on_year": "2026",
        "asked_by": "Herself",
        "form_id": str(uuid.uuid4()),
    }
    assert first.post("/requests/", said).status_code == 302
    request = SubjectAccess.objects.get()
    line = number_of(request, "swimming")
    page = first.get(path_of(request)).content.decode()
    assert "2 December 2026" in page
    left = {"what": "everywhere", "words": "swimming", "reason": "others", "why": "Not hers to say"}
    assert first.post(path_of(request, f"lines/{line}/"), left).status_code == 302
    assert "swimming" not in first.get(path_of(request)).content.decode()
    assert "swimming" in first.get(path_of(request, f"lines/{line}/")).content.decode()
    assert first.get(path_of(request, "pdf/")).status_code == 403
    assert "ask a colleague" in first.get(path_of(request, "check/")).content.decode()
    assert "Not hers to say" in second.get(path_of(request, "check/")).content.decode()
    assert second.post(path_of(request, "check/")).status_code == 302
    answer = second.get(path_of(request, "pdf/"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="answer-{request.reference}.pdf"'
    kinds = set(audit.of_child(assessed.pk).values_list("kind", flat=True))
    assert {"subject-access.opened", "subject-access.left-out", "subject-access.approved"} <= kinds
    assert "subject-access.pdf-downloaded" in kinds


def test_the_answer_is_fetched_by_whoever_has_just_signed_in(child):
    request, second = ask(child), keeper()
    subject_access.approve(by=second, request=request)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(second)
        clock.shift(datetime.timedelta(minutes=3))
        assert client.get(path_of(request, "pdf/")).headers["Location"].startswith("/account/confirm/")


def test_a_line_is_put_back_by_its_button(child):
    request = ask(child)
    client, left = signed_in(request.by), leave_out(request, "swimming")
    line = path_of(request, f"lines/{left.line}/")
    assert client.post(line, {"put_back": str(left.pk)}).status_code == 302
    assert "Put back on" in client.get(line).content.decode()
    assert client.post(line, {"put_back": "x"}).status_code == 422


@pytest.mark.parametrize("line", ["0", "99999"])
def test_a_heading_or_no_line_at_all_is_not_found(child, line):
    request = ask(child)
    assert signed_in(request.by).get(path_of(request, f"lines/{line}/")).status_code == 404


def test_a_reference_that_leads_nowhere_is_said(child):
    client = signed_in(keeper("derbyshire"))
    said = {
        "reference": child.reference,
        "received_on_day": "2",
        "received_on_month": "11",
        "received_on_year": "2026",
        "asked_by": "x",
    }
    response = client.post("/requests/", said)
    assert response.status_code == 422
    assert "No record of your authority has this reference" in response.content.decode()
    assert not SubjectAccess.objects.exists()


def test_a_reason_that_comes_too_late_is_shown_to_be_copied(child):
    request = ask(child)
    client, line = signed_in(request.by), number_of(request, "swimming")
    subject_access.approve(by=keeper(), request=request)
    assert "Much to read" in client.post(path_of(request), {"why": "Much to read"}).text
    said = {"what": "all", "reason": "others", "why": "Names a friend"}
    assert "Names a friend" in client.post(path_of(request, f"lines/{line}/"), said).text


def test_two_more_months_need_a_reason(child):
    request = ask(child)
    client = signed_in(request.by)
    assert client.post(path_of(request), {"why": ""}).status_code == 422
    assert client.post(path_of(request), {"why": "Three agencies"}).status_code == 302
    assert "30 April 2026" in client.get(path_of(request)).content.decode()


def test_a_restricted_record_is_answered_for_by_those_named_on_it_alone(child):
    request = ask(child)
    Child.objects.filter(pk=child.pk).update(restricted=True)
    client = signed_in(request.by)
    assert client.get(path_of(request)).status_code == 404
    assert request.reference not in client.get("/requests/").content.decode()


def test_whoever_is_locked_out_does_not_answer(child):
    request, user = ask(child), keeper()
    locked_out(child, user)
    assert signed_in(user).get(path_of(request)).status_code == 404


def test_the_list_is_for_those_who_answer():
    assert signed_in(practitioner()).get("/requests/").status_code == 403


def test_answered_requests_have_a_list_of_their_own(child):
    request = ask(child)
    subject_access.approve(by=keeper(), request=request)
    client = signed_in(request.by)
    assert request.reference not in client.get("/requests/").content.decode()
    assert request.reference in client.get("/requests/?show=answered").content.decode()


def test_it_is_collected_whichever_of_the_childs_records_it_was_written_on():
    kept, other = ChildFactory(**KNOWN), ChildFactory(**KNOWN)
    sending.send(by=other.created_by, assessment=ready_draft(other))
    merge(kept, other)
    kept.refresh_from_db()
    assert NOTE in "\n".join(line.text for line in collect(kept))


@pytest.mark.parametrize("is_approved", [False, True])
def test_what_was_collected_of_two_children_is_not_handed_out_once_they_are_parted(child, is_approved):
    other, second = ChildFactory(wishes="To ride a bicycle.", **KNOWN), keeper()
    merged = merge(child, other)
    request = ask(Child.objects.get(pk=child.pk))
    assert number_of(request, "bicycle")
    if is_approved:
        subject_access.approve(by=second, request=request)
    undo(merged)
    if not is_approved:
        with pytest.raises(NotNow, match="another child’s"):
            subject_access.approve(by=second, request=request)
    assert signed_in(second).get(path_of(request, "pdf/")).status_code == 403
