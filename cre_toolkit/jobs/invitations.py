"""Mailing somebody the link by which they set the password of their new account."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from cre_toolkit.accounts import inviting
from cre_toolkit.accounts.administering import check_whole
from cre_toolkit.accounts.models import User
from cre_toolkit.jobs.actions import mail

SUBJECT = "Your account for CRE Toolkit"
BODY = """\
An account for CRE Toolkit has been made for you, with this e-mail address. To begin, set a password:

{link}

The link is for you alone. It works once, and for {days} days. If you did not expect this message, do not use
the link, and tell whoever looks after your agency's accounts.
"""


@transaction.atomic
def send_invitation(*, by: User, user: User) -> None:
    """Send somebody the link of a new invitation; a link that they were sent before is good no longer.

    Args:
        by: their administrator.
        user: whose account it is.

    Raises:
        NotAllowed, NotVisible, administering.WorksElsewhereToo: they are not this administrator's to invite.
        inviting.HasSignedIn: there is nothing to invite them to.
    """
    check_whole(by, user)
    token = inviting.new_link(by=by, user=user)
    link = settings.SERVICE_ADDRESS + reverse("invitation-link", args=[token])
    body = BODY.format(link=link, days=inviting.GOOD_FOR.days)
    mail(by=by, to=user.email, subject=SUBJECT, body=body, cause=user.pk, secret=True)
