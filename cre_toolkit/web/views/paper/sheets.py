"""The markup of a paper form's long pages, prepared once for each edition of the toolkit."""

from functools import lru_cache

from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.prepared import Prepared


def marks(instrument: Instrument) -> Prepared:
    """The three lists of the matrix. Holes: an indicator's id with `.risk`, `.evidenced`, `.note`."""
    return _indicators("paper/_marks.html", instrument.id, instrument.sha256)


def ratings(instrument: Instrument) -> Prepared:
    """The table of indicators that are rated.

    Holes: an indicator's id with `.cce`, `.cse`, `.low`, `.medium`, `.high`, `.unrated`, `.note`.
    """
    return _indicators("paper/_ratings.html", instrument.id, instrument.sha256)


def factors(instrument: Instrument) -> Prepared:
    """The factors of the matrix. Holes: a factor's id with `.present`, `.note`."""
    return _factors(instrument.id, instrument.sha256)


# The hash stands in each key, so that a changed edition is never shown from here.


@lru_cache(maxsize=8)
def _indicators(template: str, instrument_id: str, sha256: str) -> Prepared:
    instrument = load_instrument(instrument_id)
    groups = [(group, instrument.indicators_by_group[group.id]) for group in instrument.groups]
    return Prepared(template, {"groups": groups, "indicators": instrument.indicators})


@lru_cache(maxsize=8)
def _factors(instrument_id: str, sha256: str) -> Prepared:
    return Prepared("paper/_present.html", {"factors": load_instrument(instrument_id).vulnerabilities})
