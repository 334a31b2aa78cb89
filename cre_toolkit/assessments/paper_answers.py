"""What may be entered of a paper form, section by section, and how it stands in a draft and in a record.

A form that rates its indicators (CRE 2020) has the sections of the live journey, and one about the form
itself. One that ticks the rows of three tiers (the CSE matrix of 2017) has three sections of its own. As in
`answers`, drafts take anything of this shape; blank is "the paper does not say", and never "no".
"""

import datetime
from typing import Annotated

from pydantic import AfterValidator

from cre_toolkit.assessments.answers import (
    Answers,
    Day,
    Known,
    Level,
    Part,
    Text,
    refuse_unknown,
)
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import authority_ids


def _time(value: str) -> str:
    if value:
        datetime.time.fromisoformat(value)
    return value


Time = Annotated[str, AfterValidator(_time)]
"""A time of day as `16:20`, or blank."""


class Paper(Part):
    """The form itself: when and by whom it was completed, and what its header says of the child."""

    completed_on: Day = ""
    completed_time: Time = ""
    author: Text = ""
    """Whoever completed it, as they wrote their name: they need not be a user of the service."""
    agency: Text = ""
    role: Text = ""
    address: Text = ""
    authority: str = ""
    """The authority that the form names; blank is the child's own."""
    worker_name: Text = ""
    worker_contact: Text = ""
    send: Known = ""
    disabilities: Text = ""
    social_care_on: Day = ""
    """When it was referred to social care, and to the police."""
    police_on: Day = ""

    def check_ids(self, instrument: Instrument) -> None:
        refuse_unknown("paper.authority", [self.authority], authority_ids())


class Marked(Part):
    """One indicator of the matrix: ticked as a risk (R), as evidenced (E), or with a note beside it."""

    risk: bool = False
    evidenced: bool = False
    note: Text = ""


class Marks(Part):
    """Section 1 of the matrix: its three lists of indicators."""

    items: dict[str, Marked] = {}

    def check_ids(self, instrument: Instrument) -> None:
        refuse_unknown("marks.items", self.items, instrument.indicator_by_id)


class Present(Part):
    """One vulnerability factor of the matrix, which does not ask when."""

    present: bool = False
    note: Text = ""


class Factors(Part):
    """Section 2 of the matrix."""

    items: dict[str, Present] = {}

    def check_ids(self, instrument: Instrument) -> None:
        refuse_unknown("factors.items", self.items, instrument.vulnerability_by_id)


class Summary(Part):
    """Section 3 of the matrix: the category, the models of exploitation, the texts by their fields' ids."""

    level: Level = ""
    models: list[str] = []
    threshold: str = ""
    """The form does not ask for one; where one was written on it, it is kept."""
    texts: dict[str, Text] = {}

    def check_ids(self, instrument: Instrument) -> None:
        refuse_unknown("summary.models", self.models, instrument.model_by_id)
        refuse_unknown("summary.threshold", [self.threshold], instrument.threshold_by_id)
        refuse_unknown("summary.texts", self.texts, instrument.field_by_id)


class PaperAnswers(Answers):
    """A whole paper form, of either kind: the sections that its form does not have stay blank."""

    paper: Paper = Paper()
    marks: Marks = Marks()
    factors: Factors = Factors()
    summary: Summary = Summary()


OF_TIERS = ("marks", "factors", "summary")
"""The sections of a form that ticks three tiers."""


def shape_of(assessment: Assessment) -> type[Answers]:
    """The shape of a draft: a form entered from paper has more sections than one that is written here."""
    return PaperAnswers if assessment.transcribed else Answers
