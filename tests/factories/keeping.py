"""Who keeps records; a record whose time is over, a proposal that it goes, a request for what is held."""

import datetime
import uuid

from django.utils import timezone

from cre_toolkit.accounts.models import Role, User
from cre_toolkit.children.models import Child
from cre_toolkit.records import subject_access
from cre_toolkit.records.models import Destruction, SubjectAccess
from tests.factories.people import ChildFactory, make_user


def keeper(authority: str = "derby") -> User:
    """Somebody whose duty the keeping of an authority's records is."""
    return make_user(Role.HEAD_OF_SERVICE, authority=authority)


def record_whose_time_is_over() -> Child:
    """Of somebody born seventy years ago, about whom nothing has been entered for thirty."""
    long_ago = timezone.now() - datetime.timedelta(days=30 * 366)
    born = timezone.localdate() - datetime.timedelta(days=70 * 366)
    return ChildFactory(date_of_birth=born, created_at=long_ago)


def access_request(child: Child, by: User | None = None) -> SubjectAccess:
    """A request for what is held about a child, collected."""
    return subject_access.open_request(
        by=by or keeper(child.authority),
        reference=child.reference,
        received_on=timezone.localdate(),
        asked_by="Herself; her school confirmed who she is.",
        form_id=uuid.uuid4(),
    )


def proposed_end(child: Child, by: User | None = None) -> Destruction:
    """That a record goes, as it is proposed when its time is over; here whether or not it is."""
    said = {
        "authority": child.authority,
        "child_reference": child.reference,
        "classes": ["every-record"],
        "kept_until": timezone.localdate(),
        "proposed_by": by or keeper(child.authority),
        "proposed_at": timezone.now(),
        "why": "Nothing more is asked of it.",
    }
    return Destruction.objects.get_or_create(child=child.pk, refused_at=None, defaults=said)[0]
