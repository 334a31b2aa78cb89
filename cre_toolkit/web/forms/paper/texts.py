"""The long texts of a paper form: places and people, analysis, engagement; and the matrix's own summary."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.assessments.paper_casefile import PROTECTIVE_FACTORS
from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.wording import LEVELS
from cre_toolkit.rules.instrument import Field, Instrument
from cre_toolkit.web.forms.assessments.base import SectionForm, Typed, choice
from cre_toolkit.web.forms.assessments.concerns import AnalysisForm, PlacesForm
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.look import Look


class AsOnPaper(SectionForm):
    """A form of the live journey over a paper form: how to complete it is no question any more."""

    def from_pack(self, instrument: Instrument, fields: Mapping[str, str]) -> None:
        super().from_pack(instrument, fields)
        for name, field_id in fields.items():
            self.fields[name].help_text = instrument.field_by_id[field_id].wording_note or ""


class PaperPlacesForm(AsOnPaper, PlacesForm):
    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        risk = self.fields["persons_or_places_of_risk"]
        risk.label = "Does the form name a person or a place that poses a risk?"
        risk.help_text = ""


class PaperAnalysisForm(AsOnPaper, AnalysisForm):
    """Level and threshold stand twice on the printed form: entered once."""


class EngagementForm(AsOnPaper):
    """Who knew of the referral, what made it hard to work together, and risks to practitioners."""

    section = "sharing"
    family_aware = Typed()
    barriers = Typed()
    practitioner_risks = Typed()
    looks = {name: Look(rows=3, size="s") for name in ("family_aware", "barriers", "practitioner_risks")}

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        asked = {name: name.replace("_", "-") for name in self.fields}
        self.from_pack(draft.instrument, asked)


class SummaryForm(SectionForm):
    """Section 3 of the matrix, every field in the form's own words and order."""

    section = "summary"

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        self.texts: dict[str, str] = {}
        looks: dict[str, Look] = {}
        for field in draft.instrument.fields:
            if made := _control(field, draft.instrument):
                name, self.fields[name], looks[name] = made[0], made[1], made[2]
                if name not in ("level", "models"):
                    self.texts[name] = field.id
        thresholds = [(each.id, each.label) for each in draft.instrument.thresholds]
        self.fields["threshold"] = choice(
            "Threshold, if one is written on the form",
            thresholds,
            help_text="The form does not ask for it. These are the names of today.",
        )
        self.looks = looks | {"threshold": Look(called="the threshold", size="s", small=True)}

    def initial_of(self, draft: Draft) -> dict[str, Any]:
        said = draft.on_paper.summary
        texts: dict[str, Any] = {
            id_.replace("-", "_"): _as_shown(draft.instrument.field_by_id[id_], text)
            for id_, text in said.texts.items()
        }
        return texts | {"level": said.level, "models": said.models, "threshold": said.threshold}

    def answers(self) -> dict[str, Any]:
        said = self.cleaned_data
        now = self.draft.on_paper.summary
        texts = dict(now.texts)
        for name, id_ in self.texts.items():
            if name in said:
                text = said[name]
                texts[id_] = text.isoformat() if isinstance(text, datetime.date) else text or ""
        chosen = {key: said[key] for key in ("level", "models", "threshold") if key in said}
        return now.model_dump() | chosen | {"texts": {id_: text for id_, text in texts.items() if text}}


def _control(field: Field, instrument: Instrument) -> tuple[str, forms.Field, Look] | None:
    """The name, the control and the look of a field of the matrix; None where it is answered elsewhere."""
    if field.answered_by == "analysis.level":
        return "level", choice(field.label, LEVELS.items()), Look(called="the overall category", size="s")
    if field.answered_by == "analysis.models":
        models = forms.MultipleChoiceField(
            label=field.label,
            choices=[(model.id, model.label) for model in instrument.models],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text="Select all that the form names.",
        )
        return "models", models, Look(called="the models", size="s", small=True)
    if field.answered_by not in ("narrative", PROTECTIVE_FACTORS):
        return None
    name = field.id.replace("-", "_")
    if field.kind == "date":
        day = DayMonthYearField(label=field.label, required=False, help_text="For example, 27 9 2018")
        return name, day, Look(called=field.label.lower(), size="s")
    typed = Typed(label=field.label, lines=field.kind == "text", help_text=field.wording_note or "")
    return name, typed, Look(rows=4, size="s")


def _as_shown(field: Field, text: str) -> Any:
    return datetime.date.fromisoformat(text) if field.kind == "date" else text
