"""The child's page has one menu of what can be done: a line for each page, for whoever may do it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cre_toolkit.children.models import Child
from cre_toolkit.children.permissions import Act


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the child, by the name of its address, which takes the child's reference."""

    text: str
    page: str
    act: Act | None = None
    """What somebody must be able to do to be offered it; None for whoever sees the child."""
    merged: bool = False
    """Only where other records were merged into this one."""
    living: bool = False
    """Not of a child who has died."""
    turning_adult: bool = False
    """Only once the transition to adult services is planned, or something of it is recorded."""


# In the order in which they are offered.
MENU: tuple[Item, ...] = (
    Item("Timeline: everything that happened", "child-timeline"),
    Item("Write down a discussion, decision or intervention", "child-note", Act.WRITE_NOTE),
    Item("Who leads the work with the child", "child-lead", Act.WRITE_NOTE),
    Item("Refer the child, and referrals until now", "child-refer", Act.REFER, living=True),
    Item("All assessments", "child-assessments"),
    Item("Add an earlier assessment from paper", "paper-start", Act.ASSESS),
    Item("Telephone calls", "child-calls", Act.LOG_CALL),
    Item("Record a significant incident", "child-incident-new", Act.RECORD_INCIDENT, living=True),
    Item("Missing episodes", "child-missing"),
    Item("Monthly tasking: requests and answers", "child-tasking"),
    Item("Meetings: planned, held, and what was agreed", "child-meetings"),
    Item("Network of practitioners", "child-network"),
    Item("Who can see this record, and why", "child-access"),
    Item("Records merged into this one", "child-merged", merged=True),
    Item(
        "Transition to adult services",
        "child-transition",
        Act.PLAN_TRANSITION,
        living=True,
        turning_adult=True,
    ),
    Item("Transfer to another authority", "child-transfer", Act.TRANSFER, living=True),
    Item("Close the case", "child-close", Act.CLOSE, living=True),
    Item("The child has died", "child-death", Act.RECORD_DEATH),
)


def menu(child: Child, may: dict[str, bool], *, turning_adult: bool) -> list[dict[str, Any]]:
    """What the person who looks is offered, as text and address.

    Args:
        child: whose page, as `access.find_child` gives it.
        may: as `access.acts_of` gives it.
        turning_adult: whether the transition to adult services is planned by now, or was begun.
    """
    return [
        {"text": item.text, "href": reverse(item.page, args=[child.reference])}
        for item in MENU
        if (item.act is None or may[item.act.name.lower()])
        and (child.has_merged or not item.merged)  # type: ignore[attr-defined]
        and not (item.living and child.died_on)
        and (turning_adult or not item.turning_adult)
    ]
