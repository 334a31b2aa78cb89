"""Names made comparable: nothing that people leave out or write otherwise keeps two writings apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cre_toolkit.children.names import (
    MOST_PARTS,
    Name,
    alphabetical,
    fold,
    in_full,
    other_writings,
    parts,
    sound,
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Siân Ŵyn", "sian wyn"),
        ("NGUYỄN Thị", "nguyen thi"),
        ("Đặng", "dang"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Bjørn Þór", "bjorn thor"),
        ("Müller Straße", "muller strasse"),
        ("İbrahim ﬁona", "ibrahim fiona"),
        ("ИВАН Ёлкин", "иван елкин"),
        ("عائشة", "عايشه"),
        ("عَائِشَة", "عايشه"),
        ("李小龙", "李小龙"),
        ("김민준", "김민준"),
        ("किरण शर्मा", "किरण शर्मा"),
        ("ガ", "ガ"),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_accents_case_and_forms_of_letters_are_left_out(written: str, folded: str):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Mary-Ann O'Neill", ("mary", "ann", "oneill")),
        ("Mary Ann O’Neill", ("mary", "ann", "oneill")),
        ("O Neill", ("oneill",)),
        ("Mc Donald", ("mcdonald",)),
        ("Smith Smith", ("smith",)),
        ("李小龙", ("李", "小", "龙")),
        ("小龙 李", ("小", "龙", "李")),
        ("किरण शर्मा", ("किरण", "शर्मा")),
        ("A. B/C (D), E_F", ("a", "b", "c", "d", "e", "f")),
        ("Mac", ("mac",)),
        ("Sean (O)", ("sean", "o")),
        (" - ' ", ()),
        ("", ()),
    ],
)
def test_the_parts_of_a_name(written: str, words: tuple[str, ...]):
    assert parts(written) == words


def test_a_very_long_name_costs_no_more_than_others():
    assert len(parts(" ".join(f"part{number}" for number in range(5000)))) == MOST_PARTS


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("O'Neill", ("neill",)),
        ("D’Souza", ("souza",)),
        ("Smith-Jones", ("smithjones",)),
        ("van der Berg", ("vanderberg",)),
        ("Smith", ()),
        ("李小龙", ()),
        ("Four Words Of Name", ()),
    ],
)
def test_words_by_which_people_also_write_a_name(written: str, others: tuple[str, ...]):
    assert other_writings(written) == others


ALIKE = [
    "sian sean shaun shawn", "wyn wynn", "nguyen nuyen", "khan kahn", "mohammed muhammad mohamed",
    "chloe cloe khloe", "catherine katherine kathryn katharine", "aisha ayesha aysha", "ewan euan owen",
    "zainab zaynab", "lee leigh li", "hussain hussein husain", "stephen steven", "amy aimee ami",
    "anthony antony", "yusuf yousef", "kayleigh kaylee", "qasim kasim", "smith smyth", "jaydn jayden jaiden",
]  # fmt: skip


@pytest.mark.parametrize("names", ALIKE)
def test_names_that_sound_alike(names: str):
    assert len({sound(name) for name in names.split()}) == 1


@pytest.mark.parametrize("names", ["amy any", "smith jones", "khan patel", "leigh neil"])
def test_names_that_do_not(names: str):
    first, second = names.split()
    assert sound(first) != sound(second)


def test_another_script_sounds_as_it_is_written():
    assert sound("عايشه") == "عايشه"
    assert sound("w") == "w"


@pytest.mark.parametrize(
    ("given", "family", "said"),
    [
        ("Siân", "Ŵyn", "Siân Ŵyn"),
        ("小龙", "李", "李小龙"),
        ("Amy", "", "Amy"),
        ("", "Khan", "Khan"),
        ("小龙", "", "小龙"),
        ("", "", ""),
        ("عائشة", "الخيالية", "عائشة الخيالية"),
    ],
)
def test_a_name_in_full(given: str, family: str, said: str):
    assert in_full(given, family) == said


def test_a_name_knows_all_its_words_once():
    name = Name.of("Mary Ann", "O'Neill", "Mary Annie")
    assert name.parts == ("mary", "ann", "oneill")
    assert name.known_as == ("annie",)
    assert name.others == ("maryann", "neill", "maryannie")
    assert len(name.all) == len(set(name.all)) <= MOST_PARTS


@given(st.text())
def test_folding_twice_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_every_text_has_parts_and_sounds_without_trouble(text: str):
    for part in parts(text):
        assert part
        assert sound(part)


def test_a_list_of_names_is_in_the_order_in_which_people_look_for_them():
    names = ["Siân Ŵyn", "Zoe", "amy", "O’Neill", "Oneida", "Öztürk", "Nguyễn", "عائشة", "李小龙", "Xu"]
    in_order = ["amy", "Nguyễn", "Oneida", "O’Neill", "Öztürk", "Siân Ŵyn", "Xu", "Zoe", "عائشة", "李小龙"]
    assert sorted(names, key=alphabetical) == in_order
