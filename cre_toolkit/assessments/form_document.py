"""The completed form as a document (toolkit.md, A7 and A12): the form itself, in its order and its words.

Sections, questions and their order come from the edition's pack; the answers come from the record, and the
database is not asked. What the service records beside the form (who was consulted, what was shared, how the
level came about, what must happen) follows after it.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from cre_toolkit.assessments import form_rated, form_tiered
from cre_toolkit.assessments.form_answers import NOT_RECORDED, FormAnswers, level_in_words, lines
from cre_toolkit.assessments.form_beside import beside_the_form
from cre_toolkit.assessments.form_outcome import level_and_why, what_must_happen
from cre_toolkit.assessments.form_tables import listed
from cre_toolkit.documents.dates import day_in_words, in_words, moment_in_words
from cre_toolkit.documents.model import Block, Column, Document, Heading, KeyValues, Note, Paragraph
from cre_toolkit.rules.instrument import Field, Section
from cre_toolkit.rules.loading import load_instrument

EVIDENCE = "expand-indicators"
"""The form's one box for the evidence of all indicators."""
TABLES = {"rating": form_rated, "tier": form_tiered}
"""How a form shows its indicators and factors, by where its levels come from."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That a record no longer holds: who said so, when and why."""

    at: datetime.datetime
    by: str
    because: str
    words: str = ""

    @property
    def line(self) -> str:
        """For every page."""
        return f"WITHDRAWN on {day_in_words(self.at)}: {self.because}"


@dataclass(frozen=True, slots=True)
class Answered:
    """A manager's answer to a record: what it is in few words, and what they wrote."""

    said: str
    at: datetime.datetime
    by: str
    words: str = ""


def form_document(
    record: Mapping[str, Any],
    *,
    answered: Answered | None = None,
    withdrawn: Withdrawn | None = None,
    reviewed_withdrawn: Withdrawn | None = None,
    trail: str = "",
) -> Document:
    """The completed form of a sent or transcribed assessment.

    Args:
        record: the record's content (`assessments/record.py`), with its own hash beside it as `sha256`.
        answered: where a manager has answered it since, what they said.
        withdrawn: where the record has been withdrawn since, what was said of it.
        reviewed_withdrawn: where the record that it reviewed has been, the same of that.
        trail: where the audit trail ends now, in short (`audit/heads.py: short`).

    Raises:
        UnknownPackError: this installation does not have the instrument.
    """
    form = FormAnswers(record, load_instrument(record["instrument"]))
    return Document(
        title=form.instrument.short_title,
        reference=record["reference"],
        author_line=f"Completed {'on paper ' if form.transcribed else ''}by {form.author_line}",
        time_line=form.completed,
        completed_at=datetime.datetime.fromisoformat(record["completed_at"]),
        edition_line=f"{form.instrument.source}, {record.get('edition') or form.instrument.edition}",
        trail_line=f"Audit trail: {trail}" if trail else "",
        withdrawn_line=withdrawn.line if withdrawn else "",
        blocks=tuple(_blocks(form, answered, withdrawn, reviewed_withdrawn)),
    )


def _blocks(
    form: FormAnswers,
    answered: Answered | None,
    withdrawn: Withdrawn | None,
    reviewed_withdrawn: Withdrawn | None,
) -> Iterator[Block]:
    if withdrawn:
        yield Note(lines(f"{withdrawn.line}. Withdrawn by {withdrawn.by}.", withdrawn.words))
    yield from _at_a_glance(form)
    if answered:
        on = moment_in_words(answered.at)
        yield Note(lines(f"{answered.said} by {answered.by}, {on}.", answered.words))
    yield from _review_of(form, reviewed_withdrawn)
    tables = TABLES[form.instrument.levels_from]
    for section in form.instrument.sections:
        yield Heading(section.title)
        if section.holds == "indicators":
            yield from tables.indicators(form)
        elif section.holds == "vulnerabilities":
            yield from tables.factors(form)
        yield from _questions(form, section)
    yield from beside_the_form(form)
    yield from level_and_why(form)
    if not form.transcribed:
        yield from what_must_happen(form)
    yield from _about_this_record(form)


def _at_a_glance(form: FormAnswers) -> Iterator[Block]:
    """Danger first, then the level with its date: an assessment says how it was, never how it is."""
    danger, day = (
        form.section("danger"),
        day_in_words(datetime.datetime.fromisoformat(form.record["completed_at"])),
    )
    if danger.get("immediate_risk") == "yes":
        yield Note(lines("The child was said to be in immediate danger.", danger.get("what")))
    if level := form.outcome.get("recorded_level"):
        yield Note(f"Assessed as {level_in_words(level).lower()} risk on {day}.")
    else:
        yield Note("No level of risk was recorded.")
    if form.transcribed:
        yield Note(_transcribed(form))


def _review_of(form: FormAnswers, withdrawn: Withdrawn | None) -> Iterator[Block]:
    """Which version it is, and that what it reviewed no longer holds."""
    if previous := form.record.get("previous"):
        last = day_in_words(datetime.datetime.fromisoformat(previous["completed_at"]))
        number = form.record.get("number")
        yield Paragraph(f"Version {number}: a review of the assessment {previous['reference']} of {last}.")
    if withdrawn:
        yield Note(
            f"The assessment that this one reviewed was WITHDRAWN on {day_in_words(withdrawn.at)}: "
            f"{withdrawn.because}. What was taken from it may be wrong."
        )


def _transcribed(form: FormAnswers) -> str:
    by = form.record.get("author") or {}
    who = ", ".join(filter(None, (by.get("name"), by.get("agency"))))
    day = day_in_words(datetime.datetime.fromisoformat(form.record["sent_at"]))
    return (
        f"Transcribed from paper on {day} by {who}. What the paper does not say stands here as not answered."
    )


def _questions(form: FormAnswers, section: Section) -> Iterator[Block]:
    """The questions of a section: short answers in a table, long ones under a heading each."""
    asked = [field for field in form.instrument.fields_by_section[section.id] if not field.added]
    for short, fields in groupby(asked, is_short):
        if short:
            yield KeyValues(tuple((field.label, form.to(field)) for field in fields))
            continue
        for field in fields:
            yield Heading(field.label, 3)
            if field.wording_note:
                yield Paragraph(field.wording_note, small=True)
            yield from _long_answer(form, field)


def is_short(field: Field) -> bool:
    """Whether the answer to a question fits beside it."""
    return field.kind in ("line", "choice", "date") or field.answered_by == "record"


def _long_answer(form: FormAnswers, field: Field) -> Iterator[Block]:
    if field.id == EVIDENCE:
        if together := form.written(EVIDENCE):
            yield Paragraph(together)
        yield from form_rated.evidence(form)
    elif field.kind == "table":
        rows = [[row.get(column.lower()) for column in field.columns] for row in form.items("actions")]
        yield listed([Column(heading) for heading in field.columns], rows, of="action")
    else:
        yield Paragraph(form.to(field))


def _about_this_record(form: FormAnswers) -> Iterator[Block]:
    """The edition and the hashes by which record and form can be proved in years to come."""
    record, instrument = form.record, form.instrument
    edition = record.get("edition_sha256") or ""
    sent = in_words(record.get("sent_at") or "") or "at a time that was not recorded"
    yield Heading("About this record")
    said = [
        f"Form: {instrument.title}, {record.get('edition') or instrument.edition}.",
        f"Completed {form.completed}; {'transcribed' if form.transcribed else 'sent'} {sent}.",
        *_begun_by(record),
        f"SHA-256 of the edition: {edition or NOT_RECORDED}",
        f"SHA-256 of the record: {record.get('sha256') or NOT_RECORDED}",
    ]
    if edition and edition != instrument.sha256:
        said.append("The questions above are those of another edition than the one that was completed.")
    yield Paragraph("\n".join(said), small=True)


def _begun_by(record: Mapping[str, Any]) -> Iterator[str]:
    """Who began it, where somebody else completed it."""
    if begun_by := record.get("begun_by"):
        yield f"Begun by {', '.join(filter(None, (begun_by['name'], begun_by['agency'])))}."
