"""The case file: what the assessment contract takes in, and how strictly it is read.

`parse_case_file` is the only door. What it lets through has every key known, every value of its type and
every word of its vocabulary; the rules behind it check nothing of that again. Not known (None), not
answered and no stay three different things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from cre_toolkit.rules.deadlines import parse_date, parse_instant
from cre_toolkit.rules.instrument import Indicator, Instrument
from cre_toolkit.rules.loading import authority_ids, instrument_ids, load_instrument
from cre_toolkit.rules.packmodel import Level
from cre_toolkit.rules.strictjson import CaseFileError, JsonObject, is_plain, read_json, text_at

__all__ = [
    "Analysis",
    "CaseFile",
    "CaseFileError",
    "Child",
    "IndicatorEntry",
    "VulnerabilityEntry",
    "parse_case_file",
]

LEVELS: tuple[Level, ...] = ("low", "medium", "high")

_CHILD_KEYS = (
    "date_of_birth",
    "age",
    "send",
    "open_to_social_care",
    "child_protection_plan",
    "looked_after",
)
_FORM_KEYS = (
    "instrument",
    "child",
    "immediate_risk",
    "indicators",
    "vulnerabilities",
    "persons_or_places_of_risk",
    "analysis",
    "transcribed",
    "narrative",
)
_CASE_FILE_KEYS = ("instrument", "authority", "child", "completed_at", *_FORM_KEYS[2:])
_ANALYSIS_KEYS = ("level", "rationale", "threshold", "protective_factors")

# What an entry holds differs with the form: one rates each indicator, the other ticks rows of three tiers.
_INDICATOR_KEYS = {"rating": ("level", "cce", "cse", "note"), "tier": ("risk", "evidenced", "note")}
_VULNERABILITY_KEYS = {"rating": ("historic", "current", "note"), "tier": ("present", "note")}
_MORE_ANALYSIS_KEYS = {"rating": ("primary_exploitation", "thorough_assessment"), "tier": ("models",)}


@dataclass(frozen=True, slots=True)
class Child:
    """The facts about the child that rules read; None is "not known"."""

    date_of_birth: date | None = None
    age: int | None = None
    send: bool | None = None
    open_to_social_care: bool | None = None
    child_protection_plan: bool | None = None
    looked_after: bool | None = None


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """What is recorded about one indicator. A form that rates has `level`, `cce` and `cse`.

    One that ticks has `risk` and `evidenced`, and the level is that of the indicator's tier.
    """

    indicator: Indicator
    identified: bool
    level: Level | None
    note: str
    cce: bool = False
    cse: bool = False
    risk: bool = False
    evidenced: bool = False


@dataclass(frozen=True, slots=True)
class VulnerabilityEntry:
    """What is recorded about one vulnerability factor. `present` where the form does not ask when."""

    note: str
    historic: bool = False
    current: bool = False
    present: bool = False

    @property
    def recorded(self) -> bool:
        """Whether the factor is there, now or earlier."""
        return self.historic or self.current or self.present


@dataclass(frozen=True, slots=True)
class Analysis:
    """The practitioner's judgement, and what it rests on. `level` None is not yet recorded."""

    level: Level | None = None
    rationale: str = ""
    threshold: str = ""
    protective_factors: str = ""
    primary_exploitation: str = ""
    thorough_assessment: bool = False
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One completed form, read and checked. Its tables stand in the instrument's order."""

    instrument: str
    authority: str
    child: Child
    completed_at: datetime
    immediate_risk: bool | None
    indicators: Mapping[str, IndicatorEntry]
    vulnerabilities: Mapping[str, VulnerabilityEntry]
    persons_or_places_of_risk: bool | None
    analysis: Analysis
    transcribed: bool
    narrative: Mapping[str, str]


def parse_case_file(data: Mapping[str, Any] | str | bytes) -> CaseFile:
    """Read a case file strictly (assessment contract, "In: the case file").

    Args:
        data: the JSON text, its bytes, or what was parsed from it.

    Returns:
        The case file: every key known, every value of its type.

    Raises:
        CaseFileError: it cannot be read as one; names the place and the reason.
    """
    file = JsonObject(read_json(data) if isinstance(data, str | bytes) else data, "").only(_CASE_FILE_KEYS)
    instrument = load_instrument(file.choice_needed("instrument", instrument_ids()))
    return _case_file(
        file,
        instrument,
        authority=file.choice_needed("authority", authority_ids()),
        child=read_child(file.inner_needed("child")),
        completed_at=file.parsed_needed("completed_at", parse_instant),
    )


def read_recorded_assessment(
    value: Any, path: str, *, authority: str, child: Child, completed_at: datetime
) -> tuple[Instrument, CaseFile]:
    """Read a case file inside a case record: without `authority` and `completed_at`, perhaps without `child`.

    Args:
        value: what stands in the record.
        path: where.
        authority: the record's.
        child: the record's, for a case file that has none of its own.
        completed_at: the event's instant.

    Raises:
        CaseFileError: as `parse_case_file`.
    """
    file = JsonObject(value, path).only(_FORM_KEYS)
    instrument = load_instrument(file.choice_needed("instrument", instrument_ids()))
    own_child = read_child(file.inner("child")) if file.given("child") else child
    return instrument, _case_file(
        file, instrument, authority=authority, child=own_child, completed_at=completed_at
    )


def read_child(entry: JsonObject) -> Child:
    """Read the facts about the child."""
    entry.only(_CHILD_KEYS)
    return Child(
        date_of_birth=entry.parsed("date_of_birth", parse_date),
        age=entry.whole_number("age"),
        send=entry.known("send"),
        open_to_social_care=entry.known("open_to_social_care"),
        child_protection_plan=entry.known("child_protection_plan"),
        looked_after=entry.known("looked_after"),
    )


def read_level(entry: JsonObject) -> Level | None:
    """Read `level`: low, medium or high, or null."""
    return cast("Level | None", entry.choice("level", LEVELS))


def _case_file(
    file: JsonObject, instrument: Instrument, *, authority: str, child: Child, completed_at: datetime
) -> CaseFile:
    return CaseFile(
        instrument=instrument.id,
        authority=authority,
        child=child,
        completed_at=completed_at,
        immediate_risk=file.known("immediate_risk"),
        indicators=_indicators(file.inner("indicators"), instrument),
        vulnerabilities=_vulnerabilities(file.inner("vulnerabilities"), instrument),
        persons_or_places_of_risk=file.known("persons_or_places_of_risk"),
        analysis=_analysis(file.inner_needed("analysis"), instrument),
        transcribed=file.flag("transcribed"),
        narrative=_narrative(file.inner("narrative")),
    )


def _indicators(table: JsonObject, instrument: Instrument) -> dict[str, IndicatorEntry]:
    keys = _INDICATOR_KEYS[instrument.levels_from]
    rows = _rows(table, instrument.indicator_by_id, f"is not an indicator of {instrument.id}", keys)
    if instrument.levels_from == "rating":
        return {id_: _rated(row, instrument.indicator_by_id[id_]) for id_, row in rows.items()}
    return {id_: _ticked(row, instrument.indicator_by_id[id_]) for id_, row in rows.items()}


def _rated(row: JsonObject, indicator: Indicator) -> IndicatorEntry:
    return IndicatorEntry(
        indicator,
        identified=True,
        level=read_level(row),
        note=row.text("note"),
        cce=row.flag("cce"),
        cse=row.flag("cse"),
    )


def _ticked(row: JsonObject, indicator: Indicator) -> IndicatorEntry:
    risk, evidenced = row.flag("risk"), row.flag("evidenced")
    return IndicatorEntry(
        indicator,
        identified=risk or evidenced,
        level=indicator.tier,
        note=row.text("note"),
        risk=risk,
        evidenced=evidenced,
    )


def _vulnerabilities(table: JsonObject, instrument: Instrument) -> dict[str, VulnerabilityEntry]:
    keys = _VULNERABILITY_KEYS[instrument.levels_from]
    rows = _rows(
        table, instrument.vulnerability_by_id, f"is not a vulnerability factor of {instrument.id}", keys
    )
    flags = keys[:-1]
    return {
        id_: VulnerabilityEntry(note=row.text("note"), **{flag: row.flag(flag) for flag in flags})
        for id_, row in rows.items()
    }


def _rows(
    table: JsonObject, order: Mapping[str, Any], unknown: str, keys: tuple[str, ...]
) -> dict[str, JsonObject]:
    """The rows of a table that have an entry, in the instrument's order."""
    for id_ in table.value:
        if id_ not in order:
            raise CaseFileError(table.at(id_), unknown)
    given = table.value
    return {id_: table.inner(id_).only(keys) for id_ in order if given.get(id_) is not None}


def _analysis(entry: JsonObject, instrument: Instrument) -> Analysis:
    entry.only((*_ANALYSIS_KEYS, *_MORE_ANALYSIS_KEYS[instrument.levels_from]))
    return Analysis(
        level=read_level(entry),
        rationale=entry.text("rationale"),
        threshold=entry.choice_or_blank("threshold", instrument.threshold_by_id),
        protective_factors=entry.text("protective_factors"),
        primary_exploitation=entry.choice_or_blank(
            "primary_exploitation", instrument.exploitation_type_by_id
        ),
        thorough_assessment=entry.flag("thorough_assessment"),
        models=entry.choices("models", instrument.model_by_id),
    )


def _narrative(entry: JsonObject) -> dict[str, str]:
    """The form's other texts. Rules do not read them: any field id is taken, editions differ in theirs."""
    for id_ in entry.value:
        if not is_plain(id_):
            text_at(id_, entry.path)
    return {id_: entry.text(id_) for id_ in entry.value}
