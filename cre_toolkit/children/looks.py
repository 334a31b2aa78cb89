"""Who has looked at a child's record: of the audit trail, what those responsible for the child may read.

They are the allocated worker, and whoever may read the trail of a child whom they see (`permissions.py`): the
managers and the child protection managers. A records auditor asks the whole trail (`trail.py`).
"""

import re
from dataclasses import dataclass

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.kinds import KINDS, READING, REFUSED
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access, break_glass_queries, trail
from cre_toolkit.children.access import Act, NotAllowed, Standing
from cre_toolkit.children.break_glass_models import BreakGlass
from cre_toolkit.children.models import Child

# Lists on which the child merely stood: those who work with a child open them each day.
LISTS = frozenset(
    {
        "home.viewed",
        "due.viewed",
        "drafts.viewed",
        "duplicates.viewed",
        "records.listed",
        "subject-access.listed",
        "access-review.viewed",
    }
)
# An event's id, as an address carries it.
_ID = re.compile(r"\d{1,19}", re.ASCII)
# Of one break-glass: more than anybody reads.
MOST_SHOWN = 100

WHOSE = (
    "Who has looked at a record is shown to the child’s allocated worker, their manager and the child "
    "protection managers. Ask one of them."
)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a record, or one that was refused."""

    event: Event
    # None: the service itself, or somebody who was not signed in.
    who: User | None
    refused: bool
    broken: BreakGlass | None
    """By which break-glass they looked, where it was by one."""

    @property
    def what(self) -> str:
        """What they did. After the semicolon a kind says what else the trail holds."""
        return KINDS.get(self.event.kind, self.event.kind).partition(";")[0]


@dataclass(frozen=True, slots=True)
class Page:
    """Some looks, the newest first, and the id of the last one where older ones follow."""

    looks: list[Look]
    older_than: int | None


def may_ask(standing: Standing, child: Child) -> bool:
    """Whether somebody who sees this child may know who has looked. No query."""
    allocated = child.allocated_worker_id == standing.user.pk
    return allocated or access.may(standing, Act.READ_TRAIL_OF_SEEN)


def page_of(standing: Standing, child: Child, older_than: str = "", *, lists: bool = False) -> Page:
    """Who looked at any record of a child. A fixed number of queries, however long the trail is.

    Args:
        standing: who asks; they see the child, as the caller has made sure.
        child: the record that stands for the child.
        older_than: the id of the last look of the page before; what is none gives the first page.
        lists: whether the daily lists (`LISTS`) are shown too.

    Raises:
        NotAllowed: it is not theirs to know; the message says whose it is.
    """
    if not may_ask(standing, child):
        raise NotAllowed(WHOSE)
    kinds = (READING.keys() if lists else READING.keys() - LISTS) | REFUSED.keys()
    events = trail.events(standing, child) & audit.of_kind(*sorted(kinds))
    last = events.filter(pk=int(older_than)).first() if _ID.fullmatch(older_than) else None
    page = audit.page_of(events, older_than=last)
    people = trail.people_in(page.events)
    broken = break_glass_queries.of_child(child)
    looks = [
        Look(
            event,
            people.get(event.actor) if event.actor else None,
            refused=event.kind in REFUSED,
            broken=next((one for one in broken if one.by_id == event.actor and one.covers(event.at)), None),
        )
        for event in page.events
    ]
    return Page(looks, page.older_than.pk if page.older_than else None)


def by_break_glass(broken: BreakGlass) -> list[Look]:
    """What somebody opened of the child's record while it stood open to them by this, the oldest first.

    Two queries. The newest hundred, should there be more.

    Args:
        broken: one that the caller may see.
    """
    records = Child.objects.filter(stands_for=broken.child.stands_for).values_list("pk", flat=True)
    events = audit.of_child(*records) & audit.of_user(broken.by_id) & audit.of_kind(*READING)
    page = audit.page_of(events & audit.between(broken.at, broken.until), size=MOST_SHOWN)
    return [Look(event, broken.by, refused=False, broken=broken) for event in reversed(page.events)]
