"""An instrument: the form that a practitioner completes, its wording, and the parameters of its rules.

An instrument is read from `packs/instruments/<id>/instrument.toml`. Labels are the toolkit's own words;
examples and explanations say the same in the project's plain words and name the page that they come from.
"""

from datetime import date
from functools import cached_property
from typing import Any, Literal

from pydantic import PrivateAttr

from cre_toolkit.rules.packmodel import Identifier, Level, PackModel, Text

ANSWERED_BY = (
    "narrative",
    "record",
    "indicators",
    "vulnerabilities",
    "completed_at",
    "child.date_of_birth",
    "child.send",
    "analysis.level",
    "analysis.threshold",
    "analysis.primary_exploitation",
    "analysis.models",
    "analysis.protective_factors",
)
"""What may answer a field: the case file's `narrative`, the record around the assessment, or another key."""


class Scope(PackModel):
    """Whom the instrument is for (rules `scope-child`, `scope-send-young-adult`, `below-matrix-age`)."""

    adult_age: int
    """From this age on a person is in scope only with special educational needs or a disability."""
    send_until_age: int
    """From this age on nobody is in scope."""
    youngest_age: int | None = None
    """Below this age the instrument still applies, with a warning."""
    source: Text


class Floor(PackModel):
    """The lowest level of a young child or with SEND (`floor-under-13`, `floor-send`, `floor-lifted`)."""

    under_age: int
    level: Level
    exception: bool
    """Whether protective factors, after thorough assessment, may lift the floor."""
    text: Text
    source: Text


class Section(PackModel):
    """A section of the form, in the order of the document."""

    id: Identifier
    title: Text
    """The document's own heading."""
    holds: Literal["indicators", "vulnerabilities"] | None = None
    """What stands in the section before its fields."""
    source: Text


class Group(PackModel):
    """A fieldset of the page on which indicators are ticked. The printed form keeps the toolkit's order."""

    id: Identifier
    title: Text
    hint: Text | None = None


class Examples(PackModel):
    """What the toolkit gives as examples of each level for one indicator, in plain words."""

    low: tuple[Text, ...]
    medium: tuple[Text, ...]
    high: tuple[Text, ...]
    source: Text


class Explanation(PackModel):
    """What the document says of an indicator elsewhere, in plain words."""

    text: Text
    source: Text


class Indicator(PackModel):
    """One row of the form's table of indicators."""

    id: Identifier
    number: int
    """Its place in the document; under `cse-2017` its place within its tier."""
    label: Text
    """The toolkit's own words, a broken line mended."""
    group: Identifier
    tier: Level | None = None
    """`cse-2017`: the level of its list. None where each indicator is rated."""
    considerations: tuple[Text, ...] = ()
    """What the document adds under the label."""
    explanation: Explanation | None = None
    examples: Examples | None = None
    """None: the toolkit gives no examples for this indicator."""
    wording_note: Text | None = None
    """Today's wording, where the label reads as if the child were to blame."""
    unlikely_levels: tuple[Level, ...] = ()
    """Ratings that the toolkit calls very unlikely (rule `unlikely-rating`)."""
    needs_person_or_place: bool = False
    """Rule `person-or-place-missing`."""
    family_may_not_be_safe: bool = False
    """Rule `family-may-not-be-safe`."""
    consider_nrm: bool = False
    """Rule `consider-nrm`."""
    evidence_from: Literal["missing-episodes"] | None = None
    """What is on the child's record that speaks to it, and is proposed as evidence; never a level."""
    describe: bool = False
    """The practitioner says what it is (rule `describe-other`)."""
    age_below: int | None = None
    """It speaks of children below this age (rule `age-does-not-fit`)."""
    source: Text


class Vulnerability(PackModel):
    """One row of the form's table of vulnerability factors."""

    id: Identifier
    number: int
    label: Text
    suggests_send: bool = False
    """Recorded, it asks whether the child has SEND (rule `send-may-apply`)."""
    describe: bool = False
    wording_note: Text | None = None
    source: Text


class Choice(PackModel):
    """One answer of a closed list: a type or model of exploitation, a threshold."""

    id: Identifier
    label: Text
    hint: Text | None = None


class Field(PackModel):
    """Any other field of the form, in the document's order."""

    id: Identifier
    section: Identifier
    label: Text
    """The form's own words."""
    kind: Literal["line", "text", "date", "choice", "table"] = "text"
    columns: tuple[Text, ...] = ()
    """The headings of a table."""
    answered_by: Text = "narrative"
    """One of `ANSWERED_BY`; a value that the form prints twice is asked once."""
    hint: Text | None = None
    """How to complete it, in plain words."""
    added: bool = False
    """The service asks it beside the form's own questions; it has no place on the printed form."""
    wording_note: Text | None = None
    source: Text


class Instrument(PackModel):
    """One edition of a form, whole."""

    id: Identifier
    title: Text
    short_title: Text
    edition: Text
    published: date
    replaces: Identifier | None = None
    """The form whose place it takes, from the day on which it was published."""
    replaced_on: date | None = None
    """From this day on another takes its place (rule `superseded`): filled in from that one's `replaces`."""
    replaced_by: Identifier | None = None
    source: Text
    levels_from: Literal["rating", "tier"]
    """Where the indicated level comes from: `highest-rated-indicator`, or `tier-of-indicators`."""
    levels_source: Text
    scope: Scope
    floor: Floor
    sections: tuple[Section, ...]
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    vulnerabilities: tuple[Vulnerability, ...]
    exploitation_types: tuple[Choice, ...] = ()
    models: tuple[Choice, ...] = ()
    thresholds: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()

    _sha256: str = PrivateAttr(default="")

    def model_post_init(self, context: Any) -> None:
        """Keep the edition's hash, which the loader passes beside the content."""
        self._sha256 = (context or {}).get("sha256", "")

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes of the file that this edition was read from, stored with every outcome."""
        return self._sha256

    @cached_property
    def indicator_by_id(self) -> dict[str, Indicator]:
        """The indicators by their id, in the document's order."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def vulnerability_by_id(self) -> dict[str, Vulnerability]:
        """The vulnerability factors by their id, in the document's order."""
        return {vulnerability.id: vulnerability for vulnerability in self.vulnerabilities}

    @cached_property
    def field_by_id(self) -> dict[str, Field]:
        """The other fields of the form by their id, in the document's order."""
        return {field.id: field for field in self.fields}

    @cached_property
    def exploitation_type_by_id(self) -> dict[str, Choice]:
        """The types of exploitation, one of which is the primary one."""
        return {choice.id: choice for choice in self.exploitation_types}

    @cached_property
    def model_by_id(self) -> dict[str, Choice]:
        """`cse-2017`: the models of sexual exploitation."""
        return {choice.id: choice for choice in self.models}

    @cached_property
    def threshold_by_id(self) -> dict[str, Choice]:
        """The safeguarding thresholds."""
        return {choice.id: choice for choice in self.thresholds}

    @cached_property
    def indicators_by_group(self) -> dict[str, tuple[Indicator, ...]]:
        """The indicators of each group, groups and indicators in their order."""
        return {
            group.id: tuple(indicator for indicator in self.indicators if indicator.group == group.id)
            for group in self.groups
        }

    @cached_property
    def fields_by_section(self) -> dict[str, tuple[Field, ...]]:
        """The fields of each section, sections and fields in their order."""
        return {
            section.id: tuple(field for field in self.fields if field.section == section.id)
            for section in self.sections
        }
