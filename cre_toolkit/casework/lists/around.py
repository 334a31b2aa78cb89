"""What stands around a child on their page: family, agencies, network, the last notes, who leads.

One statement for all of it: this is the page that everybody opens, and each of these alone would be one more
way to the database and back.
"""

import datetime
import uuid
from collections.abc import Iterator, Sequence
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
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Left

from cre_toolkit.casework.case.happened import Happened
from cre_toolkit.casework.meeting.asked import open_actions
from cre_toolkit.casework.models import Lead, Meeting, Note, Referral, Transfer, TransitionStep
from cre_toolkit.casework.note.leading import leads
from cre_toolkit.casework.note.notes import DRAWN_IN, WHAT, title
from cre_toolkit.casework.referral.states import State
from cre_toolkit.casework.transfer.taking_on import waiting
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, AgencyInvolved, Child, FamilyMember, YesNoUnknown
from cre_toolkit.children.queries import AGENCY, FAMILY
from cre_toolkit.statements import Moment, statement

LAST_NOTES = 5
GIST = 160
"""So much of a note is shown; the timeline has all of it."""


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
    title: str
    """As a line of the timeline."""
    to_discuss: bool
    to_meet: bool


@dataclass(frozen=True, slots=True)
class OpenAction:
    """What a meeting asked for that is not done yet."""

    what: str
    owner: str
    due_on: datetime.date | None
    meeting: str
    """The reference of the meeting that asked for it."""
    pk: uuid.UUID
    owner_id: uuid.UUID | None
    """Whose it is to do, where they have an account."""
    chair_id: uuid.UUID | None
    """Who chairs the meeting, where they have an account."""


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """A meeting that is planned."""

    reference: str
    kind: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class AskedToReceive:
    """Another authority was asked to be responsible."""

    authority: str
    """Its id; blank where it does not use the service."""
    to_whom: str
    """Else who it is, in words."""
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class ReferredTo:
    """Somebody to whom the child was referred, and how far it has got."""

    reference: str
    whom: str
    """Blank where it reaches nobody."""
    state: State
    is_late: bool
    at: datetime.datetime

    @property
    def get_state_display(self) -> str:
        """The state in words, as a referral itself has it."""
        return str(self.state.label)


@dataclass(frozen=True, slots=True)
class NamedWorker:
    """Somebody was named as the allocated worker."""

    name: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a child."""

    family: list[dict[str, str]]
    agencies: list[dict[str, str]]
    network: list[Member]
    notes: list[Happened]
    """The last ones, the newest first."""
    lead: LeadNow | None
    actions: list[OpenAction]
    """What meetings asked for and is not done, the first due first."""
    meetings: list[NextMeeting]
    """Those that are planned, the next one first."""
    asked: AskedToReceive | None
    """The authority that was asked to be responsible and has not answered."""
    referrals: list[ReferredTo]
    """To whom the child was referred, the newest first."""
    named: NamedWorker | None
    """The allocated worker, where somebody else named them and they have not taken the child on yet."""
    turning_adult: bool
    """Whether a step on the way to adult services is recorded."""


def around(child: Child) -> Around:
    """What stands around a child whom the reader sees, as the caller has made sure. One query."""
    rows = _rows(child=child.stands_for)
    lead = next(_of(rows, "lead"), None)
    transfer, worker = next(_of(rows, "transfer"), None), next(_of(rows, "worker"), None)
    return Around(
        family=[dict(zip(FAMILY, row[2:6], strict=True)) for row in _of(rows, "family")],
        agencies=[dict(zip(AGENCY, row[2:5], strict=True)) for row in _of(rows, "agency")],
        network=list(dict.fromkeys(Member(*row[2:5]) for row in sorted(_of(rows, "network"), key=_by_name))),
        notes=[_note(row) for row in sorted(_of(rows, "note"), key=_moment, reverse=True)],
        lead=_lead(lead) if lead else None,
        actions=[_action(row) for row in sorted(_of(rows, "action"), key=_by_day)],
        meetings=[NextMeeting(row[2], row[3], row[6]) for row in sorted(_of(rows, "meeting"), key=_moment)],
        asked=AskedToReceive(transfer[2], transfer[3], transfer[6]) if transfer else None,
        referrals=[_referred(row) for row in sorted(_of(rows, "referral"), key=_moment, reverse=True)],
        named=NamedWorker(worker[2], worker[6]) if worker else None,
        turning_adult=any(_of(rows, "transition")),
    )


_Row = tuple[str, int, str, str, str, str, datetime.datetime, uuid.UUID, uuid.UUID | None, uuid.UUID | None]
"""What it is of, its place among those, four texts, a moment and three ids."""


def _of(rows: list[_Row], what: str) -> Iterator[_Row]:
    return (row for row in rows if row[0] == what)


def _by_name(row: _Row) -> str:
    return row[2].casefold()


def _moment(row: _Row) -> datetime.datetime:
    return row[6]


def _note(row: _Row) -> Happened:
    kind, gist, action, by = row[2:6]
    serves = kind == Note.Kind.INTERVENTION
    note = Note(kind=kind, service=gist if serves else "", action=action)
    text = "" if serves else gist if len(gist) < GIST else f"{gist.rstrip()}…"
    return Happened(
        at=row[6], entered_at=row[6], what=WHAT[Note.Kind(kind)], title=title(note), by=by, text=text
    )


def _by_day(row: _Row) -> tuple[bool, str]:
    """By the day on which it is due; what has none, last."""
    return not row[4], row[4]


def _action(row: _Row) -> OpenAction:
    what, owner, day, meeting = row[2:6]
    return OpenAction(what, owner, datetime.date.fromisoformat(day) if day else None, meeting, *row[7:])


def _lead(row: _Row) -> LeadNow:
    name, drawn_in, goes_on, discussed = row[2:6]
    drawn = drawn_in == YesNoUnknown.YES
    return LeadNow(name, row[6], leads(name), drawn and not discussed, drawn and goes_on == YesNoUnknown.YES)


def _referred(row: _Row) -> ReferredTo:
    reference, whom, state, late = row[2:6]
    return ReferredTo(reference, whom, State(state), bool(late), row[6])


def _whom() -> Case:
    """The recipient of a referral, as `Referral.whom` names them."""
    return Case(
        When(recipient="", then=Coalesce("team__name", "user__name")),
        default=F("recipient"),
        output_field=TextField(),
    )


def _gist() -> Case:
    """Of an intervention its service; of a decision or a discussion how it begins."""
    return Case(
        When(kind=Note.Kind.INTERVENTION, then=F("service")),
        When(kind=Note.Kind.DECISION, then=Left("decision", GIST)),
        default=Left("said", GIST),
        output_field=TextField(),
    )


_NO_IDS = (Cast(Value(None), UUIDField()),) * 3


@statement
def _rows(*, child: uuid.UUID) -> QuerySet[Any, Any]:
    family = FamilyMember.objects.filter(child=child)
    agencies = AgencyInvolved.objects.filter(child=child)
    network = AccessGrant.objects.filter(
        access.current(), child=child, user__isnull=False, user__is_active=True
    ).exclude(reason=AccessGrant.Reason.NAMED)
    # Neither SQLite nor the standard lets a part of a union have an order and an end of its own.
    notes = Note.objects.filter(child__stands_for=child, in_error=None)
    newest = Lead.objects.filter(child__stands_for=child).order_by("-at", "-pk").values("pk")[:1]
    lead = Lead.objects.filter(pk__in=newest).annotate(
        discussed=Exists(notes.filter(action=DRAWN_IN, entered_at__gte=newest.values("at")))
    )
    last = notes.filter(pk__in=notes.order_by("-at", "-pk").values("pk")[:LAST_NOTES])
    actions = open_actions().filter(child__stands_for=child)
    meetings = Meeting.objects.filter(child__stands_for=child, status=Meeting.Status.PLANNED)
    transfer = Transfer.objects.filter(child__stands_for=child, state=Transfer.State.ASKED)
    referrals = Referral.objects.filter(child__stands_for=child).exclude(state=State.WITHDRAWN)
    late = Case(When(chase_at__lte=Moment(), then=Value("late")), default=Value(""))
    worker = AccessGrant.objects.filter(waiting(), child__stands_for=child)
    return _as_rows(family, "family", *FAMILY, place="position").union(
        _as_rows(agencies, "agency", *AGENCY, place="position"),
        _as_rows(network, "network", "user__name", "user__job_title", "user__agency__name"),
        _as_rows(last, "note", "kind", _gist(), "action", "by__name", moment="at"),
        _as_rows(
            lead, "lead", "name", "drawn_in", "goes_on",
            Case(When(discussed=True, then=Value("yes")), default=Value("")), moment="at",
        ),
        _as_rows(
            actions, "action", "what", Coalesce("owner__name", "owner_words"), "due_on",
            "minutes__meeting__reference", ids=(F("pk"), F("owner"), F("minutes__meeting__chair")),
        ),
        _as_rows(meetings, "meeting", "reference", "kind", moment="at"),
        _as_rows(transfer, "transfer", "to", "to_whom", moment="asked_at"),
        _as_rows(referrals, "referral", "reference", _whom(), "state", late, moment="at"),
        _as_rows(worker, "worker", "user__name", moment="since"),
        _as_rows(TransitionStep.objects.filter(child__stands_for=child), "transition"),
        all=True,
    ).order_by("row_place")  # fmt: skip


def _as_rows(
    found: QuerySet[Any, Any],
    what: str,
    *texts: str | Case | Coalesce,
    place: str = "",
    moment: str = "",
    ids: Sequence[F | Cast] = _NO_IDS,
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
        **dict(zip(("id", "owner", "chair"), ids, strict=True)),
    }
    # Under names that no model has for a field of its own.
    named = {f"row_{name}": column for name, column in columns.items()}
    rows: QuerySet[Any, Any] = found.order_by().annotate(**named).values_list(*named)
    return rows
