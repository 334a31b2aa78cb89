"""Referring a child by hand, and finding a route for what reaches nobody: one form for both."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import Team
from cre_toolkit.casework.case.queries import pack_of
from cre_toolkit.casework.referral import no_route
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral import referring as referrals
from cre_toolkit.casework.referral.models import How, To
from cre_toolkit.casework.referral.offers import offered
from cre_toolkit.casework.referral.reaching import teams_reached, worker_reached
from cre_toolkit.casework.referral.states import State, Step
from cre_toolkit.casework.referral.steps import NotNow
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.referrals import ReferForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words
from cre_toolkit.web.views.referrals.one import too_late


def _choices(child: Child) -> Sequence[tuple[str, str]]:
    """Whom a child may be referred to, by the names that the authorities give them."""
    worker = worker_reached(child)
    doors = [team for team in teams_reached(child) if team.kind == Team.Kind.FRONT_DOOR]
    others = [authority for authority in authority_ids() if authority != child.authority]
    return [
        (To.FRONT_DOOR, _front_door(child.authority)),
        *((f"{To.FRONT_DOOR}:{team.pk}", f"{team.name} alone") for team in doors if len(doors) > 1),
        *([(To.WORKER, f"{worker.name}, the allocated worker")] if worker else []),
        (To.POLICE, str(To.POLICE.label)),
        *((f"{To.OTHER_AUTHORITY}:{authority}", _front_door(authority)) for authority in others),
        (To.OTHER_AUTHORITY, str(To.OTHER_AUTHORITY.label)),
        (To.OTHER, f"{To.OTHER.label}: a GP, a school, a charity"),
    ]


def _front_door(authority: str) -> str:
    pack = load_authority(authority).on(timezone.localdate())
    return f"{pack.front_door.name}, the front door of children’s social care in {pack.name}"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def refer(request: HttpRequest, reference: str) -> HttpResponse:
    """Refer a child to somebody."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind="child.refer-viewed", act=access.Act.REFER)
    form = ReferForm(_choices(child), held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                made = referrals.refer(
                    by=user,
                    child=child,
                    recipient=form.chosen(),
                    why=said["why"],
                    form_id=said["form_id"],
                )
        except referrals.CannotReach as refused:
            _refuse(form, refused)
        else:
            if made.how == How.SEALED:
                messages.info(request, "Nothing has left yet: make the sealed document, and send it.")
            else:
                messages.success(request, f"The child is referred to {made.whom}.")
            return HttpResponseRedirect(reverse("referral", args=[made.reference]))
    until_now = referral_queries.of_child(child)
    context = {
        "child": child,
        "age": age_in_words(child),
        "pack": pack_of(child),
        "form": form,
        "made": until_now,
        "without_route": next((one for one in until_now if one.state == State.NO_ROUTE), None),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "referrals/refer.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def route(request: HttpRequest, reference: str) -> HttpResponse:
    """Send what reaches nobody to somebody after all."""
    user = user_of(request)
    standing = access.standing_of(user)
    found = referral_queries.find(standing=standing, reference=reference)
    back = reverse("referral", args=[reference])
    typed = held_forms.typed(request) if Step.ROUTED in offered(standing, found) else None
    form = ReferForm(_choices(found.child), typed or request.POST or None, by_telephone=False)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                no_route.route(
                    by=user,
                    referral=found,
                    recipient=form.chosen(),
                    why=said["why"],
                    form_id=said["form_id"],
                )
        except referrals.CannotReach as refused:
            _refuse(form, refused)
        except NotNow:
            return too_late(request, found)
        else:
            messages.success(request, "It has a route. Read below what is to be done next.")
            return HttpResponseRedirect(back)
    elif Step.ROUTED not in offered(standing, found):
        return too_late(request, found)
    context = {
        "referral": found,
        "child": found.child,
        "age": age_in_words(found.child),
        "form": form,
        "back_url": back,
        "back_text": "The referral",
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "referrals/route.html", context, status=status)


def _refuse(form: ReferForm, refused: referrals.CannotReach) -> None:
    """Say beside its question why nobody is reached."""
    form.add_error("address" if isinstance(refused, referrals.AddressRefused) else "how", str(refused))
