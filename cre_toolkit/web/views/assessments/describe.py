"""Answers as rows of label and text: to check them, to compare two versions, to read what was sent."""

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from cre_toolkit.assessments.answers import (
    Actions,
    Analysis,
    ChildFacts,
    Consultation,
    Danger,
    Indicators,
    LevelReasons,
    Part,
    Places,
    Rated,
    Sharing,
    Vulnerabilities,
)
from cre_toolkit.assessments.wording import (
    AGENCIES,
    CONSULTED,
    KNOWN,
    LEVELS,
    REASONS_FOR_ANOTHER_LEVEL,
)
from cre_toolkit.children.models import Child
from cre_toolkit.rules.instrument import Indicator, Instrument
from cre_toolkit.rules.loading import load_instrument

NOTHING = "Not answered"
# Of one version beside another: an answer may also be a text, or a whole row, that the other one has.
LACKING = "Nothing"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. `anchor` is the id of its control on the page that asks it; `text` may be blank.

    `page` names that page where it is not the section's first.
    """

    key: str
    label: str
    text: str
    anchor: str = ""
    page: str = ""

    @property
    def shown(self) -> str:
        return self.text.strip() or NOTHING


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer in two versions."""

    label: str
    theirs: str
    mine: str


def day(iso: str) -> str:
    return date_format(datetime.date.fromisoformat(iso), "j F Y") if iso else ""


def describe(section: str, part: Part, instrument: Instrument) -> list[Row]:
    """The rows of a section, in the order in which it is asked."""
    return list(_DESCRIBERS[section](part, instrument))


def differences(theirs: Sequence[Row], mine: Sequence[Row]) -> list[Difference]:
    """The answers in which two versions of a section differ."""
    before = {row.key: row for row in theirs}
    after = {row.key: row for row in mine}
    return [
        Difference(
            (after.get(key) or before[key]).label,
            (before[key].text.strip() if key in before else "") or LACKING,
            (after[key].text.strip() if key in after else "") or LACKING,
        )
        for key in dict.fromkeys([*before, *after])
        if (before[key].text if key in before else "") != (after[key].text if key in after else "")
    ]


def linked_to(rated: Rated) -> str:
    """What an indicator is linked to, in words."""
    words = [
        word
        for chosen, word in (
            (rated.cce, "criminal exploitation"),
            (rated.cse, "sexual exploitation"),
            (rated.unclear, "not clear yet"),
        )
        if chosen
    ]
    return ", ".join(words).capitalize()


def _danger(part: Danger, instrument: Instrument) -> Iterator[Row]:
    yield Row("immediate_risk", "Immediate danger", KNOWN.get(part.immediate_risk, ""), "immediate_risk")
    if part.what:
        yield Row("what", "What is happening", part.what, "what")


def _child(part: ChildFacts, instrument: Instrument) -> Iterator[Row]:
    yield Row("confirmed", "Facts looked at", "Yes" if part.confirmed else "", "questions")


def _indicators(part: Indicators, instrument: Instrument) -> Iterator[Row]:
    for indicator in instrument.indicators:
        if became := _became(part, indicator):
            yield became
        rated = part.items.get(indicator.id)
        if rated is None:
            continue
        said = [f"No change, as on {day(rated.as_on)}"] if rated.as_on else []
        said += [LEVELS.get(rated.level, "No level yet")]
        if linked := linked_to(rated):
            said.append(linked)
        head = ". ".join(said)
        yield Row(
            f"items.{indicator.id}",
            f"{indicator.number}. {indicator.label}",
            f"{head}.\n{rated.note or 'No evidence written down.'}",
            f"since-{indicator.id}" if rated.as_on else f"{indicator.id}-level",
            "indicators" if rated.as_on else "rating",
        )
    yield Row("considered", "All indicators considered", "Yes" if part.considered else "", "considered")
    yield Row("not-known-yet", "What we do not know yet", part.not_known_yet, "not_known_yet")
    if part.expand_indicators:
        yield Row(
            "expand-indicators",
            "More about the indicators",
            part.expand_indicators,
            "expand_indicators",
            "rating",
        )


def _became(part: Indicators, indicator: Indicator) -> Row | None:
    """What has become of an indicator of last time, where it has no rating of its own that would say so."""
    since = part.since_last.get(indicator.id)
    if since is None or since.answer in ("no-change", "changed"):
        return None
    gone = "\n".join(filter(None, ("No longer seen.", since.why))) if since.answer else ""
    return Row(
        f"since_last.{indicator.id}",
        f"{indicator.number}. {indicator.label}, since last time",
        gone,
        f"since-{indicator.id}",
        "indicators",
    )


def _places(part: Places, instrument: Instrument) -> Iterator[Row]:
    yield _text(instrument, "locations", part.locations, "locations")
    yield _text(instrument, "environments", part.environments, "environments")
    yield _text(instrument, "persons", part.persons, "persons")
    yield _text(instrument, "other-risk", part.other_risk, "other_risk")
    yield Row(
        "persons_or_places_of_risk",
        "A person or place poses a risk",
        KNOWN.get(part.persons_or_places_of_risk, ""),
        "persons_or_places_of_risk",
    )


def _vulnerabilities(part: Vulnerabilities, instrument: Instrument) -> Iterator[Row]:
    for factor in instrument.vulnerabilities:
        said = part.items.get(factor.id)
        if said is None:
            continue
        when = [word for chosen, word in ((said.historic, "Historic"), (said.current, "Current")) if chosen]
        text = " and ".join(when) or "Neither historic nor current ticked"
        yield Row(
            f"items.{factor.id}",
            factor.label,
            f"{text}.\n{said.note}" if said.note else f"{text}.",
            f"{factor.id}-current",
        )
    yield _text(instrument, "other-information", part.other_information, "other_information")


def _consultation(part: Consultation, instrument: Instrument) -> Iterator[Row]:
    for place, row in enumerate(part.items):
        said = [CONSULTED.get(row.status, ""), row.name if row.agency else "", row.when, row.note]
        yield Row(
            f"items.{row.agency or place}",
            AGENCIES.get(row.agency, row.name or "Somebody else"),
            "\n".join(text for text in said if text),
            "questions",
        )


def _analysis(part: Analysis, instrument: Instrument) -> Iterator[Row]:
    yield _text(instrument, "immediate-concerns", part.immediate_concerns, "immediate_concerns")
    yield _text(instrument, "action-taken", part.action_taken, "action_taken")
    yield _text(instrument, "protective-factors", part.protective_factors, "protective_factors")
    yield _text(instrument, "contextual-analysis", part.contextual_analysis, "contextual_analysis")
    kind = instrument.exploitation_type_by_id.get(part.primary_exploitation)
    yield Row("primary_exploitation", "Primary type of exploitation", kind.label if kind else "",
              "primary_exploitation")  # fmt: skip
    threshold = instrument.threshold_by_id.get(part.threshold)
    yield Row("threshold", "Threshold", threshold.label if threshold else "", "threshold")
    yield Row("level", "Your level", LEVELS.get(part.level, ""), "level")


def _level(part: LevelReasons, instrument: Instrument) -> Iterator[Row]:
    # A draft holds codes, a record their words.
    reasons = [REASONS_FOR_ANOTHER_LEVEL.get(reason, reason) for reason in part.reasons]
    if reasons:
        yield Row("reasons", "Why your level differs", "\n".join(reasons), "reasons")
    yield Row("rationale", "Your reasons in words", part.rationale, "rationale")
    if part.thorough_assessment:
        yield Row("thorough_assessment", "Thorough assessment made", "Yes", "")
    if part.look_again_on:
        yield Row("look_again_on", "Look again on", day(part.look_again_on), "look_again_on_day")
    if part.no_look_again_why:
        yield Row("no_look_again_why", "Why there is no date to look again", part.no_look_again_why,
                  "no_look_again_why")  # fmt: skip


def _actions(part: Actions, instrument: Instrument) -> Iterator[Row]:
    for place, row in enumerate(part.items):
        said = [row.action]
        if row.responsible:
            said.append(f"Responsible: {row.responsible}")
        if row.timescale:
            said.append(f"Timescale: {row.timescale}")
        yield Row(f"items.{place}", f"Action {place + 1}", "\n".join(said), f"action-{place}-action")


def _sharing(part: Sharing, instrument: Instrument) -> Iterator[Row]:
    safe = "\n".join(text for text in (KNOWN.get(part.safe_to_tell, ""), part.safe_to_tell_why) if text)
    yield Row("safe-to-tell-family", "Safe to tell the family", safe, "safe_to_tell")
    for place, row in enumerate(part.items):
        said = [row.what]
        for name, text in (("With", row.with_whom), ("How", row.how), ("When", row.when)):
            if text:
                said.append(f"{name}: {text}")
        yield Row(f"items.{place}", f"Shared {place + 1}", "\n".join(said), f"shared-{place}-what")
    yield Row("not_shared", "Decided not to share, and why", part.not_shared, "not_shared")
    yield Row(
        "child_knows", "The child knows of the referral", KNOWN.get(part.child_knows, ""), "child_knows"
    )
    yield Row("family_knows", "The family knows of the referral", KNOWN.get(part.family_knows, ""),
              "family_knows")  # fmt: skip
    yield _text(instrument, "family-aware", part.family_aware, "family_aware")
    yield _text(instrument, "barriers", part.barriers, "barriers")
    yield _text(instrument, "practitioner-risks", part.practitioner_risks, "practitioner_risks")


def _text(instrument: Instrument, field_id: str, text: str, anchor: str) -> Row:
    return Row(field_id, instrument.field_by_id[field_id].label, text, anchor)


_DESCRIBERS: dict[str, Callable[..., Iterator[Row]]] = {
    "danger": _danger,
    "child": _child,
    "indicators": _indicators,
    "places": _places,
    "vulnerabilities": _vulnerabilities,
    "consultation": _consultation,
    "analysis": _analysis,
    "level": _level,
    "actions": _actions,
    "sharing": _sharing,
}


def earlier_in_words(*, instrument: str, level: str, completed_at: str) -> str:
    """An earlier assessment with its form: the levels of two forms are not one and the same.

    Args:
        instrument: the id of its edition.
        level: what was recorded on it; blank where nothing was.
        completed_at: the instant of its completion, in ISO 8601.
    """
    form = load_instrument(instrument).short_title
    on = timezone.localtime(datetime.datetime.fromisoformat(completed_at))
    return f"{form}, {date_format(on, 'j F Y')}: {LEVELS.get(level, 'no level')}"


def header(content: Mapping[str, Any]) -> list[Row]:
    """The form's header as it stood when the assessment was sent."""
    child = content["child"]
    age = "" if child["age"] is None else f"{child['age']} years"
    earlier = child["earlier_assessment"]
    rows = [
        Row("name", "Name", child["name"]),
        Row("known_as", "Also known as", child["known_as"]),
        Row(
            "age", "Date of birth and age", ", ".join(filter(None, (day(child["date_of_birth"] or ""), age)))
        ),
        Row("address", "Address", _joined(child["address"], child["postcode"])),
        Row("authority", "Responsible authority", content["authority_name"]),
        Row(
            "worker",
            "Allocated worker",
            ", ".join(filter(None, (child["worker_name"], child["worker_contact"]))),
        ),
        Row("school", "School or college", child["school"]),
        Row("earlier", "Earlier assessment", earlier_in_words(**earlier) if earlier else "None"),
        Row("send", "SEND", KNOWN.get(child["send"], "")),
        Row("disabilities", "Disabilities", child["disabilities"]),
        Row("open_to_social_care", "Open to social care", KNOWN.get(child["open_to_social_care"], "")),
        Row("plan", "Plan", dict(Child.Plan.choices).get(child["plan"], "")),
        Row("looked_after", "Looked after", KNOWN.get(child["looked_after"], "")),
    ]
    needed = {"send", "open_to_social_care", "plan", "looked_after", "worker"}
    return [row for row in rows if row.text or row.key in needed]


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
