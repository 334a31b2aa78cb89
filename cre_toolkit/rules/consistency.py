"""What can be wrong with a pack though every value has its right type.

Repeated ids, references to nothing, packs that overlap, rows that can never hold, a danger that nobody would
be told of. Shape is checked by the models; this is the rest, and it is as much a part of loading.
"""

from collections.abc import Iterable, Iterator
from typing import get_args

from cre_toolkit.rules.authority import (
    Action,
    ActionId,
    AuthorityPack,
    AuthoritySeries,
    CaseActionId,
    Contact,
)
from cre_toolkit.rules.instrument import ANSWERED_BY, Instrument
from cre_toolkit.rules.packmodel import Level, Problem

_ORDER = {id_: place for place, id_ in enumerate(get_args(ActionId))}
_ALWAYS_CALLED = ("telephone-social-care", "telephone-police")


def inconsistencies(pack: Instrument | AuthorityPack | AuthoritySeries) -> Iterator[Problem]:
    """What is wrong with an instrument, an authority's pack or a series: the key's path, and the reason.

    Args:
        pack: as its model read it.
    """
    if isinstance(pack, Instrument):
        yield from _of_instrument(pack)
    elif isinstance(pack, AuthorityPack):
        yield from _of_authority(pack)
    else:
        yield from _of_series(pack)


def _of_instrument(instrument: Instrument) -> Iterator[Problem]:
    yield from _repeated("sections", (section.id for section in instrument.sections))
    yield from _repeated("groups", (group.id for group in instrument.groups))
    yield from _repeated("indicators", (indicator.id for indicator in instrument.indicators))
    yield from _repeated("vulnerabilities", (factor.id for factor in instrument.vulnerabilities))
    yield from _repeated("exploitation_types", (choice.id for choice in instrument.exploitation_types))
    yield from _repeated("models", (choice.id for choice in instrument.models))
    yield from _repeated("thresholds", (choice.id for choice in instrument.thresholds))
    yield from _repeated("fields", (field.id for field in instrument.fields))
    yield from _odd_ages_and_dates(instrument)
    yield from _odd_indicators(instrument)
    yield from _misnumbered("vulnerabilities", ((v.id, v.number) for v in instrument.vulnerabilities))
    yield from _odd_fields(instrument)
    if instrument.levels_from == "rating":
        yield from _missing_from_a_rated_form(instrument)


def _odd_ages_and_dates(instrument: Instrument) -> Iterator[Problem]:
    scope, floor = instrument.scope, instrument.floor
    if scope.send_until_age <= scope.adult_age:
        yield "scope.send_until_age", "must be above adult_age"
    if floor.under_age >= scope.adult_age:
        yield "floor.under_age", "must be below scope.adult_age"
    if instrument.replaces == instrument.id:
        yield "replaces", "names the form itself"
    if (instrument.replaced_on is None) != (instrument.replaced_by is None):
        yield "replaced_by", "stands together with replaced_on, or neither does"
    if instrument.replaced_on is not None and instrument.replaced_on <= instrument.published:
        yield "replaced_on", "must be after published"


def _odd_indicators(instrument: Instrument) -> Iterator[Problem]:
    if not instrument.indicators:
        yield "indicators", "is empty"
    groups = {group.id for group in instrument.groups}
    for indicator in instrument.indicators:
        if indicator.group not in groups:
            yield f"indicators.{indicator.id}.group", f"there is no group {indicator.group!r}"
        if instrument.levels_from == "tier" and indicator.tier is None:
            yield f"indicators.{indicator.id}.tier", "is missing: here the level comes from the tier"
        if instrument.levels_from == "rating" and indicator.tier is not None:
            yield f"indicators.{indicator.id}.tier", "has no place where each indicator is rated"
    for empty in sorted(groups - {indicator.group for indicator in instrument.indicators}):
        yield f"groups.{empty}", "no indicator is in this group"
    for tier in dict.fromkeys(indicator.tier for indicator in instrument.indicators):
        yield from _misnumbered(
            "indicators", ((i.id, i.number) for i in instrument.indicators if i.tier == tier)
        )


def _odd_fields(instrument: Instrument) -> Iterator[Problem]:
    sections = {section.id for section in instrument.sections}
    for field in instrument.fields:
        if field.section not in sections:
            yield f"fields.{field.id}.section", f"there is no section {field.section!r}"
        if field.answered_by not in ANSWERED_BY:
            yield f"fields.{field.id}.answered_by", f"must be one of {', '.join(ANSWERED_BY)}"
        if (field.kind == "table") != bool(field.columns):
            yield f"fields.{field.id}.columns", "a table, and nothing else, has columns"


ASKED_OF_A_RATED_FORM = (
    "not-known-yet",
    "expand-indicators",
    "locations",
    "environments",
    "persons",
    "other-risk",
    "other-information",
    "immediate-concerns",
    "action-taken",
    "protective-factors",
    "contextual-analysis",
    "primary-exploitation",
    "threshold",
    "level",
    "safe-to-tell-family",
    "family-aware",
    "barriers",
    "practitioner-risks",
)
"""The fields whose words the pages of an assessment show."""


def _missing_from_a_rated_form(instrument: Instrument) -> Iterator[Problem]:
    """Without which nobody could complete the form: the rules ask for it, or a page shows its words."""
    if "unclear" not in instrument.exploitation_type_by_id:
        yield "exploitation_types", "needs the type 'unclear', for what is not clear yet"
    if not instrument.exploitation_type_by_id.keys() - {"unclear"}:
        yield "exploitation_types", "needs at least one type: medium and high ask for the primary one"
    if not instrument.thresholds:
        yield "thresholds", "is empty: the analysis asks for one of them"
    for id_ in ASKED_OF_A_RATED_FORM:
        if id_ not in instrument.field_by_id:
            yield f"fields.{id_}", "is missing: a page of the assessment asks it"


def _of_authority(pack: AuthorityPack) -> Iterator[Problem]:
    if pack.until is not None and pack.until <= pack.from_:
        yield "until", "must be after from"
    if not pack.level_set_by:
        yield "level_set_by", "is empty"
    for meeting in pack.may_not_lower_from_high:
        if meeting not in pack.level_set_by:
            yield "may_not_lower_from_high", f"{meeting!r} is not in level_set_by"
    for key, number in pack.case.model_dump(include=_NUMBERS).items():
        if number < 1:
            yield f"case.{key}", "must be above zero"
    for id_ in get_args(CaseActionId):
        if id_ not in pack.case_actions:
            yield f"case_actions.{id_}", "is missing"
    yield from _odd_actions(pack)
    yield from _odd_reviews(pack)
    yield from _odd_meetings(pack)
    yield from _repeated("contacts", (contact.id for contact in pack.contacts))
    for contact in pack.contacts:
        yield from _odd_contact(contact)


_NUMBERS = {
    "missing_strategy_hours",
    "return_interview_hours",
    "missing_plan_episodes",
    "missing_plan_days",
    "undated_overdue_days",
    "overdue_to_manager_days",
}


def _odd_actions(pack: AuthorityPack) -> Iterator[Problem]:
    last = pack.actions[0].id if pack.actions else None
    for number, action in enumerate(pack.actions, start=1):
        if last is not None and _ORDER[action.id] < _ORDER[last]:
            yield f"actions.#{number}.id", f"{action.id!r} stands after {last!r}: keep the contract's order"
        last = action.id
        if any(_covers(earlier, action) for earlier in pack.actions[: number - 1]):
            yield (
                f"actions.#{number}",
                f"never holds: an earlier row of {action.id!r} holds wherever it would",
            )
    for id_ in _ALWAYS_CALLED:
        for out_of_scope in (False, True):
            if not any(_is_called_in_danger(action, id_, out_of_scope) for action in pack.actions):
                who = "out of scope" if out_of_scope else "in scope"
                yield "actions", f"nobody would be called in danger: {id_!r} needs a row for those {who}"


def _covers(earlier: Action, later: Action) -> bool:
    """Whether the earlier row holds wherever the later one does, so that the later one is never reached."""
    return (
        earlier.id == later.id
        and earlier.out_of_scope == later.out_of_scope
        and set(earlier.instruments) >= set(later.instruments)
        and set(earlier.when) <= set(later.when)
        and (not earlier.levels or (bool(later.levels) and set(earlier.levels) >= set(later.levels)))
    )


def _is_called_in_danger(action: Action, id_: str, out_of_scope: bool) -> bool:
    return (
        action.id == id_
        and action.out_of_scope is out_of_scope
        and action.when == ("immediate-risk",)
        and not action.levels
        and action.due == "now"
    )


def _odd_reviews(pack: AuthorityPack) -> Iterator[Problem]:
    seen: set[tuple[str, Level]] = set()
    for number, review in enumerate(pack.reviews, start=1):
        if not review.levels:
            yield f"reviews.#{number}.levels", "is empty"
        for level in review.levels:
            if (review.id, level) in seen:
                yield f"reviews.#{number}", f"{review.id!r} stands twice at {level}"
            seen.add((review.id, level))


def _odd_meetings(pack: AuthorityPack) -> Iterator[Problem]:
    yield from _repeated("meetings", (meeting.id for meeting in pack.meetings))
    done_by = (action.done_by_meeting for action in pack.actions if action.done_by_meeting)
    restarted_by = (meeting for review in pack.reviews for meeting in review.restarted_by)
    for id_ in dict.fromkeys((*pack.level_set_by, *pack.case.reassess_after, *done_by, *restarted_by)):
        if id_ not in pack.meeting_by_id:
            yield f"meetings.{id_}", "is missing: another part of the pack names it, and nobody could hold it"
    for meeting in pack.meetings:
        if (meeting.id in pack.level_set_by) != bool(meeting.level_agreed_by):
            yield (
                f"meetings.{meeting.id}.level_agreed_by",
                "names a role where the meeting is in level_set_by, and nowhere else",
            )


def _odd_contact(contact: Contact) -> Iterator[Problem]:
    if contact.telephone is None and contact.website is None:
        yield f"contacts.{contact.id}", "has neither telephone nor website"
    if contact.check_from < contact.as_of:
        yield f"contacts.{contact.id}.check_from", "must not be before as_of"


def _of_series(series: AuthoritySeries) -> Iterator[Problem]:
    if not series.packs:
        yield "packs", "is empty"
    for pack in series.packs:
        if pack.id != series.id:
            yield f"packs.{pack.from_}.id", f"is {pack.id!r} in a series of {series.id!r}"
        for path, reason in _of_authority(pack):
            yield f"packs.{pack.from_}.{path}", reason
    for earlier, later in zip(series.packs, series.packs[1:], strict=False):
        if later.from_ <= earlier.from_:
            yield f"packs.{later.from_}.from", f"must be after {earlier.from_}, when the one before begins"
        elif earlier.until is not None and later.from_ <= earlier.until:
            yield f"packs.{later.from_}.from", f"overlaps the pack of {earlier.from_}, until {earlier.until}"


def _repeated(key: str, ids: Iterable[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            yield f"{key}.{id_}.id", f"the id {id_!r} stands twice"
        seen.add(id_)


def _misnumbered(key: str, items: Iterable[tuple[str, int]]) -> Iterator[Problem]:
    for place, (id_, number) in enumerate(items, start=1):
        if number != place:
            yield f"{key}.{id_}.number", f"is {number}, and it stands in place {place}"
