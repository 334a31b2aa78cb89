"""What a printed assessment says of its outcome: the level and why, and what must happen by when.

It prints what was computed when the assessment was sent; nothing is computed again.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from cre_toolkit.assessments.form_answers import NOT_RECORDED, FormAnswers, level_in_words
from cre_toolkit.documents.dates import in_words
from cre_toolkit.documents.model import Block, BulletList, Column, Heading, KeyValues, Paragraph, Row, Table

_RANKS = {"low": 1, "medium": 2, "high": 3}
_EVERY = {"W": "week", "M": "month"}


def level_and_why(form: FormAnswers) -> Iterator[Block]:
    """The practitioner's level, what the indicators point to with its reasons, and why the two differ."""
    outcome = form.outcome
    recorded, indicated = outcome.get("recorded_level"), outcome.get("indicated_level")
    minimum = outcome.get("minimum_level")
    rows = [
        ("Level recorded by the practitioner", level_in_words(recorded)),
        ("Level that the indicators point to", level_in_words(indicated) if indicated else "None"),
    ]
    if minimum:
        rows.append(("Lowest level for this child", level_in_words(minimum)))
    yield Heading("The level, and why")
    yield KeyValues(tuple(rows))
    yield Paragraph(_counted(outcome.get("counts") or {}))
    if reasons := outcome.get("reasons"):
        yield Heading("What the indicators point to, and why", 3)
        yield BulletList(tuple(_in_groups(form, reasons)))
    if recorded and indicated and recorded != indicated:
        way = "above" if _RANKS[recorded] > _RANKS[indicated] else "below"
        yield Heading(f"Why the recorded level is {way} the one that the indicators point to", 3)
        yield from _own_reasons(form)
    elif form.section("level").get("reasons") or form.section("level").get("rationale"):
        yield Heading("The practitioner’s own reasons", 3)
        yield from _own_reasons(form)
    yield from _look_again(form, recorded)
    if warnings := outcome.get("warnings"):
        yield Heading(f"Pointed out when it was {'transcribed' if form.transcribed else 'completed'}", 3)
        yield BulletList(tuple(warning["text"] for warning in warnings))


def what_must_happen(form: FormAnswers) -> Iterator[Block]:
    """The actions and reviews that the outcome brought, with their dates."""
    outcome = form.outcome
    actions, reviews = outcome.get("actions") or [], outcome.get("reviews") or []
    yield Heading("What must happen, and by when")
    if not actions and not reviews:
        yield Paragraph("Nothing follows from this assessment by itself.")
    if actions:
        yield Table(
            columns=(Column("What", 5), Column("To", 3), Column("By when", 2.2)),
            rows=tuple(
                Row((action["text"], action["to"], _due(action["due"], form.record.get("completed_at"))))
                for action in actions
            ),
            row_headers=False,
        )
    if reviews:
        yield Heading("Reviews at this level", 3)
        yield Table(
            columns=(Column("Reviewed by", 4), Column("First by", 2), Column("Then", 2)),
            rows=tuple(
                Row((review["by"], in_words(review["due"]), _interval(review["every"]))) for review in reviews
            ),
        )


def _counted(counts: Mapping[str, int]) -> str:
    said = f"Indicators identified: {counts.get('identified', 0)}. "
    if "cce" in counts:
        said += (
            f"Rated high: {counts['high']}, medium: {counts['medium']}, low: {counts['low']}. Linked to "
            f"criminal exploitation: {counts['cce']}, to sexual exploitation: {counts['cse']}. "
        )
    elif "risk" in counts:
        said += (
            f"Of the high list: {counts['high']}, of the medium list: {counts['medium']}, of the lower list: "
            f"{counts['low']}. Marked as risk: {counts['risk']}, as evidenced: {counts['evidenced']}. "
        )
    return said + "The numbers are no score: the level rests on judgement."


def _in_groups(form: FormAnswers, reasons: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The reasons with their source; one rule that holds for many indicators is explained once."""
    for _, group in groupby(reasons, lambda reason: (reason["rule"], reason["source"])):
        first, *others = group
        text = f"{first['text']} {first['source']}."
        labels = [_label(form, other["indicator"]) for other in others if "indicator" in other]
        yield f"{text} The same holds for: {'; '.join(labels)}." if labels else text


def _label(form: FormAnswers, indicator_id: str) -> str:
    indicator = form.instrument.indicator_by_id.get(indicator_id)
    return indicator.label.rstrip(".") if indicator else indicator_id


def _own_reasons(form: FormAnswers) -> Iterator[Block]:
    said = form.section("level")
    if said.get("reasons"):
        yield BulletList(tuple(said["reasons"]))
    yield Paragraph(said.get("rationale") or "No reason was given in words.")
    if said.get("thorough_assessment"):
        yield Paragraph("The practitioner says that the protective factors were assessed thoroughly.")


def _look_again(form: FormAnswers, recorded: str | None) -> Iterator[Block]:
    said = form.section("level")
    if said.get("look_again_on"):
        yield Heading("When to look again", 3)
        yield Paragraph(in_words(said["look_again_on"]))
    elif recorded == "low":
        yield Heading("When to look again", 3)
        yield Paragraph(said.get("no_look_again_why") or NOT_RECORDED)


def _due(due: str | None, completed_at: str | None) -> str:
    """The date in words; of what is due at the moment of completion, that it was due at once."""
    if due is None:
        return "No set time: arrange it as soon as you can"
    return "At once" if due == completed_at else in_words(due)


def _interval(every: str) -> str:
    """`P4W` is every 4 weeks, `P1M` every month."""
    number, unit = int(every[1:-1]), _EVERY[every[-1]]
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"
