"""Changing a child's record, part by part; and the page after adding, which asks for the rest at once."""

import copy
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import queries as assessments
from cre_toolkit.casework.case.facts import change_facts
from cre_toolkit.children import access, actions, queries
from cre_toolkit.children.models import Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.parts import AFTERWARDS, PART, ContactForm, PartForm
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.views.children.describe import Difference, age_in_words, described, differences

MORE = "More about the child"


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, reference: str, part: str) -> HttpResponse:
    """One part of the record."""
    if part not in PART:
        raise Http404
    return _page(request, reference, (PART[part],), PART[part].title)


@require_http_methods(["GET", "HEAD", "POST"])
def more(request: HttpRequest, reference: str) -> HttpResponse:
    """What was not asked when the child was added. All of it can wait."""
    return _page(request, reference, AFTERWARDS, MORE)


def _page(
    request: HttpRequest, reference: str, parts: tuple[type[PartForm], ...], title: str
) -> HttpResponse:
    user = user_of(request)
    if request.method != "POST":
        with transaction.atomic():
            child = access.find_child(by=user, reference=reference, act=access.Act.EDIT_CHILD)
            forms = _forms(parts, user, child, typed := held_forms.typed(request))
            version = posted_version(typed) if typed is not None else child.version
            return _show(request, child, forms, title, version=version)
    try:
        with transaction.atomic():
            child = access.find_child(by=user, reference=reference, act=access.Act.EDIT_CHILD)
            forms = _forms(parts, user, child, request.POST)
            # What is typed goes with what it was typed over: a newer text is never overwritten unseen.
            version = posted_version(request.POST)
            if asked := _row_asked_for(request, forms):
                return _show(request, child, forms, title, anchor=asked, version=version)
            if not all([form.is_valid() for form in forms]):  # noqa: C419 - each is to show its errors
                return _show(request, child, forms, title, version=version, status=422)
            _save(user, child, forms, version)
    except actions.Changed as changed:
        with transaction.atomic():
            return _show_changed(request, user, changed.child, parts, title)
    messages.success(request, "Saved.")
    return HttpResponseRedirect(reverse("child", args=[reference]))


def _forms(
    parts: tuple[type[PartForm], ...], user: User, child: Child, data: QueryDict | None
) -> list[PartForm]:
    settled = {"authority_is_settled": True} if assessments.records_of(child).exists() else {}
    return [
        part(user, child, data, **(settled if part is ContactForm else {}))  # type: ignore[arg-type]
        for part in parts
    ]


def _row_asked_for(request: HttpRequest, forms: list[PartForm]) -> str:
    """Where "Add another" was pressed: the id of the new row's first control, with nothing judged yet."""
    then = request.POST.get("then", "")
    for form in forms:
        if form.rows and then == f"add-{form.rows.name}":
            for each in forms:
                each.without_errors()
            return form.rows.add_empty()
    return ""


def _save(user: User, child: Child, forms: list[PartForm], version: int) -> None:
    details = {name: value for form in forms for name, value in form.details().items()}
    change_facts(by=user, child=child, version=version, changes=details)
    for form in forms:
        if form.rows:
            actions.set_rows(by=user, child=child, table=form.table, rows=form.rows.answers())


def _show(
    request: HttpRequest,
    child: Child,
    forms: list[PartForm],
    title: str,
    *,
    version: int,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "child": child,
        "age": age_in_words(child),
        "title": title,
        "forms": [each for form in forms for each in (form, *(form.rows.forms if form.rows else ()))],
        "parts": forms,
        "version": version,
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
        "at_once": title == MORE,
        **more,
    }
    return TemplateResponse(request, "children/edit.html", context, status=status)


def _show_changed(
    request: HttpRequest, user: User, child: Child, parts: tuple[type[PartForm], ...], title: str
) -> HttpResponse:
    """Both texts of what differs. Nothing was overwritten; saving again keeps what stands in the boxes."""
    child = access.find_child(by=user, reference=child.reference, act=access.Act.EDIT_CHILD)
    forms = _forms(parts, user, child, request.POST)
    valid = [form for form in forms if form.is_valid()]
    mine = copy.copy(child)
    for name, value in ((name, value) for form in valid for name, value in form.details().items()):
        setattr(mine, name, value)
    tables = {form.table: form.rows.answers() for form in valid if form.rows}
    family, agencies = queries.family_of(child), queries.agencies_of(child)
    theirs_said = described(child, family, agencies)
    mine_said = described(mine, tables.get("family", family), tables.get("agencies", agencies))
    changed: list[Difference] = [
        difference
        for part in parts
        for difference in differences(theirs_said[part.name], mine_said[part.name])
    ]
    return _show(
        request,
        child,
        forms,
        title,
        version=child.version,
        status=409,
        changed=changed,
        was_changed=True,
    )
