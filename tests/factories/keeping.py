"""Invented ends of records: who keeps records, a record whose time is over, and a proposal that it goes."""

import datetime

from django.utils import timezone

from cre_toolkit.accounts.models import Role, User
from cre_toolkit.children.models import Child
from cre_toolkit.records.models import Destruction
from tests.factories.people import ChildFactory, make_user


def keeper(authority: str = "derby") -> User:
    """Somebody whose duty the keeping of an authority's records is."""
    return make_user(Role.HEAD_OF_SERVICE, authority=authority)


def record_whose_time_is_over() -> Child:
    """Of somebody born seventy years ago, about whom nothing has been entered for thirty."""
    long_ago = timezone.now() - datetime.timedelta(days=30 * 366)
    born = timezone.localdate() - datetime.timedelta(days=70 * 366)
    return ChildFactory(date_of_birth=born, created_at=long_ago)


def proposed_end(child: Child, by: User | None = None) -> Destruction:
    """That a record goes, as it is proposed when its time is over; here whether or not it is."""
    return Destruction.objects.create(
        authority=child.authority,
        child=child.pk,
        child_reference=child.reference,
        classes=["every-record"],
        kept_until=timezone.localdate(),
        proposed_by=by or keeper(child.authority),
        proposed_at=timezone.now(),
        why="Nothing more is asked of it.",
    )
