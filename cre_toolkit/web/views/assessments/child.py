"""The facts about the child: looked at, and asked where they are not known."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import queries
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.casework.case.facts import change_facts
from cre_toolkit.casework.case.queries import pack_of
from cre_toolkit.children import actions as children
from cre_toolkit.web.forms.assessments.base import SectionForm
from cre_toolkit.web.forms.assessments.opening import FACTS, ChildForm
from cre_toolkit.web.govuk.errors import ErrorLink
from cre_toolkit.web.request import posted_version, user_of
from cre_toolkit.web.views.assessments import drafting, journey
from cre_toolkit.web.views.assessments.describe import Row, earlier_in_words

LABELS = {
    "send": "SEND",
    "open_to_social_care": "Open to social care",
    "plan": "Plan",
    "looked_after": "Looked after",
}


class ChildPage(drafting.SectionPage):
    page = journey.PAGE["child"]
    form_class = ChildForm
    template_name = "assessments/child.html"
    # What is answered here goes to the child's record, which others read: the button says so.
    autosaves = False

    def form(self, draft: Draft, data: QueryDict | None = None) -> SectionForm:
        return ChildForm(draft, data, ask_all=self.request.GET.get("ask") == "all")

    def more(self, draft: Draft) -> dict[str, Any]:
        form = self.form(draft)
        return {
            "facts": [row for row in facts(draft) if row.key not in form.fields],
            "child_url": reverse("child", args=[draft.child.reference]),
            "age_url": reverse("child-edit", args=[draft.child.reference, "identity"]),
            "asks_all": self.request.GET.get("ask") == "all",
        }

    def versions(self, draft: Draft) -> dict[str, int]:
        return super().versions(draft) | {"child_version": draft.child.version}

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        try:
            return super().post(request, reference)
        except children.Changed:
            return self._changed(request, reference)

    def save(self, user: User, draft: Draft, form: SectionForm) -> dict[str, int]:
        versions = super().save(user, draft, form)
        assert isinstance(form, ChildForm)  # noqa: S101 - for the type alone
        if changes := form.changes():
            version = posted_version(self.request.POST, "child_version")
            change_facts(by=user, child=draft.child, version=version, changes=changes)
        return versions

    def _changed(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Somebody changed the child's record meanwhile: as it is now, beside what was answered here."""
        with transaction.atomic():
            draft = drafting.open_draft(user_of(request), reference, self.page.name)
            error = ErrorLink(
                "Somebody else changed the child's record. Compare what it says now with your answers below, "
                "which are not saved yet",
                "#questions",
            )
            return self.show(
                draft,
                self.form(draft, request.POST),
                status=409,
                errors=[error],
                facts=facts(draft),
                child_version=draft.child.version,
            )


def facts(draft: Draft) -> list[Row]:
    """What the child's record says, as it goes on the form. One query."""
    child = draft.child
    age = child.age_on(timezone.localdate())
    born = date_format(child.date_of_birth, "j F Y") if child.date_of_birth else ""
    years = "" if age is None else f"{age} years{'' if born else ', estimated'}"
    worker = child.allocated_worker.name if child.allocated_worker else child.worker_name
    earlier = queries.records_of(child).filter(withdrawal=None).first()
    before = "None on this service"
    if earlier:
        before = earlier_in_words(
            instrument=earlier.instrument,
            level=earlier.recorded_level,
            completed_at=earlier.completed_at.isoformat(),
        )
    rows = [
        Row("name", "Name", child.name),
        Row("known_as", "Also known as", child.known_as),
        Row("age", "Date of birth and age", ", ".join(filter(None, (born, years))), "date_of_birth_day"),
        Row("address", "Address", ", ".join(filter(None, (child.address, child.postcode)))),
        Row("authority", "Responsible authority", pack_of(child).name),
        Row("worker", "Allocated worker", worker or "None known"),
        Row("school", "School or college", child.school),
        Row("earlier", "Earlier assessment", before),
    ]
    said = {name: getattr(child, f"get_{name}_display")() for name in FACTS}
    return [row for row in rows if row.text] + [Row(name, LABELS[name], said[name], name) for name in FACTS]
