"""Single sign-on: which identity at an organisation's provider is whose account here."""

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.audit import actions as audit


class AnotherIdentity(ValueError):
    """The account belongs to another identity: its address may have been given to somebody else."""


@transaction.atomic
def link(*, by: User, provider: str, uid: str) -> None:
    """Take an identity for the account's own, the first time that its owner comes by single sign-on.

    From then on the identity counts and not the address, since an organisation gives addresses to new people.

    Args:
        by: whose account it is, found by an address that the provider vouches for.
        provider, uid: the identity.

    Raises:
        AnotherIdentity: the account has one already.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    theirs, _ = SocialAccount.objects.get_or_create(user=by, provider=provider, defaults={"uid": uid})
    if theirs.uid != uid:
        raise AnotherIdentity
    audit.record(by=by, kind="account.identity-linked", subject_kind="user", subject=by.pk)


@transaction.atomic
def refused(*, by: None = None, user: User | None) -> None:
    """Write down that a single sign-on led to no session; whose account it would have been, if anybody's."""
    audit.record(
        by=by,
        kind="account.single-sign-on-refused",
        subject_kind="user" if user else "",
        subject=user.pk if user else None,
    )
