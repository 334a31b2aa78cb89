"""The markup of the pages with many controls, prepared once for each edition of the toolkit."""

from collections.abc import Collection, Mapping
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.prepared import Prepared


def ticks(instrument: Instrument) -> Prepared:
    """All indicators as checkboxes in their fieldsets. Holes: an indicator's id."""
    return _ticks(instrument.id, instrument.sha256)


def ticks_without(
    instrument: Instrument, left_out: Collection[str], marks: Mapping[str, SafeString]
) -> SafeString:
    """The same without some of the indicators, and without the fieldsets that this empties.

    Args:
        left_out: the ids of those asked elsewhere on the page.
        marks: the checked ones, as the holes of `ticks`.
    """
    groups = [
        (group, [each for each in instrument.indicators_by_group[group.id] if each.id not in left_out])
        for group in instrument.groups
    ]
    holes = {indicator.id: marks.get(indicator.id, "") for indicator in instrument.indicators}
    context = {"groups": [(group, each) for group, each in groups if each], "hole": holes}
    return render_to_string("assessments/_ticks.html", context)


def card(instrument: Instrument, indicator_id: str) -> Prepared:
    """The card of one indicator.

    Holes: `cce`, `cse`, `unclear`, `low`, `medium`, `high` (checked), `note`, `last_time`, `error`,
    `error_class`.
    """
    return _card(instrument.id, instrument.sha256, indicator_id)


def factors(instrument: Instrument) -> Prepared:
    """All vulnerability factors. Holes: an id with `.historic`, `.current`, `.note`."""
    return _factors(instrument.id, instrument.sha256)


# The hash stands in each key, so that a changed edition is never shown from here.


@lru_cache(maxsize=8)
def _ticks(instrument_id: str, sha256: str) -> Prepared:
    instrument = load_instrument(instrument_id)
    groups = [(group, instrument.indicators_by_group[group.id]) for group in instrument.groups]
    return Prepared("assessments/_ticks.html", {"groups": groups})


@lru_cache(maxsize=256)
def _card(instrument_id: str, sha256: str, indicator_id: str) -> Prepared:
    indicator = load_instrument(instrument_id).indicator_by_id[indicator_id]
    return Prepared("assessments/_card.html", {"indicator": indicator})


@lru_cache(maxsize=8)
def _factors(instrument_id: str, sha256: str) -> Prepared:
    return Prepared("assessments/_factors.html", {"factors": load_instrument(instrument_id).vulnerabilities})
