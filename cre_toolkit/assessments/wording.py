"""Words of the assessment that belong to the service, not to an edition of the toolkit."""

from typing import Final

LEVELS: Final = {"low": "Low", "medium": "Medium", "high": "High"}
KNOWN: Final = {"yes": "Yes", "no": "No", "not-known": "Not known"}

# The toolkit asks for these five "at a minimum" (CRE 2020, page 8; toolkit.md, A10).
AGENCIES: Final = {
    "social-care": "Children's social care",
    "police": "Police",
    "health": "Health",
    "education": "Education",
    "specialist": "Specialist exploitation services",
}
CONSULTED: Final = {
    "contacted": "Contacted",
    "attempted": "Attempted, no answer yet",
    "pending": "Pending: still to be contacted",
    "not-needed": "Not needed",
}

# What became of an indicator of last time, in a review.
BECAME: Final = {"no-change": "No change", "changed": "Changed", "no-longer-seen": "No longer seen"}

# Why a practitioner's level may differ from the one that the indicators point to. The toolkit asks for
# judgement on the combination of factors, on protective factors and on the history (CRE 2020, page 8).
REASONS_FOR_ANOTHER_LEVEL: Final = {
    "protective-factors": "Protective factors and the child's resilience",
    "safety-in-place": "A safety plan or action already taken has changed the risk",
    "person-no-longer-near": "The person who poses a risk can no longer reach the child",
    "single-indicator": "The level rests on one indicator, and the rest points elsewhere",
    "historic": "What was seen is in the past and has not come back",
    "combination": "The combination of indicators weighs more than any one of them",
    "pattern": "The pattern is getting more frequent or more serious",
    "vulnerability": "The child's vulnerabilities add to the risk",
    "not-known": "Too much is not known yet",
    "other": "Another reason, given in words",
}
