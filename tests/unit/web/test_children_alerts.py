"""What whoever opens a child's record sees first. Danger and missing are grave: never hidden."""

import datetime
from types import SimpleNamespace

import pytest
from django.utils import timezone

from cre_toolkit.children.models import Child
from cre_toolkit.web.views.children.alerts import alerts

MAY = {"log_call": True, "edit_child": True, "reopen": True}
CALM = SimpleNamespace(missing_since=None, divergence=None, closed=False)
BORN = {"date_of_birth": datetime.date(2011, 5, 14), "reference": "7Q4K-2M9XAB"}
NOON = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC)


def entry(action: str, overdue: bool = False) -> SimpleNamespace:
    is_call = action.startswith("telephone-")
    return SimpleNamespace(action=action, to=f"To {action}", overdue=overdue, is_call=is_call)


def sent(answer: str) -> SimpleNamespace:
    return SimpleNamespace(content={"answers": {"sharing": {"safe-to-tell-family": answer}}})


def of(child=None, state=CALM, due=(), records=()):
    return [
        (alert["kind"], alert.get("grave", False))
        for alert in alerts(child or Child(**BORN), state, due, records, MAY)
    ]


def test_nothing_to_say():
    assert of() == []


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"due": [entry("telephone-police", overdue=True)]}, ("Danger", True)),
        ({"state": SimpleNamespace(missing_since=NOON, divergence=None, closed=False)}, ("Missing", True)),
        ({"records": [sent("no")]}, ("Family", False)),
        ({"due": [entry("tell-manager", overdue=True)]}, ("Overdue", False)),
        (
            {"state": SimpleNamespace(missing_since=None, divergence="assessed-above-agreed", closed=False)},
            ("Level", False),
        ),
        ({"child": Child(**BORN, needs_interpreter="yes", first_language="Mandarin")}, ("Language", False)),
        ({"child": Child(reference="7Q4K-2M9XAB", given_names="Amy")}, ("Age", False)),
        ({"state": SimpleNamespace(missing_since=None, divergence=None, closed=True)}, ("Closed", False)),
        ({"child": Child(**BORN, died_on=NOON.date())}, ("Has died", False)),
    ],
)
def test_each_by_itself(given: dict, kind: tuple[str, bool]):
    assert of(**given) == [kind]


def test_the_police_are_named_first_and_everybody_once():
    due = [entry("telephone-social-care"), entry("telephone-police"), entry("telephone-police")]
    (danger,) = alerts(Child(**BORN), CALM, due, (), MAY)
    assert danger["text"].endswith("Telephone now: To telephone-police – and To telephone-social-care")


@pytest.mark.parametrize("answer", ["yes", "not-known", ""])
def test_only_a_no_says_that_the_family_is_not_to_be_told(answer: str):
    assert of(records=[sent(answer)]) == []


def test_an_assessment_that_was_not_asked_takes_no_warning_about_the_family_back():
    from_paper = SimpleNamespace(content={"answers": {"summary": {}}})
    assert of(records=[from_paper, sent(""), sent("no")]) == [("Family", False)]
    assert of(records=[from_paper, sent("yes"), sent("no")]) == []


def test_all_at_once_stand_in_order_and_count_what_is_overdue():
    child = Child(reference="7Q4K-2M9XAB", given_names="Amy", needs_interpreter="yes")
    state = SimpleNamespace(missing_since=timezone.now(), divergence="assessed-above-agreed", closed=False)
    due = [entry("telephone-police", True), entry("tell-manager", True), entry("reassess", True)]
    found = alerts(child, state, due, [sent("no")], MAY)
    assert [alert["kind"] for alert in found] == [
        "Danger", "Missing", "Family", "Overdue", "Level", "Language", "Age",
    ]  # fmt: skip
    assert found[3]["text"] == "2 things"
    assert found[0]["text"].endswith("To telephone-police")
    assert found[5]["text"] == "an interpreter is needed"


def test_of_a_child_who_has_died_nothing_is_asked_for_any_more():
    child = Child(reference="7Q4K-2M9XAB", given_names="Amy", needs_interpreter="yes", died_on=NOON.date())
    state = SimpleNamespace(missing_since=NOON, divergence=None, closed=True)
    assert of(child=child, state=state) == [("Has died", False)]
