"""The pack of the monthly tasking meeting: the list as a document to read from, and as lines of a file."""

import datetime
from collections.abc import Iterator, Sequence

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.tasking.listing import ON_THE_LIST, Case, TaskingList
from cre_toolkit.children.models import Child
from cre_toolkit.documents.dates import LONDON, day_in_words, moment_in_words
from cre_toolkit.documents.model import (
    Block,
    BulletList,
    Column,
    Document,
    Heading,
    Note,
    Paragraph,
    Row,
    Table,
)

HEADS = (
    "Reference",
    "Name",
    "Age",
    "Level",
    "Since the last meeting",
    "Allocated worker",
    "What was asked",
    "Of whom",
    "By when",
    "How far it is",
    "Newest answer",
)


def lines(found: TaskingList, today: datetime.date) -> list[Sequence[object]]:
    """The list for a file: a line for each request, and one for a case of which nothing is asked.

    After it stand the requests that are still open of cases no longer on the list.
    """
    told: list[Sequence[object]] = []
    for case in (*found.cases, *found.left):
        child = case.child
        own = (
            child.reference,
            child.name,
            _age(child, today),
            child.working_level,
            str(case.change),
            _worker(child),
        )
        told += [
            (
                *own,
                one.request.asked,
                one.request.of_whom,
                one.request.by_when.isoformat() if one.request.by_when else "",
                one.how_far,
                one.newest.words if one.newest else "",
            )
            for one in case.asked
        ] or [(*own, "", "", "", "", "")]
    return told


def document(found: TaskingList, *, authority_name: str, by: User, now: datetime.datetime) -> Document:
    """The list as a document. No name of a child is in its title or properties.

    Args:
        found: the list.
        authority_name: the authority's.
        by: who fetches it, for every page.
        now: when.
    """
    day = now.astimezone(LONDON).date()
    return Document(
        title=f"Monthly tasking: {authority_name}",
        reference=f"tasking-{found.authority}-{day.isoformat()}",
        author_line=f"Fetched by {by.name}" + (f", {by.agency}" if by.agency else ""),
        time_line=f"The list as it stood on {moment_in_words(now)}",
        completed_at=now,
        blocks=tuple(_blocks(found, day)),
    )


def _blocks(found: TaskingList, today: datetime.date) -> Iterator[Block]:
    yield Heading("What has changed")
    if found.last:
        yield Paragraph(f"The last tasking meeting on the record was held on {day_in_words(found.last.at)}.")
    else:
        yield Paragraph("No tasking meeting is on the record yet: every case is new.")
    yield BulletList(
        (
            *(f"{change}: {found.changed(change)}" for change in ON_THE_LIST),
            f"No longer at medium or high: {len(found.off) + found.off_unseen}",
        )
    )
    yield Heading("Medium and high cases")
    if found.cases:
        columns = (
            Column("Name", 6),
            Column("Reference", 5),
            Column("Age", 2),
            Column("Level", 3),
            Column("Since the last meeting", 5),
            Column("Allocated worker", 5),
        )
        yield Table(columns, tuple(_row(case, today) for case in found.cases))
    else:
        yield Note("No case is at medium or high.")
    yield Heading("Requests and answers")
    if not any(case.asked for case in found.cases):
        yield Paragraph("Nothing that the meeting asked for is open.")
    yield from _of_each(found.cases)
    if found.left or found.left_unseen:
        yield Heading("Requests still open of cases no longer on the list")
        yield from _of_each(found.left)
    if found.left_unseen:
        yield Note(left_unseen(found.left_unseen))


def left_unseen(number: int) -> str:
    """What is said of the cases with open requests that have left the list and the reader's sight."""
    if number == 1:
        return "There is one more, whose record you do not see. Its allocated worker can answer."
    return f"There are {number} more, whose records you do not see. Their allocated workers can answer."


def _of_each(cases: Sequence[Case]) -> Iterator[Block]:
    for case in cases:
        if case.asked:
            yield Heading(f"{case.child.name} ({case.child.reference})", level=3)
            yield _requests(case)


def _row(case: Case, today: datetime.date) -> Row:
    child = case.child
    return Row(
        (
            child.name,
            child.reference,
            _age(child, today),
            child.working_level.capitalize(),
            str(case.change),
            _worker(child),
        )
    )


def _requests(case: Case) -> Table:
    columns = (
        Column("What was asked", 6, prose=True),
        Column("Of whom", 5),
        Column("By when", 4),
        Column("How far it is", 4),
        Column("Newest answer", 5, prose=True),
    )
    rows = [
        Row(
            (
                one.request.asked,
                one.request.of_whom,
                day_in_words(one.request.by_when) if one.request.by_when else "",
                one.how_far,
                one.newest.words if one.newest else "",
            )
        )
        for one in case.asked
    ]
    return Table(columns, tuple(rows), row_headers=False)


def _age(child: Child, today: datetime.date) -> str:
    age = child.age_on(today)
    return "not known" if age is None else str(age)


def _worker(child: Child) -> str:
    return child.allocated_worker.name if child.allocated_worker else child.worker_name or "None known"
