"""What anybody who opens a child's record must see first, in words. Danger and missing are never hidden."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.queries import DueEntry
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.rules.casestate import CaseState


def alerts(
    child: Child,
    state: CaseState,
    due: Sequence[DueEntry],
    records: Iterable[Record],
    may: Mapping[str, bool],
) -> list[dict[str, Any]]:
    """The alerts of a record, the gravest first.

    Args:
        child: whose record.
        state: of the case, now.
        due: what is due.
        records: the assessments that stand, the newest first.
        may: which acts are the reader's, as `access.acts_of` tells.
    """
    found: list[dict[str, Any]] = []
    if calls := [entry for entry in due if entry.is_call]:
        found.append(
            {
                "kind": "Danger",
                "text": "said to be in immediate danger. Telephone now: "
                + ", ".join(call.to for call in calls),
                # Whoever may not log a call is led to what is due.
                "href": reverse("child-calls", args=[child.reference]) if may["log_call"] else "#due",
                "grave": True,
            }
        )
    if state.missing_since:
        since = date_format(timezone.localtime(state.missing_since), "j F Y, H:i")
        found.append({"kind": "Missing", "text": f"since {since}", "grave": True})
    if child.restricted:
        text = "only the people named on it can see this record. Speak of the child with nobody else"
        found.append(
            {"kind": "Restricted", "text": text, "href": reverse("child-access", args=[child.reference])}
        )
    if _family_not_safe(records):
        found.append(
            {
                "kind": "Family",
                "text": "assessed as not safe to tell them. Ask the author before you contact the family",
            }
        )
    if overdue := sum(entry.overdue for entry in due if entry not in calls):
        found.append(
            {"kind": "Overdue", "text": "1 thing" if overdue == 1 else f"{overdue} things", "href": "#due"}
        )
    if state.divergence == "assessed-above-agreed":
        found.append(
            {
                "kind": "Level",
                "text": "assessed above the agreed level: ask for the meeting to be brought forward",
            }
        )
    if child.needs_interpreter == YesNoUnknown.YES:
        language = f" ({child.first_language})" if child.first_language else ""
        found.append({"kind": "Language", "text": f"an interpreter is needed{language}"})
    if child.age_on(timezone.localdate()) is None:
        change = reverse("child-edit", args=[child.reference, "identity"]) if may["edit_child"] else ""
        found.append(
            {
                "kind": "Age",
                "text": "not known: without it an assessment cannot be sent",
                "href": change,
            }
        )
    return found


def _family_not_safe(records: Iterable[Record]) -> bool:
    """By the newest assessment that answers it: one that was not asked, as on paper, takes nothing back."""
    for record in records:
        answer: object = record.content["answers"].get("sharing", {}).get("safe-to-tell-family")
        if answer:
            return answer == YesNoUnknown.NO
    return False
