"""Adding a child: filled in from the search; who may be the same child is shown before anything is kept.

Everybody reads the same sentence about earlier records. A record that the user may not see changes nothing
that they see.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access
from cre_toolkit.children.actions import MaybeOnRecord, add_child, sought
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.parts import AT_FIRST, PartForm, authorities
from cre_toolkit.web.forms.children.search import SearchForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children import search


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The first page: who the child is. `then` says which button was pressed, and where.

    `begin` comes from the search, `change` from the page that shows who may be the same child: both show the
    form with what was typed. Anything else adds the child.
    """
    user = user_of(request)
    then = request.POST.get("then", "begin")
    if request.method != "POST" and (typed := held_forms.typed(request)):
        access.check(access.standing_of(user), access.Act.ADD_CHILD)
        return _form(request, [part(user, data=typed) for part in AT_FIRST], _form_id(typed))
    if request.method != "POST" or then == "begin":
        standing = access.standing_of(user)
        access.check(standing, access.Act.ADD_CHILD)
        return _form(request, [part(user, initial=_known(request, standing)) for part in AT_FIRST], _new_id())
    forms: list[PartForm] = [part(user, data=request.POST) for part in AT_FIRST]
    form_id = _form_id(request.POST)
    if then == "change":
        for form in forms:
            form.without_errors()
        return _form(request, forms, form_id)
    if not all([form.is_valid() for form in forms]):  # noqa: C419 - each is to show its errors
        return _form(request, forms, form_id, status=422)
    details = {name: value for form in forms for name, value in form.details().items()}
    return _add(request, user, form_id, details)


def _add(request: HttpRequest, user: User, form_id: uuid.UUID, details: Mapping[str, Any]) -> HttpResponse:
    not_these = request.POST.getlist("not_these") if request.POST.get("then") == "add" else []
    try:
        child = add_child(by=user, form_id=form_id, not_these=not_these, **details)
    except MaybeOnRecord as maybe:
        return _maybe(request, maybe, details)
    if any(getattr(child, name) != value for name, value in details.items()):
        # Added by the same form before: gone back to, and corrected.
        messages.info(
            request,
            "This child had been added already when you pressed the button. What you have changed on the "
            "form since is not saved: change it on the child’s record.",
        )
        return HttpResponseRedirect(reverse("child", args=[child.reference]))
    messages.success(
        request,
        "The child has been added. The record is checked against earlier ones: the front door is shown those "
        "that may be of the same child.",
    )
    return HttpResponseRedirect(reverse("child-more", args=[child.reference]))


@transaction.atomic
def _maybe(request: HttpRequest, maybe: MaybeOnRecord, details: Mapping[str, Any]) -> HttpResponse:
    """Who may be the same child, and why. Nothing has been kept."""
    search.note_shown(request, "child.likely-shown", maybe.found, sorted(details))
    looked_for = sought(details)
    carried = [pair for pair in search.typed(request) if pair[0] not in ("then", "not_these")]
    return TemplateResponse(
        request,
        "children/maybe.html",
        {
            "heads": (*search.HEADS, "The same child?"),
            "rows": [[*search.row(found, looked_for), search.this_one(found)] for found in maybe.found],
            "typed": carried,
            "not_these": [found.child.reference for found in maybe.found] + request.POST.getlist("not_these"),
        },
    )


def _form(
    request: HttpRequest, forms: list[PartForm], form_id: uuid.UUID, *, status: int = 200
) -> HttpResponse:
    identity, contact = forms
    context = {"forms": forms, "identity": identity, "contact": contact, "form_id": form_id}
    return TemplateResponse(request, "children/add.html", context, status=status)


def _known(request: HttpRequest, standing: access.Standing) -> dict[str, Any]:
    """What the search said already, and the authority of whoever works in one alone."""
    known: dict[str, Any] = {}
    if request.method == "POST":
        searched = SearchForm(request.POST)
        if searched.is_valid():
            known = searched.known()
    own = {authority for _, authority in standing.roles} & {id_ for id_, _ in authorities()}
    return known | ({"authority": own.pop()} if len(own) == 1 else {})


def _new_id() -> uuid.UUID:
    return uuid.uuid4()


def _form_id(typed: QueryDict) -> uuid.UUID:
    """The id that the form was given when it was first shown; one that is none is replaced."""
    try:
        return uuid.UUID(typed.get("form_id", ""))
    except ValueError:
        return _new_id()
