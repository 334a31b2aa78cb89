"""Everything that the service holds about one child, as lines: what a request for it is answered from.

A line is a heading, or a label with its text. So words can be left out of one line without touching another,
and what is handed out is put together from lines alone, flat.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

from cre_toolkit.assessments.form_document import form_document
from cre_toolkit.assessments.models import Assessment, DraftSection, FamilySheet, Record, Section, Withdrawal
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.countersigning.answers import in_words
from cre_toolkit.casework.ends import closing, death, transitions
from cre_toolkit.casework.meeting.papers import minutes_document
from cre_toolkit.casework.meeting.planning import title_of
from cre_toolkit.casework.meeting.queries import versions
from cre_toolkit.casework.missing import told as missing_told
from cre_toolkit.casework.models import Call, CaseEvent, Lead, Meeting, MeetingAction, MinutesDraft
from cre_toolkit.casework.note import incidents, leading, notes
from cre_toolkit.casework.referral.queries import of_child
from cre_toolkit.casework.tasking import meetings as tasking
from cre_toolkit.casework.tasking import requests as tasking_requests
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.queries import agencies_of, family_of
from cre_toolkit.documents.dates import day_in_words, moment_in_words
from cre_toolkit.documents.model import (
    Block,
    BulletList,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Table,
)

# What of a child's row says something about them, in the order of the record's page.
ABOUT = (
    "given_names",
    "family_name",
    "known_as",
    "date_of_birth",
    "died_on",
    "estimated_age",
    "gender",
    "nhs_number",
    "address",
    "postcode",
    "telephone",
    "school",
    "first_language",
    "needs_interpreter",
    "ethnicity",
    "ethnicity_not_recorded_why",
    "send",
    "disabilities",
    "open_to_social_care",
    "plan",
    "looked_after",
    "worker_name",
    "worker_contact",
    "wishes",
    "own_words",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the answer: a heading of that level, or a label and its text (level 0)."""

    label: str
    text: str = ""
    level: int = 0

    def as_data(self) -> list[Any]:
        """As it is stored: label, text, level."""
        return [self.label, self.text, self.level]


def stored(lines: Iterable[list[Any]]) -> list[Line]:
    """Lines as they were stored."""
    return [Line(*line) for line in lines]


def collect(child: Child) -> list[Line]:
    """All that is held about a child, whichever of their records it was written on.

    What stands about them on another child's record (a brother's, a friend's) is not among it: whoever
    answers the request looks there themselves.
    """
    return [
        line
        for line in chain(
            _the_child(child),
            _assessments(child),
            _drafts(child),
            _case(child),
            _calls(child),
            _incidents(child),
            _notes(child),
            _meetings(child),
            _missing(child),
            _referrals(child),
            _ends(child),
            _seen_by(child),
        )
        if line.level or line.text.strip()
    ]


def _the_child(child: Child) -> Iterator[Line]:
    yield Line("What is recorded about the child", level=2)
    for name in ABOUT:
        label = Child._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        yield Line(str(label).capitalize(), _value(child, name))
    if child.allocated_worker:
        yield Line("Allocated worker", str(child.allocated_worker))
    for member in family_of(child):
        yield Line("Family or household", _joined(member.values()))
    for agency in agencies_of(child):
        yield Line("Agency involved", _joined(agency.values()))


def _value(child: Child, name: str) -> str:
    shown = getattr(child, f"get_{name}_display", None)
    value = shown() if shown else getattr(child, name)
    if isinstance(value, datetime.date):
        return day_in_words(value)
    return "" if value is None else str(value)


def _joined(parts: Iterable[object]) -> str:
    return ", ".join(str(part) for part in parts if part)


def _assessments(child: Child) -> Iterator[Line]:
    records = Record.objects.filter(child__stands_for=child.pk).select_related("author", "assessment")
    for record in records.order_by("completed_at"):
        yield Line(f"Assessment of {day_in_words(record.completed_at)}, by {record.author}", level=2)
        withdrawal = Withdrawal.objects.filter(record=record).select_related("by").first()
        if withdrawal:
            yield Line("Withdrawn", f"{moment_in_words(withdrawal.at)}, {withdrawal.by}: {withdrawal.words}")
        for answer in record.countersignatures.select_related("by", "event__in_error").order_by("at"):
            error = "recorded in error" if hasattr(answer.event, "in_error") else ""
            said = in_words(answer.outcome, answer.level)
            yield Line(
                "A manager’s answer",
                _joined([said, moment_in_words(answer.at), answer.by, error, answer.words]),
            )
        content = record.content | {"sha256": record.sha256}
        yield from _lines(form_document(content).blocks)
        for sheet in FamilySheet.objects.filter(record=record).order_by("at"):
            yield Line(f"Given to the child or family on {day_in_words(sheet.at)}", level=3)
            yield from _said(sheet.content)


def _drafts(child: Child) -> Iterator[Line]:
    drafts = Assessment.objects.filter(child__stands_for=child.pk, status=Assessment.Status.DRAFT)
    for draft in drafts.select_related("author").order_by("started_at"):
        begun = day_in_words(draft.started_at)
        yield Line(f"Unfinished assessment, begun on {begun} by {draft.author}", level=2)
        for section in DraftSection.objects.filter(assessment=draft).order_by("pk"):
            yield Line(str(Section(section.section).label), level=3)
            yield from _said(section.answers)


def _case(child: Child) -> Iterator[Line]:
    events = CaseEvent.objects.filter(child__stands_for=child.pk).select_related("by").order_by("at")
    yield Line("What happened on the case", level=2)
    for event in events:
        said = _joined(f"{key}: {value}" for key, value in event.keys.items() if isinstance(value, str))
        yield Line(moment_in_words(event.at), _joined([event.get_kind_display(), said, event.by]))


def _calls(child: Child) -> Iterator[Line]:
    calls = Call.objects.filter(child__stands_for=child.pk).select_related("by").order_by("at")
    for call in calls:
        yield Line(
            f"Telephone call, {moment_in_words(call.at)}",
            _joined(
                [
                    call.get_to_display(),
                    call.get_outcome_display(),
                    call.spoke_to,
                    call.their_reference,
                    call.note,
                    call.by,
                ]
            ),
        )


def _referrals(child: Child) -> Iterator[Line]:
    """To whom the child was referred, and what was said about it."""
    for referral in of_child(child):
        yield Line(f"Referral to {referral.whom}, {moment_in_words(referral.at)}", level=3)
        yield Line("How", _joined([referral.get_how_display(), referral.get_channel_display(), referral.by]))
        yield Line("What is asked for", referral.why)
        for step in referral.history:
            said = [step.person, step.reason, step.worker, step.by]
            yield Line(f"{step.kind.label}, {moment_in_words(step.at)}", _joined(said))
            yield Line("What was said", step.words)


def _ends(child: Child) -> Iterator[Line]:
    """Closing, death, transfers, and the way to adult services, as the timeline tells them."""
    told = chain.from_iterable(noun.happened(child) for noun in (closing, death, transfers, transitions))
    for one in sorted(told, key=lambda each: each.at):
        yield Line(f"{one.title}, {moment_in_words(one.at)}", _joined([one.text, one.by]))
    for step in transitions.steps_of(child):
        yield Line("What they want", step.wants)
        yield Line(
            "Information shared with adult services", _joined([step.get_shared_display(), step.shared_why])
        )


def _missing(child: Child) -> Iterator[Line]:
    """Missing episodes, return interviews, plans; and what the tasking meeting asked for the child."""
    told = (*missing_told.SOURCES, tasking.discussed, tasking_requests.asked_and_answered)
    for one in chain.from_iterable(noun(child) for noun in told):
        yield Line(f"{one.title}, {moment_in_words(one.at)}", f"{one.text}\n\nWritten down by {one.by}")


def _meetings(child: Child) -> Iterator[Line]:
    """Every meeting with each version of its minutes, what is still being written, and what was done."""
    found = Meeting.objects.filter(child__stands_for=child.pk).select_related("chair")
    for meeting in found.order_by("at"):
        yield Line(f"{title_of(meeting, child.authority)}, {moment_in_words(meeting.at)}", level=2)
        yield Line("Planned, held or cancelled", _joined([meeting.get_status_display(), meeting.why]))
        for minutes in versions(meeting):
            yield from _lines(minutes_document(child, meeting, minutes).blocks)
        for draft in MinutesDraft.objects.filter(meeting=meeting).select_related("by").order_by("pk"):
            typed = "\n".join(text for name, text in parse_qsl(draft.typed) if not name.startswith("who-"))
            yield Line(f"Unfinished minutes, by {draft.by}", typed)
        for action in MeetingAction.objects.filter(minutes__meeting=meeting).order_by("pk"):
            yield Line(f"Done: {action.what}", action.done_how)


def _incidents(child: Child) -> Iterator[Line]:
    """Significant incidents, and what was recorded in error, with the reasons."""
    for told in chain(incidents.happened(child), in_error.happened(child)):
        yield Line(f"{told.title}, {moment_in_words(told.at)}", f"{told.text}\n\nWritten down by {told.by}")


def _notes(child: Child) -> Iterator[Line]:
    """Discussions, decisions and interventions, and who leads the work with the child."""
    for told in chain(notes.happened(child), leading.happened(child)):
        yield Line(f"{told.title}, {moment_in_words(told.at)}", f"{told.text}\n\nWritten down by {told.by}")
    for lead in Lead.objects.filter(child__stands_for=child.pk).order_by("at"):
        drawn_in = lead.get_drawn_in_display()
        yield Line(
            f"Whether adults draw the child in, {moment_in_words(lead.at)}",
            f"{drawn_in}; it goes on: {lead.get_goes_on_display()}" if lead.goes_on else drawn_in,
        )


def _seen_by(child: Child) -> Iterator[Line]:
    """To whom it has been disclosed (UK GDPR, article 15(1)(c)): everybody who was ever given access."""
    grants = AccessGrant.objects.filter(child__stands_for=child.pk)
    yield Line("Who was given access to the record", level=2)
    for grant in grants.select_related("user__agency", "team__agency").order_by("since"):
        until = day_in_words(grant.until) if grant.until else "still"
        agency = grant.user.agency if grant.user else grant.team.agency if grant.team else None
        yield Line(
            _joined([grant.user or grant.team, agency]),
            f"{grant.get_reason_display()}; {day_in_words(grant.since)} until {until}",
        )


def _lines(blocks: Iterable[Block]) -> Iterator[Line]:
    """A document's blocks as lines, its headings one level lower."""
    for block in blocks:
        match block:
            case Heading():
                yield Line(block.text, level=min(block.level + 1, 4))
            case Paragraph() | Note():
                yield Line("", block.text)
            case BulletList():
                yield Line("", "\n".join(block.items))
            case KeyValues():
                yield from (Line(*row) for row in block.rows)
            case Table():
                heads = [column.heading for column in block.columns]
                for row in block.rows:
                    rest = zip(heads[1:], row.cells[1:], strict=True)
                    yield Line(row.cells[0], "\n".join(f"{head}: {cell}" for head, cell in rest if cell))


def _said(answers: Any, label: str = "") -> Iterator[Line]:
    """Whatever stands in answers as they are stored, word by word under its name."""
    if isinstance(answers, Mapping):
        for name, value in answers.items():
            yield from _said(value, _joined([label, str(name).replace("_", " ")]))
    elif isinstance(answers, list):
        for value in answers:
            yield from _said(value, label)
    elif isinstance(answers, str | int | float) and not isinstance(answers, bool):
        yield Line(label, str(answers))
    elif isinstance(answers, bool):
        yield Line(label, "yes" if answers else "no")
