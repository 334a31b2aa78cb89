"""Missing episodes on the record, proposed as evidence when an assessment is begun: never as a level.

The proposal waits beside the draft: it comes into the evidence box of the indicator once the practitioner
ticks that, with no level selected, and is theirs to change. Which indicator that is, the edition says
(`evidence_from`). Source: toolkit.md, B10; service.md, "Never from answering for the practitioner".
"""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions
from cre_toolkit.assessments.answers import Indicators, Rated, dump, from_sections
from cre_toolkit.assessments.models import Assessment, DraftSection, Record, Section
from cre_toolkit.casework.models import MissingEpisode, MissingReturn
from cre_toolkit.children.models import Child
from cre_toolkit.documents.dates import day_in_words, moment_in_words
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import load_instrument

LOOKS_BACK = datetime.timedelta(days=365)
"""Our reading: an episode of a year ago or more says little of how often a child is missing now."""
BEGINS = "From the record on "


@transaction.atomic
def propose(*, by: User, draft: Assessment) -> None:
    """Lay the episodes on the record beside a draft, where nothing has been written on the indicator yet.

    Of an indicator that a review asks about again, they come below what was said of it last time.

    Args:
        by: the draft's author.
        draft: as it has just been begun, or gone on with.
    """
    if draft.status != Assessment.Status.DRAFT:
        return
    told = _indicator_of(draft)
    evidence = told and evidence_of(episodes_of(draft.child), timezone.now())
    if not evidence:
        return
    stands = DraftSection.objects.filter(assessment=draft, section=Section.INDICATORS).first()
    now: Indicators = from_sections({"indicators": stands.answers if stands else {}}).indicators
    if told in now.items or told in now.set_aside:
        return
    before = _said_last_time(draft, told) if told in now.since_last else Rated()
    note = "\n\n".join(filter(None, (before.note, evidence)))
    proposed = before.model_copy(update={"level": "", "as_on": "", "note": note})
    actions.save_section(
        by=by,
        assessment=draft,
        section=Section.INDICATORS,
        answers=dump(now.model_copy(update={"set_aside": {**now.set_aside, told: proposed}})),
        version=stands.version if stands else 0,
        while_typing=True,
    )


def _indicator_of(draft: Assessment) -> str:
    """The indicator of the edition to which missing episodes speak; blank where it has none."""
    every = load_instrument(draft.instrument).indicators
    return next((each.id for each in every if each.evidence_from == "missing-episodes"), "")


def proposed_in(indicators: Indicators, instrument: Instrument) -> list[tuple[str, str]]:
    """What waits beside a draft: the indicator's label, and the text that comes with it when it is ticked."""
    waiting = [
        (each.label, indicators.set_aside[each.id].note.partition(BEGINS))
        for each in instrument.indicators
        if each.evidence_from and each.id in indicators.set_aside
    ]
    return [(label, begins + text) for label, (_, begins, text) in waiting if begins]


def _said_last_time(draft: Assessment, indicator: str) -> Rated:
    said = Record.objects.get(assessment=draft.previous_id).content["answers"]["indicators"]["items"]
    return Rated.model_validate(said[indicator])


def episodes_of(child: Child) -> list[MissingEpisode]:
    """The episodes of a child that began within the time looked back at, the first first. One query."""
    since = timezone.now() - LOOKS_BACK
    episodes = MissingEpisode.objects.filter(child__stands_for=child.stands_for, event__at__gte=since)
    return list(episodes.select_related("event", "by", "ended__event").order_by("event__at"))


def evidence_of(episodes: Sequence[MissingEpisode], now: datetime.datetime) -> str:
    """The episodes in words: how many, when, how long, and from whom it is known; blank without any.

    What turned out to be no episode is left out.

    Args:
        episodes: the first first.
        now: when it is said.
    """
    counted = [each for each in episodes if not _was_none(each)]
    if not counted:
        return ""
    number = "1 missing episode" if len(counted) == 1 else f"{len(counted)} missing episodes"
    since = day_in_words(counted[0].event.at)
    lines = [f"{BEGINS}{day_in_words(now)}: {number} since {since}.", *map(_line, counted)]
    return "\n".join(lines)


def _was_none(episode: MissingEpisode) -> bool:
    return hasattr(episode, "ended") and episode.ended.how == MissingReturn.How.NOT_MISSING


def _line(episode: MissingEpisode) -> str:
    about = "about " if episode.about else ""
    ended = getattr(episode, "ended", None)
    long = f"for {lasted(episode.event.at, ended.event.at)}" if ended else "not back yet"
    source = episode.source.strip() or f"recorded by {episode.by.name}"
    return f"- From {about}{moment_in_words(episode.event.at)}, {long}. Source: {source}"


def lasted(start: datetime.datetime, end: datetime.datetime) -> str:
    """How long something lasted, in words: `less than an hour`, `14 hours`, `3 days and 4 hours`."""
    hours = int((end - start).total_seconds() // 3600)
    if hours < 1:
        return "less than an hour"
    days, rest = divmod(hours, 24) if hours >= 48 else (0, hours)
    said = [_number(days, "day"), _number(rest, "hour")]
    return " and ".join(filter(None, said))


def _number(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}" if number else ""
