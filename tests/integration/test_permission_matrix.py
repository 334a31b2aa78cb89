"""The permission matrix: every address × role × relationship, of an open record and of a restricted one.

Complete by construction: an address of the URLconf that is not told of in `ROWS` fails.
"""

import datetime
import uuid
from collections.abc import Callable, Iterator
from enum import StrEnum

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from cre_toolkit.accounts.models import Role
from cre_toolkit.children.permissions import ROLES_FOR, Act
from cre_toolkit.web import step_up
from cre_toolkit.web.urls import urlpatterns
from tests.integration.matrix import AUTHOR, Case, Cell, World
from tests.integration.test_nobody_else import OF_A_MEETING, OF_A_MEETING_HELD, OF_A_REFERRAL, OF_THE_QUEUE


class Answer(StrEnum):
    """What an address says to somebody."""

    THERE = "is there"
    NOT_THEIRS = "is refused: 403"
    ABSENT = "is not found: 404"


Row = Callable[[Cell], Answer]


def seen(cell: Cell) -> Answer:
    return Answer.THERE if cell.sees else Answer.ABSENT


def act(*acts: Act) -> Row:
    """Of whoever sees the child and may do one of these."""

    def row(cell: Cell) -> Answer:
        if not cell.sees:
            return Answer.ABSENT
        return Answer.THERE if any(cell.role in ROLES_FOR[each] for each in acts) else Answer.NOT_THEIRS

    return row


def of_authority(*acts: Act) -> Row:
    """Of whoever sees the child and may do one of these in the child's own authority."""
    roles = frozenset().union(*(ROLES_FOR[each] for each in acts))

    def row(cell: Cell) -> Answer:
        if not cell.sees:
            return Answer.ABSENT
        return Answer.THERE if cell.holds(*roles) else Answer.NOT_THEIRS

    return row


def authors(cell: Cell) -> Answer:
    """A draft is its author's alone, while they see the child."""
    return Answer.THERE if cell.relationship == AUTHOR and cell.sees else Answer.ABSENT


def of_role(*roles: Role) -> Row:
    """Of a role in the child's authority, whether or not they see the record."""
    return lambda cell: Answer.THERE if cell.holds(*roles) else Answer.ABSENT


def told(cell: Cell) -> Answer:
    """That there is a record: to whoever may break the glass; whoever sees it is led there."""
    return Answer.THERE if cell.sees or cell.holds(*ROLES_FOR[Act.BREAK_GLASS]) else Answer.ABSENT


def answered(cell: Cell) -> Answer:
    """What a colleague has not checked yet is not to be had."""
    return Answer.NOT_THEIRS if cell.holds(*ROLES_FOR[Act.ANSWER_SUBJECT_ACCESS]) else Answer.ABSENT


def withdraws(cell: Cell) -> Answer:
    """Of what somebody else sent, who is in none of their teams."""
    theirs = cell.holds(*ROLES_FOR[Act.WITHDRAW_ANY])
    return (Answer.THERE if theirs else Answer.NOT_THEIRS) if cell.sees else Answer.ABSENT


def queued(cell: Cell) -> Answer:
    """What reaches nobody: of those whose duty the queue is, and of whoever sees the child."""
    return Answer.THERE if cell.sees or cell.holds(*ROLES_FOR[Act.FIND_ROUTE]) else Answer.ABSENT


OF_A_CHILD: dict[str, Row] = {
    "child": seen,
    "child-access": seen,
    "child-looks": act(Act.READ_TRAIL_OF_SEEN),
    "child-network": seen,
    "child-network-end": act(Act.KEEP_NETWORK),
    "child-restriction": act(Act.RESTRICT),
    "child-transition": act(Act.PLAN_TRANSITION),
    "child-transfer": of_authority(Act.TRANSFER, Act.RECEIVE_TRANSFER),
    "child-close": act(Act.CLOSE),
    "child-reopen": act(Act.REOPEN),
    "child-death": act(Act.RECORD_DEATH),
    "child-death-error": act(Act.RECORD_DEATH),
    "child-restriction-lift": act(Act.RESTRICT),
    "child-restriction-end": act(Act.RESTRICT),
    "child-lock-outs": act(Act.RESTRICT),
    "child-lock-out-end": act(Act.RESTRICT),
    "child-assessments": seen,
    "child-calls": act(Act.LOG_CALL),
    "child-refer": act(Act.REFER),
    "referral": seen,
    "referral-step": seen,
    "referral-route": seen,
    "referral-sealed": seen,
    "referral-sealed-pdf": act(Act.REFER),
    "no-route-entry": queued,
    "child-timeline": seen,
    "child-note": act(Act.WRITE_NOTE),
    "child-lead": act(Act.WRITE_NOTE),
    "child-do": act(Act.WRITE_NOTE),
    "child-incident-new": act(Act.RECORD_INCIDENT),
    "child-event-in-error": withdraws,
    "child-note-in-error": withdraws,
    "child-missing": seen,
    "child-missing-report": act(Act.RECORD_MISSING),
    "child-missing-return": act(Act.RECORD_MISSING),
    "child-missing-past": act(Act.RECORD_MISSING),
    "child-missing-interview": act(Act.RECORD_MISSING),
    "child-missing-plan": seen,
    "child-tasking": seen,
    "child-tasking-ask": act(Act.RUN_TASKING),
    "child-meetings": seen,
    "child-meeting-new": act(Act.KEEP_MEETINGS),
    "meeting": seen,
    "meeting-change": act(Act.KEEP_MEETINGS),
    "meeting-cancel": act(Act.KEEP_MEETINGS),
    "meeting-record": act(Act.KEEP_MEETINGS),
    "meeting-check": act(Act.KEEP_MEETINGS),
    "meeting-action": seen,
    "meeting-ics": seen,
    "meeting-pdf": seen,
    "meeting-docx": seen,
    "child-merged": seen,
    "child-more": act(Act.EDIT_CHILD),
    "child-edit": act(Act.EDIT_CHILD),
    "assessment-start": act(Act.ASSESS),
    "assessment-review": act(Act.ASSESS),
    "paper-start": act(Act.ASSESS),
    "duplicate": of_role(*ROLES_FOR[Act.SETTLE_DUPLICATES]),
    "duplicate-merge": of_role(*ROLES_FOR[Act.SETTLE_DUPLICATES]),
    "duplicate-undo": of_role(*ROLES_FOR[Act.SETTLE_DUPLICATES]),
    "break-glass-open": told,
    "break-glass": of_role(*ROLES_FOR[Act.REVIEW_BREAK_GLASS]),
    "records-child": of_role(*ROLES_FOR[Act.KEEP_RECORDS]),
    "records-hold": of_role(*ROLES_FOR[Act.KEEP_RECORDS]),
    "records-destruction": of_role(*ROLES_FOR[Act.KEEP_RECORDS]),
    "request": of_role(*ROLES_FOR[Act.ANSWER_SUBJECT_ACCESS]),
    "request-line": of_role(*ROLES_FOR[Act.ANSWER_SUBJECT_ACCESS]),
    "request-check": of_role(*ROLES_FOR[Act.ANSWER_SUBJECT_ACCESS]),
    "request-pdf": answered,
    "assessment-sent": seen,
    "assessment-record": seen,
    "assessment-changes": seen,
    "assessment-withdraw": withdraws,
    "assessment-decision": seen,
    "assessment-versions": seen,
    "assessment-version": seen,
    "assessment-pdf": seen,
    "assessment-docx": seen,
    "assessment-print": seen,
    "assessment-family": act(Act.GIVE_FAMILY_SHEET),
    "assessment-family-pdf": seen,
    "assessment-family-docx": seen,
    "assessment-also-for": act(Act.ASSESS),
    "assessment-right-child": act(Act.ASSESS),
}
"""Of a child, or of an assessment of theirs that was sent."""

OF_A_DRAFT = [
    pattern.name
    for pattern in urlpatterns
    if str(pattern.pattern).startswith("assessments/<slug:reference>/") and pattern.name not in OF_A_CHILD
]


def where(name: str, case: Case, cell: Cell) -> str:
    """The address for this person: their own draft where they have one."""
    pattern = next(each for each in urlpatterns if each.name == name)
    draft = case.draft
    if cell.relationship == AUTHOR:
        draft = case.child.assessments.get(author=cell.user)
    references = {
        "duplicate": case.pair, "duplicate-merge": case.pair, "duplicate-undo": case.pair,
        "break-glass": case.broken, "records-destruction": case.ended, "request": case.asked,
        "request-line": case.asked, "request-check": case.asked, "request-pdf": case.asked,
    }  # fmt: skip
    references |= dict.fromkeys(OF_A_REFERRAL | OF_THE_QUEUE, case.referral)
    references |= dict.fromkeys(OF_A_MEETING, case.meeting)
    references |= dict.fromkeys(OF_A_MEETING_HELD, case.agreed.minutes.meeting.reference)
    reference = references.get(name, case.child.reference)
    if str(pattern.pattern).startswith("assessments/"):
        reference = (draft if name in OF_A_DRAFT else case.sent).reference
    grant = case.named if name == "child-restriction-end" else case.grant
    others = {"group": "missing", "number": "1", "part": "identity", "grant": grant, "action": "tell-manager"}
    others["step"] = "tried"
    if name in OF_A_MEETING_HELD:
        others["action"] = str(case.agreed.pk)
    others |= {"lock_out": case.lock_out, "line": "1", "event": case.event, "note": case.note}
    return reverse(name, kwargs={key: others.get(key, reference) for key in pattern.pattern.converters})


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Made once for this module, and rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def signed_in_just_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody signed in when this module began, which may be longer ago than the gravest acts allow."""
    monkeypatch.setattr(step_up, "FRESH_FOR", datetime.timedelta(hours=12))


@pytest.fixture(autouse=True)
def nothing_stays(world: World) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


ROWS = {**OF_A_CHILD, **dict.fromkeys(OF_A_DRAFT, authors)}
# There, and not of this child: a form of paper, a review, a merge, a sheet for the family that was not made.
MAY_BE_MISSING = {
    "assessment-last-time", "assessment-low", "assessment-restore", "assessment-changes", "child-merged",
    "assessment-family-pdf", "assessment-family-docx", "assessment-also-for", "assessment-right-child",
    "assessment-danger", "duplicate-undo",
}  # fmt: skip


def missing(name: str) -> bool:
    return name in MAY_BE_MISSING or name.startswith("assessment-paper")


def test_every_address_that_names_a_record_has_its_row():
    of_a_record = {each.name for each in urlpatterns if "reference" in each.pattern.converters}
    assert of_a_record == set(ROWS)


CASES = pytest.mark.parametrize("restricted", [False, True], ids=["open", "restricted"])


@CASES
@pytest.mark.parametrize("name", ROWS)
def test_each_role_and_relationship_gets_the_answer_of_its_row(world, name, restricted):
    case = world.cases[restricted]
    wrong = []
    for cell in world.cells(case, of_a_draft=name in OF_A_DRAFT):
        expected = ROWS[name](cell)
        address = where(name, case, cell)
        response = world.clients[cell.user].get(address)
        if response.status_code == 405 and expected is not Answer.THERE:
            response = world.clients[cell.user].post(address, {"form_id": str(uuid.uuid4())})
        said = {403: Answer.NOT_THEIRS, 404: Answer.ABSENT}.get(response.status_code, Answer.THERE)
        if said is Answer.ABSENT and missing(name):
            continue
        if said is not expected:
            wrong.append(f"{cell} {said}, {response.status_code}; expected: {expected}")
        elif expected is not Answer.THERE and case.child.family_name in response.content.decode():
            wrong.append(f"{cell} reads the name")
    assert wrong == [], "\n" + "\n".join(wrong)


# What is about several children: by name for whoever sees them, and for whoever may know of them without.
LISTS = (
    "referrals",
    "referrals-sent",
    "no-route",
    "home",
    "due",
    "meetings",
    "drafts",
    "duplicates",
    "audit",
    "audit-csv",
    "records",
    "requests",
    "access-reviews",
)
READS_NAMES = {
    "duplicates": ROLES_FOR[Act.SETTLE_DUPLICATES],
    "requests": ROLES_FOR[Act.ANSWER_SUBJECT_ACCESS],
}
READS_REFERENCES = {
    **READS_NAMES,
    "audit": ROLES_FOR[Act.READ_TRAIL],
    "audit-csv": ROLES_FOR[Act.READ_TRAIL],
    "access-reviews": ROLES_FOR[Act.REVIEW_ACCESS],
    "records": ROLES_FOR[Act.KEEP_RECORDS],
}


@pytest.mark.parametrize("name", LISTS)
def test_no_list_says_anything_of_a_child_to_whoever_may_not_know(world, name):
    wrong = []
    for here, elsewhere in zip(*map(world.cells, world.cases), strict=True):
        page = world.clients[here.user].get(reverse(name)).content.decode()
        for cell, case in ((here, world.cases[0]), (elsewhere, world.cases[1])):
            knows = cell.holds(*READS_NAMES.get(name, ()))
            if case.child.family_name in page and not (cell.sees or knows):
                wrong.append(f"{cell} reads the name")
            knows |= cell.holds(*READS_REFERENCES.get(name, ()))
            # That a record is restricted keeps no auditor from asking who looked (docs/adr/0007).
            knows |= cell.role == Role.RECORDS_AUDITOR and not cell.elsewhere
            if case.child.reference in page and not (cell.sees or knows):
                wrong.append(f"{cell} reads the reference")
    assert wrong == [], "\n" + "\n".join(wrong)


@CASES
@pytest.mark.parametrize("by", ["name", "reference"])
def test_a_search_finds_what_somebody_sees_and_nothing_else(world, by, restricted):
    case = world.cases[restricted]
    sought = {"name": f"Siân {case.child.family_name}", "reference": case.child.reference}[by]
    record = reverse("child", args=[case.child.reference])
    wrong = []
    for cell in world.cells(case):
        page = world.clients[cell.user].post(reverse("search"), {by: sought}).content.decode()
        if (f'href="{record}"' in page) is not cell.sees:
            wrong.append(str(cell))
    assert wrong == [], "\n" + "\n".join(wrong)
