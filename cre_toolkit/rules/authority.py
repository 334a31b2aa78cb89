"""An authority: who is told what, by when, who reviews, and whom to telephone. A dated series of packs.

A pack is read from `packs/authorities/<id>/<first day>.toml`. What differs between authorities stands there
alone: no rule asks which authority it is working for, and a third authority is a new file.
"""

import re
from bisect import bisect_right
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, PrivateAttr

from cre_toolkit.rules.packmodel import Identifier, Level, PackModel, Text

Condition = Literal[
    "immediate-risk",
    "open",
    "not-open",
    "identified",
    "plan",
    "looked-after",
    "persons-or-places",
    "adult",
    "below-indicated",
]
"""What an action may depend on. Not known counts as false, so a case not known to be open is `not-open`.
`identified`: some indicator is. `adult`: 18 or over. `below-indicated`: the recorded level is."""

MeetingType = Literal[
    "cre-review",
    "high-risk-strategy",
    "medium-risk-strategy",
    "cpm-vc-review",
    "team-manager-review",
    "team-around-family",
    "network",
    "core-group",
    "missing-strategy",
    "tasking",
    "professionals",
]
"""The kinds of meeting of the case contract."""

ActionId = Literal[
    "telephone-social-care",
    "telephone-police",
    "refer-front-door",
    "refer-police",
    "send-to-social-care",
    "tell-manager",
    "threshold-discussion",
    "contact-cpm-vc",
    "discuss-team-manager",
    "tell-cpm-vc",
    "high-risk-strategy-meeting",
    "medium-risk-strategy-meeting",
    "child-protection-plan",
    "looked-after-discussion",
    "refer-social-care",
    "information-report",
    "adult-safeguarding-transfer",
]
"""The actions of the assessment contract, in its order (`refer-social-care` is `cse-2017`'s own)."""

CaseActionId = Literal[
    "bring-meeting-forward",
    "reassess",
    "missing-strategy-meeting",
    "return-interview",
    "missing-plan",
    "adult-transition",
    "scope-ends",
]
"""The actions of the case contract, which come from events and not from an assessment."""

ReviewId = Literal["review", "team-manager-review", "cpm-vc-review", "monthly-tasking"]

_DUE = re.compile(r"now|PT([1-9][0-9]{0,2})H|")
_EVERY = re.compile(r"P(?:([1-9][0-9]?)W|([1-9][0-9]?)M)")


def _due(text: str) -> str:
    if not _DUE.fullmatch(text):
        raise ValueError(f'{text!r} is not a due time: "now", hours such as "PT24H", or "" for none')
    return text


def _every(text: str) -> str:
    if not _EVERY.fullmatch(text):
        raise ValueError(f'{text!r} is not an interval: weeks such as "P4W" or months such as "P3M"')
    return text


class Telephone(PackModel):
    """A name and its number."""

    name: Text
    telephone: Text


class FrontDoor(PackModel):
    """Where a new concern goes."""

    name: Text
    telephone: Text
    out_of_hours: Telephone | None = None
    note: Text | None = None
    """What is known of it since the document, dated."""


class Roles(PackModel):
    """What this authority calls the roles of the service."""

    practitioner: Text
    allocated_worker: Text
    team_manager: Text
    child_protection_manager: Text
    deputy_child_protection_manager: Text | None = None
    front_door: Text
    police_referral_unit: Text
    head_of_service: Text
    champion: Text
    analyst: Text
    records_auditor: Text
    administrator: Text


class Contact(PackModel):
    """A number or address, with the day of its source and that from which it must be checked."""

    id: Identifier
    name: Text
    telephone: Text | None = None
    website: Text | None = None
    note: Text | None = None
    local: bool
    """Local to the authority; otherwise national."""
    as_of: date
    check_from: date
    """Shown with "check before use" from this day on."""
    source: Text


class Action(PackModel):
    """A row of the table of actions: when it holds, the action is due.

    An action whose recipient, wording or time depends on the case has several rows, one after the other; the
    first that holds is the action. So the table is read from top to bottom, and each row says one thing.
    """

    id: ActionId
    to: Text
    due: Annotated[str, AfterValidator(_due)] = ""
    levels: tuple[Level, ...] = ()
    """The recorded levels at which the row holds. Empty: at any, and while none is recorded."""
    when: tuple[Condition, ...] = ()
    """All of them must hold."""
    instruments: tuple[Identifier, ...] = ("cre-2020",)
    out_of_scope: bool = False
    """The row is for someone out of the toolkit's scope. All other rows are for those in scope."""
    done_by_meeting: MeetingType | None = None
    """The first meeting of this type does it."""
    text: Text
    source: Text

    @cached_property
    def due_after_hours(self) -> int | None:
        """Hours from completion to the due time: 0 for now, None where there is no due time."""
        if not self.due:
            return None
        matched = _DUE.fullmatch(self.due)
        return int(matched[1]) if matched and matched[1] else 0

    def holds(self, conditions: AbstractSet[str], level: str | None) -> bool:
        """Whether the row holds.

        Args:
            conditions: what holds of the case, of the vocabulary `Condition`.
            level: the recorded level, or None.
        """
        return conditions >= self._when and (not self.levels or level in self.levels)

    @cached_property
    def _when(self) -> frozenset[str]:
        return frozenset(self.when)


class Review(PackModel):
    """A row of the table of reviews: a regular meeting, as long as the level is one of these."""

    id: ReviewId
    title: Text
    levels: tuple[Level, ...]
    by: Text
    every: Annotated[str, AfterValidator(_every)]
    restarted_by: tuple[MeetingType, ...]
    """Only these meetings restart its clock."""
    text: Text
    source: Text

    @cached_property
    def days(self) -> int:
        """The interval's days; 0 where it is counted in months."""
        matched = _EVERY.fullmatch(self.every)
        return 7 * int(matched[1] or 0) if matched else 0

    @cached_property
    def months(self) -> int:
        """The interval's calendar months; 0 where it is counted in weeks."""
        matched = _EVERY.fullmatch(self.every)
        return int(matched[2] or 0) if matched else 0


class MeetingKind(PackModel):
    """A kind of meeting that this authority holds."""

    id: MeetingType
    title: Text
    chair: Text
    """Who chairs, as the authority says it."""
    level_agreed_by: tuple[Literal["team-manager", "child-protection-manager"], ...] = ()
    """The roles of the service that record the level that it agrees; none where it sets no level."""
    asked: tuple[Text, ...]
    """Who is asked to come."""
    agenda: tuple[Text, ...]
    source: Text


class CaseRules(PackModel):
    """The numbers of the case contract."""

    reassess_after: tuple[MeetingType, ...] = ()
    """The meetings after which a new assessment is due, besides what asks for one everywhere."""
    missing_strategy_hours: int
    return_interview_hours: int
    missing_plan_episodes: int
    missing_plan_days: int
    undated_overdue_days: int
    """After so many days an action without a due time is shown as overdue."""
    overdue_to_manager_days: int
    """After so many days the manager too is told of what is overdue."""
    source: Text


class CaseAction(PackModel):
    """The words of an action that comes from an event."""

    to: Text
    text: Text
    source: Text


class AuthorityPack(PackModel):
    """What holds in one authority from one day on."""

    id: Identifier
    name: Text
    ons_code: Text
    dfe_code: Text
    from_: date = Field(alias="from")
    """The first day on which it holds."""
    until: date | None = None
    """The last day on which it holds, where it is known."""
    source: Text
    on_file: Literal["agreed-first", "working"]
    """Which level stands on file: the agreed one where there is one, or always the working one."""
    level_set_by: tuple[MeetingType, ...]
    """The meetings that set the agreed level."""
    may_not_lower_from_high: tuple[MeetingType, ...] = ()
    """Those of them that may not agree a lower level while the agreed level is high."""
    monitoring_group: Text | None = None
    """The group that watches over missing children; None where the authority has named none."""
    front_door: FrontDoor
    roles: Roles
    case: CaseRules
    case_actions: dict[CaseActionId, CaseAction]
    actions: tuple[Action, ...]
    reviews: tuple[Review, ...]
    meetings: tuple[MeetingKind, ...]
    contacts: tuple[Contact, ...]

    _sha256: str = PrivateAttr(default="")

    def model_post_init(self, context: Any) -> None:
        """Keep the pack's hash, which the loader passes beside the content."""
        self._sha256 = (context or {}).get("sha256", "")

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file that this pack was read from, stored with every outcome."""
        return self._sha256

    def actions_for(self, instrument: str, *, in_scope: bool = True) -> tuple[tuple[Action, ...], ...]:
        """The rows of each action in the contract's order; of each tuple the first that holds is the action.

        Args:
            instrument: the instrument's id.
            in_scope: False for someone out of scope, for whom few actions are left.
        """
        key = (instrument, in_scope)
        if key not in self._rows:
            self._rows[key] = tuple(
                rows
                for id_ in dict.fromkeys(action.id for action in self.actions)
                if (
                    rows := tuple(
                        action
                        for action in self.actions
                        if action.id == id_
                        and instrument in action.instruments
                        and action.out_of_scope is not in_scope
                    )
                )
            )
        return self._rows[key]

    @cached_property
    def _rows(self) -> dict[tuple[str, bool], tuple[tuple[Action, ...], ...]]:
        return {}

    @cached_property
    def meeting_by_id(self) -> dict[str, MeetingKind]:
        """The kinds of meeting that are held here, by their ids, in the order of the file."""
        return {meeting.id: meeting for meeting in self.meetings}

    @cached_property
    def reviews_at(self) -> dict[str | None, tuple[Review, ...]]:
        """The reviews at each level in the contract's order; none at None."""
        return {
            None: (),
            **{
                level: tuple(review for review in self.reviews if level in review.levels)
                for level in get_args(Level)
            },
        }


class AuthoritySeries(PackModel):
    """The packs of one authority, by their first day."""

    id: Identifier
    packs: tuple[AuthorityPack, ...]

    def on(self, day: date) -> AuthorityPack:
        """The pack in force on a day: the last that began by then; before the first, the first.

        Args:
            day: a day in Europe/London.
        """
        return self.packs[max(bisect_right(self._first_days, day) - 1, 0)]

    @cached_property
    def _first_days(self) -> list[date]:
        return [pack.from_ for pack in self.packs]
