"""Closing a case, and opening it again: what follows is said first."""

from collections.abc import Mapping

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.ends import closing
from cre_toolkit.children import access, network
from cre_toolkit.children.models import Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.ends import CloseForm, ReopenForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.ends-viewed"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """What stays due and what goes, who is told; then the reason."""
    user = user_of(request)
    child = _find(user, reference, access.Act.CLOSE)
    form = CloseForm(held_forms.typed(request))
    errors = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            closing.close(
                by=user, child=child, reason=form.reason_, words=said["words"], form_id=said["form_id"]
            )
        except closing.Refused as refused:
            errors = [ErrorLink(str(refused))]
        else:
            messages.success(request, "The case is closed. Whoever works with the child is told.")
            return _back_to(user, child)
    state = state_of(child)
    context = {
        "form": form,
        "errors": errors,
        "closed": closing.last_closing(child) if state.closed else None,
        "missing_since": state.missing_since,
        "stays": closing.stays_due(state),
        "goes": closing.goes(state),
        "told": len(network.around(child).keys() - {user.pk}),
    }
    return _answer(request, "ends/close.html", child, context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """Why the case was closed, and why it is opened again."""
    user = user_of(request)
    child = _find(user, reference, access.Act.REOPEN)
    form = ReopenForm(held_forms.typed(request))
    errors = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            closing.reopen(by=user, child=child, words=said["words"], form_id=said["form_id"])
        except closing.Refused as refused:
            errors = [ErrorLink(str(refused))]
        else:
            messages.success(request, "The case is open again. What is due is on the lists.")
            return _back_to(user, child)
    closed = state_of(child).closed
    context = {
        "form": form,
        "errors": errors,
        "open": not closed,
        "closing": closing.last_closing(child) if closed else None,
    }
    return _answer(request, "ends/reopen.html", child, context)


def _find(user: User, reference: str, act: access.Act) -> Child:
    return access.find_child(by=user, reference=reference, kind=KIND, act=act)


def _back_to(user: User, child: Child) -> HttpResponse:
    """To the child, where the person still sees them: closing may have taken the level that showed them."""
    seen = access.visible_to(user).filter(pk=child.pk).exists()
    return HttpResponseRedirect(reverse("child", args=[child.reference]) if seen else reverse("home"))


def _answer(request: HttpRequest, template: str, child: Child, context: Mapping[str, object]) -> HttpResponse:
    context = {
        **context,
        "child": child,
        "age": age_in_words(child),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, template, context, status=422 if request.method == "POST" else 200)
