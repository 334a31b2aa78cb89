"""Turning 18, or 25 with SEND: what is agreed with Adult Safeguarding, and for whom it is still to be agreed.

Source: CRE 2020, pages 3 and 5; case.md, `turning 18, 25`; toolkit.md, B11. The rules say what is due and
from when; here it is recorded how far it has come, and the agreed step does it.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.models import CaseEvent, TransitionStep
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.rules.authority import CaseActionId
from cre_toolkit.rules.casestate import BIRTHDAYS, CaseState
from cre_toolkit.rules.deadlines import birthday

Step = TransitionStep.Step
Birthday = TransitionStep.Birthday
# What is due on a birthday, and what an assessment of an adult asks for.
DUE_ON: dict[TransitionStep.Birthday, CaseActionId] = {
    Birthday.EIGHTEEN: "adult-transition",
    Birthday.TWENTY_FIVE: "scope-ends",
}
OF_AN_ADULT = "adult-safeguarding-transfer"
# From this birthday on it is shown (case.md, `turning 18, 25`).
BEGINS_AT = next(shown_at for id_, shown_at, _ in BIRTHDAYS if id_ == DUE_ON[Birthday.EIGHTEEN])
# Where only an age is known, it is asked from this age on.
ASKED_FROM = 16


class Refused(ValueError):
    """It cannot be recorded as it is said; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """How far it has come, as somebody says it on a day."""

    birthday: TransitionStep.Birthday
    step: TransitionStep.Step
    on: datetime.date
    who: str
    agreed: str = ""
    starts_on: datetime.date | None = None
    wants: str = ""
    shared: YesNoUnknown
    shared_why: str


@dataclass(frozen=True, slots=True)
class Turning:
    """A young person on the list of those who turn 18, or 25."""

    child: Child
    birthday: int | None
    """Which; None where only an age is known."""
    on: datetime.date | None
    """The day; on 1 March for somebody born on 29 February, where the year has none."""
    step: str
    """How far it has come; blank where nothing was begun."""

    def months_left(self, today: datetime.date) -> int | None:
        """Whole months until the day; negative once it is past."""
        if self.on is None:
            return None
        months = (self.on.year - today.year) * 12 + self.on.month - today.month
        return months - (self.on.day < today.day)


def begins_on(child: Child) -> datetime.date | None:
    """The day from which the transition is planned; None where the date of birth is not known."""
    return birthday(child.date_of_birth, BEGINS_AT) if child.date_of_birth else None


def has_begun(child: Child, today: datetime.date) -> bool:
    """Whether the transition is to be planned by now; where the age is not known, it may be."""
    on = begins_on(child)
    if on:
        return on <= today
    age = child.age_on(today)
    return age is None or age >= ASKED_FROM


def steps_of(child: Child) -> list[TransitionStep]:
    """Every step, the newest first, with who recorded it. One query."""
    steps = TransitionStep.objects.filter(child__stands_for=child.stands_for).select_related("by")
    return list(steps.order_by("-at", "-id"))


@transaction.atomic
@together()
def plan(*, by: User, child: Child, said: Said, form_id: uuid.UUID) -> TransitionStep:
    """Record a step on the way to adult services; the agreed one does what is due for that birthday.

    The same form sent twice records one step.

    Args:
        by: somebody who works with children and sees this one, which the caller has made sure of.
        child: whose transition.
        said: how far it has come.
        form_id: minted with the form.

    Raises:
        NotAllowed: the user's roles do not include this.
        Refused: the day lies in the future, or what was agreed is not said.
    """
    access.check(access.standing_of(by), Act.PLAN_TRANSITION)
    held = hold(child)
    earlier = TransitionStep.objects.filter(form_id=form_id, child__stands_for=held.pk).first()
    if earlier:
        return earlier
    if said.on > timezone.localdate():
        raise Refused("The day must be today or in the past.")
    if said.step == Step.AGREED and not (said.agreed.strip() and said.starts_on):
        raise Refused("Say what is agreed, and from when.")
    step = TransitionStep.objects.create(
        child=held,
        birthday=said.birthday,
        step=said.step,
        on=said.on,
        who=said.who,
        agreed=said.agreed,
        starts_on=said.starts_on,
        wants=said.wants,
        shared=said.shared,
        shared_why=said.shared_why,
        by=by,
        at=timezone.now(),
        form_id=form_id,
    )
    audit.record(
        by=by,
        kind="transition.recorded",
        authority=held.authority,
        child=held.pk,
        subject_kind="transition-step",
        subject=step.pk,
        detail={"step": said.step, "birthday": int(said.birthday)},
    )
    if said.step == Step.AGREED:
        agreed_at = min(step.at, _end_of(said.on))
        done = _done(by=by, child=held, birthday_=said.birthday, state=state_of(held), at=agreed_at)
        if done:
            enter(by=by, child=held, events=done)
    return step


def _done(
    *, by: User, child: Child, birthday_: TransitionStep.Birthday, state: CaseState, at: datetime.datetime
) -> list[CaseEvent]:
    """What an agreement does. It counts also before the year in which it is shown (case.md, `done`)."""
    action = DUE_ON[birthday_]
    found = ticks(by=by, child=child, state=state, actions=[OF_AN_ADULT], at=at)
    if not any(one.entry.id == action for one in state.done):
        found.append(
            event(
                by=by,
                child=child,
                kind=CaseEvent.Kind.DONE,
                at=at,
                keys={"action": action, "event": None},
            )
        )
    return found


def turning(standing: access.Standing, today: datetime.date) -> list[Turning]:
    """Who turns 18, or 25 with SEND, within a year, whose day is past and not agreed, and whose is not known.

    Of the children whom somebody sees and whose case is open, soonest first; those of whom only an age is
    known, 16 or more, come last. Two queries.

    Args:
        standing: of a manager.
        today: the day.

    Raises:
        NotAllowed: the user's roles do not include this.
    """
    access.check(standing, Act.SEE_TRANSITIONS)
    ends = CaseEvent.objects.filter(child__stands_for=OuterRef("stands_for"), kind__in=("closed", "reopened"))
    children = (
        access.visible_to(standing.user, standing)
        .filter(_of_an_age(today), died_on=None)
        .annotate(last_end=Subquery(ends.order_by("-at", "-entered_at", "-id").values("kind")[:1]))
        .filter(Q(last_end=None) | Q(last_end="reopened"))
        .select_related("allocated_worker")
        .order_by("family_name", "given_names", "pk")
    )
    found = list(children)
    steps: dict[tuple[uuid.UUID, int], str] = {}
    of_them = TransitionStep.objects.filter(child__stands_for__in=[one.pk for one in found])
    for child_id, age, step in of_them.order_by("at").values_list("child__stands_for", "birthday", "step"):
        steps[child_id, age] = step
    rows = [row for child in found for row in _rows(child, today, steps)]
    return sorted(rows, key=lambda row: (row.on is None, row.on or today))


def _rows(child: Child, today: datetime.date, steps: dict[tuple[uuid.UUID, int], str]) -> Iterator[Turning]:
    born = child.date_of_birth
    if born is None:
        if (child.age_on(today) or 0) >= ASKED_FROM:
            yield Turning(child, None, None, steps.get((child.pk, 18), ""))
        return
    for age in (18, 25) if child.send == YesNoUnknown.YES else (18,):
        step = steps.get((child.pk, age), "")
        settled = birthday(born, age) <= today and (step == Step.AGREED or not _at_risk(child))
        if birthday(born, age - 1) <= today and not settled:
            yield Turning(child, age, birthday(born, age), step)


def _at_risk(child: Child) -> bool:
    """At the levels at which the rules have the transfer agreed (case.md, `turning 18, 25`)."""
    return child.working_level in ("medium", "high")


def _of_an_age(today: datetime.date) -> Q:
    """Those who may belong on the list: from the 17th birthday on, and with an age alone, 16 or more."""
    # Born on 29 February, somebody turns 17 on 1 March at the latest: a day too many does no harm here.
    youngest = today.replace(year=today.year - 17, day=min(today.day, 28)) + datetime.timedelta(days=3)
    # An estimate grows with the years, which `age_on` knows.
    return Q(date_of_birth__lte=youngest) | Q(date_of_birth=None, estimated_age__isnull=False)


def happened(child: Child) -> list[Happened]:
    """The steps on the way to adult services, for the timeline. One query."""
    return [
        Happened(
            at=min(one.at, _end_of(one.on)),
            entered_at=one.at,
            what=What.CASE,
            title=f"Transition to adult services at {one.birthday}: {one.get_step_display().lower()}",
            by=str(one.by),
            text="\n".join(filter(None, (one.who, one.agreed))),
            page="child-transition",
            page_of=(child.reference,),
            day_only=True,
        )
        for one in steps_of(child)
    ]


def _end_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))
