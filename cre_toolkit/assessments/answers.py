"""What a practitioner may answer, section by section, and how it stands in a draft and in a record.

Drafts take anything that has this shape, however unfinished: blank is not yet answered, `not-known` is an
answer, and neither is "no". What sending asks for is not checked here (`readiness`). Where the printed form
has the field, the key is the id of the instrument's field (`immediate-concerns`); the others are our own.
"""

import datetime
from collections.abc import Container, Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar, overload

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from cre_toolkit.assessments.wording import REASONS_FOR_ANOTHER_LEVEL
from cre_toolkit.rules.instrument import Instrument

Known = Literal["", "yes", "no", "not-known"]
"""Three answers, and blank for none yet."""

Level = Literal["", "low", "medium", "high"]

Became = Literal["", "no-change", "changed", "no-longer-seen"]


class BadAnswers(ValueError):
    """Answers that no page of the journey can have sent: an unknown key, a level that does not exist.

    Args:
        path: the section and the key in it.
        reason: what is wrong.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


def _text(value: str) -> str:
    """As typed, with one kind of line end. PostgreSQL holds no NUL, and nobody can type one."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _day(value: str) -> str:
    if value:
        datetime.date.fromisoformat(value)
    return value


Text = Annotated[str, AfterValidator(_text)]
Day = Annotated[str, AfterValidator(_day)]
"""A day as `2026-03-27`, or blank."""


class Part(BaseModel):
    """A section, or a row of one. Immutable: a change makes a new one."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)

    @property
    def blank(self) -> bool:
        """Whether nothing has been answered here."""
        return self == type(self)()

    def check_ids(self, instrument: Instrument) -> None:
        """Refuse, with `BadAnswers`, ids that the edition does not have."""


class Danger(Part):
    """Is the child in immediate danger? Asked first (service.md, "Danger first")."""

    immediate_risk: Known = ""
    what: Text = ""


class ChildFacts(Part):
    """The facts about the child stand on the child's own record; here, that they were looked at."""

    confirmed: bool = False


class Rated(Part):
    """One indicator that was ticked: for what, how high, and on what evidence (A1)."""

    level: Level = ""
    cce: bool = False
    cse: bool = False
    unclear: bool = False
    """The practitioner cannot say yet which: not the same as leaving it unanswered."""
    note: Text = ""
    as_on: Day = ""
    """The day of the assessment that this was first said in, where nothing has changed since."""


class SinceLast(Part):
    """What has become of an indicator of the assessment that is reviewed."""

    answer: Became = ""
    why: Text = ""
    """Where it is no longer seen: what the practitioner makes of that."""


class Indicators(Part):
    """Section 1 of the form."""

    items: dict[str, Rated] = {}
    considered: bool = False
    """The practitioner says that every indicator has been considered."""
    not_known_yet: Text = Field(default="", alias="not-known-yet")
    expand_indicators: Text = Field(default="", alias="expand-indicators")
    set_aside: dict[str, Rated] = {}
    """What was written about an indicator that has been unticked since, should it be ticked again."""
    since_last: dict[str, SinceLast] = {}
    """In a review: each indicator of last time, answered or not (service.md, "what was said last time")."""

    def check_ids(self, instrument: Instrument) -> None:
        named = {*self.items, *self.set_aside, *self.since_last}
        refuse_unknown("indicators.items", named, instrument.indicator_by_id)


class Places(Part):
    """Who and where poses a risk (A3)."""

    locations: Text = ""
    environments: Text = ""
    persons: Text = ""
    other_risk: Text = Field(default="", alias="other-risk")
    persons_or_places_of_risk: Known = ""


class Factor(Part):
    """One vulnerability factor (A4)."""

    historic: bool = False
    current: bool = False
    note: Text = ""


class Vulnerabilities(Part):
    """Section 2 of the form."""

    items: dict[str, Factor] = {}
    other_information: Text = Field(default="", alias="other-information")

    def check_ids(self, instrument: Instrument) -> None:
        refuse_unknown("vulnerabilities.items", self.items, instrument.vulnerability_by_id)


class Consulted(Part):
    """Somebody who was asked, or could not be (A10)."""

    agency: Text = ""
    """One of `AGENCIES`, or blank in a row of the practitioner's own."""
    name: Text = ""
    status: Literal["", "contacted", "attempted", "pending", "not-needed"] = ""
    when: Text = ""
    note: Text = ""


class Consultation(Part):
    """Who was consulted. Never blocks sending."""

    items: list[Consulted] = []


class Analysis(Part):
    """Section 3 of the form, with the practitioner's own level at its end (A5)."""

    immediate_concerns: Text = Field(default="", alias="immediate-concerns")
    action_taken: Text = Field(default="", alias="action-taken")
    protective_factors: Text = Field(default="", alias="protective-factors")
    contextual_analysis: Text = Field(default="", alias="contextual-analysis")
    primary_exploitation: str = ""
    threshold: str = ""
    level: Level = ""

    def check_ids(self, instrument: Instrument) -> None:
        types, thresholds = instrument.exploitation_type_by_id, instrument.threshold_by_id
        refuse_unknown("analysis.primary_exploitation", [self.primary_exploitation], types)
        refuse_unknown("analysis.threshold", [self.threshold], thresholds)


class LevelReasons(Part):
    """What is said about the level once the indicated one has been shown (A8)."""

    reasons: list[str] = []
    """Codes of `wording.REASONS_FOR_ANOTHER_LEVEL`; a record holds their words."""
    rationale: Text = ""
    written_for: Level = ""
    """The level that the rationale was written for; where that has changed since, it is to be read again."""
    thorough_assessment: bool = False
    look_again_on: Day = ""
    no_look_again_why: Text = ""

    def check_ids(self, instrument: Instrument) -> None:
        refuse_unknown("level.reasons", self.reasons, REASONS_FOR_ANOTHER_LEVEL)


class ActionRow(Part):
    """An immediate action to safeguard the child."""

    action: Text = ""
    responsible: Text = ""
    timescale: Text = ""


class Actions(Part):
    items: list[ActionRow] = []


class Shared(Part):
    """One thing that was shared (A11)."""

    what: Text = ""
    with_whom: Text = ""
    how: Text = ""
    when: Text = ""


class Sharing(Part):
    """What was shared, what was not and why, and what the family knows (A5, A11)."""

    safe_to_tell: Known = Field(default="", alias="safe-to-tell-family")
    safe_to_tell_why: Text = ""
    child_knows: Known = ""
    family_knows: Known = ""
    family_aware: Text = Field(default="", alias="family-aware")
    """In words: who knows of the referral, who does not, and why."""
    items: list[Shared] = []
    not_shared: Text = ""
    barriers: Text = ""
    practitioner_risks: Text = Field(default="", alias="practitioner-risks")


class Answers(Part):
    """A whole draft."""

    danger: Danger = Danger()
    child: ChildFacts = ChildFacts()
    indicators: Indicators = Indicators()
    places: Places = Places()
    vulnerabilities: Vulnerabilities = Vulnerabilities()
    consultation: Consultation = Consultation()
    analysis: Analysis = Analysis()
    level: LevelReasons = LevelReasons()
    actions: Actions = Actions()
    sharing: Sharing = Sharing()

    def section(self, section: str) -> Part:
        part: Part = getattr(self, section)
        return part


AnswersOf = TypeVar("AnswersOf", bound=Answers)


def read(
    section: str, answers: Mapping[str, Any], instrument: Instrument, of: type[Answers] = Answers
) -> Part:
    """Read the answers of one section strictly.

    Args:
        section: one of `Section`.
        answers: as JSON holds them.
        instrument: the edition, which says which indicators, factors, types and thresholds there are.
        of: the whole draft's shape: which sections it has, and the shape of each.

    Raises:
        BadAnswers: an unknown section, key, id or level.
    """
    if section not in of.model_fields:
        raise BadAnswers(str(section), "is no section of an assessment")
    shape = type(of().section(section))
    try:
        part = shape.model_validate(answers)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadAnswers(".".join([section, *map(str, first["loc"])]), first["msg"]) from None
    part.check_ids(instrument)
    return part


def refuse_unknown(path: str, given: Iterable[str], known: Container[str]) -> None:
    """Raise `BadAnswers` for an id that this edition does not have; blank is none."""
    for id_ in sorted(given):
        if id_ and id_ not in known:
            raise BadAnswers(path, "names what this edition of the toolkit does not have")


def dump(part: Part) -> dict[str, Any]:
    """The answers as JSON holds them, every key present."""
    return part.model_dump(mode="json", by_alias=True)


def dump_short(part: Part) -> dict[str, Any]:
    """The same without what is blank: how a draft stands in the database."""
    return part.model_dump(mode="json", by_alias=True, exclude_defaults=True)


@overload
def from_sections(sections: Mapping[str, Any]) -> Answers: ...


@overload
def from_sections(sections: Mapping[str, Any], of: type[AnswersOf]) -> AnswersOf: ...


def from_sections(sections: Mapping[str, Any], of: type[Answers] = Answers) -> Answers:
    """A draft from its stored sections, which were checked when they were saved."""
    return of.model_validate({name: sections[name] for name in of.model_fields if name in sections})
