"""What people enter into a child's case: a significant incident, and that something was recorded in error."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.case.counting import gone_from
from cre_toolkit.casework.case.entering import NotPossible
from cre_toolkit.casework.case.queries import read_case
from cre_toolkit.casework.meeting.queries import meeting_recorded_by
from cre_toolkit.casework.models import CaseEvent, Meeting
from cre_toolkit.casework.note.incidents import in_words, record_incident
from cre_toolkit.children import access
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.children.events import IncidentForm, InErrorForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.typed import typed_in
from cre_toolkit.web.views.children.describe import age_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def incident(request: HttpRequest, reference: str) -> HttpResponse:
    """A significant incident; afterwards a new assessment is due."""
    user = user_of(request)
    child = access.find_child(
        by=user, reference=reference, kind="child.incident-viewed", act=access.Act.RECORD_INCIDENT
    )
    form = IncidentForm(held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        recorded = record_incident(by=user, child=child, **form.incident())
        words = "The incident is recorded, and a new assessment is due."
        if recorded.was_missing == YesNoUnknown.YES:
            words += " Make sure that the time missing is recorded too: it has clocks of its own."
        if recorded.danger_now == YesNoUnknown.YES:
            words += " Telephone now: both calls are due."
        messages.success(request, words)
        page = "child-calls" if recorded.danger_now == YesNoUnknown.YES else "child"
        return HttpResponseRedirect(reverse(page, args=[child.reference]))
    context = _context(child) | {"form": form}
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "children/incident.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def recorded_in_error(request: HttpRequest, reference: str, event: uuid.UUID) -> HttpResponse:
    """GET says what follows and asks why, or what was said; POST withdraws, once however often it is sent."""
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(by=user, reference=reference, kind="child.in-error-viewed", standing=standing)
    entered = in_error.find(child, event)
    context = _context(child) | _described(entered, child)
    meeting = meeting_recorded_by(entered)
    if hasattr(entered, "in_error"):
        # Somebody else was quicker: what was typed is shown, to be copied.
        same = request.POST.get("why", "").strip() == entered.in_error.why
        context |= {"withdrawn": entered.in_error, "typed": [] if same else typed_in(request.POST)}
        return TemplateResponse(request, "children/in_error_said.html", context)
    if str(entered.pk) in gone_from(child):
        return TemplateResponse(request, "children/in_error_gone.html", context)
    if not in_error.withdraws(standing, entered, child.authority):
        raise access.NotAllowed(in_error.WHOSE)
    form = InErrorForm(held_forms.typed(request), auto_id="%s")
    errors = []
    if request.method == "POST" and form.is_valid():
        try:
            in_error.withdraw(by=user, entered=entered, why=form.cleaned_data["why"])
        except NotPossible as refused:
            errors = [ErrorLink(f"It cannot be withdrawn as the case stands: {refused}")]
        else:
            return HttpResponseRedirect(_after(request, user, child, meeting))
    context |= {
        "form": form,
        "errors": errors,
        "done_with": in_error.done_with(entered),
        "meeting": meeting,
    }
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "children/in_error.html", context, status=status)


def _described(entered: CaseEvent, child: Child) -> dict[str, object]:
    """The event as its page names it, with what was said of it."""
    kind = CaseEvent.Kind
    match entered.kind:
        case kind.SIGNIFICANT_INCIDENT:
            said = in_words(entered.incident)
        case kind.DONE:
            done = read_case(child).state.done
            said = [("What was done", one.entry.text) for one in done if one.by.id == str(entered.pk)]
        case _:
            said = []
    return {"entered": entered, "said": said}


def _context(child: Child) -> dict[str, object]:
    return {
        "child": child,
        "age": age_in_words(child),
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }


def _after(request: HttpRequest, user: User, child: Child, meeting: Meeting | None) -> str:
    """The child's record, where the person still sees it: a level that fell, or a transfer, may hide it.

    Of a meeting its own page, from which it is recorded anew.
    """
    if access.visible_to(user).filter(pk=child.pk).exists():
        messages.success(request, "It is withdrawn, and counts no longer. Look at what is due now.")
        if meeting:
            return reverse("meeting", args=[meeting.reference])
        return reverse("child", args=[child.reference])
    messages.success(
        request,
        f"What you withdrew on the record {child.reference} counts no longer. You saw this child’s record"
        " because of it, and no longer do.",
    )
    return reverse("home")
