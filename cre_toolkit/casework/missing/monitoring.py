"""Who is missing and who was lately: the list of the authority's monitoring group, and of a manager's own.

Source: CRE 2020, page 23; toolkit.md, B10.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from cre_toolkit.casework.missing.told import Episode, told
from cre_toolkit.casework.models import MissingEpisode, MissingPlan, ReturnInterview
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.models import Child, YesNoUnknown

DAYS = 90
"""How far the list looks back where nobody says otherwise: as far as the rule of the plan does."""


@dataclass(frozen=True, slots=True)
class OnTheList:
    """A child who is missing, or was within the days asked about, with those episodes, the newest first."""

    child: Child
    seen: bool
    """Whether the reader sees the child's record, and not only this list."""
    episodes: Sequence[Episode]
    plan: MissingPlan | None
    """The plan against further episodes, as it was agreed or reviewed last."""

    @property
    def missing_since(self) -> datetime.datetime | None:
        newest = self.episodes[0]
        return None if newest.until else newest.since

    @property
    def counted(self) -> int:
        """How many episodes there were; not those that were none."""
        return sum(not one.was_none for one in self.episodes)

    @property
    def outcomes(self) -> list[tuple[datetime.datetime, str]]:
        """What became of the interview after each return, the newest first."""
        return [(one.until, one.outcome) for one in self.episodes if one.until]


def on_the_list(
    standing: access.Standing, since: datetime.date, until: datetime.date, authority: str = ""
) -> list[OnTheList]:
    """The children whose episodes somebody watches over (`access.monitors`). Three queries.

    Those who are missing now stand first, the longest missing on top, whenever they went; then those who were
    missing on one of these days, the newest episode first.

    Args:
        standing: of whoever asks.
        since: the first day asked about.
        until: the last day.
        authority: the children of this authority alone; of all where it is blank.
    """
    begins, ends = _midnight(since), _midnight(until + datetime.timedelta(days=1))
    within = Q(event__at__lt=ends, ended__event__at__gte=begins)
    episodes = MissingEpisode.objects.filter(Q(ended=None) | within, access.monitors(standing, "child__"))
    if authority:
        episodes = episodes.filter(child__authority=authority)
    sees = ExpressionWrapper(access.sees(standing, "child__"), output_field=BooleanField())
    whole = told(episodes.select_related("child__merged_into").annotate(seen=sees))
    by_child = sorted(whole, key=lambda one: one.missing.child.stands_for)
    plans = _plans({one.missing.child.stands_for for one in whole})
    listed = [
        OnTheList(own[0].missing.child.kept, own[0].missing.seen, own, plans.get(stands_for))  # type: ignore[attr-defined]
        for stands_for, own in (
            (stands_for, list(each))
            for stands_for, each in groupby(by_child, lambda one: one.missing.child.stands_for)
        )
    ]
    # Nobody waits for the return of a child who has died.
    now = sorted(
        (one for one in listed if one.missing_since and not one.child.died_on),
        key=lambda one: one.episodes[0].since,
    )
    back = [one for one in listed if not one.missing_since]
    return now + sorted(back, key=lambda one: one.episodes[0].since, reverse=True)


def _plans(children: Collection[uuid.UUID]) -> dict[uuid.UUID, MissingPlan]:
    """The newest plan of each of these children who has one. One query."""
    plans = MissingPlan.objects.filter(child__stands_for__in=children).select_related("child")
    return {plan.child.stands_for: plan for plan in plans.order_by("agreed_on", "entered_at")}


def missing_now(standing: access.Standing) -> QuerySet[MissingEpisode] | None:
    """The episodes that last, of children whom somebody watches over; None where it is no duty of theirs."""
    if not any(access.may(standing, act) for act in (Act.MONITOR_MISSING, Act.MONITOR_MISSING_OF_TEAM)):
        return None
    return MissingEpisode.objects.filter(
        access.monitors(standing, "child__"), ended=None, child__died_on=None
    )


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the return interviews of a list, in numbers."""

    returns: int
    held: int
    declined: int
    not_possible: int
    none_yet: int
    independent: int
    """Of those that were held."""


def counts(listed: Sequence[OnTheList]) -> Counts:
    """How many returns there were and what became of the interview after each, by its newest step."""
    returned = [one for child in listed for one in child.episodes if one.returned and not one.was_none]
    newest = [one.interviews[-1] for one in returned if one.interviews]
    steps = Counter(step.step for step in newest)
    held = [step for step in newest if step.step == ReturnInterview.Step.HELD]
    return Counts(
        returns=len(returned),
        held=len(held),
        declined=steps[ReturnInterview.Step.DECLINED],
        not_possible=steps[ReturnInterview.Step.NOT_POSSIBLE],
        none_yet=len(returned) - len(newest) + steps[ReturnInterview.Step.OFFERED],
        independent=sum(step.independent == YesNoUnknown.YES for step in held),
    )
