"""What the service records beside the toolkit's form: facts of the pathway, consultation, sharing.

A form that was transcribed from paper has of this only what somebody wrote on it.
"""

from collections.abc import Iterator

from cre_toolkit.assessments.form_answers import (
    NOT_ANSWERED,
    NOT_RECORDED,
    FormAnswers,
    known_in_words,
    lines,
)
from cre_toolkit.assessments.form_tables import NOTHING, listed
from cre_toolkit.assessments.wording import AGENCIES, CONSULTED
from cre_toolkit.children.models import Child
from cre_toolkit.documents.model import Block, Column, Heading, KeyValues, Paragraph

RISK = "persons_or_places_of_risk"
PLANS = dict(Child.Plan.choices)


def beside_the_form(form: FormAnswers) -> Iterator[Block]:
    """Everything that was said beside the form, after it."""
    if not form.transcribed:
        yield from _facts(form)
    if not form.transcribed or form.items("consultation"):
        yield from _consulted(form)
    if not form.transcribed or form.items("sharing"):
        yield from _shared(form)


def _facts(form: FormAnswers) -> Iterator[Block]:
    """The child's own words, what is not known, and the facts on which the pathway depends."""
    child, danger = form.child, form.section("danger")
    yield Heading("Recorded beside the form")
    plan = child.get("plan") or ""
    yield KeyValues(
        (
            ("Immediate danger", lines(known_in_words(danger.get("immediate_risk", "")), danger.get("what"))),
            ("Persons or places that pose a risk", known_in_words(form.section("places").get(RISK, ""))),
            ("Open to social care", known_in_words(child.get("open_to_social_care", ""))),
            ("Plan", PLANS.get(plan, plan) or NOT_ANSWERED),
            ("Looked after", known_in_words(child.get("looked_after", ""))),
            ("School or college", child.get("school") or NOT_RECORDED),
            ("NHS number", child.get("nhs_number") or NOT_RECORDED),
        )
    )
    for label, key in (("The child’s own words", "own_words"), ("What the child wishes", "wishes")):
        yield Heading(label, 3)
        yield Paragraph(child.get(key) or NOT_RECORDED)
    for field in form.instrument.fields:
        if field.added:
            yield Heading(field.label, 3)
            yield Paragraph(form.to(field))


def _consulted(form: FormAnswers) -> Iterator[Block]:
    """Who was asked, or could not be (toolkit.md, A10)."""
    yield Heading("Who was consulted")
    yield listed(
        (Column("Agency", 2), Column("Name", 2), Column("Status", 2), Column("When", 2), Column("Note", 3)),
        (
            (
                AGENCIES.get(row.get("agency"), row.get("agency")),
                row.get("name"),
                CONSULTED.get(row.get("status"), row.get("status")),
                row.get("when"),
                row.get("note") or NOTHING,
            )
            for row in form.items("consultation")
        ),
        of="consultation",
    )


def _shared(form: FormAnswers) -> Iterator[Block]:
    """What was shared with whom, and what was not and why (toolkit.md, A11)."""
    yield Heading("Information sharing")
    yield listed(
        (Column("What", 3), Column("With whom", 2), Column("How", 2), Column("When", 2)),
        ([row.get(key) for key in ("what", "with_whom", "how", "when")] for row in form.items("sharing")),
        of="sharing",
    )
    yield Heading("What was not shared, and why", 3)
    yield Paragraph(form.section("sharing").get("not_shared") or NOT_RECORDED)
