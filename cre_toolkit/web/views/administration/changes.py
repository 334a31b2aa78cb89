"""Changing something about one person: details, roles, teams, and their account as a whole."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts import actions, administering, factors, inviting
from cre_toolkit.accounts.models import Membership, Role, RoleHeld, User
from cre_toolkit.accounts.refusals import NotAllowed
from cre_toolkit.casework.transfer import caseload
from cre_toolkit.casework.transfer.caseload import InHand
from cre_toolkit.jobs import factor_mail
from cre_toolkit.jobs.invitations import send_invitation
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.administration.people import AboutForm, RoleForm, TeamForm, authority_name
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required

ELSEWHERE = (
    "They work in another authority too, so their account is not yours alone to change. End what they hold"
    " here instead."
)
ENDS = (
    "It holds from their next request. What they saw by it alone, they no longer see.",
    "That it was so, and until when, stays on the record.",
)
# What an act says of why it is not done, in words for whoever pressed the button.
WHY_NOT = (NotAllowed, actions.StandsAlone, actions.LastAdministrator)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def details(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Name, job title, telephone number and agency."""
    user, found = _found(request, person)
    stands = {"name": found.name, "job_title": found.job_title, "telephone": found.telephone}
    form = AboutForm(held_forms.typed(request), initial=stands | {"agency": str(found.agency_id or "")})
    if request.method == "POST" and form.is_valid():
        act = partial(administering.change_details, by=user, user=found, changes=form.about())
        return _done(request, found, act, "Saved.")
    return _page(request, found, "administration/details.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
@transaction.atomic
def role(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Give a role."""
    user, found = _found(request, person)
    form = RoleForm(administering.administered(user), held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        authority = form.cleaned_data["authority"]
        act = partial(administering.give_role, by=user, user=found, role=form.chosen, authority=authority)
        return _done(request, found, act, f"{found.name} is now {form.chosen.label}.")
    return _page(request, found, "administration/role.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
@transaction.atomic
def team(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Put somebody into a team, or say that they manage it."""
    user, found = _found(request, person)
    teams = administering.teams(administering.administered(user)).order_by("agency__name", "name")
    form = TeamForm(teams, held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        manages = form.cleaned_data["manages"]
        act = partial(administering.join_team, by=user, user=found, team=form.chosen, manages=manages)
        return _done(
            request, found, act, f"{found.name} {'manages' if manages else 'is in'} {form.chosen.name}."
        )
    return _page(request, found, "administration/team_of.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def end_role(request: HttpRequest, person: uuid.UUID, row: int) -> HttpResponse:
    """End a role. Asked first: what they saw by it is gone at once."""
    user, found = _found(request, person)
    theirs = RoleHeld.objects.filter(user=found, authority__in=administering.administered(user), until=None)
    held = theirs.select_related("user").filter(pk=row).first()
    if held is None:
        raise Http404
    asked = Asked(
        title="End this role",
        text=f"{found.name} will no longer be {Role(held.role).label}, {authority_name(held.authority)}.",
        button="End the role",
        points=ENDS,
    )
    return _asked(
        request, found, asked, partial(administering.end_role, by=user, held=held), "The role is ended."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def leave_team(request: HttpRequest, person: uuid.UUID, row: int) -> HttpResponse:
    """Take somebody out of a team. Asked first, with what they have in hand."""
    user, found = _found(request, person)
    teams = administering.teams(administering.administered(user))
    theirs = Membership.objects.filter(user=found, team__in=teams, until=None)
    member = theirs.select_related("user", "team__agency").filter(pk=row).first()
    if member is None:
        raise Http404
    asked = Asked(
        title="Take out of the team",
        text=f"{found.name} will no longer be in {member.team.name}, {member.team.agency.name}.",
        button="Take out of the team",
        points=[*ENDS, "Whoever manages this team no longer sees, by it, the children of this person."],
        left_behind=caseload.in_hand(found),
        managers=list(caseload.managers_of(found)),
    )
    act = partial(administering.leave_team, by=user, membership=member)
    return _asked(request, found, asked, act, f"{found.name} is no longer in {member.team.name}.")


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def close(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Close the account of somebody who leaves. What becomes of their children is said first, in numbers."""
    user, found = _found(request, person)
    asked = Asked(
        title="Close this account",
        text=f"{found.name} will no longer be able to sign in.",
        button="Close the account",
        points=(
            "Open sessions end with their next request, and all their roles end.",
            "Nothing that they wrote is deleted, and the account can be opened again.",
            "They stay in their teams until you take them out: by these the manager sees their children.",
        ),
        left_behind=caseload.in_hand(found),
        managers=list(caseload.managers_of(found)),
    )
    act = partial(administering.close_account, by=user, user=found)
    return _asked(request, found, asked, act, "The account is closed.")


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
@transaction.atomic
def reopen(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Open the account of somebody who has come back."""
    user, found = _found(request, person)
    asked = Asked(
        title="Open this account again",
        text=f"{found.name} will be able to sign in again, with the password that they had.",
        button="Open the account",
        points=["They hold no role until you give them one. They are in the teams in which they were left."],
        grave=False,
    )
    act = partial(administering.reopen_account, by=user, user=found)
    return _asked(request, found, asked, act, "The account is open. Give them a role next.")


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
@transaction.atomic
def invitation(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Send the invitation again. The link that was sent before is good no longer."""
    user, found = _found(request, person)
    if not inviting.awaits_answer(found):
        raise Http404
    asked = Asked(
        title="Send a new invitation",
        text=f"It goes to {found.email}, and is good for {inviting.GOOD_FOR.days} days.",
        button="Send it",
        points=["The link that was sent before no longer works."],
        grave=False,
    )
    act = partial(send_invitation, by=user, user=found)
    return _asked(request, found, asked, act, "The invitation is on its way.")


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
@transaction.atomic
def second_step(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Take away the second steps of somebody who has lost theirs. They are told by mail."""
    user, found = _found(request, person)
    if not factors.has_one(found):
        raise Http404
    asked = Asked(
        title="Take away the second step of signing in",
        text=f"{found.name} will sign in by password alone, and set up another second step.",
        button="Take it away",
        points=[
            "Make sure first that it is them who asks: in person, or by calling a number that you know.",
            "Their app, passkeys and recovery codes are worth nothing from then on. They are told by e-mail.",
        ],
    )

    def act() -> None:
        administering.reset_factors(by=user, user=found)
        what = "An administrator took away your second step of signing in."
        factor_mail.tell(by=user, user=found, what=what)

    return _asked(request, found, asked, act, "Their second step is taken away.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked before an act.

    Attributes:
        title: the heading.
        text: what the act does.
        button: its words.
        points: what follows, and what does not.
        grave: whether it takes something away.
        left_behind: what somebody who leaves has in hand.
        managers: who hands that on.
    """

    title: str
    text: str
    button: str
    points: Sequence[str]
    grave: bool = True
    left_behind: InHand | None = None
    managers: Sequence[User] = ()


def _found(request: HttpRequest, person: uuid.UUID) -> tuple[User, User]:
    """Whoever asks, and the person whom they administer: never themselves."""
    user = user_of(request)
    found = administering.find_person(by=user, person=person)
    if found == user:
        raise NotAllowed("Nobody changes their own account here. Ask another administrator.")
    return user, found


def _done(request: HttpRequest, found: User, act: Callable[[], object], said: str) -> HttpResponse:
    """Do it, and go back to the person's page; or say there why it was not done."""
    try:
        # A savepoint: what was refused half-way leaves nothing, and the page can still be answered.
        with transaction.atomic():
            act()
    except administering.WorksElsewhereToo:
        messages.error(request, ELSEWHERE)
    except WHY_NOT as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("administration-person", args=[found.pk]))


def _asked(
    request: HttpRequest, found: User, asked: Asked, act: Callable[[], object], said: str
) -> HttpResponse:
    """The page that asks, or, where the button was pressed, the act."""
    if request.method == "POST":
        return _done(request, found, act, said)
    return _page(request, found, "administration/asked.html", asked=asked)


def _page(request: HttpRequest, found: User, template: str, form: Any = None, **more: Any) -> HttpResponse:
    context = {
        "person": found,
        "form": form,
        "back_url": reverse("administration-person", args=[found.pk]),
        "back_text": found.name,
        **more,
    }
    wrong = form is not None and form.is_bound and form.errors
    return TemplateResponse(request, template, context, status=422 if wrong else 200)
