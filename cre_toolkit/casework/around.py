"""What stands around a child on their page: family, agencies, network, the last notes, who leads.

One statement for all of it: this is the page that everybody opens, and each of these alone would be one more
way to the database and back.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from cre_toolkit.casework.happened import Happened
from cre_toolkit.casework.models import Lead, Note
from cre_toolkit.casework.notes import DRAWN_IN, WHAT, title
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, AgencyInvolved, Child, FamilyMember, YesNoUnknown
from cre_toolkit.children.queries import AGENCY, FAMILY
from cre_toolkit.statements import statement

LAST_NOTES = 5


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the network of practitioners."""

    name: str
    job_title: str
    agency: str


@dataclass(frozen=True, slots=True)
class LeadNow:
    """Who leads the work with the child, and what is open, as `leading.Leading` tells it in full."""

    name: str
    since: datetime.datetime
    to_discuss: bool
    to_meet: bool


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a child."""

    family: list[dict[str, str]]
    agencies: list[dict[str, str]]
    network: list[Member]
    notes: list[Happened]
    """The last ones, the newest first."""
    lead: LeadNow | None


def around(child: Child) -> Around:
    """What stands around a child whom the reader sees, as the caller has made sure. One query."""
    rows = _rows(child=child.stands_for)
    lead = next(iter(_of(rows, "lead")), None)
    return Around(
        family=[dict(zip(FAMILY, row[2:6], strict=True)) for row in _of(rows, "family")],
        agencies=[dict(zip(AGENCY, row[2:5], strict=True)) for row in _of(rows, "agency")],
        network=list(dict.fromkeys(Member(*row[2:5]) for row in sorted(_of(rows, "network"), key=_by_name))),
        notes=[_note(row) for row in sorted(_of(rows, "note"), key=_moment, reverse=True)],
        lead=_lead(lead) if lead else None,
    )


_Row = tuple[str, int, str, str, str, str, datetime.datetime]
"""What it is of, its place among those, four texts and a moment."""


def _of(rows: list[_Row], what: str) -> Iterator[_Row]:
    return (row for row in rows if row[0] == what)


def _by_name(row: _Row) -> str:
    return row[2].casefold()


def _moment(row: _Row) -> datetime.datetime:
    return row[6]


def _note(row: _Row) -> Happened:
    kind, service, action, by = row[2:6]
    note = Note(kind=kind, service=service, action=action)
    return Happened(at=row[6], entered_at=row[6], what=WHAT[Note.Kind(kind)], title=title(note), by=by)


def _lead(row: _Row) -> LeadNow:
    name, drawn_in, goes_on, discussed = row[2:6]
    drawn = drawn_in == YesNoUnknown.YES
    return LeadNow(name, row[6], drawn and not discussed, drawn and goes_on == YesNoUnknown.YES)


@statement
def _rows(*, child: uuid.UUID) -> QuerySet[Any, Any]:
    family = FamilyMember.objects.filter(child=child)
    agencies = AgencyInvolved.objects.filter(child=child)
    network = AccessGrant.objects.filter(
        access.current(), child=child, user__isnull=False, user__is_active=True
    ).exclude(reason=AccessGrant.Reason.NAMED)
    # Neither SQLite nor the standard lets a part of a union have an order and an end of its own.
    notes = Note.objects.filter(child__stands_for=child)
    newest = Lead.objects.filter(child__stands_for=child).order_by("-at", "-pk").values("pk")[:1]
    leads = Lead.objects.filter(pk__in=newest).annotate(
        discussed=Exists(notes.filter(action=DRAWN_IN, entered_at__gte=newest.values("at")))
    )
    last = notes.filter(pk__in=notes.order_by("-at", "-pk").values("pk")[:LAST_NOTES])
    return _as_rows(family, "family", *FAMILY, place="position").union(
        _as_rows(agencies, "agency", *AGENCY, place="position"),
        _as_rows(network, "network", "user__name", "user__job_title", "user__agency__name"),
        _as_rows(last, "note", "kind", "service", "action", "by__name", moment="at"),
        _as_rows(
            leads, "lead", "name", "drawn_in", "goes_on",
            Case(When(discussed=True, then=Value("yes")), default=Value("")), moment="at",
        ),
        all=True,
    ).order_by("row_place")  # fmt: skip


def _as_rows(
    found: QuerySet[Any, Any], what: str, *texts: str | Case, place: str = "", moment: str = ""
) -> QuerySet[Any, Any]:
    """Rows of one table in the columns that all parts of the union have."""
    # Of one type each, in every part.
    said: list[Any] = [
        Coalesce(Cast(text, TextField()), Value(""), output_field=TextField()) for text in texts
    ]
    said += [Cast(Value(""), TextField())] * (4 - len(said))
    columns: dict[str, Any] = {
        "what": Value(what, CharField()),
        "place": F(place) if place else Value(0, IntegerField()),
        **dict(zip(("first", "second", "third", "fourth"), said, strict=True)),
        "moment": F(moment) if moment else Cast(Value(None), DateTimeField()),
    }
    # Under names that no model has for a field of its own.
    named = {f"row_{name}": column for name, column in columns.items()}
    rows: QuerySet[Any, Any] = found.order_by().annotate(**named).values_list(*named)
    return rows
