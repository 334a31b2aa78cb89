"""Whom the toolkit is for: the assessment contract's table "Scope", row by row.

`scope-child` (under 18) is the plain case and says nothing. Each function is a rule and gives what it finds.
"""

from collections.abc import Iterator

from cre_toolkit.rules.deadlines import in_words
from cre_toolkit.rules.outcome import Finding
from cre_toolkit.rules.situation import Situation


def scope_send_young_adult(s: Situation) -> Iterator[Finding]:
    """`scope-send-young-adult`: 18 to 24 and in scope: the adult route of the police.

    While SEND is not known, too (`send-decides-scope`). Source: CRE 2020, page 5.
    """
    if s.is_young_adult:
        yield Finding(
            "adult-police-route",
            "child",
            f"At {s.age} the police treat this person as an adult victim: say the age when you speak to "
            "them, and "
            "involve adult services.",
        )


def send_decides_scope(s: Situation) -> Iterator[Finding]:
    """`send-decides-scope`: 18 to 24 and SEND not known: find out, it decides.

    Source: CRE 2020, pages 3 and 5.
    """
    if s.send_decides_scope:
        yield Finding(
            "send-decides-scope",
            "child.send",
            "Find out whether this person has special educational needs, a disability or a learning "
            "disability: at "
            f"{s.age} it decides whether the toolkit applies.",
            is_problem=True,
        )


def out_of_scope(s: Situation) -> Iterator[Finding]:
    """`out-of-scope`: 18 to 24 without SEND, or 25 and over: nothing else is said.

    Source: CRE 2020, pages 3 and 5.
    """
    if s.in_scope is False:
        scope = s.instrument.scope
        why = " without special educational needs or a disability" if s.is_young_adult else ""
        yield Finding(
            "out-of-scope",
            "child",
            f"The toolkit does not apply at {s.age}{why}: it is for children under {scope.adult_age}, and "
            "with "
            f"special educational needs or a disability until {scope.send_until_age}. Refer the concern to "
            "adult "
            "services, or correct the age if it is wrong.",
            is_problem=True,
        )


def age_missing(s: Situation) -> Iterator[Finding]:
    """`age-missing`: neither date of birth nor age: until shown otherwise, it is a child.

    Source: CRE 2020, page 14, the form's header.
    """
    if s.age is None and not s.born_after_completion:
        yield Finding(
            "age-missing",
            "child.date_of_birth",
            "Enter the date of birth, or the age in years if the date is not known. Until then this is "
            "treated as a "
            "child.",
            is_problem=True,
        )


def born_after_completion(s: Situation) -> Iterator[Finding]:
    """`born-after-completion`: the date of birth is after the day of completion, and counts as missing."""
    if s.born_after_completion:
        yield Finding(
            "born-after-completion",
            "child.date_of_birth",
            "Correct the date of birth: it is after the day on which the assessment was completed.",
            is_problem=True,
        )


def below_matrix_age(s: Situation) -> Iterator[Finding]:
    """`below-matrix-age`: `cse-2017`, under 10: the matrix is meant for 10 and over.

    Source: CSE 2017, "Children with a disability", the note at its end.
    """
    youngest = s.instrument.scope.youngest_age
    if youngest is not None and s.age is not None and s.age < youngest:
        yield Finding(
            "below-matrix-age",
            "child",
            f"The matrix is meant for children of {youngest} and over: ask a manager how to assess a child "
            f"of {s.age}.",
        )


def superseded(s: Situation) -> Iterator[Finding]:
    """`superseded`: completed on or after the day on which another instrument took this one's place.

    It stays, so that earlier assessments can be transcribed, kept and read. Source: CRE 2020, page 1.
    """
    replaced_on = s.instrument.replaced_on
    if replaced_on is not None and s.day >= replaced_on:
        day = in_words(replaced_on)
        replaced = f"the joint CRE toolkit ({s.instrument.replaced_by}) replaced this form on {day}"
        if s.case_file.transcribed:
            text = f"Keep this as it was recorded, and assess again with today's form: {replaced}."
        else:
            text = (
                f"Use today's form, or say that this is transcribed from an earlier paper form: {replaced}."
            )
        yield Finding("superseded", "instrument", text, is_problem=True)


SCOPE_RULES = (
    scope_send_young_adult,
    send_decides_scope,
    out_of_scope,
    age_missing,
    born_after_completion,
    below_matrix_age,
    superseded,
)
"""The table's rows, top to bottom."""
