"""Break-glass: opening a record at once without having been given access, and reviewing that it was done."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework.case.queries import pack_of
from cre_toolkit.children import access, break_glass, break_glass_queries, looks, unseen
from cre_toolkit.children.break_glass_models import BreakGlass, BreakGlassReview
from cre_toolkit.children.models import Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.break_glass import BreakGlassForm, ReviewForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.typed import typed_in


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def break_it(request: HttpRequest, reference: str) -> HttpResponse:
    """What it is and what follows; then the record is open. Whoever sees it already is led there."""
    user = user_of(request)
    standing = access.standing_of(user)
    if access.visible_to(user, standing).filter(reference=reference).exists():
        return HttpResponseRedirect(reverse("child", args=[reference]))
    child = unseen.find(by=user, reference=reference, standing=standing)
    return _ask(request, child)


@fresh_sign_in_required
def _ask(request: HttpRequest, child: Child) -> HttpResponse:
    form = BreakGlassForm(held_forms.typed(request), auto_id="%s")
    if request.method == "POST" and form.is_valid():
        broken = break_glass.break_glass(by=user_of(request), child=child, **form.cleaned_data)
        until = date_format(timezone.localtime(broken.until), "j F Y, H:i")
        messages.success(
            request,
            f"You can see this record until {until}. Those responsible for the child have been told. "
            "Each page that you open is written down, and will be looked at when this is reviewed.",
        )
        return HttpResponseRedirect(reverse("child", args=[child.reference]))
    context = {
        "reference": child.reference,
        "form": form,
        "pack": pack_of(child),
        "hours": int(break_glass.LASTS.total_seconds() // 3600),
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "break_glass/break.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Who broke the glass, why and what they opened; and for whoever reviews it, whether that was right."""
    user = user_of(request)
    broken = break_glass_queries.find(by=user, reference=reference)
    if request.method == "POST":
        return _review(request, broken)
    return _shown(request, broken)


def _review(request: HttpRequest, broken: BreakGlass) -> HttpResponse:
    form = ReviewForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _shown(request, broken, form)
    said = form.cleaned_data
    try:
        break_glass.review(by=user_of(request), broken=broken, **said)
    except break_glass.ReviewedAlready as meanwhile:
        broken.review = meanwhile.review
        messages.warning(request, "Somebody else has reviewed it meanwhile. This is what stands.")
        return _shown(request, broken, typed=typed_in(request.POST))
    ended = said["outcome"] == BreakGlassReview.Outcome.NOT_JUSTIFIED and broken.until > timezone.now()
    messages.success(
        request,
        "Your review is recorded, and whoever broke the glass is told of it."
        + (" They can see the record no longer." if ended else ""),
    )
    return HttpResponseRedirect(reverse("break-glass", args=[broken.reference]))


def _shown(
    request: HttpRequest, broken: BreakGlass, form: ReviewForm | None = None, **more: Any
) -> HttpResponse:
    user = user_of(request)
    standing = access.standing_of(user)
    reviewed: BreakGlassReview | None = getattr(broken, "review", None)
    asks = reviewed is None and break_glass_queries.may_review(standing, broken)
    if asks and form is None:
        form = ReviewForm(held_forms.typed(request), auto_id="%s")
    context = {
        "broken": broken,
        "category": BreakGlass.Category(broken.category).label,
        "review": reviewed,
        "form": form if asks else None,
        "overdue": reviewed is None and broken.until <= timezone.now(),
        "opened": looks.by_break_glass(broken),
        "sees": access.visible_to(user, standing).filter(pk=broken.child_id).exists(),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "break_glass/review.html", context, status=status)
