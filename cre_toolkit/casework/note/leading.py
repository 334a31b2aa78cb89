"""Who leads the work with a child who is reluctant to engage, and what follows where adults draw them in.

Source: toolkit.md, B12; CRE 2020, pages 9 and 20. A child is often afraid of the adults, or believes in them:
the person with the best relationship leads. Who is made to sell sex, or to bring in others, is harmed by it.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.case.said_twice import recorded_by
from cre_toolkit.casework.models import Lead, Note
from cre_toolkit.casework.note.notes import DRAWN_IN
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child, YesNoUnknown


class SaysTooLittle(ValueError):
    """Who leads has a name and a reason; where adults draw the child in, whether it goes on is answered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Who leads, and what is known of adults who draw the child in."""

    name: str
    why: str
    drawn_in: YesNoUnknown
    goes_on: str = ""
    """As `YesNoUnknown`; blank where nobody draws the child in."""
    person: User | None = None
    """Their account, where they have one."""


@dataclass(frozen=True, slots=True)
class Leading:
    """Who leads now, and what is still to be done because adults draw the child in."""

    lead: Lead
    to_discuss: bool
    """It is to be discussed with the police or the CRE lead."""
    to_meet: bool
    """It goes on: a high risk strategy meeting is proposed."""


@transaction.atomic
def name_lead(*, by: User, child: Child, named: Named, form_id: uuid.UUID) -> Lead:
    """Name who leads the work with a child. The same form sent twice names them once; the newest counts.

    Args:
        by: who says so; they see the child, which the caller has made sure of.
        child: whose case.
        named: who leads and why, and what is known of adults who draw the child in.
        form_id: of the form.

    Raises:
        NotAllowed: writing onto cases is not within the user's roles.
        SaysTooLittle: something that must be said is left out.
        NotVisible: the form's number belongs to another child.
    """
    access.check(access.standing_of(by), Act.WRITE_NOTE)
    drawn_in = named.drawn_in == YesNoUnknown.YES
    if not (named.name.strip() and named.why.strip()) or (drawn_in and not named.goes_on):
        raise SaysTooLittle
    held = hold(child)
    if said := recorded_by(Lead, child=held, form_id=form_id):
        return said
    lead = Lead.objects.create(
        child=held,
        person=named.person,
        name=named.name,
        why=named.why,
        drawn_in=named.drawn_in,
        goes_on=named.goes_on if drawn_in else "",
        by=by,
        at=timezone.now(),
        form_id=form_id,
    )
    audit.record(
        by=by,
        kind="lead.named",
        authority=held.authority,
        child=held.pk,
        subject_kind="user" if named.person else "lead",
        subject=named.person.pk if named.person else lead.pk,
    )
    return lead


def leading(child: Child) -> Leading | None:
    """Who leads the work with a child, and what is open. Two queries; one where nobody is named."""
    lead = Lead.objects.filter(child__stands_for=child.stands_for).order_by("-at", "-pk").first()
    if lead is None:
        return None
    discussed = Note.objects.filter(
        child__stands_for=child.stands_for, action=DRAWN_IN, entered_at__gte=lead.at, in_error=None
    )
    drawn_in = lead.drawn_in == YesNoUnknown.YES
    return Leading(
        lead,
        to_discuss=drawn_in and not discussed.exists(),
        to_meet=drawn_in and lead.goes_on == YesNoUnknown.YES,
    )


def leads(name: str) -> str:
    """That somebody leads, as a line of the timeline."""
    return f"Leads the work with the child: {name}"


def happened(child: Child) -> list[Happened]:
    """When somebody was named who leads, for the timeline. One query."""
    named = Lead.objects.filter(child__stands_for=child.stands_for).select_related("by")
    return [
        Happened(
            at=lead.at,
            entered_at=lead.at,
            what=What.DECISION,
            title=leads(lead.name),
            by=lead.by.name,
            text=lead.why,
        )
        for lead in named
    ]
