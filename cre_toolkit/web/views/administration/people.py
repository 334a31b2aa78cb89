"""The people of an administrator's authorities: finding one, the page of one, inviting somebody."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts import actions, administering, factors, inviting
from cre_toolkit.accounts.dated import current
from cre_toolkit.accounts.models import Membership, Role, RoleHeld, User
from cre_toolkit.accounts.refusals import NotAllowed
from cre_toolkit.jobs.invitations import send_invitation
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.administration.people import (
    ExistingForm,
    InviteForm,
    SearchForm,
    authority_name,
)
from cre_toolkit.web.paging import page_asked_for, pagination
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required

PAGE = 50
HEADS = ("Name", "Works as", "Roles", "Account")


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, page by page; or those whom a search finds, which is a POST as all that carries a name."""
    authorities = administering.check(user_of(request))
    everybody = administering.people(authorities).order_by("name", "pk")
    context: dict[str, Any] = {"authorities": [authority_name(each) for each in sorted(authorities)]}
    form = SearchForm(request.POST if request.method == "POST" else None, auto_id="%s")
    page = page_asked_for(request)
    if form.is_valid():
        typed = form.cleaned_data["q"]
        found = everybody.filter(Q(name__icontains=typed) | Q(email__icontains=typed))
        rows = _rows(found[: PAGE + 1], authorities)
        context |= {"searched": True, "more": len(rows) > PAGE}
    else:
        start = (page - 1) * PAGE
        rows = _rows(everybody[start : start + PAGE + 1], authorities)
        context |= {"page": page, "pages": pagination(page, more=len(rows) > PAGE, label="Pages of people")}
    context |= {"form": form, "heads": HEADS, "rows": rows[:PAGE]}
    return TemplateResponse(request, "administration/people.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD"])
@transaction.atomic
def person(request: HttpRequest, person: Any) -> HttpResponse:
    """One person: what stands about them, their roles and teams, and what can be done."""
    user = user_of(request)
    found = administering.find_person(by=user, person=person)
    authorities = administering.administered(user)
    held = RoleHeld.objects.filter(user=found, authority__in=authorities).order_by("since")
    teams = Membership.objects.filter(user=found, team__authority__in=authorities).order_by("since")
    last = found.invitations.order_by("-sent_at").first()
    context = {
        "person": found,
        "oneself": found == user,
        "elsewhere": [authority_name(each) for each in sorted(administering.works_elsewhere(user, found))],
        "state": state_of(found),
        "now": timezone.now(),
        "second_step": factors.has_one(found),
        "invitation": last if inviting.awaits_answer(found) else None,
        "roles": [(each, Role(each.role).label, authority_name(each.authority)) for each in held],
        "teams": [
            (each, authority_name(each.team.authority)) for each in teams.select_related("team__agency")
        ],
        "back_url": reverse("administration"),
        "back_text": "People",
    }
    return TemplateResponse(request, "administration/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
def invite(request: HttpRequest) -> HttpResponse:
    """Somebody new: an account with a first role, and a link by which they set the password."""
    user = user_of(request)
    authorities = administering.check(user)
    form = InviteForm(authorities, held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = _invited(user, form)
        except IntegrityError:
            # Pressed twice: the first has made it.
            form.add_error("email", "There is an account with this address already. Look for it under People")
        else:
            messages.success(request, f"{made.name} has an account. The invitation is on its way.")
            return HttpResponseRedirect(reverse("administration-person", args=[made.pk]))
    context = {"form": form, "known": form.known, "back_url": reverse("administration")}
    return TemplateResponse(request, "administration/invite.html", context, status=_status(form))


@transaction.atomic
def _invited(user: User, form: InviteForm) -> User:
    made = administering.add_person(
        by=user,
        email=form.cleaned_data["email"],
        role=form.chosen,
        authority=form.cleaned_data["authority"],
        **form.about(),
    )
    send_invitation(by=user, user=made)
    return made


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_sign_in_required
def existing(request: HttpRequest) -> HttpResponse:
    """Somebody who has an account already, of another authority too: a role here, by their whole address."""
    user = user_of(request)
    form = ExistingForm(administering.check(user), held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        known: User = form.cleaned_data["email"]
        try:
            administering.give_role(
                by=user, user=known, role=form.chosen, authority=form.cleaned_data["authority"]
            )
        except (NotAllowed, actions.StandsAlone) as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, f"{known.name} is now {form.chosen.label}.")
            return HttpResponseRedirect(reverse("administration-person", args=[known.pk]))
    context = {"form": form, "back_url": reverse("administration-invite")}
    return TemplateResponse(request, "administration/existing.html", context, status=_status(form))


def state_of(user: User) -> str:
    """What an account is like: open, waiting for its owner, or closed."""
    if not user.is_active:
        return f"Closed {date_format(user.closed_at, 'j F Y')}" if user.closed_at else "Closed"
    return "Invited" if inviting.awaits_answer(user) else "Open"


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200


def _rows(found: QuerySet[User], authorities: Iterable[str]) -> list[tuple[Any, ...]]:
    """The people of a list, by name. Two queries, however many they are."""
    held = RoleHeld.objects.filter(current(), authority__in=authorities).order_by("role")
    with_roles = found.select_related("agency").prefetch_related(
        Prefetch("roles_held", held, to_attr="holds")
    )
    return [_row(each) for each in with_roles]


def _row(user: User) -> tuple[Any, ...]:
    works_as = ", ".join(filter(None, (user.job_title, user.agency.name if user.agency else "")))
    roles = sorted({str(Role(held.role).label) for held in user.holds})  # type: ignore[attr-defined]
    address = reverse("administration-person", args=[user.pk])
    return ((user.name, address), works_as, ", ".join(roles) or "None", state_of(user))
