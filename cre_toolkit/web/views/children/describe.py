"""A child's record in words: for the page, and to compare what two people wrote."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.children.queries import ETHNICITIES
from cre_toolkit.rules.loading import load_authority

_ETHNICITY = dict(ETHNICITIES)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the record; `text` is blank where there is none. `typed`: in somebody's own lines."""

    label: str
    text: str
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer as it stands, and as somebody wanted it to be."""

    label: str
    theirs: str
    mine: str


def age_in_words(child: Child, day: datetime.date | None = None) -> str:
    """`15`, `about 15, estimated`, or `not known`; of a child who has died, as it was then."""
    age = child.age_on(day or child.died_on or timezone.localdate())
    if age is None:
        return "not known"
    return str(age) if child.date_of_birth else f"about {age}, estimated"


def authority_name(authority: str) -> str:
    return load_authority(authority).on(timezone.localdate()).name


def worker_of(child: Child) -> str:
    """The allocated worker's name, as a user or as it was said; blank where there is none."""
    return child.allocated_worker.name if child.allocated_worker else child.worker_name


def described(
    child: Child, family: Sequence[Mapping[str, str]], agencies: Sequence[Mapping[str, str]]
) -> dict[str, list[Answer]]:
    """The record by its parts (`forms.children.parts`), every answer in words."""
    born = date_format(child.date_of_birth, "j F Y") if child.date_of_birth else ""
    return {
        "identity": [
            Answer("First names", child.given_names),
            Answer("Last name", child.family_name),
            Answer("Also known as", child.known_as),
            Answer("Date of birth", born),
            *([] if born else [Answer("Age", age_in_words(child) if child.estimated_on else "")]),
            Answer("NHS number", nhs_in_groups(child.nhs_number)),
            Answer("Gender", child.gender),
        ],
        "contact": [
            Answer("Responsible authority", authority_name(child.authority)),
            Answer("Address", "\n".join(filter(None, (child.address, child.postcode))), typed=True),
            Answer("Telephone", child.telephone),
            Answer("School or college", child.school),
        ],
        "family": [
            Answer(
                member["name"] + (f" ({member['relationship']})" if member["relationship"] else ""),
                "\n".join(filter(None, (_responsibility(member), member["contact"])))
                or "Nothing more is known",
                typed=True,
            )
            for member in family
        ],
        "language": [
            Answer("First language", child.first_language),
            Answer("Needs an interpreter", child.get_needs_interpreter_display()),
            Answer(
                "Ethnicity",
                _ETHNICITY.get(child.ethnicity, "")
                + (
                    f", because: {child.ethnicity_not_recorded_why}"
                    if child.ethnicity_not_recorded_why
                    else ""
                ),
            ),
        ],
        "care": [
            Answer("Open to social care", child.get_open_to_social_care_display()),
            Answer("Plan", child.get_plan_display()),
            Answer("Looked after", child.get_looked_after_display()),
            Answer("SEND", child.get_send_display()),
            Answer("Disabilities, and what helps", child.disabilities, typed=True),
        ],
        "workers": [
            Answer("Allocated worker", ", ".join(filter(None, (worker_of(child), _worker_contact(child))))),
            *(
                Answer(
                    agency["agency"],
                    ", ".join(filter(None, (agency["person"], agency["contact"]))) or "No person named",
                )
                for agency in agencies
            ),
        ],
        "voice": [
            Answer("What the child wants to happen", child.wishes, typed=True),
            Answer("The child’s own words", child.own_words, typed=True),
        ],
    }


def differences(theirs: Sequence[Answer], mine: Sequence[Answer]) -> list[Difference]:
    """The answers in which two versions of a part differ."""
    before = {answer.label: answer.text for answer in theirs}
    after = {answer.label: answer.text for answer in mine}
    return [
        Difference(label, before.get(label, "") or "Nothing", after.get(label, "") or "Nothing")
        for label in dict.fromkeys([*before, *after])
        if before.get(label, "") != after.get(label, "")
    ]


def nhs_in_groups(number: str) -> str:
    """An NHS number as it is printed: 999 000 0018."""
    return f"{number[:3]} {number[3:6]} {number[6:]}".strip()


def _responsibility(member: Mapping[str, str]) -> str:
    return {
        YesNoUnknown.YES: "Has parental responsibility",
        YesNoUnknown.NO: "Does not have parental responsibility",
        YesNoUnknown.NOT_KNOWN: "Parental responsibility not known",
    }.get(member["parental_responsibility"], "")  # type: ignore[call-overload]


def _worker_contact(child: Child) -> str:
    if child.allocated_worker:
        return ", ".join(filter(None, (child.allocated_worker.telephone, child.allocated_worker.email)))
    return child.worker_contact
