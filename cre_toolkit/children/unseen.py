"""Records that exist and that somebody does not see: who is told so, and by what (docs/adr/0008).

Whoever may break the glass in a child's authority and knows exactly whom they mean is told that there is a
record, and no more than that. Anybody else is not, and of a record that is restricted, or from which they are
locked out, nobody is: to them there is none.
"""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.access import Act, NotVisible, Standing
from cre_toolkit.children.matching import Key, Sought, Why
from cre_toolkit.children.models import Child
from cre_toolkit.children.queries import SHOWN, described_row
from cre_toolkit.children.weighing import weigh

# Of one name and one birthday there are few: more is no exact answer.
MOST = 5


def _told_of(standing: Standing) -> QuerySet[Child]:
    """The children who are kept from somebody, and of whose records they may be told all the same."""
    # A record that is closed to them is not there for them at all (docs/adr/0007).
    theirs = Q(authority__in=standing.authorities(Act.BREAK_GLASS)) & access.open_to(standing.user)
    return Child.objects.filter(theirs, ~access.sees(standing), merged_into=None)


def may_be_told(standing: Standing, child: Child) -> bool:
    """Whether somebody who does not see this child may know that there is a record. One query."""
    return _told_of(standing).filter(pk=child.pk).exists()


def find(*, by: User, reference: str, standing: Standing) -> Child:
    """A child whom somebody does not see, and of whose record they may be told; the look is on the trail.

    Must run in a transaction.

    Args:
        by: the person who asks.
        reference: the child's opaque reference; that of a record that was merged leads to the kept one.
        standing: what they hold.

    Raises:
        NotVisible: there is no such record for this person.
    """
    child = _told_of(standing).filter(_of_reference(reference)).first()
    if child is None:
        raise NotVisible(reference)
    audit.record(by=by, kind="break-glass.opened", authority=child.authority, child=child.pk)
    return child


def exactly(standing: Standing, sought: Sought) -> list[Child]:
    """The children whom this can only mean, whom the person does not see and may be told of. Two queries.

    Told are those of the same reference, of the same NHS number, or of the same name in full and birthday.
    None where nothing of that was asked, or where the glass is not theirs to break.
    """
    if not standing.authorities(Act.BREAK_GLASS):
        return []
    which = _of_reference(sought.reference) if sought.reference else Q(pk__in=_meant(sought))
    return list(_told_of(standing).filter(which).distinct().order_by("reference")[:MOST])


def _of_reference(reference: str) -> Q:
    return Q(reference=reference) | Q(merged_children__reference=reference)


def _meant(sought: Sought) -> set[uuid.UUID]:
    """The children, as they now stand, of whom this is said exactly. One query; none for a loose question."""
    born = sought.date_of_birth if any(len(name.parts) > 1 for name in sought.written) else None
    keys = []
    if sought.nhs_number:
        keys.append(Q(match_keys__kind=Key.NHS_NUMBER, match_keys__value=sought.nhs_number))
    if born:
        keys.append(Q(match_keys__kind=Key.BORN, match_keys__value=born.isoformat()))
    if not keys:
        return set()
    rows = Child.objects.filter(_any(keys)).values(*SHOWN)
    today = timezone.localdate()
    return {row["stands_for"] for row in rows if _exact(weigh(sought, described_row(row, today)).why)}


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _exact(why: tuple[Why, ...]) -> bool:
    return Why.NHS_NUMBER in why or {Why.NAME, Why.BORN} <= set(why)
