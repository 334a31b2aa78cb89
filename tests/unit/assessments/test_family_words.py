"""What a child or family reads says none of the form's terms, in sentences that are quickly read (E3)."""

import re
from typing import get_args

import pytest

from cre_toolkit.assessments import family_words as words
from cre_toolkit.assessments.plain_words import labels, to_say_plainly
from cre_toolkit.rules.authority import ActionId, ReviewId
from cre_toolkit.rules.loading import authority_ids, instrument_ids, load_authority, load_instrument

OURS = [
    words.TITLE, words.WRITTEN_BY, words.FOR, words.TALKED_ABOUT, words.WORRIES, words.NEXT, words.RING,
    words.HELP, words.EMERGENCY, words.ASK, words.PREFILLED_TALK, words.PREFILLED_RING, words.ON_TIME,
    *(text for pair in words.NOT_YOUR_FAULT.values() for text in pair),
    *words.TOLD.values(),
    *words.CONTACTS.values(),
    *(name for name, _ in words.HELPLINES.values()),
]  # fmt: skip
LABELS = sorted({label for id_ in instrument_ids() for label in labels(load_instrument(id_))})


@pytest.mark.parametrize("text", OURS)
def test_our_own_words_hold_no_term_of_the_form_or_of_professionals(text: str) -> None:
    assert to_say_plainly(text) == []


@pytest.mark.parametrize("text", OURS)
def test_our_own_sentences_are_short(text: str) -> None:
    for sentence in re.split(r"[.:?!]\s", text):
        assert len(sentence.split()) <= 20, sentence


@pytest.mark.parametrize("label", [label for label in LABELS if len(label.split()) > 1])
def test_every_label_of_every_form_is_pointed_out_where_it_is_typed(label: str) -> None:
    assert to_say_plainly(f"We saw this: {label.upper()}, she said.")


@pytest.mark.parametrize("term", ["CRE", "cse", "CCE", "section 47", "high risk", "refuses to engage"])
def test_terms_are_pointed_out_with_what_to_say_instead(term: str) -> None:
    (pointed,) = to_say_plainly(f"It is ({term}) now. Later {term} again.")
    assert pointed[0] == term
    assert pointed[1].startswith("say ")


@pytest.mark.parametrize(
    "text",
    ["A man waits at the gate.", "It increases.", "Other people, her address and her name.", "Scream", ""],
)
def test_plain_words_are_left_alone(text: str) -> None:
    assert to_say_plainly(text) == []


def test_a_term_over_a_line_break_is_found_too() -> None:
    assert to_say_plainly("a strategy\nmeeting")


def test_every_action_and_review_is_either_told_or_kept_from_the_sheet() -> None:
    known = {*get_args(ActionId), *get_args(ReviewId)}
    assert set(words.TOLD) | words.NOT_TOLD == known
    assert not set(words.TOLD) & words.NOT_TOLD


def test_the_police_and_whoever_poses_a_risk_are_never_told_of_by_us() -> None:
    assert {"refer-police", "information-report", "telephone-police"} <= words.NOT_TOLD


def test_every_contact_that_is_offered_is_one_of_a_pack() -> None:
    known = {
        contact.id
        for id_ in authority_ids()
        for pack in load_authority(id_).packs
        for contact in pack.contacts
    }
    assert set(words.CONTACTS) <= known
