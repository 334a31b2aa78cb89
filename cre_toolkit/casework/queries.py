"""What pages ask of a case."""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import Case, F, Q, QuerySet, When
from django.utils import timezone

from cre_toolkit.accounts.models import Membership, User
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.models import Call, Due
from cre_toolkit.casework.state import state_of
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.rules.authority import AuthorityPack
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.rules.loading import load_authority


@dataclass(frozen=True, slots=True)
class DueEntry:
    """One thing that is due on a case, in the words of the authority's pack."""

    action: str
    to: str
    text: str
    due_at: datetime.datetime | None
    due_on: datetime.date | None
    overdue: bool
    child: Child

    @property
    def is_call(self) -> bool:
        """Whether it is a telephone call, which comes before everything else and is logged."""
        return self.action in Call.To.values


def pack_of(child: Child) -> AuthorityPack:
    """The pack of the child's authority that is in force today."""
    return load_authority(child.authority).on(timezone.localdate())


def case_of(child: Child) -> CaseState:
    """The state of the case now, worked out from its events. One query."""
    return state_of(child)


def due_for(child: Child) -> list[DueEntry]:
    """What is due on one case: telephone calls first, then by date, what has no date last. One query."""
    return _entries(Due.objects.filter(child=child))


def due_for_user(user: User, most: int = 20) -> list[DueEntry]:
    """What is due on the children that the user has a grant of their own to, the most overdue first."""
    mine = access.visible_to(user).filter(grants__user=user, grants__until=None)
    return _entries(Due.objects.filter(child__in=mine), most)


def sent_to(user: User, standing: access.Standing, most: int = 10) -> QuerySet[Record]:
    """What was sent to the user, to a team of theirs, or by somebody whom they manage; the newest first.

    One query. The user's own are left out: they know.
    """
    sent = access.grants_for(standing).filter(reason=AccessGrant.Reason.SENT)
    managed = Membership.objects.filter(team__in=standing.managed, until=None)
    return (
        Record.objects.filter(
            Q(child__in=sent.values("child")) | Q(author__in=managed.values("user")),
            child__in=access.visible_to(user, standing),
        )
        .exclude(author=user)
        .select_related("child", "assessment", "author")
        .order_by("-sent_at")[:most]
    )


def _entries(rows: QuerySet[Due], most: int | None = None) -> list[DueEntry]:
    now = timezone.now()
    ordered = rows.select_related("child").order_by(
        # Calls come first before anything is cut off: a danger never falls behind older work.
        Case(When(action__in=Call.To.values, then=0), default=1),
        F("overdue_after").asc(nulls_last=True),
        "action",
    )
    entries = [
        DueEntry(
            action=row.action,
            to=row.to,
            text=row.text,
            due_at=row.due_at,
            due_on=row.due_on,
            overdue=row.overdue_after is not None and row.overdue_after < now,
            child=row.child,
        )
        for row in ordered[:most]
    ]
    return sorted(_calls_once(entries), key=_calls_first)


def _calls_once(entries: list[DueEntry]) -> list[DueEntry]:
    """A call that several events ask for is one call, due when the first asked; logging it does them all."""
    seen: set[tuple[uuid.UUID, str]] = set()
    kept = []
    for entry in entries:
        call = (entry.child.pk, entry.action)
        if not entry.is_call or call not in seen:
            kept.append(entry)
        seen.add(call)
    return kept


def _calls_first(entry: DueEntry) -> tuple[bool, bool]:
    """Sorting is stable: the order of the database holds within each."""
    return not entry.is_call, entry.due_at is None and entry.due_on is None


def calls_of(assessment: Assessment) -> QuerySet[Call]:
    """The telephone calls logged for one assessment, newest first."""
    return Call.objects.filter(assessment=assessment).select_related("by").order_by("-at")


def calls_about(child: Child) -> QuerySet[Call]:
    """The telephone calls logged about a child, newest first."""
    return Call.objects.filter(child=child).select_related("by").order_by("-at")
