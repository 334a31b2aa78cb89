"""One's own account: who the service takes one for, and what one's roles let one do; and signing out."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import Role, Team
from cre_toolkit.children import access, permissions
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.web.request import user_of
from cre_toolkit.web.sessions import open_while_locked

# The key of each role's name in an authority's pack.
NAME_IN_PACK = {
    **{role: role.value.replace("-", "_") for role in Role},
    Role.POLICE_REFERRAL: "police_referral_unit",
}


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    standing = access.standing_of(user)
    held = [
        {
            "role": getattr(load_authority(authority).packs[-1].roles, NAME_IN_PACK[Role(role)]),
            "authority": load_authority(authority).packs[-1].name,
            "may": permissions.told(Role(role)),
            "does_not": permissions.DOES_NOT.get(Role(role), ""),
        }
        for role, authority in sorted(standing.roles)
    ]
    context = {
        "agency": user.agency,
        "held": held,
        "teams": [
            (team.name, load_authority(team.authority).packs[-1].name, team.pk in standing.managed)
            for team in Team.objects.filter(pk__in=standing.teams).order_by("name", "authority")
        ],
        "for_everybody": permissions.FOR_EVERYBODY,
    }
    return TemplateResponse(request, "account/account.html", context)


@open_while_locked
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's page; once signed out, the browser is told to forget whatever it kept of this service."""
    response: HttpResponse = allauth.logout(request)
    if not request.user.is_authenticated:
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response
