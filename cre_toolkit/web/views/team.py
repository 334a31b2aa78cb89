"""A manager's team: who has how much in hand, who is away, and handing children on."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import Team, User
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.countersigning import leave
from cre_toolkit.casework.lists import workload
from cre_toolkit.casework.transfer import caseload, handing_on
from cre_toolkit.children import access, cover
from cre_toolkit.children.permissions import Act
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.team import CoverForm, HandOnForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required

# The columns of the table of who has what in hand: by what each is sorted, and its words.
HEADS = (
    ("name", "Who"),
    ("children", "Children"),
    ("high", "At high"),
    ("medium", "At medium"),
    ("overdue", "Overdue or due now"),
    ("week", "Due within 7 days"),
    ("drafts", "Unfinished assessments"),
    ("to_countersign", "Waiting for a manager’s answer"),
)


@require_safe
@transaction.atomic
def team(request: HttpRequest) -> HttpResponse:
    """The people of the teams that somebody manages, those who have left and still have children first.

    What each has in hand is a table, sorted as the address says (`?sort=overdue`).
    """
    user = user_of(request)
    standing = access.standing_of(user)
    access.check(standing, Act.HAND_ON)
    people = caseload.team_mates(standing)
    here = [one for one in people if one.is_active]
    asked = request.GET.get("sort", "")
    sort = asked if asked in workload.SORTS else "name"
    audit.record(by=user, kind="team.viewed")
    context = {
        "left": [one for one in people if not one.is_active and (one.children or one.drafts)],  # type: ignore[attr-defined]
        "here": here,
        "loads": workload.workload(standing, here, sort),
        "sort": sort,
        "own_covers": list(caseload.covers_to_come().filter(absent=user)),
        "heads": HEADS,
        "now": timezone.now(),
        "teams": list(Team.objects.filter(pk__in=standing.managed).order_by("name")),
    }
    return TemplateResponse(request, "team/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def children(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Somebody's children, and who takes on which of them; then the numbers, and the button that does it."""
    user = user_of(request)
    standing = access.standing_of(user)
    worker = caseload.find_team_mate(standing, person)
    theirs = list(caseload.children_of(standing, worker).order_by("family_name", "given_names", "pk"))
    colleagues = list(caseload.can_take_on(standing, worker))
    form = HandOnForm(theirs, colleagues, held_forms.typed(request))
    then = request.POST.get("then", "")
    if request.method == "POST" and then != "change" and form.is_valid():
        if then != "confirm":
            return _to_confirm(request, user, worker, form)
        return _hand_on(request, worker, form)
    return _children(request, worker, form)


def _children(request: HttpRequest, worker: User, form: HandOnForm) -> HttpResponse:
    """The page of somebody's children. The list is a look at each child."""
    audit.record(by=user_of(request), kind="caseload.viewed", children={child.pk for child in form.children})
    context = {
        "worker": worker,
        "form": form,
        "children": form.children,
        "colleagues": form.colleagues,
        "back_url": reverse("team"),
        "back_text": "Your team",
    }
    return TemplateResponse(request, "team/children.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody takes on, for the page on which it is confirmed."""

    to: User
    gets: int

    @property
    def afterwards(self) -> int:
        return int(self.to.allocated) + self.gets  # type: ignore[attr-defined]


def _to_confirm(request: HttpRequest, user: User, worker: User, form: HandOnForm) -> HttpResponse:
    """The numbers before it is done. It shows no child."""
    audit.record(by=user, kind="team.viewed")
    context = {
        "worker": worker,
        "shares": [Share(to, len(references)) for to, references in form.shares.items()],
        "typed": [(name, value) for name, value in form.cleaned_data.items() if value],
        "back_url": request.path,
        "back_text": "Begin anew",
    }
    return TemplateResponse(request, "team/confirm.html", context)


@fresh_sign_in_required
def _hand_on(request: HttpRequest, worker: User, form: HandOnForm) -> HttpResponse:
    """Hand them on; where a colleague cannot take one of them on, nothing is done, and the page says so."""
    try:
        with transaction.atomic():
            done = handing_on.hand_on_each(by=user_of(request), worker=worker, shares=form.shares)
    except handing_on.CannotTakeOn as refused:
        name = refused.to.name
        form.add_error(
            "everyone", f"{name} cannot take on one of these children. Choose somebody else for it"
        )
        return _children(request, worker, form)
    for to, each in done.items():
        _say(request, each, to)
    return HttpResponseRedirect(reverse("team"))


def _say(request: HttpRequest, done: handing_on.HandedOn, to: User) -> None:
    number = "1 child" if done.children == 1 else f"{done.children} children"
    messages.success(
        request,
        f"{to.name} is now the allocated worker of {number}, is told by e-mail, and says here that they have"
        " taken over.",
    )
    for child in done.left:
        messages.info(
            request,
            f"An unfinished assessment of record {child.reference} stays where it is, since {to.name} has"
            " begun one of their own. Once that is sent, hand this one on.",
        )


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def arrange_cover(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Who stands in for somebody while they are on leave."""
    user = user_of(request)
    standing = access.standing_of(user)
    absent = caseload.find_covered(standing, person)
    if not absent.is_active:
        raise Http404
    colleagues = list(caseload.can_take_on(standing, absent))
    form = CoverForm(colleagues, held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        leave.arrange(
            by=user,
            absent=absent,
            stand_in=form.chosen,
            since=form.since,
            until=form.until,
            form_id=form.cleaned_data["form_id"],
        )
        messages.success(request, f"{form.chosen.name} stands in for {absent.name}.")
        return HttpResponseRedirect(reverse("team"))
    context = {
        "absent": absent,
        "form": form,
        "colleagues": colleagues,
        "back_url": reverse("team"),
        "back_text": "Your team",
    }
    return TemplateResponse(request, "team/cover.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def end_cover(request: HttpRequest, person: uuid.UUID, cover_id: uuid.UUID) -> HttpResponse:
    """End cover before its time. Asked first."""
    user = user_of(request)
    absent = caseload.find_covered(access.standing_of(user), person)
    found = caseload.covers_to_come().filter(absent=absent, pk=cover_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        cover.end(by=user, cover=found)
        messages.success(request, f"{found.stand_in.name} no longer stands in for {absent.name}.")
        return HttpResponseRedirect(reverse("team"))
    context = {"absent": absent, "cover": found, "back_url": reverse("team"), "back_text": "Your team"}
    return TemplateResponse(request, "team/end_cover.html", context)
