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
    """A form for each of the two calls; only the one whose button was pressed reads what was typed."""
    now = timezone.localtime()
    return [
        CallForm(
            typed if typed is not None and typed.get("to") == to.value else None,
            to=to,
            initial={"form_id": uuid.uuid4(), "day": now.date(), "time": f"{now:%H:%M}"},
        )
        for to in ORDER
    ]


def log(request: HttpRequest, form: CallForm, child: Child, assessment: Assessment | None = None) -> None:
    """Log the call of a form that is right, and say what became of it: the next page shows the words."""
    said = form.call()
    call = log_call(by=user_of(request), child=child, assessment=assessment, **said)
    words = ["The call is logged."]
    if call.form_id != said["form_id"]:
        words = ["This is logged as another call. What you logged before stays as it was."]
    if call.outcome == Call.Outcome.SPOKE and call_is_due(child, call.to):
        words.append("It was made long before the danger was said, so a call is still due.")
    messages.success(request, " ".join(words))
