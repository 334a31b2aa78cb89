"""The first two pages: danger, and the facts about the child."""

from typing import Any

from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.children.models import Child
from cre_toolkit.web.forms.assessments.base import SectionForm, Typed, choice, known
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.look import Look

# Facts that decide whether the toolkit applies, where the assessment goes and the lowest level.
FACTS = ("send", "open_to_social_care", "plan", "looked_after")


class DangerForm(SectionForm):
    section = "danger"
    immediate_risk = known(
        "Is the child in immediate danger?",
        help_text="Harm that could happen today or in the next days: somebody is on the way, the child is "
        "missing with a person who poses a risk, a threat has been made.",
    )
    what = Typed(label="What is happening? (optional)", help_text="You can telephone first and write later.")
    looks = {
        "immediate_risk": Look(
            called="whether the child is in immediate danger",
            page_heading=True,
            item_hints={
                "yes": "You will see whom to telephone now, and where to log the calls.",
                "not-known": "If you cannot rule it out, telephone.",
            },
            reveals={"yes": ("what",)},
        ),
        "what": Look(rows=3),
    }


class ChildForm(SectionForm):
    """The facts that are not known yet; with `ask_all`, those that are as well."""

    section = "child"
    date_of_birth = DayMonthYearField(
        label="Date of birth", required=False, must_be="today or past", help_text="For example, 27 3 2011"
    )
    send = known(
        "Does the child have special educational needs, a disability or a learning disability (SEND)?",
        help_text="It decides the lowest level that can be recorded and, from 18 to 24, whether the toolkit "
        "applies.",
    )
    open_to_social_care = known(
        "Is the child open to children's social care?",
        help_text="It decides where the assessment goes. Not known counts as not open: it goes to the front "
        "door.",
    )
    plan = choice("Is the child on a plan?", Child.Plan.choices)
    looked_after = known(
        "Is the child looked after?", help_text="In care, fostered, or living independently."
    )
    looks = {
        "date_of_birth": Look(called="date of birth", size="s"),
        "send": Look(called="whether the child has SEND", size="s"),
        "open_to_social_care": Look(called="whether the child is open to social care", size="s"),
        "plan": Look(called="whether the child is on a plan", size="s"),
        "looked_after": Look(called="whether the child is looked after", size="s"),
    }

    def __init__(
        self, draft: Draft, data: QueryDict | None = None, *, adding: str = "", ask_all: bool
    ) -> None:
        super().__init__(draft, data, adding=adding)
        child = draft.child
        known = {name for name in FACTS if getattr(child, name) not in ("", "not-known")}
        if child.age_on(timezone.localdate()) is not None:
            known.add("date_of_birth")
        # What was answered here stays, although somebody else has answered it on the record meanwhile.
        answered = {name for name in known if any(key.startswith(name) for key in self.data)}
        for name in set() if ask_all else known - answered:
            del self.fields[name]

    def initial_of(self, draft: Draft) -> dict[str, Any]:
        return {name: getattr(draft.child, name) for name in ("date_of_birth", *FACTS)}

    def answers(self) -> dict[str, Any]:
        return {"confirmed": True}

    def changes(self) -> dict[str, Any]:
        """What differs from the child's record. A question left open changes nothing."""
        child = self.draft.child
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value not in ("", None) and value != getattr(child, name)
        }
