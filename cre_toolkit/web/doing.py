"""Where what is due is done: the page that each entry of a due list leads to."""

from django.urls import reverse

# The id of what is due, and the name of the page where it is done, which takes the child's reference.
WHERE: dict[str, str] = {
    "telephone-social-care": "child-calls",
    "telephone-police": "child-calls",
}


def where(action: str, reference: str) -> str:
    """The address where something due is done; blank where no page of the service does it.

    Args:
        action: its id, as `due` names it.
        reference: the child's.
    """
    page = WHERE.get(action)
    return reverse(page, args=[reference]) if page else ""
