"""What is asked of a plan against further missing episodes."""

import uuid

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.casework.missing.plan import Plan
from cre_toolkit.casework.models import MissingPlan
from cre_toolkit.web.forms.assessments.base import Typed
from cre_toolkit.web.forms.missing import THEIR_WORDS
from cre_toolkit.web.forms.rows import Row, Rows
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class LineForm(Row):
    """One thing that somebody does."""

    what = Typed(label="What is done")
    who = Typed(label="By whom", lines=False)
    by_when = Typed(label="By when", lines=False)
    looks = {"what": Look(rows=2)}


class PlanForm(GovukForm):
    """A plan, whole; a review begins with the words of the plan before.

    Args:
        before: the plan that is reviewed, if there is one.
        data: what was typed, or None.
        adding: whether another empty line is asked for.
    """

    day = DayMonthYearField(label="On which day was the plan agreed?", must_be="today or past")
    changed = Typed(label="What has changed since the last plan? (optional)")
    triggers = forms.CharField(
        label="What comes before the child goes missing?",
        widget=forms.Textarea,
        help_text="What adults have noticed, and who pulls or pushes the child away. What is not known, too.",
    )
    if_missing = forms.CharField(
        label="What does each do at once, if the child is missing again?", widget=forms.Textarea
    )
    child_view = Typed(label="What does the child say would help? (optional)", help_text=THEIR_WORDS)
    shared_with = forms.CharField(label="With whom is the plan shared?", widget=forms.Textarea)
    group_on = DayMonthYearField(
        label="When is the child’s situation taken to the monitoring group? (optional)", required=False
    )
    review_on = DayMonthYearField(label="When is the plan reviewed?", must_be="today or future")
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "day": Look(called="the day on which the plan was agreed", size="m"),
        "changed": Look(rows=3, size="m"),
        "triggers": Look(called="what comes before the child goes missing", rows=4, size="m"),
        "if_missing": Look(called="what each does at once", rows=4, size="m"),
        "child_view": Look(rows=3, size="m"),
        "shared_with": Look(called="with whom the plan is shared", rows=2, size="m"),
        "group_on": Look(called="the day of the monitoring group", size="m"),
        "review_on": Look(called="the day of the review", size="m"),
    }

    def __init__(
        self, before: MissingPlan | None, data: QueryDict | None = None, *, adding: bool = False
    ) -> None:
        stands = {"form_id": uuid.uuid4(), "day": timezone.localdate()}
        if before:
            kept = ("triggers", "if_missing", "child_view", "shared_with")
            stands |= {name: getattr(before, name) for name in kept}
        # Another line is asked for: what was typed stands in its boxes, and nothing is judged yet.
        typed = None if adding else data
        if data is not None and adding:
            stands = {
                name: field.widget.value_from_datadict(data, {}, name)
                for name, field in self.base_fields.items()
            }
        super().__init__(typed, auto_id="%s", initial=stands)
        if before is None:
            del self.fields["changed"]
        self.rows = Rows("line", LineForm, before.lines if before else [], data, empty=2)
        if adding:
            self.rows.forms.append(LineForm(prefix=f"line-{len(self.rows.forms)}", auto_id="%s"))

    def is_valid(self) -> bool:
        valid = super().is_valid() & self.rows.is_valid()
        if valid and not self.rows.answers():
            first = self.rows.forms[0] if self.rows.forms else self
            first.add_error("what" if self.rows.forms else None, "Say at least one thing that somebody does")
            return False
        # Each is looked at, so that every line shows its own error.
        return valid and not sum(not _is_whole(row) for row in self.rows.forms)

    @property
    def plan(self) -> Plan:
        """What was agreed, of a form that is valid."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("day", "form_id")}
        return Plan(agreed_on=self.cleaned_data["day"], lines=self.rows.answers(), **said)


def _is_whole(row: Row) -> bool:
    """Whether a line says what is done and by whom, where it says anything; what is missing is its error."""
    for name, message in (("what", "Say what is done"), ("who", "Say who does it")):
        if not row.is_blank and not row.cleaned_data[name].strip():
            row.add_error(name, message)
    return not row.errors
