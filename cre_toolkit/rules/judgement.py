"""Whether each event was allowed when it happened, and which are withdrawn (case contract, "In").

An event is judged at its own place in the order, with the withdrawals before it. The state is then worked
out without all that is withdrawn: a later withdrawal undoes an event, but never makes a wrong one right.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn, TypeVar

from cre_toolkit.rules.assess import findings
from cre_toolkit.rules.authority import AuthoritySeries
from cre_toolkit.rules.deadlines import day_in_london
from cre_toolkit.rules.levels import below
from cre_toolkit.rules.record import (
    Assessment,
    Countersign,
    Event,
    Meeting,
    Record,
    Tick,
    Transfer,
    Withdrawal,
)
from cre_toolkit.rules.situation import Situation, understand
from cre_toolkit.rules.strictjson import CaseFileError, shown

Kept = TypeVar("Kept", bound=Event)

NEVER_WITHDRAWN = ("missing", "returned", "closed", "reopened", "withdrawn")
"""These stand in turn, or are themselves a withdrawal."""

_ENDS = {"returned": "missing", "reopened": "closed"}
_BEGINS = {begin: end for end, begin in _ENDS.items()}


class Judgement:
    """Goes through the events in their order, and keeps what the later ones are judged by.

    Args:
        record: the case record.
        authorities: the dated packs of every authority that the record names.
    """

    def __init__(self, record: Record, authorities: Mapping[str, AuthoritySeries]) -> None:
        self._first_authority = record.authority
        self._authorities = authorities
        self._seen: dict[str, Event] = {}
        self._transfers: list[Transfer] = []
        self._agreements: list[Meeting] = []
        self._decisions: dict[str, Countersign] = {}
        self._open: set[str] = set()
        self.withdrawn: set[str] = set()
        """The ids of the events that count as if they had never been."""
        self.situations: dict[str, Situation] = {}
        """What each assessment says, by its event."""

    def hear(self, events: Sequence[Event]) -> None:
        """Judge events that stand in their order.

        Raises:
            CaseFileError: one of them was not allowed; names it, and the reason.
        """
        for event in events:
            match event:
                case Assessment():
                    self.assessment(event)
                case Countersign():
                    self.countersign(event)
                case Meeting(level=str()):
                    self.agreement(event)
                case Transfer():
                    self._transfers.append(event)
                case Withdrawal():
                    self.withdrawal(event)
                case Tick() if event.names in self.withdrawn:
                    self.withdrawn.add(event.id)
                case Event(kind="missing" | "closed"):
                    self.begins(event)
                case Event(kind="returned" | "reopened"):
                    self.ends(event)
            self._seen[event.id] = event

    def assessment(self, event: Assessment) -> None:
        """`assessment`: one that is not accepted is an error."""
        situation = understand(event.instrument, event.case_file)
        problem = next((finding for finding in findings(situation) if finding.is_problem), None)
        if problem:
            refuse(event, f"assessment.{problem.path}", f"is not accepted ({problem.code}): {problem.text}")
        self.situations[event.id] = situation

    def countersign(self, event: Countersign) -> None:
        """`countersign`: names an earlier assessment, which is agreed or given another level once.

        One that names what is withdrawn goes with it.
        """
        if event.names in self.withdrawn:
            self.withdrawn.add(event.id)
            return
        named = self._seen.get(event.names)
        if not isinstance(named, Assessment):
            refuse(event, "event", f"{shown(event.names)} is not an earlier assessment")
        if event.outcome != "returned":
            decision = self._decisions.setdefault(named.id, event)
            if decision is not event:
                mend = f"is already decided by {shown(decision.id)}: withdraw that one first"
                refuse(event, "outcome", f"{shown(named.id)} {mend}")

    def agreement(self, event: Meeting) -> None:
        """`meeting`: a level is agreed only where the authority responsible then has it agreed.

        Some of those meetings may not lower it from high.
        """
        responsible = self._transfers[-1].authority if self._transfers else self._first_authority
        pack = self._authorities[responsible].on(day_in_london(event.at))
        if event.type not in pack.level_set_by:
            refuse(
                event,
                "level",
                f'the type "{event.type}" sets no agreed level in {pack.name}: leave the level out, or hold '
                f"{' or '.join(pack.level_set_by)}",
            )
        agreed = self._agreements[-1].level if self._agreements else None
        is_lowered = agreed == "high" and below(event.level, agreed)
        if is_lowered and event.type in pack.may_not_lower_from_high:
            refuse(
                event,
                "level",
                f'the type "{event.type}" may not lower the agreed level from high in {pack.name}',
            )
        self._agreements.append(event)

    def begins(self, event: Event) -> None:
        """`missing`, `closed`: come in turn with what ends them; a second one between is an error."""
        if event.kind in self._open:
            end = _BEGINS[event.kind]
            refuse(event, "kind", f'"{event.kind}" comes a second time without "{end}" between')
        self._open.add(event.kind)

    def ends(self, event: Event) -> None:
        """`returned`, `reopened`: come after what they end, and nowhere else."""
        begin = _ENDS[event.kind]
        if begin not in self._open:
            refuse(event, "kind", f'"{event.kind}" comes without "{begin}" before it')
        self._open.remove(begin)

    def withdrawal(self, event: Withdrawal) -> None:
        """`withdrawn`: an earlier event is as if it had never been.

        So is every `done` and `countersign` that names it, whether entered before or afterwards.
        """
        named = self._seen.get(event.names)
        if named is None or named.id in self.withdrawn:
            refuse(event, "event", f"{shown(event.names)} is not an earlier event that still stands")
        if named.kind in NEVER_WITHDRAWN:
            refuse(event, "event", f'{shown(named.id)} is "{named.kind}", which cannot be withdrawn')
        self.withdrawn.add(named.id)
        for other in self._seen.values():
            if isinstance(other, Tick | Countersign) and other.names == named.id:
                self.withdrawn.add(other.id)
        self._transfers = self._standing(self._transfers)
        self._agreements = self._standing(self._agreements)
        decisions = self._decisions.items()
        self._decisions = {id_: other for id_, other in decisions if other.id not in self.withdrawn}

    def _standing(self, events: list[Kept]) -> list[Kept]:
        return [event for event in events if event.id not in self.withdrawn]


def refuse(event: Event, key: str, reason: str) -> NoReturn:
    """Raise the error that names an event and its key."""
    raise CaseFileError(f"{event.path}.{key}", f"event {shown(event.id)}: {reason}")
