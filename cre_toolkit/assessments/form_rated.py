"""The tables of a form whose indicators are each given a level (CRE 2020, sections 1 and 2)."""

from collections.abc import Iterator, Mapping
from typing import Any

from cre_toolkit.assessments.form_answers import NOT_ANSWERED, FormAnswers, level_in_words
from cre_toolkit.assessments.form_tables import NOT_IDENTIFIED, NOTHING, below_the_table, in_cell
from cre_toolkit.assessments.wording import BECAME
from cre_toolkit.documents.dates import in_words
from cre_toolkit.documents.model import Block, Column, Heading, Paragraph, Row, Table
from cre_toolkit.rules.instrument import Indicator

INDICATORS = (Column("Indicators", 5.4), Column("CCE", 1.5), Column("CSE", 1.5), Column("Risk", 1.6))
FACTORS = (
    Column("Factors", 3.6),
    Column("Historic", 1.4),
    Column("Current", 1.4),
    Column("Commentary", 4.2, prose=True),
)
ABBREVIATIONS = "CCE: child criminally exploited. CSE: child sexually exploited."


def label_of(indicator: Indicator) -> str:
    """An indicator as the form prints it: its number, its words, and what the form adds below them."""
    label = f"{indicator.number}. {indicator.label}"
    if indicator.considerations:
        label += "\nConsideration to be given to: " + "; ".join(indicator.considerations)
    return label


def indicators(form: FormAnswers) -> Iterator[Block]:
    """The table of section 1: every indicator in the toolkit's order, ticked or not."""
    every, items = form.instrument.indicators, form.items("indicators")
    number = sum(not indicator.describe for indicator in every)
    considered = "" if form.transcribed else _considered(form, number)
    yield Paragraph(f"{ABBREVIATIONS} The indicators are in the toolkit’s own words.{considered}", small=True)
    yield Table(INDICATORS, tuple(_indicator_row(indicator, items.get(indicator.id)) for indicator in every))


def _considered(form: FormAnswers, number: int) -> str:
    says = "says" if form.section("indicators").get("considered") else "does not say"
    return f" The practitioner {says} that all {number} were considered."


def _indicator_row(indicator: Indicator, rated: Mapping[str, Any] | None) -> Row:
    label = label_of(indicator)
    if rated is None:
        return Row((label, NOTHING, NOTHING, NOT_IDENTIFIED), tone="quiet")
    return Row((label, *_linked(rated), level_in_words(rated.get("level"))), tone="strong")


def _linked(rated: Mapping[str, Any]) -> tuple[str, str]:
    """Whether an indicator is linked to criminal and to sexual exploitation, in words."""
    otherwise = "Not clear yet" if rated.get("unclear") else NOT_ANSWERED
    if rated.get("cce") or rated.get("cse"):
        otherwise = "Not clear yet" if rated.get("unclear") else "No"
    return "Yes" if rated.get("cce") else otherwise, "Yes" if rated.get("cse") else otherwise


def evidence(form: FormAnswers) -> Iterator[Block]:
    """What was seen or heard of each indicator identified, and what has become of those of last time."""
    items = form.items("indicators")
    identified = [indicator for indicator in form.instrument.indicators if indicator.id in items]
    if not identified:
        yield Paragraph("No indicator was identified.")
    for indicator in identified:
        rated = items[indicator.id]
        yield Heading(f"{indicator.number}. {indicator.label}: {level_in_words(rated.get('level'))}", 4)
        if indicator.wording_note:
            yield Paragraph(indicator.wording_note, small=True)
        if rated.get("as_on"):
            yield Paragraph(f"No change: as on {in_words(rated['as_on'])}.", small=True)
        yield Paragraph(rated.get("note") or "No evidence was written down.")
    yield from _since_last(form)


def _since_last(form: FormAnswers) -> Iterator[Block]:
    since: Mapping[str, Any] = form.section("indicators").get("since_last") or {}
    if not since:
        return
    yield Heading("Since last time", 4)
    yield Table(
        (Column("Indicators", 5), Column("Since last time", 2), Column("Why", 4, prose=True)),
        tuple(
            Row(
                (
                    label_of(indicator),
                    BECAME.get(said.get("answer"), NOT_ANSWERED),
                    said.get("why") or NOTHING,
                )
            )
            for indicator in form.instrument.indicators
            if (said := since.get(indicator.id)) is not None
        ),
    )


def factors(form: FormAnswers) -> Iterator[Block]:
    """The table of section 2: every factor in the toolkit's order, ticked or not; then long commentaries."""
    every, items = form.instrument.vulnerabilities, form.items("vulnerabilities")
    yield Table(FACTORS, tuple(_factor_row(factor.label, items.get(factor.id)) for factor in every))
    notes = ((factor.label, (items.get(factor.id) or {}).get("note") or "") for factor in every)
    yield from below_the_table("Commentary", notes)


def _factor_row(label: str, factor: Mapping[str, Any] | None) -> Row:
    if factor is None:
        return Row((label, NOTHING, NOTHING, NOT_IDENTIFIED), tone="quiet")
    historic, current = ("Yes" if factor.get(key) else "No" for key in ("historic", "current"))
    return Row((label, historic, current, in_cell(factor.get("note") or "No commentary")), tone="strong")
