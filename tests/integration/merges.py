"""Merging two records in a test, and parting them again."""

from typing import Any

from django.core import serializers

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.ends import merging
from cre_toolkit.children.merging import taken_by_default
from cre_toolkit.children.models import Child, Merge
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, front_door, noted_pair, practitioner

KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def merge(kept: Child, other: Child, take: list[str] | None = None, by: Any = None) -> Merge:
    kept, other = (Child.objects.get(pk=child.pk) for child in (kept, other))
    return merging.merge(
        by=by or front_door(),
        pair=noted_pair(kept, other),
        kept=kept,
        take=taken_by_default(kept, other) if take is None else take,
        versions=(kept.version, other.version),
    )


def undo(merge: Merge, why: str = "Their mothers came together.") -> list[str]:
    return merging.undo(by=front_door(), merge=Merge.objects.get(pk=merge.pk), why=why)


def two_records() -> tuple[Child, Child]:
    """A record with an assessment that was sent and one with nothing but a name, of one child."""
    author = practitioner()
    rich = ChildFactory(given_names="Siân", family_name="Ŵyn", created_by=author, **KNOWN)
    poor = ChildFactory(given_names="Sian", family_name="Wyn", address="", postcode="", date_of_birth=None)
    sending.send(by=author, assessment=ready_draft(rich, author, level="high"))
    return Child.objects.get(pk=rich.pk), poor


def rows(*models: Any) -> list[str]:
    """Every row of some tables, as it stands."""
    return [serializers.serialize("json", model.objects.order_by("pk")) for model in models]
