"""After sending: what to do now and by when, and the record as it was sent."""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import newest, queries
from cre_toolkit.assessments.actions import CURRENT_INSTRUMENT
from cre_toolkit.assessments.answers import Answers
from cre_toolkit.assessments.models import Record
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.assessment.calls import TOLD_BY
from cre_toolkit.casework.assessment.withdrawing import may_withdraw
from cre_toolkit.casework.case.awaiting import needs_manager
from cre_toolkit.casework.case.queries import pack_of, read_case
from cre_toolkit.casework.case.state import CALLS
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.models import Call
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.children import access
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import journey
from cre_toolkit.web.views.assessments.describe import describe, header
from cre_toolkit.web.views.paper.record import from_paper

# Done at once where somebody in social care has it by being sent.
SENDING = "send-to-social-care"
# How what is done already is said. Everything else is "Done:".
DONE = {SENDING: "Sent to", **dict.fromkeys(CALLS, "Telephoned:")}


@require_safe
@transaction.atomic
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """What to do now and by when, in order. Safe to open again."""
    user = user_of(request)
    standing = access.standing_of(user)
    record = open_record(user, reference, "assessment.sent-viewed", standing)
    if record.assessment.transcribed or hasattr(record, "withdrawal"):
        # From paper nothing was sent; of what was withdrawn nothing is due.
        return HttpResponseRedirect(reverse("assessment-record", args=[reference]))
    outcome = record.content["outcome"]
    done = read_case(record.child).done_by(record)
    asked = {action["id"] for action in outcome["actions"]}
    steps = [_step(record, action, done.get(action["id"])) for action in outcome["actions"]]
    context = {
        **record_context(record),
        "now": [step for step in steps if step["now"] and not step["done"]],
        "later": [step for step in steps if not step["now"] and not step["done"]],
        "done": [step for step in steps if step["done"]],
        "referrals": referral_queries.of_record(record, standing),
        "is_author": record.author_id == user.pk,
        "nobody_has_it": SENDING in asked and SENDING not in done,
        "pack": pack_of(record.child),
        "calls": CALLS,
        "sending": SENDING,
        "may_give_sheet": access.may(standing, access.Act.GIVE_FAMILY_SHEET),
        "reviews": [
            review | {"on": datetime.date.fromisoformat(review["due"])} for review in outcome["reviews"]
        ],
    }
    return TemplateResponse(request, "assessments/sent.html", context)


@require_safe
@transaction.atomic
def record(request: HttpRequest, reference: str) -> HttpResponse:
    """The assessment as it was sent, whole, to read and to print."""
    user = user_of(request)
    standing = access.standing_of(user)
    found = open_record(user, reference, "assessment.viewed", standing)
    content = found.content
    instrument = load_instrument(found.instrument)
    stands = not hasattr(found, "withdrawal")
    context = {
        **record_context(found),
        "referrals": referral_queries.of_record(found, standing),
        "may_assess": access.may(standing, access.Act.ASSESS),
        "may_give_sheet": access.may(standing, access.Act.GIVE_FAMILY_SHEET),
        "may_review": stands and found.instrument == CURRENT_INSTRUMENT and newest.is_last(found),
        "may_withdraw": stands and may_withdraw(standing, found),
        "answer": countersigning.answer_of(found),
        "needed": stands and not found.assessment.transcribed and needs_manager(found),
        "form_id": uuid.uuid4(),
        "reviewed_withdrawn": queries.withdrawal_of_reviewed(found),
    }
    if found.assessment.transcribed:
        return TemplateResponse(request, "paper/record.html", context | from_paper(content, instrument))
    answers = Answers.model_validate(content["answers"], by_alias=True)
    sections = [
        (page.title, describe(page.section, answers.section(page.section), instrument))
        for page in journey.PAGES
        if page.name not in ("rating", "child")
    ]
    sections.insert(1, ("The child", header(content)))
    return TemplateResponse(request, "assessments/record.html", {**context, "sections": sections})


def open_record(user: User, reference: str, kind: str, standing: access.Standing | None = None) -> Record:
    """The record for somebody who may see the child; the look is written to the audit trail.

    Args:
        user: who looks.
        reference: the assessment's.
        kind: the audit event's kind.
        standing: their roles, where the view has read them already.
    """
    found = queries.record(user, reference, standing)
    audit.record(
        by=user,
        kind=kind,
        authority=found.child.authority,
        child=found.child.pk,
        subject_kind="record",
        subject=found.pk,
    )
    return found


def record_context(record: Record) -> dict[str, Any]:
    """What every page of a sent assessment shows of it."""
    content = record.content
    return {
        "record": record,
        "content": content,
        "outcome": content["outcome"],
        "reference": content["reference"],
        "child": record.child,
        "child_url": reverse("child", args=[record.child.reference]),
        "record_url": reverse("assessment-record", args=[content["reference"]]),
        "versions_url": reverse("assessment-versions", args=[content["reference"]]),
    }


def _step(record: Record, action: dict[str, Any], done: datetime.datetime | None) -> dict[str, Any]:
    """An action with its time as an instant, whether that is at once, and since when it is done."""
    due = datetime.datetime.fromisoformat(action["due"]) if action["due"] else None
    told = TOLD_BY[Call.To(action["id"])] if action["id"] in CALLS else ""
    called = record.content["referred"].get(told)
    if called and done == record.completed_at:
        # A call made while the draft was written counts as done with the sending; it was made before.
        done = datetime.datetime.fromisoformat(called)
    return action | {
        "due_at": due,
        "now": due is not None and due <= record.completed_at,
        "done": done,
        "done_words": DONE.get(action["id"], "Done:"),
    }
