"""What the minutes of a meeting say, as data: attendance, discussion, level, dissent, decisions, actions."""

import datetime
import uuid
from typing import Literal

from pydantic import BaseModel, ConfigDict

from cre_toolkit.casework.models import Minutes
from cre_toolkit.rules.packmodel import Level

Came = Literal["present", "apologies", "absent"]


class _Part(BaseModel):
    """Strict and immutable: a correction makes a new one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Attendance(_Part):
    """Whether somebody came. The name as it was then; the account where there is one."""

    name: str
    came: Came
    user: uuid.UUID | None = None


class Dissent(_Part):
    """Somebody who did not agree: to which level they would have, and why."""

    who: str
    level: Level | None = None
    why: str


class Decision(_Part):
    """What was decided, why, and who made the decision (B13)."""

    what: str
    why: str = ""
    who: str = ""


class ActionAgreed(_Part):
    """What somebody does, and by when."""

    what: str
    owner: uuid.UUID | None = None
    owner_name: str = ""
    due_on: datetime.date | None = None


class NextDate(_Part):
    """When the next meeting of a kind is: what the rules proposed, what was agreed, and why later."""

    title: str
    proposed: datetime.date
    clock: str
    """In words: "High: 4 weeks, Derby"."""
    on: datetime.date | None = None
    why_later: str = ""


class Said(_Part):
    """All that the minutes say besides the kind of meeting and when it was held."""

    attendance: tuple[Attendance, ...] = ()
    chaired_by: str = ""
    """Who chaired it, who may be somebody else than was planned."""
    others: str = ""
    """Who else came, in words."""
    discussion: str = ""
    level: Level | None = None
    level_why: str = ""
    """The reasons for the level; where none was agreed, why not."""
    dissent: tuple[Dissent, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[ActionAgreed, ...] = ()
    next_dates: tuple[NextDate, ...] = ()


def said_in(minutes: Minutes) -> Said:
    """What a version of the minutes says."""
    return Said.model_validate(minutes.content)
