"""The death of a child: recorded with care, and taken back where it was recorded in error."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.casework.ends import death
from cre_toolkit.children import access, network
from cre_toolkit.children.models import Child
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.ends import DeathForm, WhyForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.step_up import fresh_sign_in_required
from cre_toolkit.web.views.children.describe import age_in_words

KIND = "child.death-viewed"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def died(request: HttpRequest, reference: str) -> HttpResponse:
    """Of a child who lives: what follows, and what is known. Of one who has died: what is on the record."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=access.Act.RECORD_DEATH)
    if child.died_on and request.method != "POST":
        return _recorded(request, child)
    form = DeathForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        return _record(request, child, form)
    return _asked(request, child, form)


@fresh_sign_in_required
def _record(request: HttpRequest, child: Child, form: DeathForm) -> HttpResponse:
    try:
        with transaction.atomic():
            death.record_death(
                by=user_of(request), child=child, told=form.told, form_id=form.cleaned_data["form_id"]
            )
    except death.Refused as refused:
        return _asked(request, child, form, [ErrorLink(str(refused))])
    return HttpResponseRedirect(request.path)


def _asked(
    request: HttpRequest, child: Child, form: DeathForm, errors: Sequence[ErrorLink] = ()
) -> HttpResponse:
    told = len(network.around(child).keys() - {user_of(request).pk})
    return _answer(request, "ends/death.html", child, form=form, errors=list(errors), told=told)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """The death was recorded in error: asked first, with how that came to be."""
    user = user_of(request)
    child = access.find_child(by=user, reference=reference, kind=KIND, act=access.Act.RECORD_DEATH)
    form = WhyForm(
        held_forms.typed(request),
        label="How did it come to be recorded?",
        called="how it came to be recorded",
        hint="It stays on the record, with this.",
    )
    if request.method == "POST" and form.is_valid():
        return _take_back(request, child, form.cleaned_data["words"])
    return _answer(request, "ends/death_taken_back.html", child, form=form, death=death.death_of(child))


@fresh_sign_in_required
def _take_back(request: HttpRequest, child: Child, why: str) -> HttpResponse:
    death.take_back(by=user_of(request), child=child, why=why)
    messages.success(request, "The death is taken back. Read what is due now.")
    return HttpResponseRedirect(reverse("child", args=[child.reference]))


def _recorded(request: HttpRequest, child: Child) -> HttpResponse:
    return _answer(request, "ends/death_recorded.html", child, death=death.death_of(child))


def _answer(request: HttpRequest, template: str, child: Child, **context: object) -> HttpResponse:
    context |= {
        "child": child,
        "age": age_in_words(child),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    return TemplateResponse(request, template, context, status=422 if request.method == "POST" else 200)
