"""Every component with its states, for those who make pages. All that it shows is invented."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

YES_NO_UNKNOWN = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]
LEVELS = [("low", "Low"), ("medium", "Medium"), ("high", "High")]
TYPES = [("criminal", "Criminal"), ("sexual", "Sexual"), ("unclear", "Not clear yet")]


class EveryField(GovukForm):
    """A field of each kind that the bridge knows."""

    family_name = forms.CharField(
        label="Family name", max_length=100, help_text="As on the birth certificate."
    )
    email = forms.EmailField(label="E-mail address")
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    weeks = forms.IntegerField(label="Weeks in care", min_value=0, max_value=1000)
    born = DayMonthYearField(label="Date of birth", must_be="past", help_text="For example, 27 3 2012.")
    level = forms.ChoiceField(label="Level", choices=LEVELS, widget=forms.RadioSelect)
    police = forms.ChoiceField(
        label="Have the police been told?", choices=YES_NO_UNKNOWN, widget=forms.RadioSelect
    )
    police_number = forms.CharField(label="Police reference")
    types = forms.MultipleChoiceField(
        label="What is this linked to?",
        choices=[*TYPES, ("none", "None of these")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Select all that apply.",
    )
    considered = forms.BooleanField(label="I have considered all 28 indicators")
    agency = forms.ChoiceField(
        label="Agency", choices=[("", "Choose an agency"), ("school", "School"), ("police", "Police")]
    )
    evidence = forms.CharField(
        label="Evidence", widget=forms.Textarea, help_text="What was seen or heard, by whom, and when."
    )
    summary = forms.CharField(label="Summary", max_length=200, widget=forms.Textarea)

    looks = {
        "family_name": Look(width=20),
        "email": Look(called="an e-mail address"),
        "secret": Look(called="your password", width=20),
        "weeks": Look(called="the number of weeks", width=4, suffix="weeks"),
        "level": Look(called="a level", item_hints={"high": "Harm is happening, or is likely soon."}),
        "police": Look(called="whether the police have been told", reveals={"yes": ("police_number",)}),
        "police_number": Look(called="the police reference", width=10),
        "types": Look(called="what this is linked to", divider_before={"none": "or"}, exclusive=("none",)),
        "considered": Look(called="that you have considered all 28 indicators"),
        "agency": Look(called="an agency"),
        "summary": Look(count=200, rows=3),
    }


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """The page; with `?errors=1` as a page looks whose form has come back with errors."""
    if not (settings.DEMONSTRATION or settings.DEBUG):
        raise Http404
    context: dict[str, Any] = {
        "shown": EveryField(prefix="shown", initial={"level": "medium", "born": datetime.date(2012, 3, 27)}),
        "lists": _lists(),
        **_words(),
    }
    faulty = {
        "faulty-born_day": "31",
        "faulty-born_month": "2",
        "faulty-police": "yes",
        "faulty-weeks": "many",
    }
    if request.GET.get("errors"):
        context["form"] = EveryField(faulty, prefix="faulty")
    return TemplateResponse(request, "components/components.html", context)


def _words() -> dict[str, Any]:
    alert = {"grave": False, "href": ""}
    return {
        "navigation": [
            {"text": "Home", "href": "#home", "current": True},
            {"text": "Due", "href": "#due"},
            {"text": "Guidance", "href": "#guidance"},
        ],
        "levels": ["low", "medium", "high", None],
        "alerts": [
            {**alert, "kind": "Family", "text": "Do not tell the family before the meeting"},
            {**alert, "kind": "Language", "text": "Needs an interpreter (Polish)"},
            {**alert, "kind": "Danger", "text": "Immediate risk said on 3 November 2026", "grave": True},
            {**alert, "kind": "Missing", "text": "Since 4 November 2026, 21:30", "grave": True},
            {**alert, "kind": "School", "text": "Not on roll since September"},
        ],
        "on": datetime.date(2026, 6, 12),
        "at": datetime.datetime(2026, 6, 12, 10, 42, tzinfo=datetime.UTC),
        "sections": [
            {"text": "Overview", "href": "#overview", "current": True},
            {"text": "Timeline", "href": "#timeline"},
            {"text": "Assessments", "href": "#assessments"},
            {"text": "People and places", "href": "#people"},
        ],
    }


def _lists() -> dict[str, Any]:
    change = {"href": "#change", "text": "Change"}
    return {
        "summary": {
            "card": {
                "title": {"text": "Evidence of grooming (invented)"},
                "actions": {"items": [{**change, "visuallyHiddenText": "the rating"}]},
            },
            "rows": [
                {"key": {"text": "Level"}, "value": {"text": "Medium"}},
                {"key": {"text": "Linked to"}, "value": {"text": "Sexual, not clear yet"}},
                {
                    "key": {"text": "Evidence"},
                    "value": {"text": "A teacher saw an unknown adult at the gate."},
                },
            ],
        },
        "tasks": {
            "idPrefix": "task",
            "items": [
                {"title": {"text": "The child"}, "href": "#child", "status": {"text": "Completed"}},
                {
                    "title": {"text": "Indicators"},
                    "hint": {"text": "3 of 8 rated"},
                    "href": "#indicators",
                    "status": {"tag": {"text": "In progress", "classes": "govuk-tag--blue"}},
                },
                {
                    "title": {"text": "Your level"},
                    "status": {
                        "text": "Cannot start yet",
                        "classes": "govuk-task-list__status--cannot-start-yet",
                    },
                },
            ],
        },
        "pages": {
            "previous": {"href": "#before", "labelText": "Earlier events"},
            "next": {"href": "#after", "labelText": "Later events"},
        },
        "heads": ["Due", "Child", "Task", "Level", "Owner"],
        "rows": [
            [
                "Overdue: 2 November 2026",
                ("Robin Example", "#robin"),
                "Arrange the review (High: 4 weeks)",
                "High",
                "A. Worker",
            ],
            ["Today, 14:00", ("Siân Ŵyn (invented)", "#sian"), "Telephone the police", "Medium", "B. Worker"],
            ["No date: 3 days", ("O'Neill (invented)", "#oneill"), "Return interview", "Low", ""],
        ],
        "events": [
            {
                "title": "Assessment sent",
                "at": datetime.datetime(2026, 6, 12, 10, 42, tzinfo=datetime.UTC),
                "by": "A. Worker, school",
                "text": "Assessed as low.\nThe next look is due on 12 September 2026.",
                "href": "#assessment",
                "action": "Read the assessment",
            },
            {"title": "Missing episode ended", "on": datetime.date(2026, 6, 1)},
        ],
    }
