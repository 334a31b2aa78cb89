"""What holds from an instant to an instant: roles, memberships, cover, access."""

from django.db.models import Q

from cre_toolkit.statements import Moment


def current(path: str = "") -> Q:
    """What holds now: of the rows themselves, or of those that a path leads to (`child__grants__`)."""
    now = Moment()
    since, until, ends = f"{path}since__lte", f"{path}until", f"{path}until__gt"
    return Q((since, now)) & (Q((until, None)) | Q((ends, now)))
