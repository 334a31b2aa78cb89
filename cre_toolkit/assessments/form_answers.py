"""What stands in a sent record, in the words in which the form prints it.

Not known, not answered and no are three different things, and each is said in words. A key that a record does
not have (an older shape, an edition that did not ask) reads as not answered or not recorded, never as no.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cre_toolkit.assessments.wording import KNOWN, LEVELS
from cre_toolkit.documents.dates import day_in_words, in_words, moment_in_words
from cre_toolkit.rules.instrument import Choice, Field, Instrument
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.rules.packerrors import UnknownPackError

NOT_ANSWERED = "Not answered"
NOT_RECORDED = "Not recorded"


def level_in_words(level: str | None) -> str:
    """`Medium`; of none, that none was recorded."""
    return LEVELS.get(level or "", NOT_RECORDED)


def known_in_words(value: str | bool | None) -> str:
    """Yes, no, not known, or not answered. A record of the rules says true, false and null instead."""
    if value is None:
        return KNOWN["not-known"]
    if isinstance(value, bool):
        return KNOWN["yes" if value else "no"]
    return KNOWN.get(value, NOT_ANSWERED)


def lines(*parts: str | None) -> str:
    """What there is of several texts, a line each."""
    return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class FormAnswers:
    """The answers of one record to the questions of one edition.

    Args:
        record: the content of a sent assessment (`assessments/record.py`).
        instrument: the edition that asked.
    """

    record: Mapping[str, Any]
    instrument: Instrument

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the answers; empty where the record has none."""
        section: Mapping[str, Any] = self.record.get("answers", {}).get(name) or {}
        return section

    def items(self, name: str) -> Any:
        """The rows of a section: indicators and factors by id, actions and the like as a list."""
        return self.section(name).get("items") or {}

    @property
    def child(self) -> Mapping[str, Any]:
        """The form's header as it stood."""
        child: Mapping[str, Any] = self.record.get("child") or {}
        return child

    @property
    def transcribed(self) -> bool:
        """Whether it was entered afterwards from a form on paper."""
        return bool(self.record.get("transcribed"))

    @property
    def author(self) -> Mapping[str, Any]:
        """The practitioner who completed it; of a paper form, whoever completed the paper."""
        author: Mapping[str, Any] = self.record.get("author") or {}
        if not self.transcribed:
            return author
        paper: Mapping[str, Any] = self.record.get("paper") or {}
        return {"name": paper.get("author"), "agency": paper.get("agency"), "role": paper.get("role")}

    @property
    def author_line(self) -> str:
        """Name and agency of whoever completed it."""
        return _joined(self.author.get("name"), self.author.get("agency")) or NOT_RECORDED.lower()

    @property
    def completed(self) -> str:
        """When it was completed, in words: of a paper form without a time, the day alone."""
        at = datetime.datetime.fromisoformat(self.record["completed_at"])
        if self.transcribed and not (self.record.get("paper") or {}).get("completed_time"):
            return day_in_words(at)
        return moment_in_words(at)

    @property
    def outcome(self) -> Mapping[str, Any]:
        """What the rules made of it when it was recorded; nothing is worked out again."""
        outcome: Mapping[str, Any] = self.record.get("outcome") or {}
        return outcome

    def to(self, field: Field) -> str:
        """The answer to a question of the form, in words.

        The record's header and the rules' keys have their own words; any other answer is what was written,
        which stands in its section under the field's id.
        """
        in_record = _IN_RECORD.get(field.id) or _BY_KEY.get(field.answered_by)
        if in_record is not None:
            return in_record(self) or NOT_RECORDED
        written = self.written(field.id)
        return (in_words(written) if field.kind == "date" else written) or NOT_ANSWERED

    def written(self, field_id: str) -> str:
        """What was written under a field's id, in whichever section; blank if nothing was."""
        sections = [*(self.record.get("answers") or {}).values(), self.section("summary").get("texts") or {}]
        return next((said.strip() for part in sections if isinstance(said := part.get(field_id), str)), "")

    def chosen(self, choices: Mapping[str, Choice], key: str) -> str:
        """The labels of what was chosen from a list of the edition, a line each."""
        said = (self.section("analysis") or self.section("summary")).get(key) or ()
        chosen = (said,) if isinstance(said, str) else said
        labels = (choices[each].label if each in choices else each for each in chosen)
        return "\n".join(labels) or NOT_ANSWERED


def _joined(*parts: str | None) -> str:
    return ", ".join(filter(None, parts))


def _name(form: FormAnswers) -> str:
    # A paragraph each: a name in Arabic runs from right to left, and what stands beside it would run along.
    name, known_as = form.child.get("name"), form.child.get("known_as")
    return "\n\n".join(filter(None, (name, f"Known as {known_as}" if known_as else None)))


def _age(form: FormAnswers) -> str:
    born, age = form.child.get("date_of_birth"), form.child.get("age")
    years = "" if age is None else f"{'About ' if form.child.get('age_estimated') else ''}{age} years old"
    if not born:
        return f"{years}; date of birth not known" if years else "Not known"
    return f"{in_words(born)}, {years}" if years else in_words(born)


def _address(form: FormAnswers) -> str:
    return lines(form.child.get("address"), form.child.get("postcode"))


def _earlier(form: FormAnswers) -> str:
    earlier = form.child.get("earlier_assessment")
    if not earlier:
        return "None is on this child’s record"
    try:
        form_name = load_instrument(earlier["instrument"]).short_title
    except UnknownPackError:
        form_name = earlier["instrument"]
    level = level_in_words(earlier.get("level")).lower()
    day = day_in_words(datetime.datetime.fromisoformat(earlier["completed_at"]))
    return f"Yes: {form_name}, {day}, {level}"


def _disabilities(form: FormAnswers) -> str:
    return lines(known_in_words(form.child.get("send", "")), form.child.get("disabilities"))


def _agency(form: FormAnswers) -> str:
    return lines(form.author.get("agency"), form.author.get("contact"))


def _practitioner(form: FormAnswers) -> str:
    """Name and role; with the agency, where the form has no other place for it."""
    agency = None if "agency" in form.instrument.field_by_id else form.author.get("agency")
    return _joined(form.author.get("name"), agency, form.author.get("role"))


def _counted(what: str) -> Callable[[FormAnswers], str]:
    return lambda form: str((form.outcome.get("counts") or {}).get(what, ""))


def _family_aware(form: FormAnswers) -> str:
    sharing = form.section("sharing")
    said = (
        f"The child: {known_in_words(sharing.get('child_knows', '')).lower()}.",
        f"The family: {known_in_words(sharing.get('family_knows', '')).lower()}.",
    )
    return lines(" ".join(said), sharing.get("family-aware"))


def _safe_to_tell(form: FormAnswers) -> str:
    sharing = form.section("sharing")
    answer = known_in_words(sharing.get("safe-to-tell-family", ""))
    return lines(answer, sharing.get("safe_to_tell_why"))


def _referred(agency: str) -> Callable[[FormAnswers], str]:
    return lambda form: in_words((form.record.get("referred") or {}).get(agency) or "")


# The questions that the record around the assessment answers, by the field's id ...
_IN_RECORD: dict[str, Callable[[FormAnswers], str]] = {
    "name": _name,
    "address": _address,
    "responsible-authority": lambda form: form.record.get("authority_name", ""),
    "allocated-worker": lambda form: form.child.get("worker_name", ""),
    "worker-contact": lambda form: form.child.get("worker_contact", ""),
    "earlier-assessment": _earlier,
    "safe-to-tell-family": _safe_to_tell,
    "family-aware": _family_aware,
    "date-referred-social-care": _referred("social_care"),
    "date-referred-police": _referred("police"),
    "practitioner": _practitioner,
    "agency": _agency,
    "risk-count": _counted("risk"),
    "evidenced-count": _counted("evidenced"),
}
# ... and those that a key of the case file answers, which the form may ask twice.
_BY_KEY: dict[str, Callable[[FormAnswers], str]] = {
    "child.date_of_birth": _age,
    "child.send": _disabilities,
    "completed_at": lambda form: form.completed,
    "analysis.level": lambda form: level_in_words(form.outcome.get("recorded_level")),
    "analysis.threshold": lambda form: form.chosen(form.instrument.threshold_by_id, "threshold"),
    "analysis.primary_exploitation": lambda form: form.chosen(
        form.instrument.exploitation_type_by_id, "primary_exploitation"
    ),
    "analysis.models": lambda form: form.chosen(form.instrument.model_by_id, "models"),
}
