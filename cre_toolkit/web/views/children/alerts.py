"""What anybody who opens a child's record must see first, in words. Danger and missing are never hidden."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.case.queries import DueEntry
from cre_toolkit.casework.lists.around import Around, LeadNow
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.rules.casestate import CaseState
from cre_toolkit.web.views.children.describe import authority_name


def alerts(
    child: Child,
    state: CaseState,
    due: Sequence[DueEntry],
    records: Iterable[Record],
    may: Mapping[str, bool],
    lead: LeadNow | None = None,
) -> list[dict[str, Any]]:
    """The alerts of a record, the gravest first.

    Args:
        child: whose record.
        state: of the case, now.
        due: what is due.
        records: the assessments that stand, the newest first.
        may: which acts are the reader's, as `access.acts_of` tells.
        lead: who leads the work with the child, where somebody is named.
    """
    found: list[dict[str, Any]] = []
    if child.died_on:
        text = f"on {date_format(child.died_on, 'j F Y')}. Speak with a manager before you contact the family"
        found.append({"kind": "Has died", "text": text})
    elif state.closed:
        text = "the case is closed: why, and how it is opened again"
        href = reverse("child-reopen", args=[child.reference]) if may["reopen"] else ""
        found.append({"kind": "Closed", "text": text, "href": href})
    if calls := [entry for entry in due if entry.is_call]:
        found.append(
            {
                "kind": "Danger",
                "text": f"said to be in immediate danger. Telephone now: {_whom(calls)}",
                # Whoever may not log a call is led to what is due.
                "href": reverse("child-calls", args=[child.reference]) if may["log_call"] else "#due",
                "grave": True,
            }
        )
    if state.missing_since and not child.died_on:
        since = date_format(timezone.localtime(state.missing_since), "j F Y, H:i")
        href = reverse("child-missing", args=[child.reference])
        found.append({"kind": "Missing", "text": f"since {since}", "href": href, "grave": True})
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
    if lead and lead.to_discuss:
        found.append(
            {
                "kind": "Police or CRE lead",
                "text": "adults draw the child in. Discuss with them how the adults are stopped",
                "href": reverse("child-lead", args=[child.reference]) if may["write_note"] else "",
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
    if child.died_on:
        return found
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


def waiting_for_others(stands: Around) -> list[dict[str, Any]]:
    """What waits for somebody else: another authority to receive the child, a worker to take them on."""
    found = []
    if asked := stands.asked:
        to = authority_name(asked.authority) if asked.authority else asked.to_whom
        text = f"{to} was asked on {_day(asked.at)} to be responsible, and has not received the child yet"
        found.append({"kind": "Transfer", "text": text})
    if named := stands.named:
        text = f"{named.name} was named on {_day(named.at)}, and has not said yet that they have taken over"
        found.append({"kind": "Worker", "text": text})
    return found


def _whom(calls: Sequence[DueEntry]) -> str:
    """Whom to telephone: the police first, and everybody once, however often their call is due."""
    police_first = sorted(calls, key=lambda call: call.action != "telephone-police")
    return " – and ".join(dict.fromkeys(call.to for call in police_first))


def _day(at: datetime.datetime) -> str:
    return date_format(timezone.localtime(at), "j F Y")


def _family_not_safe(records: Iterable[Record]) -> bool:
    """By the newest assessment that answers it: one that was not asked, as on paper, takes nothing back."""
    for record in records:
        answer: object = record.content["answers"].get("sharing", {}).get("safe-to-tell-family")
        if answer:
            return answer == YesNoUnknown.NO
    return False
