"""Pages with tables that can grow: who was consulted, immediate actions, what was shared."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.wording import AGENCIES, CONSULTED
from cre_toolkit.web.forms.assessments.base import SectionForm, Typed, choice, known
from cre_toolkit.web.forms.rows import Row, Rows
from cre_toolkit.web.govuk.look import Look


class TableForm(SectionForm):
    """A section with one table. `rows` is built by `__init__` of each."""

    rows: Rows

    def is_valid(self) -> bool:
        return super().is_valid() & self.rows.is_valid()

    @property
    def forms(self) -> list[forms.Form]:
        """The rows, for the error summary."""
        return list(self.rows.forms)

    def answers(self) -> dict[str, Any]:
        if self.rows.posted:
            items = self.rows.answers()
        else:
            items = self.draft.answers.section(self.section).model_dump()["items"]
        return super().answers() | {"items": items}

    def stays(self, then: str) -> str:
        return self.rows.stays(then) if self.rows.posted else ""


class ConsultedForm(Row):
    """One agency. The five of the toolkit have their name already; further rows ask for it."""

    agency = forms.CharField(widget=forms.HiddenInput, required=False)
    status = choice("Status", CONSULTED.items())
    name = Typed(label="Who (name, role)", lines=False)
    when = Typed(label="When", lines=False)
    note = Typed(label="What came of it, or why not")
    looks = {
        "status": Look(called="whether this agency was consulted", small=True),
        "note": Look(rows=2),
    }

    @property
    def is_own(self) -> bool:
        """Whether it is a row of the practitioner's own, beside the toolkit's five."""
        return self["agency"].value() not in AGENCIES

    @property
    def title(self) -> str:
        return AGENCIES.get(str(self["agency"].value()), "Somebody else")

    @property
    def is_blank(self) -> bool:
        """An agency of the toolkit's with nothing about it is not written down."""
        return not any(value for name, value in self.cleaned_data.items() if name != "agency")


class ConsultationForm(TableForm):
    section = "consultation"

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        items = draft.answers.consultation.items
        by_agency = {row.agency: row.model_dump() for row in items if row.agency in AGENCIES}
        written: list[Mapping[str, Any]] = [by_agency.get(agency, {"agency": agency}) for agency in AGENCIES]
        written += [row.model_dump() for row in items if row.agency not in AGENCIES]
        self.rows = Rows("consulted", ConsultedForm, written, data, empty=int(adding == "consulted"))

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


class ActionForm(Row):
    action = Typed(label="Action")
    responsible = Typed(label="Responsible", lines=False)
    timescale = Typed(label="Timescale", lines=False)
    looks = {"action": Look(rows=2)}


class ActionsForm(TableForm):
    section = "actions"

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        written = [row.model_dump() for row in draft.answers.actions.items]
        self.rows = Rows("action", ActionForm, written, data, empty=1 + (adding == "action"))


class SharedForm(Row):
    what = Typed(label="What was shared", lines=False)
    with_whom = Typed(label="With whom", lines=False)
    how = Typed(label="How", lines=False)
    when = Typed(label="When", lines=False)


class SharingForm(TableForm):
    """Whether it is safe to tell the family is asked before anything is shared with them."""

    section = "sharing"
    safe_to_tell = known("", help_text="")
    safe_to_tell_why = Typed(label="Why it is not safe, or what you need to find out first (optional)")
    child_knows = known("Does the child know of this referral?")
    family_knows = known("Does the family know of this referral?")
    family_aware = Typed()
    not_shared = Typed(
        label="What have you decided not to share, with whom, and why?",
        help_text="Weigh the risk of sharing against that of not sharing, and write down which was greater.",
    )
    barriers = Typed()
    practitioner_risks = Typed()
    looks = {
        "safe_to_tell": Look(called="whether it is safe to tell the family", size="m"),
        "safe_to_tell_why": Look(rows=2),
        "child_knows": Look(called="whether the child knows", size="s"),
        "family_knows": Look(called="whether the family knows", size="s"),
        "family_aware": Look(rows=2, size="s"),
        "not_shared": Look(rows=3, size="s"),
        "barriers": Look(rows=3, size="s"),
        "practitioner_risks": Look(rows=3, size="s"),
    }

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        self.from_pack(
            draft.instrument,
            {
                "safe_to_tell": "safe-to-tell-family",
                "family_aware": "family-aware",
                "barriers": "barriers",
                "practitioner_risks": "practitioner-risks",
            },
        )
        written = [row.model_dump() for row in draft.answers.sharing.items]
        self.rows = Rows("shared", SharedForm, written, data, empty=1 + (adding == "shared"))
