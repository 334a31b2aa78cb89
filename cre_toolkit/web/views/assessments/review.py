"""A review: begun from the last assessment, and the page that shows what it took up from that."""

import uuid
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View
from django.views.decorators.http import require_POST

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions, queries, versions
from cre_toolkit.assessments.answers import dump
from cre_toolkit.assessments.models import Carried, Section
from cre_toolkit.assessments.queries import Draft, LastTime
from cre_toolkit.assessments.wording import KNOWN
from cre_toolkit.casework.missing import evidence as missing_evidence
from cre_toolkit.children import access
from cre_toolkit.web.forms.assessments.review import StillRightForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.views.assessments import drafting, journey
from cre_toolkit.web.views.assessments.child import facts
from cre_toolkit.web.views.assessments.describe import Row, describe

# What the page confirms; the child's own facts are on the child's record, and looked at here.
CONFIRMED = (Section.CHILD, Section.PLACES, Section.VULNERABILITIES)


@require_POST
@transaction.atomic
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """From the child's page or a sent assessment: danger is asked first, as in any assessment."""
    user = user_of(request)
    try:
        form_id = uuid.UUID(request.POST.get("form_id", ""))
    except ValueError:
        raise Http404 from None
    child = access.find_child(by=user, reference=reference, act=access.Act.ASSESS)
    try:
        draft = versions.start_review(by=user, child=child, form_id=form_id)
    except versions.NothingToReview:
        messages.info(request, "There is no assessment to review. Start a new one.")
        return HttpResponseRedirect(reverse("child", args=[reference]))
    if draft.previous_id is None:
        messages.info(
            request,
            "You have an unfinished assessment of this child already, and it is no review. Go on with it; or "
            "send or discard it first, and then begin the review.",
        )
        return HttpResponseRedirect(journey.address("assessment", draft.reference))
    missing_evidence.propose(by=user, draft=draft)
    said = queries.answers(draft).get(Section.DANGER, {})
    if said.get("immediate_risk"):
        messages.info(request, "You have begun this already. Go on where you stopped.")
        return HttpResponseRedirect(journey.address("assessment", draft.reference))
    return HttpResponseRedirect(journey.address("assessment-danger", draft.reference))


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A part of what was taken up, and where it is changed.

    One that was copied from another child's assessment since was not said last time: it is read, and saved,
    on its own page alone.
    """

    title: str
    href: str
    rows: list[Row]
    copied: bool


class LastTimePage(View):
    """The child's facts, places and people, and vulnerabilities: still right, or to be changed."""

    @classmethod
    def view(cls) -> drafting.ViewFunction:
        return drafting.drafts_only(cls.as_view())

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        with transaction.atomic():
            draft = drafting.open_draft(user_of(request), reference, "last-time", last_time=True)
            if not draft.is_review:
                return HttpResponseRedirect(journey.address("assessment", reference))
            return self._show(draft, self._form(draft))

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        user = user_of(request)
        with transaction.atomic():
            draft = drafting.draft_to_write(user, reference, last_time=True)
            if not draft.is_review:
                return HttpResponseRedirect(journey.address("assessment", reference))
            form = StillRightForm(request.POST)
            if not form.is_valid():
                drafting.record_look(user, draft, "last-time")
                return self._show(draft, form, status=422)
            if any(
                posted_version(request.POST, f"version-{part}") != draft.version(part) for part in CONFIRMED
            ):
                drafting.record_look(user, draft, "last-time")
                error = ErrorLink(
                    "This was changed after you opened the page. Look at it again", "#questions"
                )
                return self._show(draft, form, status=409, errors=[error])
            self._save(user, draft, form)
        if request.POST.get("then") == "later":
            return HttpResponseRedirect(journey.address("assessment", reference))
        return HttpResponseRedirect(journey.address(journey.after(journey.LAST_TIME, review=True), reference))

    def _save(self, user: User, draft: Draft, form: StillRightForm) -> None:
        """Each part as it stands, now looked at, with the one answer that is given anew.

        What was copied from another child's assessment is not shown here, and goes on waiting.
        """
        said = {
            Section.CHILD: {"confirmed": True},
            Section.PLACES: dump(draft.answers.places) | form.cleaned_data,
            Section.VULNERABILITIES: dump(draft.answers.vulnerabilities),
        }
        for section, answers in said.items():
            actions.save_section(
                by=user,
                assessment=draft.assessment,
                section=section,
                answers=answers,
                version=draft.version(section),
                while_typing=draft.carried.get(section) == Carried.COPIED,
            )

    def _form(self, draft: Draft) -> StillRightForm:
        risk = draft.answers.places.persons_or_places_of_risk
        return StillRightForm(initial={"persons_or_places_of_risk": risk})

    def _show(
        self, draft: Draft, form: StillRightForm, *, status: int = 200, errors: list[ErrorLink] | None = None
    ) -> HttpResponse:
        reference = draft.assessment.reference
        context = {
            **drafting.common_context(draft, journey.LAST_TIME.title),
            "form": form,
            "errors": errors,
            "risk_last_time": KNOWN.get(_last(draft).answers["places"].get("persons_or_places_of_risk")),
            "parts": _parts(draft),
            "versions": [(f"version-{part}", draft.version(part)) for part in CONFIRMED],
            "back_url": journey.before(journey.LAST_TIME, reference, review=True),
        }
        return TemplateResponse(self.request, "assessments/last_time.html", context, status=status)


def _last(draft: Draft) -> LastTime:
    """The record that is reviewed: a review's draft is always read with it."""
    return cast(LastTime, draft.last_time)


def _parts(draft: Draft) -> list[TakenUp]:
    """What is shown, each with the way to change it and back here."""
    parts = []
    for name in journey.TAKEN_UP:
        page = journey.PAGE[name]
        if name == "child":
            query, rows = "?return=last-time&ask=all", facts(draft)
        else:
            query = "?return=last-time"
            rows = describe(page.section, draft.answers.section(page.section), draft.instrument)
        shown = [
            row for row in rows if row.key != "persons_or_places_of_risk" and (row.text or name == "child")
        ]
        copied = draft.carried.get(page.section) == Carried.COPIED
        parts.append(TakenUp(page.title, page.url(draft.assessment.reference) + query, shown, copied))
    return parts
