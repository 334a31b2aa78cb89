"""Which events of a case count no longer: those that were withdrawn, and what names one of them.

Source: case.md, `withdrawn` ("and every `done` and `countersign` that names it with it").
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cre_toolkit.casework.case.rows import AnyEvent
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child

_KIND = CaseEvent.Kind
_SAYS = (_KIND.WITHDRAWN, _KIND.COUNTERSIGN, _KIND.DONE)


def count_no_longer(events: Iterable[AnyEvent]) -> frozenset[str]:
    """The ids of those that count no longer.

    Args:
        events: all of one case's.
    """
    return _gone([(str(event.pk), event.kind, event.keys) for event in events])


def gone_from(child: Child) -> frozenset[str]:
    """The ids of the events of a child that count no longer. One query."""
    events = CaseEvent.objects.filter(child__stands_for=child.stands_for, kind__in=_SAYS)
    return _gone([(str(pk), kind, keys) for pk, kind, keys in events.values_list("pk", "kind", "keys")])


def _gone(events: Iterable[tuple[str, str, Mapping[str, Any]]]) -> frozenset[str]:
    every = list(events)
    gone = {keys["event"] for _, kind, keys in every if kind == _KIND.WITHDRAWN}
    # What a manager's answer asked for is done for nothing, too: so the answers come first.
    for naming in (_KIND.COUNTERSIGN, _KIND.DONE):
        gone |= {pk for pk, kind, keys in every if kind == naming and keys.get("event") in gone}
    return frozenset(gone)
