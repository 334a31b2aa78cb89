"""The levels of a case in words: agreed and latest assessed side by side, and what follows if they differ."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.case.state import Case, Heard
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.rules.casestate import LevelSince
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.doing import where

_FORWARD = "bring-meeting-forward"
_OUTCOME = {"agreed": "Countersigned", "returned": "Returned", "set-level": "Another level was set"}


@dataclass(frozen=True, slots=True)
class Levels:
    """What the page says of the levels."""

    agreed: dict[str, Any]
    assessed: dict[str, Any]
    on_file: str | None
    working: str | None
    divergence: str
    """In words; blank where the two do not differ."""
    forward_url: str
    """Where the manager's bringing the meeting forward is written down; blank where it is not due."""


def levels_in_words(case: Case, reference: str, may: Mapping[str, bool]) -> Levels:
    """The levels of a case.

    Args:
        case: as it stands now.
        reference: the child's.
        may: which acts are the reader's.
    """
    state = case.state
    forward = next((entry for entry in state.due if entry.id == _FORWARD), None)
    return Levels(
        agreed=_card("Agreed level", state.agreed_level, "No level agreed yet"),
        assessed=_assessed(case),
        on_file=state.level_on_file,
        working=state.working_level,
        divergence=_divergence(case),
        forward_url=where(_FORWARD, reference) if forward and may["write_note"] else "",
    )


def _card(title: str, said: LevelSince | None, none_text: str) -> dict[str, Any]:
    card: dict[str, Any] = {"title": title, "none_text": none_text, "notes": []}
    if said:
        card |= {"level": said.level, "on": said.since}
    return card


def _assessed(case: Case) -> dict[str, Any]:
    """The latest assessed level: by whom, the primary type, and whether a manager has answered."""
    said = case.state.assessed_level
    card = _card("Latest assessed", said, "Not assessed yet")
    # The newest may be history alone, as a form of another instrument is; or a manager has set another level.
    heard = next((one for one in case.heard if said and said.event in _events_of(one)), None)
    if heard is None:
        return card
    set_by = heard.answer if heard.answer and said and str(heard.answer.pk) == said.event else None
    card["by"] = f"{set_by.by.name}, in countersigning" if set_by else made_by(heard.record)
    notes = (_primary_type(heard.record), _answer(heard, asks=not case.died))
    card["notes"] = [note for note in notes if note]
    card["href"] = reverse("assessment-record", args=[heard.record.assessment.reference])
    return card


def _events_of(heard: Heard) -> tuple[str, ...]:
    return (heard.event, str(heard.answer.pk)) if heard.answer else (heard.event,)


def made_by(record: Record) -> str:
    """Its author; of a paper form, whoever entered it, since that is who can be asked."""
    name = record.author.name
    return f"from paper, entered by {name}" if record.assessment.transcribed else name


def _primary_type(record: Record) -> str:
    analysis = record.content["case_file"]["analysis"]
    types = {each.id: each.label for each in load_instrument(record.instrument).exploitation_types}
    named = types.get(analysis.get("primary_exploitation") or "")
    return f"Primary type: {named}" if named else ""


def _answer(heard: Heard, *, asks: bool) -> str:
    """What the manager said of it; or that nobody has yet, where anybody is asked (`asks`)."""
    answer: CaseEvent | None = heard.answer
    if answer:
        return f"{_OUTCOME[answer.keys['outcome']]} by {answer.by.name} on {_day(answer.at)}"
    return (
        "Waits for a manager, who countersigns it, returns it or sets another level"
        if asks and heard.awaits_manager
        else ""
    )


def _divergence(case: Case) -> str:
    state = case.state
    if state.divergence == "assessed-above-agreed":
        asking = [*state.due, *(done.entry for done in state.done)]
        began = [entry.event.at for entry in asking if entry.id == _FORWARD and entry.event]
        since = f" since {_day(max(began))}" if began else ""
        return f"Assessed above the agreed level{since}: ask the manager to bring the meeting forward."
    if state.divergence == "assessed-below-agreed":
        return "Assessed below the agreed level. The agreed level stands until a meeting agrees another one."
    return ""


def _day(at: datetime.datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y")
