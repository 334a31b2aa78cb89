"""One's own account: who the service takes one for, and what one's roles let one do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cre_toolkit.accounts.models import Role
from cre_toolkit.children import access
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.web.request import user_of

# What each role may do, in the words of a person who holds it (service.md, "Roles").
MAY = {
    Role.PRACTITIONER: (
        "Search before adding a child, and add one",
        "Assess a child and send the assessment",
        "See the children you added, assessed or work with",
    ),
    Role.TEAM_MANAGER: (
        "Everything a practitioner may",
        "See the children that your team's practitioners see",
    ),
    Role.CHILD_PROTECTION_MANAGER: (
        "Everything a practitioner may",
        "See every child of the authority whose working level is medium or high",
    ),
    Role.FRONT_DOOR: (
        "Everything a practitioner may",
        "See the children about whom an assessment was sent to you",
    ),
    Role.POLICE_REFERRAL: ("See what was sent to the Police Referral Unit",),
    Role.HEAD_OF_SERVICE: ("Nothing yet: what is put to you for agreement comes with a later release",),
    Role.CHAMPION: ("Everything a practitioner may",),
    Role.ANALYST: ("Nothing yet: figures come with a later release. You see no child's record",),
    Role.RECORDS_AUDITOR: (
        "Nothing yet: the audit trail comes with a later release. You see no child's record",
    ),
    Role.ADMINISTRATOR: ("Look after accounts, teams and roles. You see no child's record",),
}
# The key of each role's name in an authority's pack.
NAME_IN_PACK = {
    **{role: role.value.replace("-", "_") for role in Role},
    Role.POLICE_REFERRAL: "police_referral_unit",
}


def account(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    held = [
        {
            "role": getattr(load_authority(authority).packs[-1].roles, NAME_IN_PACK[Role(role)]),
            "authority": load_authority(authority).packs[-1].name,
            "may": MAY[Role(role)],
        }
        for role, authority in sorted(access.standing_of(user).roles)
    ]
    teams = user.memberships.filter(until=None).select_related("team")
    return render(request, "account/account.html", {"held": held, "teams": teams})
