"""Those among whom an allocated worker is chosen, as a list offers them."""

from collections.abc import Iterable

from cre_toolkit.accounts.models import User
from cre_toolkit.children.names import alphabetical


def offered(people: Iterable[User]) -> list[tuple[str, str]]:
    """The choices of a list, by name: each with their job and agency, for two may have one name.

    Args:
        people: with their agencies.
    """
    return [
        (
            str(one.pk),
            f"{one.name} ({', '.join(filter(None, (one.job_title, str(one.agency))))})",
        )
        for one in sorted(people, key=lambda one: alphabetical(one.name))
    ]
