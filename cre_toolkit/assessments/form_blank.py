"""The form without answers, to print and to fill in by hand (toolkit.md, A12): every question, with room.

Words and order are the edition's. The examples of low, medium and high (A6) follow at its end, where the
edition gives them. It holds nothing about anybody until it is filled in, and its marking says so.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from cre_toolkit.assessments import form_rated, form_tiered
from cre_toolkit.assessments.form_document import is_short
from cre_toolkit.assessments.wording import KNOWN, LEVELS
from cre_toolkit.documents.dates import day_in_words
from cre_toolkit.documents.model import (
    MARKING,
    Block,
    Column,
    Document,
    Heading,
    KeyValues,
    Note,
    Paragraph,
    Room,
    Row,
    Table,
)
from cre_toolkit.rules.instrument import Choice, Field, Indicator, Instrument
from cre_toolkit.rules.loading import load_instrument

BOX = "\N{BALLOT BOX}"
_LINES = 7
"""Of room for an answer in sentences."""
_EMPTY_ROWS = 4


def blank_form(instrument: Instrument) -> Document:
    """The edition's form without answers.

    Args:
        instrument: the edition.
    """
    return Document(
        title=instrument.title,
        reference="",
        author_line="Completed by:",
        time_line="",
        completed_at=datetime.datetime.combine(instrument.published, datetime.time(), datetime.UTC),
        edition_line=f"{instrument.source}, {instrument.edition}",
        marking=f"{MARKING} when completed",
        blocks=tuple(_blocks(instrument)),
    )


def _blocks(instrument: Instrument) -> Iterator[Block]:
    yield from _before_you_begin(instrument)
    for section in instrument.sections:
        yield Heading(section.title)
        if section.holds == "indicators":
            yield from _INDICATORS[instrument.levels_from](instrument)
        elif section.holds == "vulnerabilities":
            yield _FACTORS[instrument.levels_from](instrument)
        yield from _questions(instrument, section.id)
    yield from _examples(instrument)


def _before_you_begin(instrument: Instrument) -> Iterator[Block]:
    yield Note(
        "If a child is in immediate danger, telephone the police (999) and children’s social care now. "
        "Fill in the form afterwards."
    )
    if instrument.replaced_on and instrument.replaced_by:
        now = load_instrument(instrument.replaced_by).title
        yield Note(
            f"This form was replaced on {day_in_words(instrument.replaced_on)} by the {now}. "
            "Use that one for a new assessment."
        )
    floor = instrument.floor
    yield Paragraph(
        f"Under {floor.under_age}, or with special educational needs or a disability: {floor.text} "
        f"{floor.source}."
    )


# --- Questions ----------------------------------------------------------------------------------------------


def _questions(instrument: Instrument, section: str) -> Iterator[Block]:
    """The questions of a section: short ones in a table, each of the others with room below it."""
    asked = [field for field in instrument.fields_by_section[section] if not field.added]
    for short, fields in groupby(asked, is_short):
        if short:
            yield KeyValues(
                tuple((field.label, _choices(instrument, field)) for field in fields),
                headings=("Question", "Answer"),
                room=2,
            )
            continue
        for field in fields:
            yield Heading(field.label, 3)
            yield _room(field)


def _room(field: Field) -> Block:
    if field.kind == "table":
        rows = tuple(Row(("",) * len(field.columns), room=2) for _ in range(_EMPTY_ROWS))
        return Table(tuple(map(Column, field.columns)), rows, row_headers=False)
    return Room(_LINES)


def _choices(instrument: Instrument, field: Field) -> str:
    """The answers to tick, where a question has a closed list of them; nothing where one writes."""
    return _boxes(_ANSWERS[field.answered_by](instrument)) if field.answered_by in _ANSWERS else ""


def _boxes(answers: Mapping[str, str]) -> str:
    return "\n".join(f"{BOX} {label}" for label in answers.values())


def _labels(choices: Mapping[str, Choice]) -> dict[str, str]:
    return {id_: choice.label for id_, choice in choices.items()}


_ANSWERS: dict[str, Callable[[Instrument], Mapping[str, str]]] = {
    "child.send": lambda _: KNOWN,
    "analysis.level": lambda _: LEVELS,
    "analysis.threshold": lambda instrument: _labels(instrument.threshold_by_id),
    "analysis.primary_exploitation": lambda instrument: _labels(instrument.exploitation_type_by_id),
    "analysis.models": lambda instrument: _labels(instrument.model_by_id),
}


# --- Indicators and factors ---------------------------------------------------------------------------------


def _rated_indicators(instrument: Instrument) -> Iterator[Block]:
    levels = "  ".join(f"{BOX}\N{NO-BREAK SPACE}{word[0]}" for word in LEVELS.values())
    yield Paragraph(f"{form_rated.ABBREVIATIONS} Risk: L low, M medium, H high.", small=True)
    yield Table(
        (Column("Indicators", 5.4), Column("CCE"), Column("CSE"), Column("Risk", 2.4)),
        tuple(
            Row((form_rated.label_of(each), BOX, BOX, levels), room=2 if each.describe else 1, tone="quiet")
            for each in instrument.indicators
        ),
    )


def _tiered_indicators(instrument: Instrument) -> Iterator[Block]:
    for group in instrument.groups:
        yield Heading(group.title, 3)
        yield Table(
            form_tiered.INDICATORS,
            tuple(
                Row((form_tiered.label_of(each), BOX, BOX, ""), tone="quiet")
                for each in instrument.indicators_by_group[group.id]
            ),
        )


def _rated_factors(instrument: Instrument) -> Table:
    rows = (Row((each.label, BOX, BOX, ""), tone="quiet", room=2) for each in instrument.vulnerabilities)
    return Table(form_rated.FACTORS, tuple(rows))


def _tiered_factors(instrument: Instrument) -> Table:
    rows = (Row((each.label, BOX, ""), tone="quiet", room=2) for each in instrument.vulnerabilities)
    return Table(form_tiered.FACTORS, tuple(rows))


_INDICATORS: dict[str, Callable[[Instrument], Iterator[Block]]] = {
    "rating": _rated_indicators,
    "tier": _tiered_indicators,
}
_FACTORS: dict[str, Callable[[Instrument], Table]] = {"rating": _rated_factors, "tier": _tiered_factors}


# --- Guidance -----------------------------------------------------------------------------------------------


def _examples(instrument: Instrument) -> Iterator[Block]:
    """What the toolkit says at each level, beside the indicators of which it says something (A6)."""
    with_examples = [indicator for indicator in instrument.indicators if indicator.examples]
    if not with_examples:
        return
    yield Heading("Appendix: examples of low, medium and high")
    yield Paragraph(
        f"What the toolkit says of {len(with_examples)} indicators, in plain words. It gives no examples for "
        "the others. They help judgement and do not replace it."
    )
    for indicator in with_examples:
        yield Heading(f"{indicator.number}. {indicator.label}", 3)
        yield _at_each_level(indicator)


def _at_each_level(indicator: Indicator) -> Table:
    examples = indicator.examples
    rows = tuple(Row((word, "\n".join(getattr(examples, level)))) for level, word in LEVELS.items())
    heading = f"Examples ({examples.source})" if examples else "Examples"
    return Table((Column("Level"), Column(heading, 6, prose=True)), rows)
