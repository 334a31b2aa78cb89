"""Places and people, and the analysis: the form's long texts, in the toolkit's own words."""

from dataclasses import replace

from django import forms
from django.http import QueryDict

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.wording import LEVELS
from cre_toolkit.web.forms.assessments.base import SectionForm, Typed, choice, known
from cre_toolkit.web.govuk.look import Look

RISK_QUESTION = "Do you know of a person or a place that poses a risk to this child or to others?"
RISK_HELP = "If yes, an information report (Operation Liberty) to the police is due within 24 hours."


class PlacesForm(SectionForm):
    section = "places"
    locations = Typed()
    environments = Typed()
    persons = Typed()
    other_risk = Typed()
    persons_or_places_of_risk = known(RISK_QUESTION, help_text=RISK_HELP)
    looks = {
        "locations": Look(rows=3, size="s"),
        "environments": Look(rows=3, size="s"),
        "persons": Look(rows=3, size="s"),
        "other_risk": Look(rows=3, size="s"),
        "persons_or_places_of_risk": Look(
            called="whether a person or a place poses a risk",
            size="m",
        ),
    }

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        self.from_pack(
            draft.instrument,
            {
                "locations": "locations",
                "environments": "environments",
                "persons": "persons",
                "other_risk": "other-risk",
            },
        )


class AnalysisForm(SectionForm):
    """Section 3; the practitioner's own level comes last, when everything else has been thought through."""

    section = "analysis"
    immediate_concerns = Typed()
    action_taken = Typed()
    protective_factors = Typed()
    contextual_analysis = Typed()
    primary_exploitation = choice("", ())
    threshold = choice("", ())
    level = choice("", LEVELS.items())
    looks = {
        "immediate_concerns": Look(rows=4, size="s"),
        "action_taken": Look(rows=4, size="s"),
        "protective_factors": Look(rows=4, size="s"),
        "contextual_analysis": Look(rows=4, size="s"),
        "primary_exploitation": Look(called="the primary type of exploitation", size="s", small=True),
        "threshold": Look(called="the threshold", size="s"),
        "level": Look(called="your level of risk: low, medium or high", size="m"),
    }

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        instrument = draft.instrument
        self.from_pack(
            instrument,
            {
                "immediate_concerns": "immediate-concerns",
                "action_taken": "action-taken",
                "protective_factors": "protective-factors",
                "contextual_analysis": "contextual-analysis",
                "primary_exploitation": "primary-exploitation",
                "threshold": "threshold",
                "level": "level",
            },
        )
        for name, choices in (
            ("primary_exploitation", instrument.exploitation_types),
            ("threshold", instrument.thresholds),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
            field.choices = [(choice.id, choice.label) for choice in choices]
        hints = {choice.id: choice.hint for choice in instrument.exploitation_types if choice.hint}
        primary = replace(self.looks["primary_exploitation"], item_hints=hints)
        self.looks = {**self.looks, "primary_exploitation": primary}
