"""What all pages of a draft have in common: opening it, saving a section, going on, and conflicts."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions, answers, queries
from cre_toolkit.assessments.answers import Part
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.audit import actions as audit
from cre_toolkit.casework.case.queries import front_doors
from cre_toolkit.children.access import NotAllowed, NotVisible
from cre_toolkit.web import autosave, held_forms
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.typed import says_danger, typed_in
from cre_toolkit.web.views.assessments import journey
from cre_toolkit.web.views.assessments.describe import Row, describe, differences

ViewFunction = Callable[..., HttpResponseBase]

_DISCARDED = "This draft was discarded in another tab or on another device."
_SENT = "This assessment has been sent, and what was sent stays as it is."
# Pages from which an answer can be changed, and to which one then comes back.
_RETURNS = {"check": "assessment-check", "level": "assessment-level", "last-time": "assessment-last-time"}


def open_draft(user: User, reference: str, page: str, **only: Any) -> Draft:
    """The user's own draft, for reading; the look is written to the audit trail. Must run in a transaction.

    Args:
        user: its author.
        reference: the assessment's.
        page: which page shows it, for the audit trail.
        only: what `queries.draft` is to read, where it need not be everything.

    Raises:
        NotVisible: there is none, or it is not theirs.
        NotADraft: it was sent or discarded.
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
        NotVisible, NotADraft: as `open_draft`.
    """
    draft = queries.draft(user, reference, **only)
    if draft.sent:
        raise actions.AlreadySent(reference)
    if draft.assessment.status == Assessment.Status.DISCARDED:
        raise actions.Discarded(reference)
    return draft


def drafts_only(view: ViewFunction) -> ViewFunction:
    """Whoever comes to a page of the journey when there is no draft any more is told so, with the way on.

    What they had typed is not written anywhere, and not lost: it comes back on the page, to be copied.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, reference, *args, **kwargs)
        except actions.NotADraft as over:
            return _over(request, reference, over)
        except (NotVisible, NotAllowed):
            # Handed over, perhaps. The refusal is the middleware's; the text goes onto its page.
            request.typed = typed_in(request.POST)  # type: ignore[attr-defined]
            kept = held_forms.waiting(request)
            if says_danger(QueryDict(kept.posted) if kept else request.POST):
                request.front_doors = front_doors()  # type: ignore[attr-defined]
            raise

    return wrapped


def _over(request: HttpRequest, reference: str, over: actions.NotADraft) -> HttpResponse:
    if autosave.is_asked(request):
        return autosave.over(request, _DISCARDED if isinstance(over, actions.Discarded) else _SENT)
    name = "discarded" if isinstance(over, actions.Discarded) else "already_sent"
    context = {
        "reference": reference,
        "typed": typed_in(request.POST),
        "danger": says_danger(request.POST),
    }
    status = 200 if request.method == "GET" else 409
    return TemplateResponse(request, f"assessments/{name}.html", context, status=status)


def common_context(draft: Draft, title: str) -> dict[str, Any]:
    """What every page of the journey shows: whose assessment it is, and what to do in danger."""
    child, reference = draft.child, draft.assessment.reference
    age = child.age_on(timezone.localdate())
    return {
        "draft": draft,
        "last_time": draft.last_time,
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
        autosaves: whether what is typed is saved while it is typed. Not where saving reaches further than
            the draft: that waits for the button.
    """

    page: ClassVar[journey.Page]
    form_class: ClassVar[type[SectionForm]]
    template_name = "assessments/section.html"
    reads: ClassVar[dict[str, Any]] = {}
    autosaves: ClassVar[bool] = True

    @classmethod
    def view(cls) -> ViewFunction:
        return drafts_only(cls.as_view())

    def form(self, draft: Draft, data: QueryDict | None = None) -> SectionForm:
        """The form as the draft stands, or as it was typed."""
        return self.form_class(draft, data, adding=self.request.GET.get("add", ""))

    def more(self, draft: Draft) -> dict[str, Any]:
        """What this page shows besides its form."""
        return {}

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        user = user_of(request)
        with transaction.atomic():
            draft = open_draft(user, reference, self.page.name, **self.reads)
            if elsewhere := self.not_yet(draft):
                return self.show_held(draft, elsewhere) if held_forms.waiting(request) else elsewhere
            return self.show(draft, self.form(draft, held_forms.typed(request)))

    def not_yet(self, draft: Draft) -> HttpResponse | None:
        """Where to go instead, while this page cannot be answered yet."""
        return None

    def show_held(self, draft: Draft, elsewhere: HttpResponse) -> HttpResponse:
        """What was held for a page that cannot be answered any more: to be copied before going elsewhere."""
        context = {**common_context(draft, self.page.title), "elsewhere": elsewhere.headers["Location"]}
        return TemplateResponse(self.request, "assessments/not_yet.html", context)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        user, typing = user_of(request), autosave.is_asked(request)
        draft = draft_to_write(user, reference, **self.reads)
        form = self.form(draft, request.POST)
        left_out = form.leave_out_what_is_wrong() if typing else []
        if not form.is_valid():
            with transaction.atomic():
                record_look(user, draft, self.page.name)
                return autosave.refused(request) if typing else self.show(draft, form, status=422)
        try:
            with transaction.atomic():
                versions = self.save(user, draft, form)
        except actions.ChangedElsewhere as changed:
            return self.show_changed(reference, changed)
        except answers.BadAnswers as bad:
            context = {"why": bad.reason, "typed": typed_in(request.POST)}
            return TemplateResponse(request, "assessments/bad_answers.html", context, status=400)
        if typing:
            return autosave.saved(request, versions, [*left_out, *self.left_for_the_button(draft, form)])
        return self.go_on(draft, form)

    def save(self, user: User, draft: Draft, form: SectionForm) -> dict[str, int]:
        """Write what was answered.

        Returns:
            The versions that stand now, by the names of the hidden controls that carry them.
        """
        saved = actions.save_section(
            by=user,
            assessment=draft.assessment,
            section=self.page.section,
            answers=self.answers(draft, form),
            version=posted_version(self.request.POST),
            while_typing=autosave.is_asked(self.request),
        )
        return {self.version_name(saved.section): saved.version}

    def answers(self, draft: Draft, form: SectionForm) -> dict[str, Any]:
        """What is saved now, in the shape of the section."""
        return form.answers()

    def left_for_the_button(self, draft: Draft, form: SectionForm) -> list[str]:
        """What saving while typing leaves to the button, in words: "your answer about …"."""
        return []

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

    def before(self, draft: Draft) -> str:
        return journey.before(self.page, draft.assessment.reference, review=draft.is_review)

    def next_url(self, draft: Draft) -> str:
        return reverse(journey.after(self.page, review=draft.is_review), args=[draft.assessment.reference])

    def show(self, draft: Draft, form: SectionForm, *, status: int = 200, **changes: Any) -> HttpResponse:
        """The page, with what its template needs."""
        versions = self.versions(draft)
        if form.is_bound:
            # What is typed goes with what it was typed over: a newer text is never overwritten unseen.
            versions = {name: posted_version(form.data, name) for name in versions}
        context = {
            **common_context(draft, self.page.title),
            "page": self.page,
            "form": form,
            "carried": draft.carried.get(self.page.section),
            **versions,
            # Beside another text, or given back, it is its author who decides: by the button.
            "autosaves": self.autosaves and "changed" not in changes and not held_forms.waiting(self.request),
            "back_url": self.return_url(draft) or self.before(draft),
            **self.more(draft),
            **changes,
        }
        return TemplateResponse(self.request, self.template_name, context, status=status)

    def rows(self, draft: Draft, part: Part) -> list[Row]:
        """The answers of this page's section, in words."""
        return describe(self.page.section, part, draft.instrument)

    def versions(self, draft: Draft) -> dict[str, int]:
        """The versions of what this page changes, by the names of the hidden controls that carry them."""
        return {"version": draft.version(self.page.section)}

    def version_name(self, section: str) -> str:
        """The hidden control that carries the version of a section."""
        return "version" if section == self.page.section else f"{section}_version"

    def show_changed(self, reference: str, changed: actions.ChangedElsewhere) -> HttpResponse:
        """Both texts: what was typed here stays in its boxes, what was saved meanwhile is shown beside it."""
        section = changed.theirs.section
        with transaction.atomic():
            draft = open_draft(user_of(self.request), reference, self.page.name, **self.reads)
            mine = answers.read(section, changed.mine, draft.instrument, type(draft.answers))
            theirs = draft.answers.section(section)
            both: dict[str, Any] = {
                "changed": differences(self.rows(draft, theirs), self.rows(draft, mine)),
                "changed_at": changed.theirs.saved_at,
                "changed_by": changed.theirs.saved_by,
            }
            now = {self.version_name(section): changed.theirs.version}
            if autosave.is_asked(self.request):
                return autosave.changed(self.request, {**both, "versions": now})
            error = ErrorLink(
                "This page was saved somewhere else. Compare the two texts", "#changed-elsewhere"
            )
            form = self.form(draft, self.request.POST)
            return self.show(draft, form, status=409, errors=[error], **now, **both)
