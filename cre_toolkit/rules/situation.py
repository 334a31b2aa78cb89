"""The situation that a case file describes, worked out once, for every rule to read."""

from dataclasses import dataclass
from datetime import date

from cre_toolkit.rules.casefile import CaseFile, IndicatorEntry
from cre_toolkit.rules.deadlines import age_on, day_in_london
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.levels import below, highest
from cre_toolkit.rules.packmodel import Level


@dataclass(frozen=True, slots=True)
class Situation:
    """What the rules ask about. Nobody but `understand` makes one."""

    instrument: Instrument
    case_file: CaseFile
    rated: bool
    """Whether the form rates each indicator (`cre-2020`), or ticks the rows of three tiers (`cse-2017`)."""
    day: date
    """The day of completion in Europe/London."""
    born_after_completion: bool
    age: int | None
    in_scope: bool | None
    is_young_adult: bool
    """Of age, and still within the years in which SEND decides."""
    identified: tuple[IndicatorEntry, ...]
    """In the instrument's order."""
    found_level: Level | None
    """The highest level found, before any floor."""
    indicated_level: Level | None
    minimum_level: Level | None
    recorded_level: Level | None
    floor_is_lifted: bool

    @property
    def send_decides_scope(self) -> bool:
        """Whether the toolkit applies depends on SEND, and SEND is not known (rule `send-decides-scope`)."""
        return self.is_young_adult and self.case_file.child.send is None

    @property
    def below_floor(self) -> bool:
        """Whether less than the floor is recorded, whatever lifts it."""
        return below(self.recorded_level, self.minimum_level)


def understand(instrument: Instrument, case_file: CaseFile) -> Situation:
    """Work out age, scope, what is identified, and the three levels.

    Args:
        instrument: the case file's instrument.
        case_file: what was recorded.
    """
    child, analysis, scope = case_file.child, case_file.analysis, instrument.scope
    day = day_in_london(case_file.completed_at)
    born_after = child.date_of_birth is not None and child.date_of_birth > day
    if child.date_of_birth is not None and not born_after:
        age: int | None = age_on(child.date_of_birth, day)
    else:
        age = child.age
    is_young_adult = age is not None and scope.adult_age <= age < scope.send_until_age
    in_scope = None
    if age is not None:
        in_scope = age < scope.adult_age or (is_young_adult and child.send is not False)

    identified = tuple(entry for entry in case_file.indicators.values() if entry.identified)
    found = indicated = minimum = recorded = None
    if in_scope is not False:
        recorded = analysis.level
        found = indicated = highest([entry.level for entry in identified])
        floor = instrument.floor
        if identified and (child.send or (age is not None and age < floor.under_age)):
            minimum = floor.level
            if below(indicated, minimum):
                indicated = minimum
    lifted = (
        instrument.floor.exception
        and below(recorded, minimum)
        and analysis.thorough_assessment
        and not is_blank(analysis.protective_factors)
    )
    return Situation(
        instrument=instrument,
        case_file=case_file,
        rated=instrument.levels_from == "rating",
        day=day,
        born_after_completion=born_after,
        age=age,
        in_scope=in_scope,
        is_young_adult=is_young_adult,
        identified=identified,
        found_level=found,
        indicated_level=indicated,
        minimum_level=minimum,
        recorded_level=recorded,
        floor_is_lifted=lifted,
    )


def is_blank(text: str) -> bool:
    """Whether a text is empty or white space."""
    return not text or text.isspace()
