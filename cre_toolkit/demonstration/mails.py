"""A message that could not go, so that the list of those has something on it."""

from cre_toolkit.accounts.models import User
from cre_toolkit.jobs.actions import mail


def load_mail(users: dict[str, User]) -> None:
    """The worker wrote to a clinic whose domain is on nobody's list."""
    worker = users["worker"]
    mail(
        by=worker,
        to="clinic@example.net",
        subject="A meeting is planned",
        body="Telephone the sender. For safety this message says nothing more.",
        authority="derby",
    )
