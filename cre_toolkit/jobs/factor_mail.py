"""The mail that tells somebody that a way of signing in as them was added, removed or taken away."""

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.jobs import actions

SUBJECT = "How you sign in to CRE Toolkit has changed"
BODY = """\
{what}

If this was you, you need do nothing.

If it was not, somebody else may know your password: telephone your agency's administrator now, and change it.
"""


@transaction.atomic
def tell(*, by: User | None, user: User, what: str) -> None:
    """Queue the mail, in the transaction of what it tells of.

    Args:
        by: who did it.
        user: whose account it is, and who is told.
        what: in one sentence, without a name.
    """
    actions.mail(by=by, to=user.email, subject=SUBJECT, body=BODY.format(what=what), cause=user.pk)
