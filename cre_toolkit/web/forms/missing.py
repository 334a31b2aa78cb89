"""What is asked when a child is missing, when they come back, and of the talk afterwards."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.casework.missing.episodes import Missing, Returned
from cre_toolkit.casework.missing.interviews import Interview
from cre_toolkit.casework.models import MissingReturn, ReturnInterview
from cre_toolkit.children.models import YesNoUnknown
from cre_toolkit.documents.dates import moment_in_words
from cre_toolkit.web.forms.assessments.base import Typed
from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

SOURCE = "Who saw or said it, and when. Facts here; what anybody makes of them belongs in an assessment."
THEIR_WORDS = "As nearly as you can in their own words, in quotation marks."


def time_field(label: str, **kwargs: Any) -> forms.TimeField:
    """A time as people write it: 16:30, 16.30 or 1630."""
    formats = ["%H:%M", "%H.%M", "%H%M"]
    return forms.TimeField(
        label=label,
        input_formats=formats,
        help_text="For example, 16:30",
        error_messages={"invalid": "Enter the time like 16:30"},
        **kwargs,
    )


def yes_no(label: str, **kwargs: Any) -> forms.ChoiceField:
    """Yes, no or not known; none of them is chosen to begin with."""
    return forms.ChoiceField(label=label, choices=YesNoUnknown, widget=forms.RadioSelect, **kwargs)


def at(day: datetime.date, time: datetime.time) -> datetime.datetime:
    """The instant of a day and a time as they are said here."""
    return timezone.make_aware(datetime.datetime.combine(day, time))


def now() -> dict[str, object]:
    """What day and time begin with: now, to the minute."""
    moment = timezone.localtime()
    return {"day": moment.date(), "time": f"{moment:%H:%M}"}


def today() -> dict[str, object]:
    """What the day begins with. Not the time: one that nobody said would be taken for one that is known."""
    return {"day": timezone.localdate()}


class MomentForm(GovukForm):
    """A form that asks for a day and a time; `moment` is both."""

    when = "it was"
    """What error messages say of it."""

    @property
    def moment(self) -> datetime.datetime:
        return at(self.cleaned_data["day"], self.cleaned_data["time"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "day" in said and "time" in said and self.moment > timezone.now():
            self.add_error("time", f"The time when {self.when} must be in the past")
        return said

    def _need(self, name: str, message: str) -> None:
        """An answer that another one asks for."""
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)


class MissingForm(MomentForm):
    """Since when, last seen where and with whom, and who has been told."""

    day = DayMonthYearField(label="Since which day has the child been missing?", must_be="today or past")
    time = time_field("Since what time?")
    about = forms.BooleanField(label="The time is not known exactly", required=False)
    last_seen_where = Typed(label="Where was the child last seen? (optional)")
    last_seen_with = Typed(label="With whom? (optional)", lines=False, max_length=1000)
    source = Typed(label="How is that known? (optional)", help_text=SOURCE)
    police_told = yes_no("Have the police been told that the child is missing?")
    police_day = DayMonthYearField(label="Day", required=False, must_be="today or past")
    police_time = time_field("Time", required=False)
    police_reference = Typed(label="Their reference (optional)", lines=False, max_length=100)
    who_knows = Typed(label="Who else knows? (optional)", help_text="Parents or carers, the worker, school.")
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "day": Look(called="the day on which the child went missing", size="m"),
        "time": Look(called="the time at which the child went missing", width=5),
        "last_seen_where": Look(rows=2, size="m"),
        "source": Look(rows=3),
        "police_told": Look(
            called="whether the police have been told",
            size="m",
            reveals={"yes": ("police_day", "police_time", "police_reference")},
            item_hints={"no": "Telephone them now: 999, or 101 where there is no immediate danger."},
        ),
        "police_day": Look(called="the day on which the police were told"),
        "police_time": Look(called="the time at which the police were told", width=5),
        "police_reference": Look(width=20),
        "who_knows": Look(rows=2),
    }
    when = "the child went missing"

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()} | today(), **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("police_told") == YesNoUnknown.YES:
            self._need("police_day", "Enter the day on which the police were told")
            self._need("police_time", "Enter the time at which the police were told")
            told = self._police_told_at
            if told and told > timezone.now():
                self.add_error("police_time", "The time when the police were told must be in the past")
        return said

    @property
    def _police_told_at(self) -> datetime.datetime | None:
        said = self.cleaned_data
        if said.get("police_told") != YesNoUnknown.YES:
            return None
        day, time = said.get("police_day"), said.get("police_time")
        return at(day, time) if day and time else None

    @property
    def said(self) -> Missing:
        """What was said, of a form that is valid."""
        said = self.cleaned_data
        told = YesNoUnknown(said["police_told"])
        return Missing(
            at=self.moment,
            about=said["about"],
            last_seen_where=said["last_seen_where"],
            last_seen_with=said["last_seen_with"],
            source=said["source"],
            police_told=told,
            police_told_at=self._police_told_at,
            police_reference=said["police_reference"] if told == YesNoUnknown.YES else "",
            who_knows=said["who_knows"],
        )


class ReturnForm(MomentForm):
    """When and how the child came back, where they were, and what happened to them."""

    day = DayMonthYearField(label="On which day did the child come back?", must_be="today or past")
    time = time_field("At what time?")
    about = forms.BooleanField(label="The time is not known exactly", required=False)
    how = forms.ChoiceField(label="How did it end?", choices=MissingReturn.How, widget=forms.RadioSelect)
    where = Typed(label="Where was the child? (optional)")
    with_whom = Typed(label="With whom? (optional)", lines=False, max_length=1000)
    source = Typed(label="How is that known? (optional)", help_text=SOURCE)
    harmed = yes_no("Was the child harmed while they were missing?")
    harm = Typed(label="How? What an adult did, or what happened to the child")
    significant = yes_no(
        "Was it a significant incident?",
        help_text="Something that may have changed the risk to the child. A new assessment is due after one.",
    )
    incident = Typed(label="What happened?")
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "day": Look(called="the day on which the child came back", size="m"),
        "time": Look(called="the time at which the child came back", width=5),
        "how": Look(
            called="how it ended",
            size="m",
            item_hints={
                "not-missing": "Somebody knew where they were, or it was a mistake. The report stays"
                " on the record."
            },
        ),
        "where": Look(rows=2, size="m"),
        "source": Look(rows=3),
        "harmed": Look(called="whether the child was harmed", size="m", reveals={"yes": ("harm",)}),
        "harm": Look(rows=3),
        "significant": Look(
            called="whether it was a significant incident", size="m", reveals={"yes": ("incident",)}
        ),
        "incident": Look(rows=3),
    }
    when = "the child came back"

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()} | today(), **kwargs)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("harmed") == YesNoUnknown.YES and not said.get("harm", "").strip():
            self.add_error("harm", "Say how the child was harmed, or choose “Not known”")
        if said.get("significant") == YesNoUnknown.YES and not said.get("incident", "").strip():
            self.add_error("incident", "Say what happened, as the significant incident’s own record")
        return said

    @property
    def said(self) -> Returned:
        """What was said, of a form that is valid."""
        said = self.cleaned_data
        return Returned(
            at=self.moment,
            about=said["about"],
            how=MissingReturn.How(said["how"]),
            where=said["where"],
            with_whom=said["with_whom"],
            source=said["source"],
            harmed=YesNoUnknown(said["harmed"]),
            harm=said["harm"] if said["harmed"] == YesNoUnknown.YES else "",
            significant=YesNoUnknown(said["significant"]),
            incident=said["incident"],
        )


class InterviewForm(MomentForm):
    """A return interview: after which return, what came of it, by whom, and what the child said.

    Args:
        returns: those that can be talked about, the one to talk about first.
        data: what was typed, or None.
    """

    returned = forms.ChoiceField(label="After which return?", widget=forms.RadioSelect)
    step = forms.ChoiceField(
        label="What is there to record?", choices=ReturnInterview.Step, widget=forms.RadioSelect
    )
    said = Typed(label="What the child said", help_text=THEIR_WORDS)
    learnt = Typed(label="What was learnt about people, places and risk (optional)")
    opinion = Typed(label="What the interviewer makes of it (optional)")
    told = Typed(label="Who is told of it, and how (optional)")
    declined_why = Typed(label="What the child said about it, if they did (optional)", help_text=THEIR_WORDS)
    not_possible_why = Typed(label="Why was it not possible?")
    day = DayMonthYearField(label="On which day was that?", must_be="today or past")
    time = time_field("At what time?")
    interviewer = forms.CharField(
        label="Who talks with the child?", max_length=200, help_text="Name and role"
    )
    provider = forms.ChoiceField(
        label="For whom do they work?", choices=ReturnInterview.Provider, widget=forms.RadioSelect
    )
    independent = yes_no(
        "Are they independent?", help_text="Of the family, the home or placement, and of the child’s worker."
    )
    trusted = yes_no("Is it somebody whom the child respects and wants to talk to?")
    why_them = Typed(label="Why this person? (optional)")
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    looks = {
        "returned": Look(called="after which return it was", size="m"),
        "step": Look(
            called="what there is to record",
            size="m",
            reveals={
                "held": ("said", "learnt", "opinion", "told"),
                "declined": ("declined_why",),
                "not-possible": ("not_possible_why",),
            },
            item_hints={
                "declined": "It is offered again, by someone the child trusts. Nobody has to talk.",
            },
        ),
        "said": Look(rows=6),
        "learnt": Look(rows=4),
        "opinion": Look(rows=3),
        "told": Look(rows=2),
        "declined_why": Look(rows=3),
        "not_possible_why": Look(rows=3),
        "day": Look(called="the day of it", size="m"),
        "time": Look(called="the time of it", width=5),
        "interviewer": Look(called="who talks with the child", size="m"),
        "provider": Look(called="for whom they work"),
        "independent": Look(called="whether they are independent"),
        "trusted": Look(called="whether the child wants to talk to them"),
        "why_them": Look(rows=2),
    }

    def __init__(self, returns: Sequence[MissingReturn], data: QueryDict | None = None) -> None:
        first = {"returned": str(returns[0].pk)} if len(returns) == 1 else {}
        super().__init__(data, auto_id="%s", initial={"form_id": uuid.uuid4()} | first | now())
        self._returns = {str(each.pk): each for each in returns}
        field = self.fields["returned"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [
            (pk, f"The return of {moment_in_words(each.event.at)}") for pk, each in self._returns.items()
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if (
            said.get("step") == ReturnInterview.Step.NOT_POSSIBLE
            and not said.get("not_possible_why", "").strip()
        ):
            self.add_error("not_possible_why", "Say why it was not possible")
        if said.get("step") == ReturnInterview.Step.HELD and not said.get("said", "").strip():
            self.add_error("said", "Write what the child said, or that they said nothing")
        return said

    @property
    def chosen(self) -> MissingReturn:
        return self._returns[self.cleaned_data["returned"]]

    @property
    def interview(self) -> Interview:
        """What was said, of a form that is valid; what belongs to another choice is left out."""
        said = self.cleaned_data
        step = ReturnInterview.Step(said["step"])
        held = step == ReturnInterview.Step.HELD
        reasons = {"declined": said["declined_why"], "not-possible": said["not_possible_why"]}
        return Interview(
            step=step,
            at=self.moment,
            provider=ReturnInterview.Provider(said["provider"]),
            interviewer=said["interviewer"],
            independent=YesNoUnknown(said["independent"]),
            trusted=YesNoUnknown(said["trusted"]),
            why_them=said["why_them"],
            said=said["said"] if held else "",
            learnt=said["learnt"] if held else "",
            opinion=said["opinion"] if held else "",
            told=said["told"] if held else "",
            reason=reasons.get(step, ""),
        )
