"""What all pages of a draft have in common: opening it, saving a section, going on, and conflicts."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions, answers, queries
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.audit import actions as audit
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import user_of
from cre_toolkit.web.views.assessments import journey
from cre_toolkit.web.views.assessments.describe import differences

ViewFunction = Callable[..., HttpResponseBase]

# Pages from which an answer can be changed, and to which one then comes back.
_RETURNS = {"check": "assessment-check", "level": "assessment-level"}


def open_draft(user: User, reference: str, page: str, **only: Any) -> Draft:
    """The user's own draft, for reading; the look is written to the audit trail. Must run in a transaction.

    Args:
        user: its author.
        reference: the assessment's.
        page: which page shows it, for the audit trail.
        only: what `queries.draft` is to read, where it need not be everything.

    Raises:
        NotVisible: there is none, or it is not theirs.
        AlreadySent: it was sent.
    """
    draft = draft_to_write(user, reference, **only)
    record_look(user, draft, page)
    return draft


def record_look(user: User, draft: Draft, page: str) -> None:
    """Write to the audit trail that the user looked at a page of a draft."""
    audit.record(
        by=user,
        kind="assessment.draft-viewed",
        authority=draft.child.authority,
        child=draft.child.pk,
        subject_kind="assessment",
        subject=draft.assessment.pk,
        detail={"page": page},
    )


def draft_to_write(user: User, reference: str, **only: Any) -> Draft:
    """The user's own draft, for a form that was sent: the act writes its own event.

    Raises:
        NotVisible, AlreadySent: as `open_draft`.
    """
    draft = queries.draft(user, reference, **only)
    if draft.sent:
        raise actions.AlreadySent(reference)
    return draft


def sent_is_sent(view: ViewFunction) -> ViewFunction:
    """Whoever comes back to a page of the journey after sending is told so, with the way to what was sent."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, reference, *args, **kwargs)
        except actions.AlreadySent:
            return render(
                request,
                "assessments/already_sent.html",
                {"reference": reference},
                status=200 if request.method == "GET" else 409,
            )

    return wrapped


def common_context(draft: Draft, title: str) -> dict[str, Any]:
    """What every page of the journey shows: whose assessment it is, and what to do in danger."""
    child, reference = draft.child, draft.assessment.reference
    age = child.age_on(timezone.localdate())
    return {
        "draft": draft,
        "child": child,
        "reference": reference,
        "title": title,
        "age": "" if age is None else f"{age}",
        "danger_url": reverse("assessment-danger", args=[reference]),
        "overview_url": reverse("assessment", args=[reference]),
    }


class SectionPage(View):
    """A page that asks for one section of a draft.

    Attributes:
        page: which.
        form_class: what it asks.
        template_name: how it asks.
        reads: what it needs of the draft, where that is not everything (`queries.draft`).
    """

    page: ClassVar[journey.Page]
    form_class: ClassVar[type[SectionForm]]
    template_name = "assessments/section.html"
    reads: ClassVar[dict[str, Any]] = {}

    @classmethod
    def view(cls) -> ViewFunction:
        return sent_is_sent(cls.as_view())

    def form(self, draft: Draft, data: QueryDict | None = None) -> SectionForm:
        """The form as the draft stands, or as it was typed."""
        return self.form_class(draft, data, adding=self.request.GET.get("add", ""))

    def more(self, draft: Draft) -> dict[str, Any]:
        """What this page shows besides its form."""
        return {}

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        with transaction.atomic():
            draft = open_draft(user_of(request), reference, self.page.name, **self.reads)
            if elsewhere := self.not_yet(draft):
                return elsewhere
            return self.show(draft, self.form(draft))

    def not_yet(self, draft: Draft) -> HttpResponse | None:
        """Where to go instead, while this page cannot be answered yet."""
        return None

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        try:
            with transaction.atomic():
                draft = draft_to_write(user_of(request), reference, **self.reads)
                form = self.form(draft, request.POST)
                if not form.is_valid():
                    record_look(user_of(request), draft, self.page.name)
                    return self.show(draft, form, status=422)
                self.save(user_of(request), draft, form)
        except actions.ChangedElsewhere as changed:
            return self.show_changed(reference, changed)
        except answers.BadAnswers as bad:
            return render(request, "assessments/bad_answers.html", {"why": bad.reason}, status=400)
        return self.go_on(draft, form)

    def save(self, user: User, draft: Draft, form: SectionForm) -> None:
        """Write what was answered."""
        actions.save_section(
            by=user,
            assessment=draft.assessment,
            section=self.page.section,
            answers=form.answers(),
            version=self.posted_version(),
        )

    def posted_version(self) -> int:
        """The version of the section that the form was opened with. Anything else is no version."""
        posted = self.request.POST.get("version", "")
        return int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0

    def go_on(self, draft: Draft, form: SectionForm) -> HttpResponse:
        """Where the button that was pressed leads."""
        request, reference = self.request, draft.assessment.reference
        then = request.POST.get("then", "")
        if then == "later":
            messages.success(
                request,
                f"Saved at {timezone.localtime():%H:%M}. You can come back to it from your first page.",
            )
            return HttpResponseRedirect(reverse("assessment", args=[reference]))
        if anchor := form.stays(then):
            return HttpResponseRedirect(f"{self.page.url(reference)}?{self.kept_query(then)}#{anchor}")
        return HttpResponseRedirect(self.return_url(draft) or self.next_url(draft))

    def return_url(self, draft: Draft) -> str:
        """The page that sent the practitioner here to change something, where there is one."""
        name = _RETURNS.get(self.request.GET.get("return", ""))
        return reverse(name, args=[draft.assessment.reference]) if name else ""

    def kept_query(self, then: str) -> str:
        """What stays in the address when the page is shown again with one row more."""
        query = QueryDict(mutable=True)
        if self.request.GET.get("return") in _RETURNS:
            query["return"] = self.request.GET["return"]
        if then.startswith("add-"):
            query["add"] = then.removeprefix("add-")
        return query.urlencode()

    def before(self, reference: str) -> str:
        return journey.before(self.page, reference)

    def next_url(self, draft: Draft) -> str:
        return reverse(journey.after(self.page), args=[draft.assessment.reference])

    def show(self, draft: Draft, form: SectionForm, *, status: int = 200, **changes: Any) -> HttpResponse:
        """The page, with what its template needs."""
        reference = draft.assessment.reference
        version = self.posted_version() if form.is_bound else draft.version(self.page.section)
        context = {
            **common_context(draft, self.page.title),
            "page": self.page,
            "form": form,
            "version": version,
            "back_url": self.return_url(draft) or self.before(reference),
            **self.more(draft),
            **changes,
        }
        return render(self.request, self.template_name, context, status=status)

    def show_changed(self, reference: str, changed: actions.ChangedElsewhere) -> HttpResponse:
        """Both texts: what was typed here stays in its boxes, what was saved meanwhile is shown beside it."""
        with transaction.atomic():
            draft = open_draft(user_of(self.request), reference, self.page.name, **self.reads)
            mine = answers.read(changed.theirs.section, changed.mine, draft.instrument)
            theirs = draft.answers.section(changed.theirs.section)
            return self.show(
                draft,
                self.form(draft, self.request.POST),
                status=409,
                version=changed.theirs.version,
                changed=differences(changed.theirs.section, theirs, mine, draft.instrument),
                changed_at=changed.theirs.saved_at,
                changed_by=changed.theirs.saved_by,
                errors=[
                    ErrorLink(
                        "This page was saved somewhere else. Compare the two texts", "#changed-elsewhere"
                    )
                ],
            )
