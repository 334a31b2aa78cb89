"""What changed from one version to the next."""

import pytest

from cre_toolkit.assessments.changes import MOST_WORDS, Piece, indicator_changes, word_changes
from cre_toolkit.rules.loading import load_instrument


def said(text: str) -> str:
    """`[-gone-]` and `{+added+}` in one line."""
    marks = {"same": "{}", "gone": "[-{}-]", "added": "{{+{}+}}"}
    old, _, new = text.partition(" => ")
    return "".join(marks[piece.kind].format(piece.text) for piece in word_changes(old, new))


class TestWords:
    @pytest.mark.parametrize(
        ("texts", "shown"),
        [
            ("Home late. => Home late.", "Home late."),
            ("Seen on Monday => Seen on Friday", "Seen on [-Monday-]{+Friday+}"),
            (" => Seen.", "{+Seen.+}"),
            ("Seen. => ", "[-Seen.-]"),
            ("Seen by her aunt => Seen twice by her aunt", "Seen {+twice +}by her aunt"),
            ("Seen => Seen twice", "Seen {+twice+}"),
        ],
    )
    def test_what_was_taken_out_and_put_in_in_reading_order(self, texts, shown):
        assert said(texts) == shown

    def test_nothing_of_either_text_is_lost(self):
        old, new = "One two\nthree  four five", "Two three\n\nfour, six"
        pieces = word_changes(old, new)
        assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new
        gone = [piece.text.split() for piece in pieces if piece.kind != "added"]
        assert [word for words in gone for word in words] == old.split()

    def test_very_long_texts_are_shown_whole(self):
        old, new = "word " * MOST_WORDS, "other"
        assert word_changes(old, new) == [Piece("gone", old), Piece("added", new)]


CRE = load_instrument("cre-2020")


def content(indicators, since=None):
    whole = {"cce": False, "cse": False, "note": ""}
    return {
        "case_file": {"indicators": {id_: whole | rated for id_, rated in indicators.items()}},
        "answers": {"indicators": {"since_last": since or {}}},
    }


class TestIndicators:
    @pytest.mark.parametrize(
        ("before", "after", "turn"),
        [
            (None, {"level": "low"}, "new"),
            ({"level": "low"}, None, "gone"),
            ({"level": "low"}, {"level": "high"}, "higher"),
            ({"level": "high"}, {"level": "medium"}, "lower"),
            ({"level": "low", "note": "Once."}, {"level": "low", "note": "Twice."}, "reworded"),
            ({"level": "low"}, {"level": "low", "cse": True}, "reworded"),
        ],
    )
    def test_what_became_of_each(self, before, after, turn):
        (change,) = indicator_changes(
            content({"missing": before} if before else {}),
            content({"missing": after} if after else {}),
            CRE,
        )
        assert change.turn == turn
        assert change.before == (before or {}).get("level", "")
        assert change.after == (after or {}).get("level", "")

    def test_what_is_as_it_was_is_no_change(self):
        same = content({"missing": {"level": "low", "note": "Once."}})
        assert indicator_changes(same, same, CRE) == []

    def test_why_it_is_no_longer_seen_stands_with_it(self):
        since = {"missing": {"answer": "no-longer-seen", "why": "Home every night since June."}}
        (change,) = indicator_changes(content({"missing": {"level": "low"}}), content({}, since), CRE)
        assert change.why == "Home every night since June."
