"""Writing events, and asking what the chain makes of them."""

from django.db import transaction

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit import chain, heads
from cre_toolkit.audit.models import Event, Head, Link
from cre_toolkit.audit.verifying import Wrong, verify

UPDATE = "UPDATE audit_event SET {} = %s WHERE id = %s"
TAKE = "DELETE FROM audit_event WHERE id = %s"


def written(count: int, authority: str = "derby", **given) -> list[Event]:
    """So many events, committed as far as the test sees."""
    with transaction.atomic():
        given |= {"by": None, "kind": "child.viewed", "authority": authority}
        return [audit.record(**given) for _ in range(count)]


def signed() -> list[Head]:
    chain.seal()
    return heads.sign_heads(by=None)


def links(authority: str = "derby") -> list[Link]:
    return list(Link.objects.filter(authority=authority).order_by("number"))


def findings(authority: str = "derby", anchors=()) -> list[tuple[Wrong, int | None, int | None]]:
    (found,) = verify([authority], lambda _: anchors)
    return [(finding.wrong, finding.number, finding.event) for finding in found.findings]
