"""What was typed, to be copied: each text under the label that its page gives it."""

import pytest
from django.http import QueryDict

from cre_toolkit.web.typed import typed_in


def said(posted):
    return [(answer.label, answer.text) for answer in typed_in(QueryDict(posted))]


@pytest.mark.parametrize(
    ("control", "label"),
    [
        ("immediate_concerns", "Immediate concerns"),
        ("missing-note", "Regularly missing from home, care or education: evidence or comment"),
        ("young-carer-note", "Young carer: evidence or comment"),
        ("action-0-action", "Action 1: action"),
        ("consulted-2-note", "Consulted 3: note"),
        ("safe_to_tell_why", "Safe to tell why"),
        ("telephone-police-spoke_to", "Telephone police spoke to"),
    ],
)
def test_each_stands_under_its_label(control, label):
    assert said(f"{control}=Said") == [(label, "Said")]


def test_ticked_indicators_are_named():
    assert said("indicator=missing&indicator=grooming") == [
        ("Indicator", "Regularly missing from home, care or education\nEvidence of grooming")
    ]


@pytest.mark.parametrize(
    "control",
    ["csrfmiddlewaretoken", "version", "child_version", "analysis_version", "held_for", "held", "then",
     "telephone-police-form_id"],
)  # fmt: skip
def test_what_is_no_answer_is_left_out(control):
    assert said(f"{control}=1&persons=A+man") == [("Person/s who pose a risk", "A man")]


def test_what_is_blank_is_left_out():
    assert said("persons=++&locations=") == []
