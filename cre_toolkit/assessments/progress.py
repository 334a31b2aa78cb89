"""How far each part of a draft is: for the list of its sections, never for the level of risk."""

from enum import StrEnum

from cre_toolkit.assessments.answers import Answers, Indicators


class Progress(StrEnum):
    """Words for the task list. A part may be done with nothing in it, where nothing is an answer."""

    DONE = "Completed"
    CARRIED = "To be looked at"
    STARTED = "In progress"
    NOT_STARTED = "Not started"
    NOT_YET = "Cannot start yet"


def _of(done: bool, started: bool) -> Progress:
    if done:
        return Progress.DONE
    return Progress.STARTED if started else Progress.NOT_STARTED


def rated(indicators: Indicators) -> int:
    """How many of the ticked indicators have a level, and their evidence where the toolkit asks for it."""
    return sum(
        bool(item.level and (item.level == "low" or item.note.strip())) for item in indicators.items.values()
    )


def progress(answers: Answers, saved: frozenset[str]) -> dict[str, Progress]:
    """Each page of the journey and how far it is.

    Args:
        answers: the draft.
        saved: the sections that have been saved by the button of their page.
    """
    indicators, analysis = answers.indicators, answers.analysis
    asked = [row for row in answers.consultation.items if row.agency]
    number_rated = rated(indicators)
    return {
        # "Not known" is an answer, and sending asks again.
        "danger": _of(answers.danger.immediate_risk in ("yes", "no"), bool(answers.danger.immediate_risk)),
        "child": _of(answers.child.confirmed, False),
        "indicators": _of(
            indicators.considered and all(since.answer for since in indicators.since_last.values()),
            bool(indicators.items or indicators.not_known_yet),
        ),
        "rating": _of(
            "indicators" in saved and number_rated == len(indicators.items),
            any(item.level or item.note for item in indicators.items.values()),
        )
        if indicators.items or indicators.considered
        else Progress.NOT_YET,
        "places-people": _of(bool(answers.places.persons_or_places_of_risk), not answers.places.blank),
        "vulnerabilities": _of("vulnerabilities" in saved, not answers.vulnerabilities.blank),
        "consultation": _of(bool(asked) and all(row.status for row in asked), bool(asked)),
        "analysis": _of(
            bool(analysis.level and (analysis.level == "low" or analysis.primary_exploitation)),
            not analysis.blank,
        ),
        "level": _of("level" in saved, not answers.level.blank) if analysis.level else Progress.NOT_YET,
        "actions": _of(bool(answers.actions.items), False),
        "sharing": _of(bool(answers.sharing.safe_to_tell), not answers.sharing.blank),
    }
