"""The minutes of a meeting as a document: for the file, and for those who were there."""

from collections.abc import Iterator

from cre_toolkit.casework.meeting.minutes import Said, said_in
from cre_toolkit.casework.meeting.planning import title_of
from cre_toolkit.casework.models import Meeting, Minutes
from cre_toolkit.children.models import Child
from cre_toolkit.documents.dates import day_in_words, moment_in_words
from cre_toolkit.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Row,
    Table,
)

CAME = {"present": "Came", "apologies": "Sent apologies", "absent": "Did not come"}
LEVELS = {"low": "Low", "medium": "Medium", "high": "High"}


def minutes_document(child: Child, meeting: Meeting, minutes: Minutes, trail: str = "") -> Document:
    """The minutes as a document, each page marked; who the child is stands inside alone.

    Args:
        child: the record that stands for the child.
        meeting: with its chair.
        minutes: the version, with `in_error` (`meeting_queries.newest_minutes`).
        trail: where the audit trail ended when the document was fetched.
    """
    title = title_of(meeting, child.authority)
    return Document(
        title=f"Minutes: {title}",
        reference=f"{meeting.reference}-{minutes.version}",
        author_line=f"Recorded by {minutes.by.name}",
        time_line=(
            f"Held on {moment_in_words(minutes.held_at)}, recorded on {moment_in_words(minutes.entered_at)}"
        ),
        completed_at=minutes.entered_at,
        blocks=tuple(_blocks(child, meeting, minutes, said_in(minutes))),
        trail_line=trail,
        withdrawn_line=(
            "Recorded in error: this meeting no longer counts"
            if minutes.in_error  # type: ignore[attr-defined]
            else ""
        ),
    )


def _blocks(child: Child, meeting: Meeting, minutes: Minutes, said: Said) -> Iterator[Block]:
    planned = meeting.chair.name if meeting.chair else meeting.chair_words
    born = day_in_words(child.date_of_birth) if child.date_of_birth else "Not known"
    yield KeyValues(
        (
            ("Child", child.name),
            ("Date of birth", born),
            ("Reference of the record", child.reference),
            ("Held on", moment_in_words(minutes.held_at)),
            ("Chaired by", said.chaired_by or planned),
        ),
        headings=("The meeting", "As recorded"),
    )
    if minutes.why:
        yield Note(f"Version {minutes.version} of the minutes. What was wrong before: {minutes.why}")
    yield from _who_came(said)
    yield Heading("What was said")
    yield Paragraph(said.discussion or "Nothing was written down.")
    yield from _level(minutes, said)
    yield from _decided(said)
    yield from _next(said)


def _who_came(said: Said) -> Iterator[Block]:
    yield Heading("Who came")
    rows = tuple(Row((one.name, CAME[one.came])) for one in said.attendance)
    if rows:
        yield Table((Column("Who", 3), Column("Came or not", 2)), rows)
    if said.others:
        yield Paragraph(f"Also there: {said.others}")
    if not rows and not said.others:
        yield Paragraph("Not written down.")


def _level(minutes: Minutes, said: Said) -> Iterator[Block]:
    if not minutes.level and not said.level_why:
        return
    yield Heading("The level")
    yield Note(f"Agreed level: {LEVELS[minutes.level]}" if minutes.level else "No level was agreed")
    yield Paragraph(said.level_why)
    if said.dissent:
        yield Heading("Who did not agree", 3)
        columns = (Column("Who", 2), Column("Level", 1), Column("Why", 4, prose=True))
        rows = (Row((one.who, LEVELS.get(one.level or "", "Not said"), one.why)) for one in said.dissent)
        yield Table(columns, tuple(rows))


def _decided(said: Said) -> Iterator[Block]:
    yield Heading("What was decided")
    if said.decisions:
        columns = (Column("Decision", 3, prose=True), Column("Why", 3, prose=True), Column("Who decided", 2))
        yield Table(columns, tuple(Row((one.what, one.why, one.who)) for one in said.decisions))
    else:
        yield Paragraph("Nothing was decided.")
    yield Heading("Who does what")
    if said.actions:
        columns = (Column("Action", 4, prose=True), Column("Who", 2), Column("By when", 2))
        rows = (
            Row((one.what, one.owner_name, day_in_words(one.due_on) if one.due_on else "No date"))
            for one in said.actions
        )
        yield Table(columns, tuple(rows))
    else:
        yield Paragraph("Nothing was agreed.")


def _next(said: Said) -> Iterator[Block]:
    if not said.next_dates:
        return
    yield Heading("What comes next")
    rows = []
    for one in said.next_dates:
        planned = day_in_words(one.on) if one.on else "Not planned yet"
        later = f"{planned}. Later than proposed, because: {one.why_later}" if one.why_later else planned
        rows.append(Row((one.title, f"{day_in_words(one.proposed)} ({one.clock})", later)))
    columns = (Column("What", 2), Column("By the rules, by", 3), Column("Planned for", 3, prose=True))
    yield Table(columns, tuple(rows))
