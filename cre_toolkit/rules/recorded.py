"""What the practitioner records: the assessment contract's table of that name, row by row.

Each function is a rule, named after its code, and gives the problems and warnings that it finds. Blank
means empty or white space. Rules for one form only ask first which form it is.
"""

from collections.abc import Iterator

from cre_toolkit.rules.levels import above, below, raises_protection
from cre_toolkit.rules.outcome import Finding
from cre_toolkit.rules.situation import Situation, is_blank

SEND = "special educational needs, a disability or a learning disability"


def immediate_risk_not_answered(s: Situation) -> Iterator[Finding]:
    """`immediate-risk-not-answered`: `cre-2020`: is the risk immediate? Not answered.

    Source: CRE 2020, page 11.
    """
    if s.rated and s.case_file.immediate_risk is None:
        yield _problem(
            "immediate-risk-not-answered",
            "immediate_risk",
            "Say whether the child is at immediate risk: if so, telephone Social Care and the police at "
            "once.",
        )


def level_needed(s: Situation) -> Iterator[Finding]:
    """`level-needed`: no level is recorded. A problem on a transcribed form, too."""
    if s.recorded_level is None:
        yield _problem(
            "level-needed", "analysis.level", "Record your own level of risk: low, medium or high."
        )


def nothing_identified(s: Situation) -> Iterator[Finding]:
    """`nothing-identified`: no indicator is identified and a level above low is recorded."""
    if not s.identified and raises_protection(s.recorded_level):
        yield _problem(
            "nothing-identified",
            "analysis.level",
            f"Identify the indicators that {s.recorded_level} rests on, or record low: no indicator is "
            "identified.",
        )


def indicator_level_needed(s: Situation) -> Iterator[Finding]:
    """`indicator-level-needed`: `cre-2020`: an identified indicator has not been rated; one each."""
    if s.rated:
        for found in s.identified:
            if found.level is None:
                yield _problem(
                    "indicator-level-needed",
                    f"indicators.{found.indicator.id}.level",
                    f"Select a level for '{found.indicator.label}': low, medium or high.",
                )


def describe_other(s: Situation) -> Iterator[Finding]:
    """`describe-other`: the indicator `other` is not described; in place of `note-needed`."""
    for found in s.identified:
        if found.indicator.describe and is_blank(found.note):
            yield _problem(
                "describe-other",
                f"indicators.{found.indicator.id}.note",
                f"Describe what you identified under '{found.indicator.label}', and what was seen or heard.",
            )


def note_needed(s: Situation) -> Iterator[Finding]:
    """`note-needed`: an identified indicator without its evidence.

    `cre-2020`: a warning at low, a problem at medium and high, nothing while it has no level; `cse-2017`: a
    warning. Source: CRE 2020, section 1 ("please expand on any indicator above").
    """
    for found in s.identified:
        if found.level is None or found.indicator.describe or not is_blank(found.note):
            continue
        yield Finding(
            "note-needed",
            f"indicators.{found.indicator.id}.note",
            f"Write down the evidence for '{found.indicator.label}': what was seen or heard, by whom and "
            "when.",
            is_problem=s.rated and raises_protection(found.level),
        )


def below_floor(s: Situation) -> Iterator[Finding]:
    """`below-floor`: low is recorded while the minimum is medium, and nothing lifts it.

    Source: CRE 2020, pages 5 and 14; CSE 2017, section 1.
    """
    if s.below_floor and not s.floor_is_lifted:
        mend = f"Record {s.minimum_level} or above"
        if s.instrument.floor.exception:
            mend += (
                ", or say that a thorough assessment was made and write down the protective factors that "
                "make "
                f"{s.recorded_level} right"
            )
        yield _problem(
            "below-floor",
            "analysis.level",
            f"{mend}: under {s.instrument.floor.under_age} years, or with {SEND}, a child for whom "
            "something is "
            f"identified is not at {s.recorded_level} risk.",
        )


def rationale_needed(s: Situation) -> Iterator[Finding]:
    """`rationale-needed`: recorded below what the indicators point to, without saying why.

    Beside `below-floor` where both hold, and needed for a lifted floor too.
    """
    if below(s.recorded_level, s.indicated_level) and is_blank(s.case_file.analysis.rationale):
        yield _problem(
            "rationale-needed",
            "analysis.rationale",
            f"Say why you record {s.recorded_level}: the indicators point to {s.indicated_level}.",
        )


def raised_without_rationale(s: Situation) -> Iterator[Finding]:
    """`raised-without-rationale`: recorded above what the indicators point to, without saying why."""
    if above(s.recorded_level, s.indicated_level) and is_blank(s.case_file.analysis.rationale):
        yield Finding(
            "raised-without-rationale",
            "analysis.rationale",
            f"Say why you record {s.recorded_level}: the indicators alone point to {s.indicated_level}, "
            "and whoever "
            "reads this next will want to know.",
        )


def exploitation_type_needed(s: Situation) -> Iterator[Finding]:
    """`exploitation-type-needed`: `cre-2020`: medium or high without the primary type of exploitation.

    Source: CRE 2020, section 3.
    """
    blank = is_blank(s.case_file.analysis.primary_exploitation)
    if s.rated and blank and raises_protection(s.recorded_level):
        yield _problem(
            "exploitation-type-needed",
            "analysis.primary_exploitation",
            "Select the primary type of exploitation, or 'unclear' if it is not clear yet.",
        )


def exploitation_type_missing(s: Situation) -> Iterator[Finding]:
    """`exploitation-type-missing`: `cre-2020`: an indicator of neither kind; one each.

    Source: CRE 2020, section 1.
    """
    if s.rated:
        for found in s.identified:
            if not found.cce and not found.cse:
                yield Finding(
                    "exploitation-type-missing",
                    f"indicators.{found.indicator.id}",
                    f"Say whether '{found.indicator.label}' points to criminal exploitation, to sexual "
                    "exploitation or to both, if it is clear.",
                )


def send_not_known(s: Situation) -> Iterator[Finding]:
    """`send-not-known`: SEND is not known and something identified: at low a problem.

    Not beside `send-decides-scope`. Source: CRE 2020, pages 5 and 14.
    """
    if s.case_file.child.send is None and s.identified and not s.send_decides_scope:
        is_low = s.recorded_level == "low"
        why = (
            "before you record low" if is_low else "because it decides the lowest level that may be recorded"
        )
        yield Finding(
            "send-not-known",
            "child.send",
            f"Find out whether the child has {SEND}, {why}.",
            is_problem=is_low,
        )


def send_may_apply(s: Situation) -> Iterator[Finding]:
    """`send-may-apply`: a vulnerability factor is recorded that suggests SEND, which is not recorded."""
    if not s.case_file.child.send:
        factors = s.instrument.vulnerability_by_id
        recorded = [factors[id_] for id_, entry in s.case_file.vulnerabilities.items() if entry.recorded]
        labels = [f"'{factor.label}'" for factor in recorded if factor.suggests_send]
        if labels:
            yield Finding(
                "send-may-apply",
                "child.send",
                f"Check whether the child has {SEND}: {', '.join(labels)} is recorded as a vulnerability.",
            )


def not_known(s: Situation) -> Iterator[Finding]:
    """`not-known`: `cre-2020`: a fact is not known and treated as false; one each.

    Source: CRE 2020, pages 8 to 11.
    """
    if s.rated:
        child = s.case_file.child
        facts = (
            (child.open_to_social_care, "child.open_to_social_care", "the case is open to Social Care"),
            (
                child.child_protection_plan,
                "child.child_protection_plan",
                "the child is on a child protection plan",
            ),
            (child.looked_after, "child.looked_after", "the child is looked after"),
            (
                s.case_file.persons_or_places_of_risk,
                "persons_or_places_of_risk",
                "persons or places are known that pose a risk",
            ),
        )
        for fact, path, what in facts:
            if fact is None:
                yield Finding(
                    "not-known", path, f"Find out whether {what}: until then the answer counts as no."
                )


def person_or_place_missing(s: Situation) -> Iterator[Finding]:
    """`person-or-place-missing`: `cre-2020`: an indicator speaks of one, and none is recorded.

    Source: CRE 2020, pages 9 and 15.
    """
    if not s.case_file.persons_or_places_of_risk:
        labels = [
            f"'{found.indicator.label}'" for found in s.identified if found.indicator.needs_person_or_place
        ]
        if labels:
            yield Finding(
                "person-or-place-missing",
                "persons_or_places_of_risk",
                f"Record the person or the place that poses a risk, if you know of one: {', '.join(labels)} "
                f"{'speaks' if len(labels) == 1 else 'speak'} of somebody or somewhere.",
            )


def family_may_not_be_safe(s: Situation) -> Iterator[Finding]:
    """`family-may-not-be-safe`: `cre-2020`: advice before the family is alerted; one each.

    Source: CRE 2020, page 15.
    """
    for found in s.identified:
        if found.indicator.family_may_not_be_safe:
            yield Finding(
                "family-may-not-be-safe",
                f"indicators.{found.indicator.id}",
                f"Do not alert the family before you have taken advice: with '{found.indicator.label}' "
                "they may not "
                "be safe for the child to be with.",
            )


def consider_nrm(s: Situation) -> Iterator[Finding]:
    """`consider-nrm`: `cre-2020`: modern slavery: the National Referral Mechanism.

    Source: CRE 2020, page 4; Modern Slavery Act 2015.
    """
    for found in s.identified:
        if found.indicator.consider_nrm:
            yield Finding(
                "consider-nrm",
                f"indicators.{found.indicator.id}",
                "Ask a first responder (the police or the local authority) to consider a referral to the "
                "National "
                "Referral Mechanism: a child's consent is not needed.",
            )


def threshold_above_level(s: Situation) -> Iterator[Finding]:
    """`threshold-above-level`: the threshold says child protection and low is recorded.

    Source: CRE 2020, section 1, "Related to Thresholds".
    """
    threshold = s.case_file.analysis.threshold
    if s.recorded_level == "low" and threshold in ("section-47", "complex-abuse"):
        yield Finding(
            "threshold-above-level",
            "analysis.threshold",
            "Check threshold and level against each other: "
            f"'{s.instrument.threshold_by_id[threshold].label}' is "
            "rarely reached at low risk.",
        )


def unlikely_rating(s: Situation) -> Iterator[Finding]:
    """`unlikely-rating`: `cre-2020`: called very unlikely: challenged, not blocked.

    Source: CRE 2020, pages 11 and 12.
    """
    for found in s.identified:
        if found.level in found.indicator.unlikely_levels:
            yield Finding(
                "unlikely-rating",
                f"indicators.{found.indicator.id}.level",
                f"Check the rating: the toolkit calls {found.level} very unlikely for "
                f"'{found.indicator.label}'.",
            )


def age_does_not_fit(s: Situation) -> Iterator[Finding]:
    """`age-does-not-fit`: `cse-2017`: an indicator of younger children, at an age at which it cannot apply.

    Source: CSE 2017, section 1, high level.
    """
    for found in s.identified:
        age_below = found.indicator.age_below
        if age_below is not None and s.age is not None and s.age >= age_below:
            yield Finding(
                "age-does-not-fit",
                f"indicators.{found.indicator.id}",
                f"Check age and indicator: '{found.indicator.label}' speaks of children under {age_below}, "
                "and this "
                f"child is {s.age}.",
            )


def _problem(code: str, path: str, text: str) -> Finding:
    return Finding(code, path, text, is_problem=True)


RECORDED_RULES = (
    immediate_risk_not_answered,
    level_needed,
    nothing_identified,
    indicator_level_needed,
    describe_other,
    note_needed,
    below_floor,
    rationale_needed,
    raised_without_rationale,
    exploitation_type_needed,
    exploitation_type_missing,
    send_not_known,
    send_may_apply,
    not_known,
    person_or_place_missing,
    family_may_not_be_safe,
    consider_nrm,
    threshold_above_level,
    unlikely_rating,
    age_does_not_fit,
)
"""The table's rows, top to bottom."""
