"""Why the level is what it is: the assessment contract's table "Indicated level", row by row.

Each function is a rule and gives its reasons: one for each indicator at the level found, one for each floor.
"""

from collections.abc import Iterator

from cre_toolkit.rules.outcome import Reason
from cre_toolkit.rules.situation import Situation


def scope_send_young_adult(s: Situation) -> Iterator[Reason]:
    """`scope-send-young-adult`: 18 to 24 with SEND is in scope; the first of the reasons.

    Source: CRE 2020, pages 3 and 5.
    """
    if s.is_young_adult and s.case_file.child.send:
        yield Reason(
            "scope-send-young-adult",
            f"At {s.age}, with special educational needs, a disability or a learning disability, this "
            "young adult is "
            f"within the toolkit's scope until the birthday at {s.instrument.scope.send_until_age}.",
            s.instrument.scope.source,
        )


def highest_rated_indicator(s: Situation) -> Iterator[Reason]:
    """`highest-rated-indicator`: `cre-2020`: the highest level among the identified.

    One reason for each indicator at that level, in the instrument's order. It is where the practitioner
    starts, not the answer: the toolkit asks for judgement on the combination. Source: CRE 2020, section 1.
    """
    if s.rated:
        for found in s.identified:
            if found.level == s.found_level and s.found_level:
                yield Reason(
                    "highest-rated-indicator",
                    f"'{found.indicator.label}' is rated {s.found_level}, the highest level among the "
                    "indicators "
                    "identified: start from there, and judge all of them together.",
                    s.instrument.levels_source,
                    found.indicator.id,
                )


def tier_of_indicators(s: Situation) -> Iterator[Reason]:
    """`tier-of-indicators`: `cse-2017`: the highest tier with one identified decides.

    Risk and evidenced count alike. Source: CSE 2017, section 1; read to the letter ("any of the above and
    one or more of these"), a child with one high indicator alone would have no level.
    """
    if not s.rated:
        for found in s.identified:
            if found.level == s.found_level:
                yield Reason(
                    "tier-of-indicators",
                    f"'{found.indicator.label}' is identified and stands in the {s.found_level} list of "
                    "the matrix, "
                    "the highest list with an indicator identified.",
                    s.instrument.levels_source,
                    found.indicator.id,
                )


def floor_under_13(s: Situation) -> Iterator[Reason]:
    """`floor-under-13`: under 13 and something identified: the minimum is medium.

    An indicated level of low becomes medium; one that is None stays so.

    Source: CRE 2020, pages 5 and 14; CSE 2017, section 1.
    """
    floor = s.instrument.floor
    if s.identified and s.age is not None and s.age < floor.under_age:
        yield Reason("floor-under-13", f"The child is under {floor.under_age}. {floor.text}", floor.source)


def floor_send(s: Situation) -> Iterator[Reason]:
    """`floor-send`: SEND is true and something identified: the same as under 13.

    Source: CRE 2020, pages 5 and 14; CSE 2017, section 1.
    """
    floor = s.instrument.floor
    if s.identified and s.case_file.child.send:
        yield Reason(
            "floor-send",
            f"The child has special educational needs, a disability or a learning disability. {floor.text}",
            floor.source,
        )


def floor_lifted(s: Situation) -> Iterator[Reason]:
    """`floor-lifted`: `cre-2020`: protective factors, after thorough assessment, allow low.

    Always the last reason. Source: CRE 2020, page 5.
    """
    if s.floor_is_lifted:
        yield Reason(
            "floor-lifted",
            "Low is recorded below the floor: a thorough assessment was made, and the protective factors "
            "are written down for a manager to read and countersign.",
            s.instrument.floor.source,
        )


REASON_RULES = (
    scope_send_young_adult,
    highest_rated_indicator,
    tier_of_indicators,
    floor_under_13,
    floor_send,
    floor_lifted,
)
"""The order of the reasons."""
