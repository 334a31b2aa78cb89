"""What sending asks for, all at once: what the toolkit's rules ask, and what the service asks beside them.

The rules' own findings come from `assess` and stand in the record. The service adds two things that an
assessment is not sent without, and reminds of others that never hold up a referral.
"""

import datetime
from collections.abc import Mapping
from types import MappingProxyType

from cre_toolkit.assessments.answers import Answers
from cre_toolkit.assessments.level import written_for_another
from cre_toolkit.assessments.models import Section
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.outcome import Finding, Outcome

NONE_CARRIED: Mapping[str, str] = MappingProxyType({})


def missing(
    answers: Answers,
    outcome: Outcome,
    instrument: Instrument,
    carried: Mapping[str, str] = NONE_CARRIED,
    *,
    on: datetime.date,
) -> list[Finding]:
    """What the service itself asks for before an assessment is sent.

    `since-last`: in a review, what has become of each indicator of last time. Nothing is taken as unchanged.
    `carried`: words that were taken from another assessment, and that nobody has looked at here.
    `considered-all`: the practitioner says that every indicator was considered.
    `look-again`: a low level has a day to look again that is not over, or a reason why none.
    Source: service.md, "The assessment".

    Args:
        answers, outcome, instrument: the draft, what the rules say of it, and its edition.
        carried: by section, where words were taken from that nobody has looked at.
        on: the day of sending.
    """
    if outcome.in_scope is False:
        return []
    found = [
        Finding(
            "since-last",
            f"indicators.since_last.{indicator.id}",
            f"Select no change, changed or no longer seen for ‘{indicator.label}’.",
            is_problem=True,
        )
        for indicator in instrument.indicators
        if indicator.id in answers.indicators.since_last
        and not answers.indicators.since_last[indicator.id].answer
    ]
    found += [
        Finding(
            "carried",
            f"{section}.carried",
            f"Look at ‘{Section(section).label}’ and save it: it was taken over from another assessment.",
            is_problem=True,
        )
        for section in carried
    ]
    if not answers.indicators.considered:
        number = sum(not indicator.describe for indicator in instrument.indicators)
        found.append(
            Finding(
                "considered-all",
                "indicators.considered",
                f"Confirm that you have considered all {number} indicators.",
                is_problem=True,
            )
        )
    level = answers.level
    # Days of a draft are ISO dates: as text they sort as they follow each other.
    ahead = level.look_again_on >= on.isoformat()
    if outcome.recorded_level == "low" and not (ahead or level.no_look_again_why.strip()):
        found.append(
            Finding(
                "look-again",
                "level.look_again_on",
                "Enter a date, today or later, to look at this low level again, or say why there is none.",
                is_problem=True,
            )
        )
    return found


def reminders(answers: Answers) -> list[Finding]:
    """What is still open and may stay so: never an obstacle to an urgent referral.

    `nobody-consulted`: no agency has been asked (CRE 2020, page 8; toolkit.md, A10).
    `safe-to-tell`: whether it is safe to tell the family (toolkit.md, A5).
    `no-actions`: no immediate action is written down (CRE 2020, page 17).
    `written-for-another-level`: the reasons were written before the practitioner changed the level.
    """
    found = []
    if written_for := written_for_another(answers):
        found.append(
            Finding(
                "written-for-another-level",
                "analysis.rationale",
                f"Read your reasons again: you wrote them when your level was {written_for}.",
            )
        )
    if not any(row.status for row in answers.consultation.items):
        found.append(
            Finding("nobody-consulted", "consultation.items", "Say which agencies you have consulted so far.")
        )
    if not answers.sharing.safe_to_tell:
        found.append(
            Finding(
                "safe-to-tell", "sharing.safe-to-tell-family", "Say whether it is safe to tell the family."
            )
        )
    if not any(row.action.strip() for row in answers.actions.items):
        found.append(
            Finding("no-actions", "actions.items", "Write down the immediate actions to protect the child.")
        )
    return found
