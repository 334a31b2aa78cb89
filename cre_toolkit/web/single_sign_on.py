"""Single sign-on by OpenID Connect: only to accounts that an administrator has given; none is ever made.

An account is found by the identity that is linked to it; the first time, by an address that the provider says
it has verified (`accounts/identities.py`).
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cre_toolkit.accounts import identities
from cre_toolkit.accounts.models import User

# In the session: when the provider itself last asked its user for a password (the claim `auth_time`).
ASKED_AT = "single_sign_on_asked_at"
NO_ACCOUNT = (
    "You are signed in to your organisation, and there is no account here for you yet. Ask your agency’s "
    "administrator for one, under the e-mail address that your organisation knows you by."
)
ANOTHER = (
    "The account with your e-mail address belongs to another sign-in of your organisation. Ask your agency’s "
    "administrator: they can make it yours, or give you one of your own."
)
TROUBLE = (
    "Signing in through your organisation did not work. Try again, or sign in by password. If neither works "
    "and a child is in immediate danger, telephone 999."
)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """allauth's own, which makes no account and links none to an address that is not verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not sociallogin.is_existing:
            sociallogin.user = _linked(request, sociallogin)
        claims = sociallogin.account.extra_data.get("id_token") or {}
        request.single_sign_on_asked_at = claims.get("auth_time", 0)  # type: ignore[attr-defined]

    def on_authentication_error(self, request: HttpRequest, provider: Any, *_: Any, **__: Any) -> None:
        """Cancelled there, a state that is not ours, a provider that does not answer: back to signing in."""
        raise ImmediateHttpResponse(refuse(request, TROUBLE))


def refuse(request: HttpRequest, words: str, user: User | None = None) -> HttpResponse:
    """Back to the sign-in page with the reason; on the audit trail."""
    identities.refused(user=user)
    messages.error(request, words)
    return redirect("account_login")


def _linked(request: HttpRequest, sociallogin: SocialLogin) -> User:
    """The account with the address that the provider vouches for, now linked to the identity.

    Raises:
        ImmediateHttpResponse: there is none, or it is somebody else's.
    """
    verified = [address.email for address in sociallogin.email_addresses if address.verified]
    user = User.objects.filter(email__iexact=verified[0]).first() if verified else None
    if user is None:
        raise ImmediateHttpResponse(refuse(request, NO_ACCOUNT))
    identity = sociallogin.account
    try:
        identities.link(by=user, provider=identity.provider, uid=identity.uid)
    except identities.AnotherIdentity:
        raise ImmediateHttpResponse(refuse(request, ANOTHER, user)) from None
    return user
