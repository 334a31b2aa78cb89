"""Agencies and teams: which there are, adding one, and the people of a team."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts import administering
from cre_toolkit.accounts.dated import current
from cre_toolkit.accounts.models import Agency, Membership, Team
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.administration.agencies import AgencyForm, NewTeamForm, RenameForm
from cre_toolkit.web.forms.administration.people import authority_name
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.administration.people import state_of

BACK = {"back_text": "Agencies and teams"}


@require_safe
@transaction.atomic
def agencies(request: HttpRequest) -> HttpResponse:
    """Every agency, with its teams in the authorities that are administered."""
    authorities = administering.check(user_of(request))
    teams: dict[uuid.UUID, list[tuple[Team, str]]] = {}
    for team in administering.teams(authorities).order_by("name"):
        teams.setdefault(team.agency_id, []).append((team, authority_name(team.authority)))
    listed = [(agency, teams.get(agency.pk, [])) for agency in Agency.objects.order_by("name")]
    context = {"agencies": listed, "back_url": reverse("administration"), "back_text": "People"}
    return TemplateResponse(request, "administration/agencies.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def add_agency(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    administering.check(user)
    form = AgencyForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        made = administering.add_agency(
            by=user, name=form.cleaned_data["name"], kind=Agency.Kind(form.cleaned_data["kind"])
        )
        messages.success(request, f"{made.name} is added.")
        return HttpResponseRedirect(reverse("administration-agencies"))
    return _page(request, "administration/agency.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def add_team(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    form = NewTeamForm(administering.check(user), held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = administering.add_team(
            by=user,
            agency=form.chosen,
            name=given["name"],
            authority=given["authority"],
            kind=Team.Kind(given["kind"]),
        )
        messages.success(request, f"{made.name} is added. Put people into it on their pages.")
        return HttpResponseRedirect(reverse("administration-agencies"))
    return _page(request, "administration/new_team.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def team(request: HttpRequest, team: uuid.UUID) -> HttpResponse:
    """Who is in a team now, who manages it; and its name."""
    user = user_of(request)
    found = administering.find_team(by=user, team=team)
    form = RenameForm(found, held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        administering.rename_team(by=user, team=found, name=form.cleaned_data["name"])
        messages.success(request, "Saved.")
        return HttpResponseRedirect(reverse("administration-team", args=[found.pk]))
    members = Membership.objects.filter(current(), team=found).select_related("user").order_by("user__name")
    rows = [
        (
            (member.user.name, reverse("administration-person", args=[member.user_id])),
            member.user.job_title,
            "Manages it" if member.manages else "",
            state_of(member.user),
        )
        for member in members
    ]
    return _page(
        request,
        "administration/team.html",
        form,
        team=found,
        authority=authority_name(found.authority),
        heads=("Name", "Works as", "In the team", "Account"),
        rows=rows,
    )


def _page(
    request: HttpRequest, template: str, form: AgencyForm | NewTeamForm | RenameForm, **more: object
) -> HttpResponse:
    context = {"form": form, "back_url": reverse("administration-agencies"), **BACK, **more}
    status = 422 if form.is_bound and form.errors else 200
    return TemplateResponse(request, template, context, status=status)
