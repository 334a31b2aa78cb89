"""What is told about the invented child of the journey: eight indicators, five factors, nothing graphic."""

from dataclasses import dataclass
from typing import Any

from cre_toolkit.rules.instrument import Indicator, Vulnerability
from cre_toolkit.rules.loading import load_instrument

CRE = load_instrument("cre-2020")
CCE, CSE, UNCLEAR = "Criminal exploitation (CCE)", "Sexual exploitation (CSE)", "Not clear yet"
FORM_VALUES = {CCE: "cce", CSE: "cse", UNCLEAR: "unclear"}


@dataclass(frozen=True)
class Seen:
    """An indicator as it was seen: for what, how high, on what evidence."""

    id: str
    linked_to: str
    level: str
    evidence: str

    @property
    def indicator(self) -> Indicator:
        return CRE.indicator_by_id[self.id]

    @property
    def tick(self) -> str:
        """The name of its checkbox."""
        return f"{self.indicator.number}. {self.indicator.label}"


@dataclass(frozen=True)
class Factor:
    """A vulnerability factor as it was told."""

    id: str
    when: str
    commentary: str

    @property
    def factor(self) -> Vulnerability:
        return CRE.vulnerability_by_id[self.id]


INDICATORS = (
    Seen("online-activity", UNCLEAR, "Low", "Leaves the room to answer messages. Seen by her aunt, October."),
    Seen("missing", CCE, "Medium", "Home after midnight on three Fridays. Told by her aunt, 2 November."),
    Seen("change-of-contact", CCE, "Low", "Has stopped football. Told by her coach, 20 October."),
    Seen("cars-with-adults", CCE, "High", "A grey car at the school gate. Seen by a teacher, 3 November."),
    Seen(
        "associating-known-risk", CCE, "Medium", "Seen with an older boy by the station. Officer, 4 November."
    ),
    Seen("unaccounted-money-goods", CCE, "Medium", 'New trainers. She said: "From a friend." 2 November.'),
    Seen("need-for-money", CCE, "Low", "Asked her form tutor about jobs, twice in October."),
    Seen("offending", UNCLEAR, "Low", "Took a drink from a shop. Told by the shopkeeper, September."),
)
FACTORS = (
    Factor("family-conflict", "Current", "Lives with her aunt since the summer."),
    Factor("young-carer", "Current", "Looks after her cousin after school."),
    Factor("mental-health", "Historic", "Slept badly after the move; better since."),
    Factor("bereavement-illness", "Historic", "Her grandfather died last year."),
    Factor("social-exclusion", "Current", "New in her year; few friends so far."),
)
PLACES = {
    "locations": "The bus station in Exampleton, on Friday evenings.",
    "environments": "Out of school, between four and seven.",
    "persons": "A boy of about 17, grey hooded top, name not known.",
}
ANALYSIS = {
    "immediate_concerns": "Friday evenings, and who the driver of the grey car is.",
    "action_taken": "The school has told its staff at the gate.",
    "protective_factors": "Talks to her aunt and her form tutor.",
    "contextual_analysis": "Two others of her year know the same car.",
}
RATIONALE = "Her aunt collects her on Fridays now, and she has told us about the car herself."

# The same, as the forms send it, for what a test only starts from. The names are those of the controls.
ANSWERS: dict[str, dict[str, Any]] = {
    "danger": {"immediate_risk": "no"},
    "child": {"send": "no", "open_to_social_care": "yes", "plan": "child-in-need", "looked_after": "no"},
    "indicators": {
        "indicator": [seen.id for seen in INDICATORS],
        "considered": "on",
        "not_known_yet": "Who drives the grey car.",
    },
    "rating": {
        name: value
        for seen in INDICATORS
        for name, value in (
            (f"{seen.id}-for", FORM_VALUES[seen.linked_to]),
            (f"{seen.id}-level", seen.level.lower()),
            (f"{seen.id}-note", seen.evidence),
        )
    },
    "places-people": {**PLACES, "persons_or_places_of_risk": "yes"},
    "vulnerabilities": {
        name: value
        for factor in FACTORS
        for name, value in (
            (f"{factor.id}-{factor.when.lower()}", "on"),
            (f"{factor.id}-note", factor.commentary),
        )
    },
    "consultation": {"consulted-0-agency": "social-care", "consulted-0-status": "contacted"},
    "analysis": {
        **ANALYSIS,
        "primary_exploitation": "criminal",
        "threshold": "section-17",
        "level": "medium",
    },
    "level": {"reasons": ["protective-factors"], "rationale": RATIONALE},
    "actions": {
        "action-0-action": "Meet her at the gate on Fridays",
        "action-0-responsible": "Her aunt",
        "action-0-timescale": "From Friday",
    },
    "sharing": {"safe_to_tell": "yes", "child_knows": "yes", "family_knows": "yes"},
}
