"""From what stands in a draft to the case file that the rules read (`assessment.md`, "In")."""

import datetime
from typing import Any

from django.utils import timezone

from cre_toolkit.assessments.answers import Answers
from cre_toolkit.children.facts import facts
from cre_toolkit.children.models import Child

_KNOWN: dict[str, bool | None] = {"yes": True, "no": False}


def case_file(
    child: Child, answers: Answers, completed_at: datetime.datetime, instrument_id: str
) -> dict[str, Any]:
    """The contract's case file. The form's other texts stay with the answers: rules do not read them.

    Args:
        child: the record, for the facts as they stand now.
        answers: the whole draft.
        completed_at: the instant of completion.
        instrument_id: the edition, `cre-2020`.
    """
    return {
        "instrument": instrument_id,
        "authority": child.authority,
        "child": facts(child, timezone.localdate(completed_at)),
        "completed_at": completed_at.isoformat(timespec="seconds"),
        "immediate_risk": _KNOWN.get(answers.danger.immediate_risk),
        "indicators": {
            id_: {"level": rated.level or None, "cce": rated.cce, "cse": rated.cse, "note": rated.note}
            for id_, rated in answers.indicators.items.items()
        },
        "vulnerabilities": {
            id_: {"historic": factor.historic, "current": factor.current, "note": factor.note}
            for id_, factor in answers.vulnerabilities.items.items()
        },
        "persons_or_places_of_risk": _KNOWN.get(answers.places.persons_or_places_of_risk),
        "analysis": {
            "level": answers.analysis.level or None,
            "rationale": answers.level.rationale,
            "threshold": answers.analysis.threshold,
            "protective_factors": answers.analysis.protective_factors,
            "primary_exploitation": answers.analysis.primary_exploitation,
            "thorough_assessment": answers.level.thorough_assessment,
        },
    }
