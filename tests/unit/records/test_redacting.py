"""What is handed out of a line from which words are left out."""

from cre_toolkit.records.collecting import Line
from cre_toolkit.records.redacting import LeftOut, flattened


def test_the_mark_tells_nothing_of_what_was_there():
    lines = [Line("Note", "Jo met Jo-Ann at Jo's.")]
    left = [LeftOut(0, "Jo", "others"), LeftOut(0, "Jo-Ann", "others")]
    assert flattened(lines, left)[0].text.count("Left out") == 3
    assert "Ann" not in flattened(lines, left)[0].text


def test_nothing_in_the_mark_is_taken_for_words_to_leave_out():
    lines = [Line("Note", "A schedule was left.")]
    left = [LeftOut(0, "schedule was", "others"), LeftOut(0, "schedule", "others")]
    assert flattened(lines, left)[0].text == "A [Left out: schedule 2, paragraph 16] left."


def test_words_that_run_into_each_other_are_left_out_whole():
    left = [LeftOut(0, "Jones Street", "others"), LeftOut(0, "Amy Jones", "harm"), LeftOut(0, "aa", "crime")]
    text = flattened([Line("Note", "To Amy Jones Street, aaa.")], left)[0].text
    assert text == (
        "To [Left out: schedule 3, paragraph 11][Left out: schedule 2, paragraph 16],"
        " [Left out: schedule 2, paragraph 2]."
    )
