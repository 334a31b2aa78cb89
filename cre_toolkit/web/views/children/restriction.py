"""Restricting a record to people named on it: who they are, who is added or taken off, and lifting it."""

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access, restriction
from cre_toolkit.children.models import Child
from cre_toolkit.children.names import alphabetical
from cre_toolkit.children.viewers import viewers
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.closing import PersonForm, RestrictForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.restriction-viewed"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def restricted(request: HttpRequest, reference: str) -> HttpResponse:
    """Of a record that is open: to restrict it. Of one that is restricted: for whom, and to name somebody."""
    user = user_of(request)
    child = _find(user, reference)
    if child.restricted:
        return _restricted(request, user, child)
    form = RestrictForm(_others_who_see(user, child), held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            restriction.restrict(by=user, child=child, named=form.people, why=form.cleaned_data["why"])
        except restriction.Refused as refused:
            form.add_error("others", str(refused))
        else:
            messages.success(request, "The record is restricted. Nobody else can find it from now on.")
            return HttpResponseRedirect(request.path)
    return _answer(request, "children/restrict.html", child, {"form": form})


def _restricted(request: HttpRequest, user: User, child: Child) -> HttpResponse:
    form = PersonForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            restriction.name(by=user, child=child, user=form.person, why=form.cleaned_data["why"])
        except restriction.Refused as refused:
            form.add_error("email", str(refused))
        else:
            messages.success(request, f"{form.person.name} can see the record.")
            return HttpResponseRedirect(request.path)
    context = {
        "form": form,
        "restriction": restriction.standing_restriction(child),
        "named": list(restriction.named_on(child)),
    }
    return _answer(request, "children/restriction.html", child, context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def take_off(request: HttpRequest, reference: str, grant: uuid.UUID) -> HttpResponse:
    """Asks once more: whoever is taken off does not see the record any longer."""
    user = user_of(request)
    child = _find(user, reference)
    named = restriction.named_on(child).filter(pk=grant).first()
    if named is None or named.user is None:
        raise access.NotVisible(str(grant))
    error = ""
    if request.method == "POST":
        try:
            restriction.take_off(by=user, child=child, user=named.user)
        except restriction.Refused as refused:
            error = str(refused)
        else:
            messages.success(request, f"{named.user.name} no longer sees the record.")
            own = named.user == user
            return HttpResponseRedirect(reverse("home") if own else _page(child))
    context = {"person": named.user, "own": named.user == user, "errors": _errors(error)}
    return _answer(request, "children/take_off.html", child, context, back=_page(child), wrong=bool(error))


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def lift(request: HttpRequest, reference: str) -> HttpResponse:
    """Asks once more: everybody who would see the record without its restriction will see it."""
    user = user_of(request)
    child = _find(user, reference)
    if not child.restricted:
        return HttpResponseRedirect(_page(child))
    if request.method == "POST":
        return _lift(request, child)
    return _answer(request, "children/lift.html", child, {}, back=_page(child), wrong=False)


@fresh_sign_in_required
def _lift(request: HttpRequest, child: Child) -> HttpResponse:
    restriction.lift(by=user_of(request), child=child)
    messages.success(request, "The restriction is lifted.")
    return HttpResponseRedirect(reverse("child-access", args=[child.reference]))


def _find(user: User, reference: str) -> Child:
    return access.find_child(by=user, reference=reference, kind=KIND, act=access.Act.RESTRICT)


def _page(child: Child) -> str:
    return reverse("child-restriction", args=[child.reference])


def _others_who_see(user: User, child: Child) -> list[User]:
    """Whoever sees the record now, by name; not the reader, who is named in any case."""
    people = {viewer.user.pk: viewer.user for viewer in viewers(child) if viewer.user != user}
    return sorted(people.values(), key=lambda person: (alphabetical(person.name), str(person.pk)))


def _errors(error: str) -> list[ErrorLink]:
    return [ErrorLink(error)] if error else []


def _answer(
    request: HttpRequest,
    template: str,
    child: Child,
    context: Mapping[str, object],
    *,
    back: str = "",
    wrong: bool | None = None,
) -> HttpResponse:
    context = {
        **context,
        "child": child,
        "age": age_in_words(child),
        "back_url": back or reverse("child", args=[child.reference]),
        "back_text": "The restriction" if back else "The child’s record",
    }
    wrong = request.method == "POST" if wrong is None else wrong
    return TemplateResponse(request, template, context, status=422 if wrong else 200)
