"""The practitioner's level beside the one that the indicators point to, and what was said about the two.

Somebody who thinks again changes the level, and the answers that belonged to the level before stay in the
draft: nothing typed is lost. What belongs to no other level than that one is not stated in the record.
"""

from cre_toolkit.assessments.answers import Answers
from cre_toolkit.rules.outcome import Outcome


def differs(outcome: Outcome) -> bool:
    """Whether the practitioner recorded another level than the one that the indicators point to."""
    return outcome.indicated_level not in (None, outcome.recorded_level)


def is_low(outcome: Outcome) -> bool:
    """Whether low was recorded: then there is a day to look again, or a reason why none."""
    return outcome.recorded_level == "low"


def below_floor(outcome: Outcome) -> bool:
    """Whether low was recorded where the toolkit's lowest level is medium (CRE 2020, page 5)."""
    return is_low(outcome) and outcome.minimum_level == "medium"


def written_for_another(answers: Answers) -> str:
    """The level for which the reasons were written, where it has been changed since; else blank."""
    written_for = answers.level.written_for
    return written_for if written_for != answers.analysis.level else ""


def stated(answers: Answers, outcome: Outcome) -> Answers:
    """The draft as its record states it: without the answers that were given about a level chosen before.

    The outcome is the same for both: the rules read `thorough_assessment` below the floor alone.

    Args:
        answers: the whole draft.
        outcome: what the rules make of it.
    """
    about_another: list[str] = []
    if not differs(outcome):
        about_another += ["reasons"]
    if not is_low(outcome):
        about_another += ["look_again_on", "no_look_again_why"]
    if not below_floor(outcome):
        about_another += ["thorough_assessment"]
    fields = type(answers.level).model_fields
    level = answers.level.model_copy(update={name: fields[name].default for name in about_another})
    return answers.model_copy(update={"level": level})
