"""The completed form as a document (toolkit.md, A12): the toolkit's own form, in its order and its words.

Sections, questions and their order come from the edition's pack; the answers come from the sent record, and
the database is not asked. What the service records beside the form (who was consulted, what was shared, how
the level came about, what must happen) follows after it.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from cre_toolkit.assessments.form_answers import (
    NOT_ANSWERED,
    NOT_RECORDED,
    FormAnswers,
    known_in_words,
    level_in_words,
    lines,
)
from cre_toolkit.assessments.form_outcome import level_and_why, what_must_happen
from cre_toolkit.assessments.wording import AGENCIES, CONSULTED
from cre_toolkit.children.models import Child
from cre_toolkit.documents.dates import day_in_words, in_words, moment_in_words
from cre_toolkit.documents.model import (
    Block,
    Column,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Row,
    Table,
)
from cre_toolkit.rules.instrument import Field, Indicator, Section
from cre_toolkit.rules.loading import load_instrument

EVIDENCE = "expand-indicators"
"""The form's one box for the evidence of all indicators."""
RISK = "persons_or_places_of_risk"
PLANS = dict(Child.Plan.choices)
NOT_IDENTIFIED = "Not identified"
LONGEST_IN_TABLE = 400
"""A longer commentary would run down the pages in a narrow column: it is printed after its table."""
BELOW = "Printed below the table"
_NOTHING = "–"


def form_document(record: Mapping[str, Any]) -> Document:
    """The completed form of a sent assessment.

    Args:
        record: the record's content (`assessments/record.py`), with its own hash beside it as `sha256`.

    Raises:
        UnknownPackError: this installation does not have the instrument.
    """
    form = FormAnswers(record, load_instrument(record["instrument"]))
    completed_at = datetime.datetime.fromisoformat(record["completed_at"])
    author = ", ".join(filter(None, (form.author.get("name"), form.author.get("agency"))))
    return Document(
        title=form.instrument.short_title,
        reference=record["reference"],
        author_line=f"Completed by {author or NOT_RECORDED.lower()}",
        time_line=moment_in_words(completed_at),
        completed_at=completed_at,
        edition_line=f"{form.instrument.source}, {record.get('edition') or form.instrument.edition}",
        blocks=tuple(_blocks(form, completed_at)),
    )


def _blocks(form: FormAnswers, completed_at: datetime.datetime) -> Iterator[Block]:
    yield from _at_a_glance(form, completed_at)
    for section in form.instrument.sections:
        yield Heading(section.title)
        if section.holds == "indicators":
            yield from _indicators(form)
        elif section.holds == "vulnerabilities":
            yield from _vulnerabilities(form)
        yield from _questions(form, section)
    yield from _beside_the_form(form)
    yield from _consulted(form)
    yield from _shared(form)
    yield from level_and_why(form)
    yield from what_must_happen(form)
    yield from _about_this_record(form)


def _at_a_glance(form: FormAnswers, completed_at: datetime.datetime) -> Iterator[Block]:
    """Danger first, then the level with its date: an assessment says how it was, never how it is."""
    danger = form.section("danger")
    if danger.get("immediate_risk") == "yes":
        yield Note(lines("The child was said to be in immediate danger.", danger.get("what")))
    level = (form.record.get("outcome") or {}).get("recorded_level")
    if level:
        yield Note(f"Assessed as {level_in_words(level).lower()} risk on {day_in_words(completed_at)}.")
    else:
        yield Note("No level of risk was recorded.")


# --- The form itself ----------------------------------------------------------------------------------------


def _questions(form: FormAnswers, section: Section) -> Iterator[Block]:
    """The questions of a section: short answers in a table, long ones under a heading each."""
    asked = [field for field in form.instrument.fields_by_section[section.id] if not field.added]
    for short, fields in groupby(asked, _is_short):
        if short:
            yield KeyValues(tuple((field.label, form.to(field)) for field in fields))
            continue
        for field in fields:
            yield Heading(field.label, 3)
            if field.wording_note:
                yield Paragraph(field.wording_note, small=True)
            yield from _long_answer(form, field)


def _is_short(field: Field) -> bool:
    return field.kind in ("line", "choice", "date") or field.answered_by == "record"


def _long_answer(form: FormAnswers, field: Field) -> Iterator[Block]:
    if field.id == EVIDENCE:
        yield from _evidence(form)
    elif field.kind == "table":
        rows = [[row.get(column.lower()) for column in field.columns] for row in form.items("actions")]
        yield _listed([Column(heading) for heading in field.columns], rows, of="action")
    else:
        yield Paragraph(form.to(field))


def _listed(columns: Sequence[Column], rows: Iterable[Iterable[str | None]], *, of: str) -> Block:
    """The rows as a table, stored dates in words; a sentence where there are none."""
    said = tuple(Row(tuple(in_words(cell or "") or NOT_ANSWERED for cell in row)) for row in rows)
    if not said:
        return Paragraph(f"No {of} was recorded.")
    return Table(tuple(columns), said, row_headers=False)


def _indicators(form: FormAnswers) -> Iterator[Block]:
    """The table of section 1: every indicator in the toolkit's order, ticked or not."""
    indicators, items = form.instrument.indicators, form.items("indicators")
    number = sum(not indicator.describe for indicator in indicators)
    says = "says" if form.section("indicators").get("considered") else "does not say"
    yield Paragraph(
        "CCE: child criminally exploited. CSE: child sexually exploited. The indicators are in the toolkit’s "
        f"own words. The practitioner {says} that all {number} were considered.",
        small=True,
    )
    yield Table(
        (Column("Indicators", 5.4), Column("CCE", 1.5), Column("CSE", 1.5), Column("Risk", 1.6)),
        tuple(_indicator_row(indicator, items.get(indicator.id)) for indicator in indicators),
    )


def _indicator_row(indicator: Indicator, rated: Mapping[str, Any] | None) -> Row:
    label = f"{indicator.number}. {indicator.label}"
    if indicator.considerations:
        label += "\nConsideration to be given to: " + "; ".join(indicator.considerations)
    if rated is None:
        return Row((label, _NOTHING, _NOTHING, NOT_IDENTIFIED), tone="quiet")
    return Row((label, *_linked(rated), level_in_words(rated.get("level"))), tone="strong")


def _linked(rated: Mapping[str, Any]) -> tuple[str, str]:
    """Whether an indicator is linked to criminal and to sexual exploitation, in words."""
    otherwise = "Not clear yet" if rated.get("unclear") else NOT_ANSWERED
    if rated.get("cce") or rated.get("cse"):
        otherwise = "Not clear yet" if rated.get("unclear") else "No"
    return "Yes" if rated.get("cce") else otherwise, "Yes" if rated.get("cse") else otherwise


def _evidence(form: FormAnswers) -> Iterator[Block]:
    """What was seen or heard, for each indicator identified, after what was said of them together."""
    if together := form.written(EVIDENCE):
        yield Paragraph(together)
    items = form.items("indicators")
    identified = [indicator for indicator in form.instrument.indicators if indicator.id in items]
    if not identified:
        yield Paragraph("No indicator was identified.")
    for indicator in identified:
        rated = items[indicator.id]
        yield Heading(f"{indicator.number}. {indicator.label}: {level_in_words(rated.get('level'))}", 4)
        if indicator.wording_note:
            yield Paragraph(indicator.wording_note, small=True)
        yield Paragraph(rated.get("note") or "No evidence was written down.")


def _vulnerabilities(form: FormAnswers) -> Iterator[Block]:
    """The table of section 2: every factor in the toolkit's order, ticked or not; then long commentaries."""
    items = form.items("vulnerabilities")
    yield Table(
        (
            Column("Factors", 3.6),
            Column("Historic", 1.4),
            Column("Current", 1.4),
            Column("Commentary", 4.2, prose=True),
        ),
        tuple(_factor_row(factor.label, items.get(factor.id)) for factor in form.instrument.vulnerabilities),
    )
    for factor in form.instrument.vulnerabilities:
        note = (items.get(factor.id) or {}).get("note") or ""
        if len(note) > LONGEST_IN_TABLE:
            yield Heading(f"Commentary: {factor.label}", 3)
            yield Paragraph(note)


def _factor_row(label: str, factor: Mapping[str, Any] | None) -> Row:
    if factor is None:
        return Row((label, _NOTHING, _NOTHING, NOT_IDENTIFIED), tone="quiet")
    historic, current = ("Yes" if factor.get(key) else "No" for key in ("historic", "current"))
    note = factor.get("note") or "No commentary"
    return Row((label, historic, current, note if len(note) <= LONGEST_IN_TABLE else BELOW), tone="strong")


# --- What the service records beside it ---------------------------------------------------------------------


def _beside_the_form(form: FormAnswers) -> Iterator[Block]:
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
    yield _listed(
        (Column("Agency", 2), Column("Name", 2), Column("Status", 2), Column("When", 2), Column("Note", 3)),
        (
            (
                AGENCIES.get(row.get("agency"), row.get("agency")),
                row.get("name"),
                CONSULTED.get(row.get("status"), row.get("status")),
                row.get("when"),
                row.get("note") or _NOTHING,
            )
            for row in form.items("consultation")
        ),
        of="consultation",
    )


def _shared(form: FormAnswers) -> Iterator[Block]:
    """What was shared with whom, and what was not and why (toolkit.md, A11)."""
    yield Heading("Information sharing")
    yield _listed(
        (Column("What", 3), Column("With whom", 2), Column("How", 2), Column("When", 2)),
        ([row.get(key) for key in ("what", "with_whom", "how", "when")] for row in form.items("sharing")),
        of="sharing",
    )
    yield Heading("What was not shared, and why", 3)
    yield Paragraph(form.section("sharing").get("not_shared") or NOT_RECORDED)


def _about_this_record(form: FormAnswers) -> Iterator[Block]:
    """The edition and the hashes by which record and form can be proved in years to come."""
    record, instrument = form.record, form.instrument
    edition = record.get("edition_sha256") or ""
    sent = in_words(record.get("sent_at") or "") or "at a time that was not recorded"
    yield Heading("About this record")
    lines = [
        f"Form: {instrument.title}, {record.get('edition') or instrument.edition}.",
        f"Completed {in_words(record['completed_at'])}; sent {sent}.",
        f"SHA-256 of the edition: {edition or NOT_RECORDED}",
        f"SHA-256 of the record: {record.get('sha256') or NOT_RECORDED}",
    ]
    if edition and edition != instrument.sha256:
        lines.append("The questions above are those of another edition than the one that was completed.")
    yield Paragraph("\n".join(lines), small=True)
