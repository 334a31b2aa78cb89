"""A manager's answer to a sent assessment: what waits for them, what to look at, and what was answered."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import newest, queries
from cre_toolkit.assessments.actions import CURRENT_INSTRUMENT
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.awaiting import needs_manager
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.models import Awaiting, Countersignature
from cre_toolkit.children import access
from cre_toolkit.rules.instrument import Indicator
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.assessments.decision import DecisionForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.typed import left_over
from cre_toolkit.web.views.assessments.sent import open_record, record_context
from cre_toolkit.web.views.assessments.versions import compared, sections_of

# More waits for nobody in one sitting; the rest follows as the first are answered.
MOST = 50
_ORDER = {"high": 0, "medium": 1, "low": 2}
_SAID = {
    Countersignature.Outcome.AGREED: "You have countersigned the assessment. Its author is told.",
    Countersignature.Outcome.RETURNED: (
        "You have returned the assessment. Its author is told, and a new one is due at once."
    ),
    Countersignature.Outcome.SET_LEVEL: (
        "You have set another level. It counts from now on; the author, and whoever was told of the"
        " assessment, are told."
    ),
}
TOO_OLD = (
    "The toolkit no longer applies at this age, so no level can be set. Agree with the assessment or return"
    " it, and contact adult services"
)


@require_safe
@transaction.atomic
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a manager's answer: danger first, then the oldest; and what else they may answer."""
    user = user_of(request)
    standing = access.standing_of(user)
    access.check(standing, access.Act.COUNTERSIGN)
    mine = countersign_queue.described(countersign_queue.queue(standing), MOST)
    others = countersign_queue.described(countersign_queue.queue_of_others(standing), MOST)
    audit.record(
        by=user, kind="countersign.listed", children={one.record.child_id for one in [*mine, *others]}
    )
    context = {
        "mine": [_row(one) for one in mine],
        "others": [_row(one) for one in others],
        "heads": ("Child", "Assessed as", "By", "Waiting"),
        "may_answer_any": access.may(standing, access.Act.COUNTERSIGN_ANY),
        "most": MOST,
    }
    return TemplateResponse(request, "assessments/countersign.html", context)


def _row(one: Awaiting) -> "Row":
    record = one.record
    href = reverse("assessment-decision", args=[record.assessment.reference])
    return Row(record, href, waits(one.since), one.danger)


@dataclass(frozen=True, slots=True)
class Row:
    """One assessment of a queue."""

    record: Record
    href: str
    waits: str
    danger: bool
    """The child was said to be in immediate danger."""


def waits(since: Any) -> str:
    """How long something has waited: "5 hours", "3 days"."""
    hours = int((timezone.now() - since).total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    number, unit = (hours, "hour") if hours < 48 else (hours // 24, "day")
    return f"{number} {unit}{'' if number == 1 else 's'}"


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """The manager's answer: for whoever may give it what to look at, for everybody else what stands."""
    user = user_of(request)
    standing = access.standing_of(user)
    record = open_record(user, reference, "assessment.decision-viewed", standing)
    answer = countersigning.answer_of(record)
    closed = hasattr(record, "withdrawal") or record.assessment.transcribed
    theirs = countersign_queue.may_countersign(standing, record)
    if request.method == "POST" and not theirs:
        raise access.NotAllowed(countersign_queue.WHOSE)
    form = None
    if theirs and not answer and not closed:
        form = DecisionForm(
            recorded=record.recorded_level, form_id=uuid.uuid4(), data=held_forms.typed(request)
        )
        if request.method == "POST" and form.is_valid():
            try:
                return _answered(request, record, form)
            except countersigning.TooOldForALevel:
                form.add_error("level", TOO_OLD)
    context = record_context(record) | {
        "answer": answer,
        "form": form,
        "needed": not closed and needs_manager(record),
        "waits": waits(record.sent_at),
        "managers": [] if answer or closed or theirs else countersign_queue.managers_of(record),
        "may_withdraw_answer": answer is not None and answer.by_id == user.pk,
        "may_review": not closed and _may_review(standing, record, answer),
        "form_id": uuid.uuid4(),
        "more": _more(standing),
        "typed": left_over(request.POST, form),
        **(_to_look_at(user, record) if form else {}),
    }
    if request.method == "POST" and answer:
        messages.warning(request, "It was answered already. This is what stands; what you typed is below.")
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "assessments/decision.html", context, status=status)


def _answered(request: HttpRequest, record: Record, form: DecisionForm) -> HttpResponse:
    user = user_of(request)
    given = countersigning.countersign(
        by=user, record=record, answer=form.answer, form_id=form.cleaned_data["form_id"]
    )
    messages.success(request, _SAID[Countersignature.Outcome(given.outcome)])
    return HttpResponseRedirect(_after(request, user, record.assessment.reference))


def _after(request: HttpRequest, user: User, reference: str) -> str:
    """What was answered, where the person still sees it: a child whose level fell may be out of sight."""
    try:
        queries.record(user, reference)
    except access.NotVisible:
        messages.info(request, "You saw this child’s record because of the level, and no longer do.")
        return reverse("countersign")
    return reverse("assessment-decision", args=[reference])


def _may_review(standing: access.Standing, record: Record, answer: Countersignature | None) -> bool:
    """Whether what was returned is this person's to assess again from here."""
    returned = answer is not None and answer.outcome == Countersignature.Outcome.RETURNED
    is_current = record.instrument == CURRENT_INSTRUMENT
    return returned and is_current and access.may(standing, access.Act.ASSESS) and newest.is_last(record)


def _more(standing: access.Standing) -> int:
    """How much else waits for this person."""
    queue = countersign_queue.queue(standing)
    return queue.count() if queue is not None else 0


@dataclass(frozen=True, slots=True)
class Seen:
    """An indicator that was identified, as the manager reads it."""

    indicator: Indicator
    level: str
    evidence: str


def _to_look_at(user: User, record: Record) -> dict[str, Any]:
    """What a manager needs before them to answer; of the evidence, the gravest first."""
    content = record.content
    instrument, outcome = load_instrument(record.instrument), content["outcome"]
    items = content["case_file"]["indicators"]
    seen = [
        Seen(each, items[each.id].get("level") or "", items[each.id].get("note", ""))
        for each in instrument.indicators
        if each.id in items
    ]
    said = content["answers"]
    reviewed = content["previous"]
    return {
        "seen": sorted(seen, key=lambda each: _ORDER.get(each.level, 3)),
        "danger": record.says_danger,
        "danger_words": said["danger"].get("what", ""),
        "otherwise": said["level"]["reasons"],
        "rationale": said["level"].get("rationale", ""),
        "protective": content["case_file"]["analysis"].get("protective_factors", "")
        if outcome["minimum_level"]
        else "",
        "parts": sections_of(content["reference"]),
        "comparison": compared(queries.record(user, reviewed["reference"]), record) if reviewed else None,
    }
