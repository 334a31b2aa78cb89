"""What can be printed of a text, and what stands where something cannot."""

import pytest

from cre_toolkit.documents.printable import MARK, plainest, printable


@pytest.mark.parametrize(
    "text",
    [
        "Siân Ŵyn",
        "Nguyễn",
        "O'Neill",
        "李小龙",
        "عائشة",
        "نَعَم",
        "שָׂרָה",
        "नमस्ते",
        "ক্ষ",
        "ਪੰਜਾਬੀ",
        "ትግርኛ",
        "မြန်မာ",
        "ខ្មែរ",
        "ಕನ್ನಡ",
        "ଓଡ଼ିଆ",
        "ລາວ",
        "ܣܘܪܝܝܐ",
        "ދިވެހި",
        "ߒߞߏ",
        "བོད་སྐད",
        "👨‍👩‍👧",
        "1️⃣",
        "→ ✓ ☐ ½ € …",
    ],
)
def test_a_text_of_any_script_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("typed", "printed"), [("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"), ("a\tb", "a    b")]
)
def test_line_breaks_and_tabs_have_one_form(typed: str, printed: str) -> None:
    assert printable(typed) == printed


@pytest.mark.parametrize(
    "control", ["\x00", "\x07", "\x1b", "\x7f", "\u200b", "\ufeff", "\u2066", "\U000e0041"]
)
def test_controls_are_gone(control: str) -> None:
    assert printable(f"a{control}b") == "ab"


def test_no_text_can_show_itself_in_another_order_than_it_is_stored() -> None:
    assert printable("not \u202egnihton\u202c at risk") == "not gnihton at risk"


@pytest.mark.parametrize("character", ["\N{EGYPTIAN HIEROGLYPH A001}", "\ue000", "\U000f0000"])
def test_a_character_without_a_glyph_is_a_visible_mark(character: str) -> None:
    assert printable(f"a{character}b") == f"a{MARK}b"


def test_a_letter_is_never_lost_for_a_sign_upon_it() -> None:
    # Typst would draw the sign from the font of the text and leave the letter out.
    assert printable("李\u0301") == f"李{MARK}"
    assert printable("ع\u0301") == f"ع{MARK}"


def test_a_sign_upon_nothing_is_a_visible_mark() -> None:
    assert printable("\u094d") == MARK
    assert printable("a\n\u0301") == f"a\n{MARK}"


def test_letters_typed_in_parts_are_put_together() -> None:
    assert printable("\u1112\u1161\u11ab") == "한"


def test_signs_heaped_upon_a_letter_are_broken_up_and_none_is_lost() -> None:
    printed = printable("x" + "\u0301" * 100)
    assert printed.count("\u0301") + printed.count(MARK) >= 100
    assert max(len(part) for part in printed.split(MARK)) <= 16


def test_plainest_holds_letters_that_stand_by_themselves_alone() -> None:
    assert plainest("Amy said: 李\n“no”") == f"Amy said: {MARK}\n“no”"
