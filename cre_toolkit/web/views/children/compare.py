"""Two records side by side, in words: what they say, who sees each, and why they may be of one child."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format

from cre_toolkit.assessments.queries import records_of
from cre_toolkit.children.matching import Why
from cre_toolkit.children.merging import CHOICES
from cre_toolkit.children.models import Child
from cre_toolkit.children.queries import agencies_of, family_of
from cre_toolkit.children.viewers import viewers
from cre_toolkit.web.views.children.describe import Answer, described
from cre_toolkit.web.views.children.viewers import WhoSees, in_words

# The parts of a record that tell one child from another. What a child said is not among them.
TELLING = ("identity", "contact", "family", "language", "workers")
# By the names of `merging.CHOICES`, under which label `described` has it.
LABELS = {
    "given_names": "First names",
    "family_name": "Last name",
    "known_as": "Also known as",
    "date_of_birth": "Date of birth",
    "nhs_number": "NHS number",
    "gender": "Gender",
    "address": "Address",
    "telephone": "Telephone",
    "school": "School or college",
    "first_language": "First language",
    "needs_interpreter": "Needs an interpreter",
    "ethnicity": "Ethnicity",
    "open_to_social_care": "Open to social care",
    "plan": "Plan",
    "looked_after": "Looked after",
    "send": "SEND",
    "worker": "Allocated worker",
}
_REASONS = {
    Why.BY_HAND: "Somebody takes them for one child, and has asked for them to be compared",
    Why.NHS_NUMBER: "Same NHS number",
    Why.NAME: "Same name",
    Why.KNOWN_AS: "One is known by the other’s name",
    Why.NAME_BEGINS: "A name begins in the same way",
    Why.PART_OF_NAME: "Part of the name is the same",
    Why.SOUNDS_LIKE: "The names sound alike",
    Why.SPELLED_LIKE: "The names are spelled much alike",
    Why.BORN: "Same date of birth",
    Why.BORN_SWAPPED: "Dates of birth with day and month the other way round",
    Why.BORN_NEAR: "Dates of birth differ by one digit",
    Why.ONE_NAME: "One of the names is the same or nearly",
    Why.POSTCODE: "Same postcode",
    Why.AGE_FITS: "The ages fit",
    Why.SIBLINGS: "But perhaps twins, or brother and sister: the first names are different",
}


_TABLES = {"family": "Family", "agencies": "Agencies"}
_TEXTS = {
    "disabilities": "Disabilities, and what helps",
    "wishes": "What the child wants to happen",
    "own_words": "The child’s own words",
}


def what(field: str) -> str:
    """What a field of the record, or a table of it, is called."""
    named = {field: LABELS[name] for name, fields in CHOICES.items() for field in fields}
    return (named | _TABLES | _TEXTS)[field]


def reasons(codes: Iterable[str]) -> list[str]:
    """Why two records may be of one child, in words, the most telling first."""
    return [_REASONS[Why(code)] for code in codes]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two records."""

    child: Child
    answers: dict[str, str]
    assessments: str
    people: Sequence[WhoSees]


@dataclass(frozen=True, slots=True)
class Line:
    """What both say to one question."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.one and self.other) and self.one != self.other


def side(child: Child) -> Side:
    """One of the two records, as those whose duty it is see it. Seven queries."""
    return Side(child, answers(child), _assessed(child), in_words(viewers(child)))


def answers(child: Child) -> dict[str, str]:
    """What a record says of `TELLING`, by the labels of its answers. Two queries."""
    return _by_label(described(child, family_of(child), agencies_of(child)), TELLING)


def lines(one: Mapping[str, str], other: Mapping[str, str]) -> list[Line]:
    """Both records, question by question; what neither answers is left out."""
    return [Line(label, one.get(label, ""), other.get(label, "")) for label in dict.fromkeys([*one, *other])]


def in_brief(child: Child) -> dict[str, str]:
    """What a record says to each of `LABELS`, by the names of the details. No query."""
    said = described(child, (), ())
    by_label = _by_label(said, said)
    by_label.setdefault("Date of birth", f"Age {by_label['Age']}" if "Age" in by_label else "")
    return {name: by_label.get(label, "") for name, label in LABELS.items()}


def _by_label(said: dict[str, list[Answer]], parts: Iterable[str]) -> dict[str, str]:
    return {answer.label: answer.text for part in parts for answer in said[part] if answer.text}


def _assessed(child: Child) -> str:
    # From paper too, which was sent to nobody; what was withdrawn is no assessment of this child.
    stand = [record.completed_at for record in records_of(child).filter(withdrawal=None)]
    if not stand:
        return "No assessment is on record"
    number = "One assessment is" if len(stand) == 1 else f"{len(stand)} assessments are"
    return f"{number} on record, the last completed on {date_format(stand[0], 'j F Y')}"
