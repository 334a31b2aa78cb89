"""The level page and the page for a low level below the floor."""

from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.assessments.wording import REASONS_FOR_ANOTHER_LEVEL
from cre_toolkit.web.forms.assessments.base import SectionForm, Typed
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.look import Look


class LevelForm(SectionForm):
    """Why the levels differ, where they do; when to look again, where the level is low."""

    section = "level"
    reasons = forms.MultipleChoiceField(
        label="Why does your level differ?",
        choices=list(REASONS_FOR_ANOTHER_LEVEL.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Select all that apply.",
    )
    rationale = Typed(
        label="Your reasons in words",
        help_text="What makes this level right for this child now? Whoever reads it next will rely on it.",
    )
    look_again_on = DayMonthYearField(
        label="When will you look at this low level again?",
        required=False,
        must_be="today or future",
        help_text="Risk changes quickly. For example, 27 3 2027",
    )
    no_look_again_why = Typed(label="Or say why there is no date", lines=False)
    looks = {
        "reasons": Look(called="why your level differs", size="m"),
        "rationale": Look(rows=5, size="s"),
        "look_again_on": Look(called="the date to look again", size="m"),
    }

    def __init__(
        self,
        draft: Draft,
        data: QueryDict | None = None,
        *,
        adding: str = "",
        differs: bool,
        low: bool,
    ) -> None:
        super().__init__(draft, data, adding=adding)
        if not differs:
            del self.fields["reasons"]
            self.fields["rationale"].label = "Anything to add about your level (optional)"
            self.fields["rationale"].help_text = ""
        if not low:
            del self.fields["look_again_on"], self.fields["no_look_again_why"]

    def answers(self) -> dict[str, Any]:
        """What was answered here, with what the section holds besides."""
        stands = self.draft.answers.level.model_dump()
        said = dict(self.cleaned_data)
        if "look_again_on" in said:
            day = said["look_again_on"]
            said["look_again_on"] = day.isoformat() if day else ""
        written_for = self.draft.answers.analysis.level if said["rationale"].strip() else ""
        return stands | said | {"written_for": written_for}


class LowForm(SectionForm):
    """Low below the floor: after thorough assessment, with what protects the child (CRE 2020, page 5)."""

    section = "level"
    thorough_assessment = forms.BooleanField(
        label="I have made a thorough assessment, and the protective factors suggest that the risk is low",
        required=False,
    )
    protective_factors = Typed()
    looks = {"protective_factors": Look(rows=6, size="s")}

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, adding: str = "") -> None:
        super().__init__(draft, data, adding=adding)
        self.from_pack(draft.instrument, {"protective_factors": "protective-factors"})

    def initial_of(self, draft: Draft) -> dict[str, Any]:
        return {
            "thorough_assessment": draft.answers.level.thorough_assessment,
            "protective_factors": draft.answers.analysis.protective_factors,
        }

    def answers(self) -> dict[str, Any]:
        return self.draft.answers.level.model_dump() | {
            "thorough_assessment": self.cleaned_data["thorough_assessment"]
        }

    def analysis(self) -> dict[str, Any]:
        """The analysis with the protective factors as they read now."""
        return self.draft.answers.analysis.model_dump() | {
            "protective_factors": self.cleaned_data["protective_factors"]
        }
