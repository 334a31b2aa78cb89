"""Whether two descriptions may be of one child, and why (toolkit.md, row F3)."""

import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cre_toolkit.children.matching import (
    Described,
    Key,
    Sought,
    Why,
    keys_for,
    keys_of,
    near,
    slips,
    swapped,
    tidy_reference,
    wider_keys_for,
)
from cre_toolkit.children.weighing import weigh

BORN = datetime.date(2011, 5, 14)
SIAN = Described("Siân", "Ŵyn", date_of_birth=BORN, nhs_number="9990000018", postcode="DE1 2QY", age=15)


def found_by(sought: Sought, child: Described, wider: bool = False) -> bool:
    """Whether a key that is looked for is one that the child has."""
    keys = wider_keys_for(sought) if wider else keys_for(sought)
    return any(
        value in keys.values.get(kind, ())
        or (kind is Key.NAME and any(value.startswith(beginning) for beginning in keys.beginnings))
        for kind, value in keys_of(child)
    )


def why(sought: Sought, child: Described) -> tuple[Why, ...]:
    assert found_by(sought, child), "no key brings the child up"
    return weigh(sought, child).why


def named(name: str, **more) -> Sought:
    return Sought(names=(name,), **more)


MO = Described("Mohammed", "Khan", "Mo")
ANN = Described("Mary-Ann", "O'Neill")
LI = Described("小龙", "李")
AISHA = Described("عائشة", "الخيالية")


@pytest.mark.parametrize(
    ("name", "child", "reason"),
    [
        ("Siân Ŵyn", SIAN, Why.NAME),
        ("wyn, sian", SIAN, Why.NAME),
        ("Siân Wynn", SIAN, Why.SOUNDS_LIKE),
        ("Shaun Win", SIAN, Why.SOUNDS_LIKE),
        ("Sian", SIAN, Why.PART_OF_NAME),
        ("si", SIAN, Why.NAME_BEGINS),
        ("S Wyn", SIAN, Why.NAME_BEGINS),
        ("Muhammad Kahn", MO, Why.SOUNDS_LIKE),
        ("Mo Khan", MO, Why.KNOWN_AS),
        ("Moh Khan", MO, Why.NAME_BEGINS),
        ("Mohammed Khna", MO, Why.SPELLED_LIKE),
        ("Mohmamed Khan", MO, Why.SPELLED_LIKE),
        ("ONeill Mary Ann", ANN, Why.NAME),
        ("Maryann O Neill", ANN, Why.PART_OF_NAME),
        ("Mary Neill", ANN, Why.PART_OF_NAME),
        ("Mary ONeil", ANN, Why.SOUNDS_LIKE),
        ("李小龙", LI, Why.NAME),
        ("小龙 李", LI, Why.NAME),
        ("عائشه الخيالية", AISHA, Why.NAME),
        ("عائشة", AISHA, Why.PART_OF_NAME),
        ("Samuel Smith", Described("Sam", "Smith"), Why.NAME_BEGINS),
        ("Sam Smith", Described("Samuel", "Smith"), Why.NAME_BEGINS),
        ("Joanne Smith", Described("Jo Anne", "Smith"), Why.PART_OF_NAME),
        ("Amy Jones", Described("Any", "Jones"), Why.SPELLED_LIKE),
    ],
)
def test_a_name_is_found_and_the_reason_is_told(name: str, child: Described, reason: Why):
    result = weigh(named(name), child)
    assert why(named(name), child) == (reason,)
    assert result.shown


@pytest.mark.parametrize("name", ["Amy Jones", "Sian Patel", "Zed", "Khan Mo Li"])
def test_a_name_that_is_not_alike_is_not_shown(name: str):
    assert not weigh(named(name), SIAN).shown


@pytest.mark.parametrize(
    ("name", "child"),
    [
        ("Smi Sam", Described("Samuel", "Smith")),
        ("Dmith Samuel", Described("Samuel", "Smith")),
        ("Xohammed Zhan", MO),
    ],
)
def test_slips_at_the_beginning_are_found_by_the_wider_keys(name: str, child: Described):
    assert not found_by(named(name), child)
    assert found_by(named(name), child, wider=True)
    assert weigh(named(name), child).shown


@pytest.mark.parametrize(
    ("sought", "reasons"),
    [
        (Sought(date_of_birth=BORN), (Why.BORN,)),
        (Sought(nhs_number="9990000018"), (Why.NHS_NUMBER,)),
        (Sought(postcode="de12qy"), (Why.POSTCODE,)),
        (
            named("Sian Wyn", date_of_birth=BORN, nhs_number="9990000018"),
            (Why.NHS_NUMBER, Why.NAME, Why.BORN),
        ),
        (named("Sian Patel", date_of_birth=BORN), (Why.BORN, Why.ONE_NAME)),
        (named("Sian Wyn", age=14), (Why.NAME, Why.AGE_FITS)),
        (named("Sian Wyn", age=11), (Why.NAME,)),
        (named("Sian Wyn", postcode="DE1 2QY"), (Why.NAME, Why.POSTCODE)),
    ],
)
def test_numbers_and_dates_are_reasons(sought: Sought, reasons: tuple[Why, ...]):
    assert why(sought, SIAN) == reasons
    assert weigh(sought, SIAN).shown


def test_day_and_month_the_other_way_round():
    child = Described("Amy", "Jones", date_of_birth=datetime.date(2011, 4, 5))
    sought = Sought(date_of_birth=datetime.date(2011, 5, 4))
    assert why(sought, child) == (Why.BORN_SWAPPED,)
    assert weigh(sought, child).shown


@pytest.mark.parametrize("typed", ["2011-05-15", "2011-05-24", "2012-05-14", "2001-05-14", "2011-06-14"])
def test_a_date_with_one_digit_wrong(typed: str):
    sought = Sought(date_of_birth=datetime.date.fromisoformat(typed))
    assert found_by(sought, SIAN, wider=True)
    assert weigh(sought, SIAN).why == (Why.BORN_NEAR,)
    assert weigh(sought, SIAN).shown


def test_dates_that_differ_by_more_are_no_reason():
    assert weigh(Sought(date_of_birth=datetime.date(2010, 5, 15)), SIAN).why == ()
    assert not weigh(Sought(date_of_birth=datetime.date(2010, 5, 15)), SIAN).shown


def test_near_dates_are_dates_and_no_century_away():
    assert swapped(datetime.date(2011, 5, 14)) is None
    days = near(datetime.date(2011, 2, 3))
    assert datetime.date(2011, 3, 2) in days
    assert all(abs(day.year - 2011) <= 30 for day in days)
    assert near(datetime.date.min)


def test_a_reference_is_read_as_it_is_heard():
    assert tidy_reference("7q4k 2m9xab") == "7Q4K-2M9XAB"
    assert tidy_reference("O0IL-123456") == "0011-123456"
    sought = Sought(reference="7Q4K-2M9XAB")
    child = Described("Amy", reference="7Q4K-2M9XAB")
    assert weigh(sought, child).why == (Why.REFERENCE,)
    assert weigh(sought, child).shown


def test_everything_asked_and_met_is_shown_and_more_points_come_first():
    both = weigh(named("Sian Wyn", date_of_birth=BORN), SIAN)
    alone = weigh(named("Sian Wyn", date_of_birth=datetime.date(1999, 1, 1)), SIAN)
    assert both.points > alone.points
    assert both.shown
    assert alone.shown


# --- Is it one child? -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sought", "child", "likely"),
    [
        (named("Sian Wynn", date_of_birth=BORN), SIAN, True),
        (named("Sian Wynn"), SIAN, True),
        (named("Sian Wyn", date_of_birth=datetime.date(2009, 1, 2)), SIAN, False),
        (named("Sian Wyn", age=14), SIAN, True),
        (named("Sian Wyn", age=11), SIAN, False),
        (named("Sian"), SIAN, False),
        (named("Sian", date_of_birth=BORN), SIAN, True),
        (named("Amy Patel", date_of_birth=BORN), SIAN, False),
        (named("Amy Patel", date_of_birth=BORN, postcode="DE1 2QY"), SIAN, True),
        (named("Amy Wyn", date_of_birth=BORN), SIAN, True),
        (named("Amy Patel", nhs_number="9990000018"), SIAN, True),
        (named("Amy Patel", postcode="DE1 2QY"), SIAN, False),
        (named("Sian Wyn", date_of_birth=datetime.date(2011, 5, 15)), SIAN, True),
    ],
)
def test_whether_two_may_well_be_one_child(sought: Sought, child: Described, likely: bool):
    assert weigh(sought, child).likely is likely


# --- For any name -----------------------------------------------------------------------------------------

WORDS = st.text(alphabet="abcdefghijklmnoprstuvwyz", min_size=4, max_size=10)
NAMES = st.text(min_size=1, max_size=30).filter(lambda text: bool(named(text).written))


@given(NAMES, NAMES)
def test_a_child_is_found_by_their_own_name_whatever_it_is(given_names: str, family_name: str):
    child = Described(given_names, family_name)
    sought = named(f"{given_names} {family_name}")
    assert found_by(sought, child)
    assert weigh(sought, child).shown


@given(WORDS, WORDS, st.data())
def test_one_slip_after_the_first_letter_is_always_found(first: str, last: str, data: st.DataObject):
    typed = data.draw(st.sampled_from(sorted(word for word in slips(first) if word[:1] == first[0])))
    sought = named(f"{typed} {last}")
    assume(first != last and len(sought.written[0].parts) == 2)
    child = Described(first, last)
    assert found_by(sought, child) or found_by(sought, child, wider=True)
    assert weigh(sought, child).shown


@given(WORDS)
def test_slips_are_one_away_and_hold_the_word(word: str):
    near_by = slips(word)
    assert word in near_by
    assert all(abs(len(slip) - len(word)) <= 1 for slip in near_by)


def test_short_words_and_other_scripts_have_no_slips():
    assert slips("li") == {"li"}
    assert slips("عايشه") == {"عايشه"}


def test_nothing_sought_has_no_keys():
    assert keys_for(Sought()).values == {}
    assert keys_for(Sought(names=("---",))).values == {}
    assert weigh(Sought(), SIAN).why == ()
    assert Sought().asked == 0
