"""The tables of a form that lists indicators in tiers, each marked as risk and as evidenced (CSE 2017)."""

from collections.abc import Iterator, Mapping
from typing import Any

from cre_toolkit.assessments.form_answers import FormAnswers
from cre_toolkit.assessments.form_tables import NOT_IDENTIFIED, NOTHING, below_the_table, in_cell
from cre_toolkit.documents.model import Block, Column, Heading, Paragraph, Row, Table
from cre_toolkit.rules.instrument import Indicator

INDICATORS = (
    Column("Indicators", 5),
    Column("Risk (R)", 1.3),
    Column("Evidenced (E)", 1.7),
    Column("Note", 3.6, prose=True),
)
FACTORS = (
    Column("Underlying Vulnerability Factors", 3.6),
    Column("Present", 1.4),
    Column("Comments", 5, prose=True),
)


def label_of(indicator: Indicator) -> str:
    """An indicator as it is printed: its number within its tier, and its words."""
    return f"{indicator.number}. {indicator.label}"


def indicators(form: FormAnswers) -> Iterator[Block]:
    """The tables of section 1, one for each tier: every indicator in the form's order, marked or not."""
    items: Mapping[str, Any] = form.items("marks")
    for group in form.instrument.groups:
        members = form.instrument.indicators_by_group[group.id]
        yield Heading(group.title, 3)
        yield Table(
            INDICATORS, tuple(_indicator_row(indicator, items.get(indicator.id)) for indicator in members)
        )
        notes = ((label_of(each), (items.get(each.id) or {}).get("note") or "") for each in members)
        yield from below_the_table("Note", notes)
        for indicator in members:
            if indicator.wording_note and _identified(items.get(indicator.id)):
                yield Paragraph(f"{label_of(indicator)}: {indicator.wording_note}", small=True)


def _identified(marked: Mapping[str, Any] | None) -> bool:
    return bool(marked and (marked.get("risk") or marked.get("evidenced")))


def _indicator_row(indicator: Indicator, marked: Mapping[str, Any] | None) -> Row:
    label = label_of(indicator)
    note = in_cell((marked or {}).get("note") or "")
    if not marked or not _identified(marked):
        return Row((label, NOTHING, NOTHING, note or NOT_IDENTIFIED), tone="quiet")
    risk, evidenced = ("Yes" if marked.get(key) else "No" for key in ("risk", "evidenced"))
    return Row((label, risk, evidenced, note or "No note"), tone="strong")


def factors(form: FormAnswers) -> Iterator[Block]:
    """The table of section 2: every factor in the form's order, present or not; then long comments."""
    every, items = form.instrument.vulnerabilities, form.items("factors")
    yield Table(FACTORS, tuple(_factor_row(factor.label, items.get(factor.id)) for factor in every))
    notes = ((factor.label, (items.get(factor.id) or {}).get("note") or "") for factor in every)
    yield from below_the_table("Comments", notes)


def _factor_row(label: str, factor: Mapping[str, Any] | None) -> Row:
    note = in_cell((factor or {}).get("note") or "")
    if not (factor or {}).get("present"):
        return Row((label, NOTHING, note or NOT_IDENTIFIED), tone="quiet")
    return Row((label, "Yes", note or "No comments"), tone="strong")
