"""How long a record is kept: the classes of the schedule, and the strictest wins (facts.md, "Records")."""

import datetime

import pytest

from cre_toolkit.records import schedule
from cre_toolkit.records.schedule import BUILT_IN, Facts, Fits, ScheduleError, years_after

BORN = datetime.date(2010, 5, 4)
ENTERED = datetime.date(2026, 3, 2)


def facts(*ever: Fits, **said) -> Facts:
    return Facts(
        **{"born": BORN, "last_entry": ENTERED, "ever": frozenset({Fits.EVERY_RECORD, *ever}), **said}
    )


def kept(*ever: Fits, **said) -> list[tuple[str, datetime.date | None]]:
    classes = schedule.read_schedule(BUILT_IN).of("derby")
    return [(each.by.id, each.until) for each in schedule.kept_by(classes, facts(*ever, **said))]


def until(*ever: Fits, **said) -> datetime.date | None:
    classes = schedule.read_schedule(BUILT_IN).of("derby")
    return schedule.keep_until(schedule.kept_by(classes, facts(*ever, **said)))


def test_a_record_without_more_is_kept_to_the_25th_birthday():
    assert until() == datetime.date(2035, 5, 4)


def test_what_was_entered_lately_keeps_a_record_beyond_that():
    assert until(last_entry=datetime.date(2033, 1, 9)) == datetime.date(2039, 1, 9)


def test_a_child_once_at_medium_or_high_is_kept_to_the_75th_birthday():
    assert until(Fits.ASSESSED) == datetime.date(2085, 5, 4)


def test_a_child_protection_plan_keeps_a_record_35_years_from_closing_while_open_from_the_last_entry():
    assert until(Fits.PLAN) == datetime.date(2061, 3, 2)
    assert until(Fits.PLAN, closed=datetime.date(2025, 2, 28)) == datetime.date(2060, 2, 28)


def test_a_looked_after_child_is_kept_to_the_75th_birthday():
    assert until(Fits.LOOKED_AFTER) == datetime.date(2085, 5, 4)


def test_of_a_looked_after_child_who_died_15_years_from_the_death():
    died = datetime.date(2027, 1, 1)
    assert dict(kept(Fits.LOOKED_AFTER, died=died))["looked-after"] == datetime.date(2042, 1, 1)


def test_who_was_looked_after_and_died_as_an_adult_is_kept_to_the_75th_birthday():
    died = datetime.date(2028, 5, 4)
    assert dict(kept(Fits.LOOKED_AFTER, died=died))["looked-after"] == datetime.date(2085, 5, 4)


def test_the_strictest_class_wins_and_stands_first():
    assert [name for name, _ in kept(Fits.PLAN, Fits.LOOKED_AFTER)] == [
        "looked-after",
        "child-protection",
        "every-record",
        "recent-entry",
    ]


def test_without_a_date_of_birth_the_time_is_never_over():
    assert until(born=None) is None
    assert kept(born=None)[0] == ("every-record", None)


def test_29_february_plus_years_is_1_march_where_there_is_none():
    assert years_after(datetime.date(2012, 2, 29), 25) == datetime.date(2037, 3, 1)
    assert years_after(datetime.date(2012, 2, 29), 4) == datetime.date(2016, 2, 29)


def test_every_class_names_its_source():
    assert all(each.source for each in schedule.read_schedule(BUILT_IN).classes)


GOOD = """
from = 2026-01-01
[[class]]
id = "every"
name = "Every record"
fits = "every-record"
from = "birth"
years = 25
source = "ours"
"""


def written(folder, text):
    path = folder / "own.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_authority_replaces_a_class_for_its_own_children(tmp_path):
    own = GOOD + GOOD.replace("from = 2026-01-01", "").replace("25", "30") + 'authority = "derby"\n'
    found = schedule.read_schedule(written(tmp_path, own))
    assert [each.years for each in found.of("derby")] == [30]
    assert [each.years for each in found.of("derbyshire")] == [25]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("years = 25", 'years = "25"'), "class.0.years"),
        (("years = 25", "years = 0"), "class.0.years"),
        (("years = 25", "years = 25\nmonths = 3"), "class.0.months"),
        (("every-record", "some-records"), "class.0.fits"),
        (('source = "ours"', ""), "class.0.source"),
        (('from = "birth"', 'from = "whenever"'), "class.0.from"),
        (("[[class]]", "[[class"), "own.toml"),
        (('fits = "every-record"', 'fits = "looked-after"'), "none fits every-record"),
    ],
)
def test_a_schedule_that_cannot_be_used_says_where(tmp_path, change, says):
    with pytest.raises(ScheduleError, match=says):
        schedule.read_schedule(written(tmp_path, GOOD.replace(*change)))


def test_a_class_that_stands_twice_is_refused(tmp_path):
    twice = GOOD + GOOD.replace("from = 2026-01-01", "")
    with pytest.raises(ScheduleError, match=r"class\.every: stands twice"):
        schedule.read_schedule(written(tmp_path, twice))


def test_a_schedule_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ScheduleError, match="absent"):
        schedule.read_schedule(tmp_path / "absent.toml")
