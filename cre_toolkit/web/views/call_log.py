"""The log of both telephone calls, as the pages of a draft and of a child's record share it."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from cre_toolkit.assessments.models import Assessment
from cre_toolkit.casework.assessment.calls import log_call
from cre_toolkit.casework.case.queries import call_is_due
from cre_toolkit.casework.models import Call
from cre_toolkit.children.models import Child
from cre_toolkit.web.forms.assessments.calls import CallForm
from cre_toolkit.web.request import user_of

# Danger to life first; the toolkit asks for both at once.
ORDER = (Call.To.POLICE, Call.To.SOCIAL_CARE)


def forms(typed: QueryDict | None) -> list[CallForm]:
    """The two calls of the page's one form. What was typed for the one stays while the other is logged.

    Whoever presses Enter in a box presses the first button of all: where only the other call was begun, that
    is the one they mean.
    """
    begun = [to for to in ORDER if typed is not None and CallForm.begun(typed, to)]
    pressed = typed.get("to") if typed is not None else None
    if pressed and begun and pressed not in begun:
        pressed = begun[0].value
    shown = [to for to in ORDER if to in begun or to.value == pressed]
    return [_form(to, typed if to in shown else None, pressed=to.value == pressed) for to in ORDER]


def _form(to: Call.To, typed: QueryDict | None = None, *, pressed: bool = False) -> CallForm:
    now = timezone.localtime()
    initial = {"form_id": uuid.uuid4(), "day": now.date(), "time": f"{now:%H:%M}"}
    return CallForm(typed, to=to, pressed=pressed, initial=initial)


def logged(
    request: HttpRequest, logs: list[CallForm], child: Child, assessment: Assessment | None = None
) -> bool:
    """Log the call whose button was pressed, where it is right, and say what became of it."""
    sent = next((form for form in logs if form.pressed), None)
    if request.method != "POST" or sent is None or not sent.is_valid():
        return False
    _log(request, sent, child, assessment)
    return True


def begun_too(logs: list[CallForm]) -> bool:
    """Whether something was typed for the call whose button was not pressed."""
    return any(form.is_bound and not form.pressed for form in logs)


def next_to_log(logs: list[CallForm]) -> list[CallForm]:
    """The forms once a call is logged: that one is empty, and the other as it was typed."""
    return [_form(form.to) if form.pressed else form for form in logs]


def _log(request: HttpRequest, form: CallForm, child: Child, assessment: Assessment | None) -> None:
    said = form.call()
    call = log_call(by=user_of(request), child=child, assessment=assessment, **said)
    words = ["The call is logged."]
    if call.form_id != said["form_id"]:
        words = ["This is logged as another call. What you logged before stays as it was."]
    if call.outcome == Call.Outcome.SPOKE and call_is_due(child, call.to):
        words.append("It was made long before the danger was said, so a call is still due.")
    messages.success(request, " ".join(words))
