"""What every page's template may use."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from cre_toolkit.children.standing import standing_of
from cre_toolkit.demonstration.people import PASSWORD, PEOPLE

MENU = (
    ("Home", "home"),
    ("Find a child", "search"),
    ("Referrals", "referrals"),
    ("Guidance", "guidance"),
    ("Contacts", "contacts"),
)
# Of the menu, what leads nowhere for whoever sees no child.
OF_CHILDREN = frozenset({"Find a child", "Referrals"})


@cache
def _menu() -> list[tuple[str, str]]:
    """The menu's words and addresses, which never change."""
    return [(text, reverse(name)) for text, name in MENU]


def service(request: HttpRequest) -> dict[str, Any]:
    """The service's name; in a demonstration, also who can sign in."""
    context: dict[str, Any] = {"service_name": "CRE Toolkit", "demonstration": settings.DEMONSTRATION}
    if settings.OIDC_PROVIDER_URL:
        context["single_sign_on"] = settings.OIDC_BUTTON
    if request.user.is_authenticated:
        sees_children = standing_of(request.user).practises
        context["navigation"] = [
            {
                "text": text,
                "href": href,
                "current": request.path == href or (href != "/" and request.path.startswith(href)),
            }
            for text, href in _menu()
            if sees_children or text not in OF_CHILDREN
        ]
    if settings.DEMONSTRATION:
        context |= {"demonstration_people": PEOPLE, "demonstration_password": PASSWORD}
    return context
