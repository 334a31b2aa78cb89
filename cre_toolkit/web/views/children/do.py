"""What is due, and saying that it was done: when, how and with whom."""

import datetime
from dataclasses import dataclass
from typing import get_args

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.case import queries as casework
from cre_toolkit.casework.case.awaiting import TELL_MANAGER
from cre_toolkit.casework.case.state import Case
from cre_toolkit.casework.case.telling_events import DONE
from cre_toolkit.casework.countersigning.queue import managers_of, may_countersign
from cre_toolkit.casework.note.notes import DONE_BY_A_NOTE, NotDue, write_note
from cre_toolkit.children import access
from cre_toolkit.rules.authority import ActionId, CaseActionId, ReviewId
from cre_toolkit.rules.entries import Entry
from cre_toolkit.web import held_forms
from cre_toolkit.web.doing import WHERE, where
from cre_toolkit.web.forms.children.notes import DoingForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words
from cre_toolkit.web.views.children.notes import KIND, others_around, told_in_words

_EVERY = frozenset((*get_args(ActionId), *get_args(CaseActionId), *get_args(ReviewId)))
_GONE = (
    "This is not due any more. Somebody has done it meanwhile, or what had asked for it was changed. What you"
    " wrote has not been saved. To keep it, write it down as a discussion"
)


@dataclass(frozen=True, slots=True)
class Was:
    """That something was done."""

    title: str
    at: datetime.datetime
    by: str


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def do(request: HttpRequest, reference: str, action: str) -> HttpResponse:
    """The toolkit's words for it, and a form; where it is done on a page of its own, the way there.

    A manager is led to where they answer the assessment; everybody else is told whose that is.
    """
    user = user_of(request)
    standing = access.standing_of(user)
    child = access.find_child(
        by=user, reference=reference, kind=KIND, act=access.Act.WRITE_NOTE, standing=standing
    )
    if action not in _EVERY:
        raise Http404
    case = casework.read_case(child)
    asked = _asked(case, action)
    answers = _to_answer(case, asked) if action == TELL_MANAGER else None
    if answers and request.method != "POST" and may_countersign(standing, answers):
        return HttpResponseRedirect(reverse("assessment-decision", args=[answers.assessment.reference]))
    typed = held_forms.typed(request)
    own = action in WHERE
    here = action in DONE_BY_A_NOTE and (asked is not None or typed is not None)
    form = DoingForm(others_around(child, user), typed) if here else None
    errors = []
    if request.method == "POST" and form and form.is_valid():
        try:
            with transaction.atomic():
                write_note(
                    by=user,
                    child=child,
                    said=form.written(),
                    action=action,
                    told=form.chosen("tell"),
                    form_id=form.cleaned_data["form_id"],
                )
        except NotDue:
            errors = [ErrorLink(_GONE)]
        else:
            messages.success(request, f"Written down. {DONE[action]}.{told_in_words(form)}")
            return HttpResponseRedirect(reverse("child", args=[child.reference]))
    context = {
        "child": child,
        "age": age_in_words(child),
        "asked": asked,
        "done": _done(case, action),
        "form": form,
        "elsewhere": where(action, child.reference) if own else "",
        "answers": answers,
        "managers": managers_of(answers) if answers else [],
        "errors": errors,
        "back_url": reverse("child", args=[child.reference]),
        "back_text": "The child’s record",
    }
    wrong = request.method == "POST"
    return TemplateResponse(request, "children/do.html", context, status=422 if wrong else 200)


def _asked(case: Case, action: str) -> Entry | None:
    """What is due under this id; of several, what is due first."""
    return next((entry for entry in case.due if entry.id == action), None)


def _to_answer(case: Case, asked: Entry | None) -> Record | None:
    """The assessment that a manager is to answer; None where a meeting asks for them to be told."""
    return next((one.record for one in case.heard if asked and one.event == asked.event_id), None)


def _done(case: Case, action: str) -> list[Was]:
    """When it was done, the last first, and by whom."""
    by = {str(event.pk): event.by.name for event in case.events}
    done = [one for one in case.state.done if one.entry.id == action]
    return [Was(DONE[action], one.by.at, by.get(one.by.id, "")) for one in reversed(done)]
