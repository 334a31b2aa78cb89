"""One's drafts: the list, discarding and restoring one, handing one over."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions, queries
from cre_toolkit.assessments import drafts as acts
from cre_toolkit.assessments.models import RESTORED_WITHIN, Assessment
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.assessment.calls import danger_said_in
from cre_toolkit.web import held_forms
from cre_toolkit.web.forms.assessments.handover import HandOverForm
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments.drafting import drafts_only

HAS_ONE = (
    "{name} has an unfinished assessment of this child already. Ask them to send or discard it first, or "
    "tell them what you know."
)
HAVE_ONE = (
    "You have begun another assessment of this child since. Send or discard that one first, then restore "
    "this one."
)


@require_safe
@transaction.atomic
def drafts(request: HttpRequest) -> HttpResponse:
    """What is unfinished, and what was discarded and can be restored. A list is a look at each child."""
    user = user_of(request)
    unfinished, discarded = queries.drafts_of(user), list(queries.discarded_by(user))
    audit.record(
        by=user, kind="drafts.viewed", children={draft.child_id for draft in (*unfinished, *discarded)}
    )
    for draft in discarded:
        assert draft.discarded_at  # noqa: S101 - for the type alone: each was discarded at some time
        draft.erased_on = draft.discarded_at + RESTORED_WITHIN  # type: ignore[attr-defined]
    return TemplateResponse(
        request, "assessments/drafts.html", {"unfinished": unfinished, "discarded": discarded}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@drafts_only
def discard(request: HttpRequest, reference: str) -> HttpResponse:
    """Asked first, since it takes the draft out of one's work; it can be restored for 30 days."""
    user = user_of(request)
    if request.method == "POST":
        acts.discard(by=user, assessment=queries.own(user, reference))
        messages.success(request, "The draft was discarded. You can restore it from here for 30 days.")
        return HttpResponseRedirect(reverse("drafts"))
    with transaction.atomic():
        draft = _look(user, reference, "discard")
        context = {"draft": draft, "child": draft.child, "danger": danger_said_in(draft) is not None}
        return TemplateResponse(request, "assessments/discard.html", context)


@require_POST
def restore(request: HttpRequest, reference: str) -> HttpResponse:
    """Take up a discarded draft again, as it was."""
    user = user_of(request)
    try:
        acts.restore(by=user, assessment=queries.own(user, reference))
    except acts.AnotherDraft:
        messages.error(request, HAVE_ONE)
        return HttpResponseRedirect(reverse("drafts"))
    except actions.NotADraft:
        messages.error(
            request, "This draft cannot be restored: it was restored already, or its 30 days are over."
        )
        return HttpResponseRedirect(reverse("drafts"))
    messages.success(request, "The draft is restored, as it was.")
    return HttpResponseRedirect(reverse("assessment", args=[reference]))


@require_http_methods(["GET", "HEAD", "POST"])
@drafts_only
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """To a colleague, who goes on with it. Whoever began it stays named."""
    user = user_of(request)
    with transaction.atomic():
        draft = _look(user, reference, "hand-over")
        form = HandOverForm(draft, held_forms.typed(request))
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            acts.hand_over(by=user, assessment=draft, to=chosen)
        except acts.AnotherDraft:
            form.add_error(form.asked, ValidationError(HAS_ONE.format(name=chosen.name)))
        except acts.CannotTakeOver:
            form.add_error(
                form.asked, ValidationError(f"{chosen.name} can no longer assess here. Choose somebody else")
            )
        else:
            messages.success(
                request,
                f"{chosen.name} goes on with the assessment {reference}. They are being told by e-mail.",
            )
            return HttpResponseRedirect(reverse("drafts"))
    context = {"draft": draft, "child": draft.child, "form": form}
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "assessments/hand_over.html", context, status=status)


def _look(user: User, reference: str, page: str) -> Assessment:
    """The user's own draft; the look is written to the audit trail.

    Raises:
        NotVisible: there is none, or it is not theirs.
        NotADraft: it was sent or discarded.
    """
    draft = queries.own(user, reference)
    if draft.status != Assessment.Status.DRAFT:
        raise actions.why_no_draft(draft, user)
    audit.record(
        by=user,
        kind="assessment.draft-viewed",
        authority=draft.child.authority,
        child=draft.child_id,
        subject_kind="assessment",
        subject=draft.pk,
        detail={"page": page},
    )
    return draft
