"""The death of a child: recorded by a manager, told with care, and the end of everything that reminds.

The case is closed; nothing is due, and nobody is reminded, invited or counted as turning 18 from then on. The
record stays, to be read by whoever may see it, and is kept as long as the law says (`records/keeping.py`).
What was recorded in error is taken back by the same roles: both stay on the record.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.said_twice import recorded_by
from cre_toolkit.casework.case.state import refresh, state_of
from cre_toolkit.casework.ends.closing import close_held, last_closing, reopen_held
from cre_toolkit.casework.models import Closing, Death, DeathTakenBack
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children import access, network
from cre_toolkit.children.access import Act
from cre_toolkit.children.actions import write_died_on
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell


class Refused(ValueError):
    """It cannot be recorded as it is said; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What the service was told of a death."""

    died_on: datetime.date
    known: Death.Known
    told_by: str
    words: str = ""


def death_of(child: Child) -> Death | None:
    """The death that is on the record and was not taken back, with who recorded it. One query."""
    return _deaths(child).filter(taken_back=None).order_by("-at", "-id").first()


@transaction.atomic
@together()
def record_death(*, by: User, child: Child, told: Told, form_id: uuid.UUID) -> Death:
    """Record that a child has died. The same form sent twice records it once.

    Args:
        by: a manager who sees the child, which the caller has made sure of.
        child: who has died.
        told: what is known of it.
        form_id: minted with the form.

    Raises:
        NotAllowed: the user's roles do not include this.
        Refused: the day cannot be, or a death is on the record already.
    """
    access.check(access.standing_of(by), Act.RECORD_DEATH)
    held = hold(child)
    if earlier := recorded_by(Death, child=held, form_id=form_id):
        return earlier
    if held.died_on:
        raise Refused("The death is on the record already. Open the page again to read it.")
    _check_day(held, told.died_on)
    now = timezone.now()
    death = Death.objects.create(
        child=held,
        died_on=told.died_on,
        known=told.known,
        told_by=told.told_by,
        words=told.words,
        by=by,
        at=now,
        form_id=form_id,
    )
    write_died_on(by=by, child=held, died_on=told.died_on, kind="child.death-recorded")
    transferring.end_waiting(by=by, child=held, words="The child has died.")
    if state_of(held).closed:
        refresh(child=held, held=True)
    else:
        close_held(by=by, child=held, reason=Closing.Reason.DIED, words="", form_id=uuid.uuid4())
    tell(
        by=by,
        child=held,
        people=network.around(held),
        subject=f"Please read the record {held.reference} before you do anything else about it",
        body=(
            f"Something grave was recorded in CRE Toolkit about the child with the reference"
            f" {held.reference}, with whom you work.\n\n"
            "Sign in where you are undisturbed and read it before you telephone, write to or visit the"
            " family. Speak with your manager, also about how you are yourself. For safety this message says"
            " nothing more."
        ),
        cause=death.pk,
    )
    return death


@transaction.atomic
@together()
def take_back(*, by: User, child: Child, why: str) -> None:
    """Say that a death was recorded in error. Taken back already, it stays so.

    The case is opened again where the death had closed it, and what is due is due again.

    Args:
        by: a manager who sees the child, which the caller has made sure of.
        child: whose record.
        why: how it came to be recorded.

    Raises:
        NotAllowed: the user's roles do not include this.
    """
    access.check(access.standing_of(by), Act.RECORD_DEATH)
    held = hold(child)
    # Of two records that were merged, each may tell of it.
    deaths = list(_deaths(held).filter(taken_back=None))
    if not deaths:
        return
    now = timezone.now()
    DeathTakenBack.objects.bulk_create(
        DeathTakenBack(death=death, why=why, by=by, at=now) for death in deaths
    )
    write_died_on(by=by, child=held, died_on=None, kind="child.death-taken-back")
    closing = last_closing(held)
    if closing and closing.reason == Closing.Reason.DIED:
        reopen_held(by=by, child=held, words=why, form_id=uuid.uuid4())
    else:
        refresh(child=held, held=True)


@transaction.atomic(savepoint=False)
def carry(*, by: User, child: Child) -> None:
    """Write the death that stands on a record, or one merged into it, onto the child; or that there is none.

    Called where two records are merged or parted: nobody is asked to visit the family of a child who has
    died, and a child who lives is not taken for dead.

    Args:
        by: who merges or parts.
        child: the record that stands for the child, held.
    """
    stands = Death.objects.filter(child__stands_for=child.pk, taken_back=None).order_by("-at", "-id").first()
    died_on = stands.died_on if stands else None
    write_died_on(by=by, child=child, died_on=died_on, kind="child.death-carried")


def happened(child: Child) -> list[Happened]:
    """The death, and that it was recorded in error, for the timeline. One query."""
    told = []
    for death in _deaths(child):
        back = getattr(death, "taken_back", None)
        about = "about " if death.known == Death.Known.ABOUT else ""
        told.append(
            Happened(
                # Where only the day is known: its noon, so that no time zone moves it.
                at=min(death.at, _noon(death.died_on)),
                entered_at=death.at,
                what=What.CASE,
                title=f"The child died, {about}{death.died_on:%-d %B %Y}",
                by=str(death.by),
                text="\n".join(filter(None, [f"Told by {death.told_by}.", death.words])),
                day_only=True,
                in_error=back is not None,
            )
        )
        if back:
            told.append(
                Happened(
                    at=back.at,
                    entered_at=back.at,
                    what=What.CASE,
                    title="The death was recorded in error",
                    by=str(back.by),
                    text=back.why,
                )
            )
    return told


def _deaths(child: Child) -> QuerySet[Death]:
    deaths = Death.objects.filter(child__stands_for=child.stands_for)
    return deaths.select_related("by", "taken_back__by")


def _check_day(child: Child, day: datetime.date) -> None:
    if day > timezone.localdate():
        raise Refused("The day must be today or in the past.")
    if child.date_of_birth and day < child.date_of_birth:
        raise Refused("The day must not be before the child was born. Check both dates.")


def _noon(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
