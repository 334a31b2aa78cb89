"""Also for a brother or sister, or again for the right child: choose whom and what; one act makes the drafts.

Nothing is kept between requests but what the form itself carries: it works without script, and the same form
sent twice makes the drafts once.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import copying, queries, versions
from cre_toolkit.assessments.answers import Answers, Part
from cre_toolkit.assessments.models import Assessment, Section, Withdrawal
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access, siblings
from cre_toolkit.children.models import Child
from cre_toolkit.children.siblings import Suggested
from cre_toolkit.web.forms.assessments.copying import CopyForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.children.describe import age_in_words

UNFINISHED = "You have an unfinished assessment of this child: only its empty sections will be filled."


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways of copying.

    Attributes:
        template: the page's.
        title: the page's.
        parts: what can be taken over of an assessment.
        labels: in words.
        several: whether more than one child can be chosen.
    """

    template: str
    title: str
    parts: Callable[[Answers], dict[Section, Part]]
    labels: Mapping[Section, str]
    several: bool


ALSO_FOR = Way(
    "assessments/also_for.html",
    "Also for a brother or sister",
    copying.shared_parts,
    copying.SHARED,
    several=True,
)
RIGHT_CHILD = Way(
    "assessments/right_child.html",
    "Start it again for the right child",
    copying.whole_parts,
    copying.WHOLE,
    several=False,
)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def also_for(request: HttpRequest, reference: str) -> HttpResponse:
    """From a draft of one's own, or a sent assessment of a child whom one may see."""
    user = user_of(request)
    assessment, said = _source(user, reference)
    return _page(request, user, assessment, said, ALSO_FOR)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def right_child(request: HttpRequest, reference: str) -> HttpResponse:
    """After an assessment of one's own was withdrawn because it is about another child."""
    user = user_of(request)
    record = queries.record(user, reference)
    withdrawal = getattr(record, "withdrawal", None)
    if (
        withdrawal is None
        or withdrawal.category != Withdrawal.Category.WRONG_CHILD
        or record.author_id != user.pk
        or record.assessment.transcribed
    ):
        raise access.NotVisible(reference)
    return _page(request, user, record.assessment, versions.answers_of(record.content), RIGHT_CHILD)


def _source(user: User, reference: str) -> tuple[Assessment, Answers]:
    """What is copied from, and what it says.

    Raises:
        NotVisible: it is neither a draft of one's own nor a sent assessment that one may see.
    """
    draft = _own_draft(user, reference)
    if draft:
        return draft.assessment, draft.answers
    record = queries.record(user, reference)
    if record.assessment.transcribed:
        raise access.NotVisible(reference)
    return record.assessment, versions.answers_of(record.content)


def _own_draft(user: User, reference: str) -> Draft | None:
    """The user's own draft; None where it was sent, or is somebody else's."""
    try:
        draft = queries.draft(user, reference)
    except access.NotVisible:
        return None
    return draft if draft.assessment.status == Assessment.Status.DRAFT else None


def _page(request: HttpRequest, user: User, assessment: Assessment, said: Answers, way: Way) -> HttpResponse:
    standing = access.standing_of(user)
    access.check(standing, access.Act.ASSESS)
    posted, parts = request.POST, way.parts(said)
    offered = _offered(standing, assessment.child, posted, way)
    # A list of children is a look at each of them.
    audit.record(
        by=user,
        kind="assessment.opened-to-copy",
        children=[assessment.child_id, *(one.child.pk for one in offered)],
        subject_kind="assessment",
        subject=assessment.pk,
    )
    form = CopyForm(
        posted if request.method == "POST" and not _searches(posted) else None,
        children=[(one.child.reference, one.child.name) for one in offered],
        hints=_hints(user, offered),
        parts=[(section, way.labels[section]) for section in parts],
        several=way.several,
        initial={
            "form_id": posted.get("form_id") or uuid.uuid4(),
            "name": posted.get("name", ""),
            "child": posted.getlist("child") if way.several else posted.get("child", ""),
            "part": posted.getlist("part"),
        },
    )
    is_draft = assessment.status == Assessment.Status.DRAFT
    context: dict[str, Any] = {
        "title": way.title,
        "child": assessment.child,
        "reference": assessment.reference,
        "form": form,
        "offered": offered,
        "parts": parts,
        "nobody": _searches(posted) and not any(one.why == siblings.FOUND for one in offered),
        "back_url": reverse("assessment" if is_draft else "assessment-record", args=[assessment.reference]),
    }
    if not (form.is_bound and form.is_valid()):
        return TemplateResponse(request, way.template, context, status=422 if form.is_bound else 200)
    copied = copying.copy_to(
        by=user,
        children=[
            access.find_child(by=user, reference=each, act=access.Act.ASSESS) for each in form.references
        ],
        parts=parts,
        wanted=form.cleaned_data["part"],
        source=assessment,
        form_id=form.cleaned_data["form_id"],
    )
    told = [_told(one, way) for one in copied]
    ready = sum(not one.is_over for one in told)
    return TemplateResponse(request, "assessments/copied.html", context | {"told": told, "ready": ready})


def _searches(posted: QueryDict) -> bool:
    """Whether the form was sent to find somebody, and not to make drafts."""
    return posted.get("then") == "search"


def _offered(standing: access.Standing, child: Child, posted: QueryDict, way: Way) -> list[Suggested]:
    """Who can be chosen: those suggested, those found by name, and those chosen before. All may be seen."""
    kept = child.kept
    everybody = [
        *(siblings.suggested(standing, kept) if way.several else ()),
        *siblings.found(standing, posted.get("name", "")),
        *siblings.chosen(standing, posted.getlist("child")),
    ]
    once = {one.child.pk: one for one in reversed(everybody) if one.child.pk != kept.pk}
    return list(reversed(once.values()))


def _hints(user: User, offered: list[Suggested]) -> dict[str, str]:
    """What tells the children apart, by reference. One query."""
    unfinished = queries.unfinished_among(user, [one.child for one in offered])
    return {
        one.child.reference: ". ".join(
            (_born(one.child), one.why, *([UNFINISHED] if one.child.pk in unfinished else ()))
        )
        for one in offered
    }


def _born(child: Child) -> str:
    if child.date_of_birth:
        return f"Born {date_format(child.date_of_birth, 'j F Y')}"
    return f"Age {age_in_words(child)}"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it for one child, in words."""

    child: Child
    draft: Assessment
    filled: list[str]
    kept: list[str]
    is_over: bool


def _told(one: copying.Copied, way: Way) -> Told:
    filled, kept = ([way.labels[section] for section in sections] for sections in (one.filled, one.kept))
    return Told(one.child, one.draft, filled, kept, one.is_over)
