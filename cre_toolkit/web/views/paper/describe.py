"""A paper form's answers as rows of label and text: to check them, to compare them, to read the record."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from cre_toolkit.assessments.answers import Indicators, Part
from cre_toolkit.assessments.paper_answers import Factors, Marks, Paper, Summary
from cre_toolkit.assessments.wording import KNOWN, LEVELS
from cre_toolkit.rules.instrument import Field, Instrument
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.web.views.assessments import describe as live
from cre_toolkit.web.views.assessments.describe import Row, day

# What the service asks beside the form: on paper nobody was asked.
_NOT_ON_PAPER = {
    "safe-to-tell-family",
    "not_shared",
    "child_knows",
    "family_knows",
}


def describe(section: str, part: Part, instrument: Instrument) -> list[Row]:
    """The rows of a section of a paper form, in the form's order.

    Args:
        section: one of `Section`.
        part: what was entered.
        instrument: the form's edition.
    """
    own = _DESCRIBERS.get(section)
    if own:
        return list(own(part, instrument))
    level = {field.answered_by: field.label for field in instrument.fields}.get("analysis.level", "Level")
    return [
        replace(row, label=level) if row.key == "level" else row
        for row in live.describe(section, part, instrument)
        if row.key not in _NOT_ON_PAPER
    ]


def _paper(part: Paper, instrument: Instrument) -> Iterator[Row]:
    """Who and when; of the header, what this form asks."""
    labels = {field.id: field.label for field in instrument.fields}
    named = ", ".join(filter(None, (part.author, part.role, part.agency)))
    yield Row(
        "completed_on",
        labels.get("date-completed", "Date completed"),
        ", ".join(filter(None, (day(part.completed_on), part.completed_time))),
        "completed_on_day",
    )
    yield Row("author", "Completed by", named, "author")
    said = {
        "address": part.address,
        "responsible-authority": _authority(part.authority),
        "allocated-worker": part.worker_name,
        "worker-contact": part.worker_contact,
        "disabilities": "\n".join(filter(None, (KNOWN.get(part.send, ""), part.disabilities))),
        "date-referred-social-care": day(part.social_care_on),
        "date-referred-police": day(part.police_on),
    }
    anchors = {
        "responsible-authority": "authority",
        "allocated-worker": "worker_name",
        "worker-contact": "worker_contact",
        "disabilities": "send",
        "date-referred-social-care": "social_care_on_day",
        "date-referred-police": "police_on_day",
    }
    for id_, text in said.items():
        if id_ in labels:
            yield Row(id_, labels[id_], text, anchors.get(id_, id_))


def _authority(id_: str) -> str:
    return load_authority(id_).packs[-1].name if id_ else ""


def _marks(part: Marks, instrument: Instrument) -> Iterator[Row]:
    for group in instrument.groups:
        for indicator in instrument.indicators_by_group[group.id]:
            mark = part.items.get(indicator.id)
            if mark is None:
                continue
            words = [word for ticked, word in ((mark.risk, "risk"), (mark.evidenced, "evidenced")) if ticked]
            head = f"{group.title}: {' and '.join(words) or 'neither risk nor evidenced'}."
            yield Row(
                f"items.{indicator.id}",
                f"{indicator.number}. {indicator.label}",
                f"{head}\n{mark.note}" if mark.note else head,
                f"{indicator.id}-risk",
            )


def _ratings(part: Indicators, instrument: Instrument) -> Iterator[Row]:
    for indicator in instrument.indicators:
        rated = part.items.get(indicator.id)
        if rated is None:
            continue
        head = ". ".join(filter(None, (LEVELS.get(rated.level, "Not rated"), live.linked_to(rated))))
        yield Row(
            f"items.{indicator.id}",
            f"{indicator.number}. {indicator.label}",
            f"{head}.\n{rated.note}" if rated.note else f"{head}.",
            f"{indicator.id}-cce",
        )
    if field := instrument.field_by_id.get("expand-indicators"):
        yield Row(field.id, field.label, part.expand_indicators, "expand_indicators")


def _factors(part: Factors, instrument: Instrument) -> Iterator[Row]:
    for factor in instrument.vulnerabilities:
        said = part.items.get(factor.id)
        if said is None:
            continue
        there = "Yes" if said.present else "Not ticked"
        yield Row(
            f"items.{factor.id}",
            factor.label,
            f"{there}.\n{said.note}" if said.note else f"{there}.",
            f"{factor.id}-present",
        )


def _summary(part: Summary, instrument: Instrument) -> Iterator[Row]:
    for field in instrument.fields:
        if field.answered_by == "analysis.level":
            yield Row("level", field.label, LEVELS.get(part.level, ""), "level")
        elif field.answered_by == "analysis.models":
            chosen = [instrument.model_by_id[id_].label for id_ in part.models]
            yield Row("models", field.label, "\n".join(chosen), "models")
        elif field.answered_by in ("narrative", "analysis.protective_factors"):
            yield _text(field, part.texts.get(field.id, ""))
    if part.threshold:
        yield Row("threshold", "Threshold", instrument.threshold_by_id[part.threshold].label, "threshold")


def _text(field: Field, text: str) -> Row:
    anchor = field.id.replace("-", "_")
    if field.kind == "date":
        return Row(field.id, field.label, day(text), f"{anchor}_day")
    return Row(field.id, field.label, text, anchor)


_DESCRIBERS: dict[str, Callable[[Any, Instrument], Iterator[Row]]] = {
    "paper": _paper,
    "indicators": _ratings,
    "marks": _marks,
    "factors": _factors,
    "summary": _summary,
}
