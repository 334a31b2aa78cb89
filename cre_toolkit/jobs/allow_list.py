"""Where mail may go: to domains on the list of the authority where the child is, and nowhere else."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def allowed(address: str, authority: str = "") -> bool:
    """Whether mail may go to this address at all: one person's, and its domain is on the list.

    Args:
        address: where to.
        authority: where the child is about whom it is. Its own list holds, and the shared one where it has
            none. Mail about no child (an invitation, a password) may go to any domain of any list.
    """
    try:
        validate_email(address)
    except ValidationError:
        return False  # two addresses, or a header: the last domain alone says nothing of the others
    return address.rpartition("@")[2].lower() in _domains(authority)


def _domains(authority: str) -> set[str]:
    shared, own = settings.MAIL_ALLOWED_DOMAINS, settings.MAIL_ALLOWED_DOMAINS_BY_AUTHORITY
    lists = [own.get(authority, shared)] if authority else [shared, *own.values()]
    return {domain.lower() for domains in lists for domain in domains}
