"""Significant incidents: recorded in words, after which a new assessment is due (case.md, `reassess`).

Source: CRE 2020, pages 9 and 11; toolkit.md, B6 and B12.
"""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.said_twice import recorded_before
from cre_toolkit.casework.ends.closing import reopen_for
from cre_toolkit.casework.models import CaseEvent, Incident
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.children.telling import tell


@transaction.atomic
def record_incident(
    *,
    by: User,
    child: Child,
    at: datetime.datetime,
    what: str,
    known_from: str,
    harm: str = "",
    others: str = "",
    was_missing: YesNoUnknown,
    danger_now: YesNoUnknown | None = None,
    form_id: uuid.UUID,
) -> Incident:
    """Record a significant incident: a new assessment is due from then on. The same form twice records one.

    It opens a closed case again: what is due would be hidden.

    Where the child is in danger now, that is said in the same act, and the telephone calls are due at once
    (case.md, `immediate-risk`): nobody has to begin an assessment first.

    A form that says something else the second time (Back, other words) records another: what was recorded
    stays as it was, until somebody says that it was recorded in error.

    Args:
        by: who records it; they see the child, as the caller has made sure.
        child: to whom it happened.
        at: when it happened.
        what: what happened.
        known_from: who saw or heard it, and when.
        harm: how the child was harmed.
        others: who else was harmed, and how.
        was_missing: whether the child was missing at the time.
        danger_now: whether the child is in immediate danger as it is recorded; None where it was not asked.
        form_id: of the form.

    Raises:
        NotAllowed: recording incidents is not within the user's roles.
        entering.InTheFuture: it is later than now.
    """
    access.check(access.standing_of(by), Act.RECORD_INCIDENT)
    held = hold(child)
    said = {
        "what": what,
        "known_from": known_from,
        "harm": harm,
        "others": others,
        "was_missing": was_missing,
        "danger_now": danger_now or "",
    }
    entered = event(by=by, child=held, kind=CaseEvent.Kind.SIGNIFICANT_INCIDENT, at=at)
    recorded, number = recorded_before(Incident, child=held, said={"at": entered.at, **said}, form_id=form_id)
    if recorded:
        return recorded
    events = [entered]
    if danger_now == YesNoUnknown.YES:
        now = timezone.now()
        events.append(event(by=by, child=held, kind=CaseEvent.Kind.IMMEDIATE_RISK, at=now))
    if enter(by=by, child=held, events=events).closed:
        reopen_for(by=by, child=held, words="A significant incident was recorded.")
    incident = Incident.objects.create(form_id=number, child=held, event=entered, **said)
    _tell(by, held, incident)
    return incident


def happened(child: Child) -> list[Happened]:
    """The incidents of a child for the timeline. One query."""
    incidents = Incident.objects.filter(child__stands_for=child.stands_for)
    return [
        Happened(
            at=incident.event.at,
            entered_at=incident.event.entered_at,
            what=What.INCIDENT,
            title="Significant incident",
            by=incident.event.by.name,
            text="\n\n".join(f"{label}: {text}" for label, text in in_words(incident)),
            event=incident.event_id,
            in_error=hasattr(incident.event, "in_error"),
        )
        for incident in incidents.select_related("event__by", "event__in_error")
    ]


def in_words(incident: Incident) -> list[tuple[str, str]]:
    """Each thing that was said of an incident, with what was asked; what was left blank is left out."""
    told = [
        ("What happened", incident.what),
        ("Who saw or heard it, and when", incident.known_from),
        ("How the child was harmed", incident.harm),
        ("Who else was harmed", incident.others),
        ("Missing at the time", YesNoUnknown(incident.was_missing).label),
        ("In immediate danger when it was recorded", incident.get_danger_now_display()),
    ]
    return [(label, text) for label, text in told if text.strip()]


def _tell(by: User, child: Child, incident: Incident) -> None:
    """Mail with a reference and nothing else, to the allocated worker: a new assessment is due."""
    if child.allocated_worker_id is None:
        return
    people = User.objects.filter(access.admitted(child), pk=child.allocated_worker_id, is_active=True)
    reference = child.reference
    tell(
        by=by,
        child=child,
        people={person.pk: person.email for person in people},
        subject=f"Something new is due on the record {reference}",
        body=(
            f"Something was recorded on the record with the reference {reference}, and a new assessment is"
            " due because of it.\n\nSign in to CRE Toolkit and search for the reference to read it. For"
            " safety this message says nothing more."
        ),
        cause=incident.pk,
    )
