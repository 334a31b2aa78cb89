"""From a paper form to the case file that the rules read, and to the instant at which it was completed.

The case file says `transcribed`: what was recorded then was recorded (`assessment.md`). The facts about the
child are those that the paper gives. What it does not say of that day is not known, whatever is known today.
"""

import datetime
from typing import Any

from django.utils import timezone

from cre_toolkit.assessments import casefile
from cre_toolkit.assessments.paper_answers import PaperAnswers
from cre_toolkit.children.facts import facts
from cre_toolkit.children.models import Child
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.outcome import Finding

_KNOWN: dict[str, bool | None] = {"yes": True, "no": False}
NOON = datetime.time(12)
PROTECTIVE_FACTORS = "analysis.protective_factors"
"""The key of the case file that answers the form's question about protective factors."""


def completed_at(answers: PaperAnswers, now: datetime.datetime) -> datetime.datetime | None:
    """When the paper was completed; None while it has no date.

    Where it gives no time, noon in London stands for the day: rules and history go by the day, and at noon
    that is the same one everywhere. A form of this morning is not completed later than now.

    Args:
        answers: the whole form.
        now: the moment of asking.
    """
    paper = answers.paper
    if not paper.completed_on:
        return None
    day = datetime.date.fromisoformat(paper.completed_on)
    if paper.completed_time:
        time = datetime.time.fromisoformat(paper.completed_time)
        return _in_london(day, time)
    noon = _in_london(day, NOON)
    return min(noon, now) if day == timezone.localdate(now) else noon


def _in_london(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time)).astimezone(datetime.UTC)


def case_file(
    child: Child, answers: PaperAnswers, at: datetime.datetime, instrument: Instrument
) -> dict[str, Any]:
    """The contract's case file of a paper form.

    Args:
        child: the record: who it is, and when they were born.
        answers: the whole form.
        at: the instant of completion.
        instrument: the form's edition.
    """
    if instrument.levels_from == "tier":
        written = _of_tiers(answers, instrument)
    else:
        written = casefile.case_file(child, answers, at, instrument.id)
    today = facts(child, timezone.localdate(at))
    # An age that was judged later says nothing about a day so long before that it would fall below nought.
    age = today["age"] if (today["age"] or 0) >= 0 else None
    return written | {
        "instrument": instrument.id,
        "authority": answers.paper.authority or child.authority,
        "child": {
            **dict.fromkeys(today),
            "date_of_birth": today["date_of_birth"],
            "age": age,
            "send": _KNOWN.get(answers.paper.send),
        },
        "completed_at": at.isoformat(timespec="seconds"),
        "transcribed": True,
    }


def _of_tiers(answers: PaperAnswers, instrument: Instrument) -> dict[str, Any]:
    """What the matrix of 2017 says, in the keys that the contract has for it."""
    summary = answers.summary
    protective = {field.id for field in instrument.fields if field.answered_by == PROTECTIVE_FACTORS}
    return {
        "indicators": {id_: mark.model_dump() for id_, mark in answers.marks.items.items()},
        "vulnerabilities": {id_: factor.model_dump() for id_, factor in answers.factors.items.items()},
        "analysis": {
            "level": summary.level or None,
            "threshold": summary.threshold,
            "protective_factors": "\n".join(text for id_, text in summary.texts.items() if id_ in protective),
            "models": summary.models,
        },
        "narrative": {id_: text for id_, text in summary.texts.items() if id_ not in protective},
    }


def impossible(child: Child, answers: PaperAnswers, now: datetime.datetime) -> list[Finding]:
    """What no paper can say about when it was completed. Beside it, only a missing level stops recording.

    Args:
        child: whose form it is.
        answers: the whole form.
        now: the moment of asking.
    """
    at = completed_at(answers, now)
    if at is None:
        return [_finding("paper-date-needed", "Enter the date on which the paper form was completed.")]
    if at > now:
        return [
            _finding(
                "paper-date-in-future",
                "Check the date and time of the paper form: it cannot have been completed later than now.",
            )
        ]
    if child.date_of_birth and timezone.localdate(at) < child.date_of_birth:
        return [
            _finding(
                "paper-date-before-birth",
                "Check the date of the paper form against the child's date of birth: it cannot have been "
                "completed before the child was born.",
            )
        ]
    return []


def _finding(code: str, text: str) -> Finding:
    return Finding(code, "paper.completed_on", text, is_problem=True)
