"""Reading a case file: what is taken, and what is refused with its place in the file."""

import json
from typing import Any

import pytest

from cre_toolkit.rules.casefile import CaseFileError, parse_case_file
from tests.rules.cases import cre, cse, rated


def changed(case: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A case file with another value at a path."""
    copy: dict[str, Any] = json.loads(json.dumps(case))
    place = copy
    *way, last = path.split(".")
    for key in way:
        place = place.setdefault(key, {})
    place[last] = value
    return copy


def without(case: dict[str, Any], path: str) -> dict[str, Any]:
    copy = changed(case, path, None)
    place = copy
    *way, last = path.split(".")
    for key in way:
        place = place[key]
    del place[last]
    return copy


def refused(data: Any) -> CaseFileError:
    with pytest.raises(CaseFileError) as caught:
        parse_case_file(data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isascii()
    assert str(caught.value).startswith(caught.value.path)
    return caught.value


NOTHING = [None, "left out"]


@pytest.mark.parametrize("how", NOTHING)
@pytest.mark.parametrize("key", ["instrument", "authority", "child", "completed_at", "analysis"])
def test_what_may_not_be_left_out(key: str, how: str | None) -> None:
    case = changed(cre(), key, None) if how is None else without(cre(), key)
    assert (refused(case).path, refused(case).reason) == (key, "is missing")


@pytest.mark.parametrize("how", NOTHING)
@pytest.mark.parametrize(
    "path",
    [
        "child.date_of_birth",
        "child.age",
        "child.send",
        "child.open_to_social_care",
        "child.child_protection_plan",
        "child.looked_after",
        "immediate_risk",
        "persons_or_places_of_risk",
        "indicators",
        "indicators.missing",
        "indicators.missing.level",
        "indicators.missing.cce",
        "indicators.missing.cse",
        "indicators.missing.note",
        "vulnerabilities",
        "vulnerabilities.young-carer",
        "analysis.level",
        "analysis.rationale",
        "analysis.threshold",
        "analysis.protective_factors",
        "analysis.primary_exploitation",
        "analysis.thorough_assessment",
        "transcribed",
        "narrative",
    ],
)
def test_a_key_left_out_is_the_same_as_null(path: str, how: str | None) -> None:
    with_null = parse_case_file(changed(cre(), path, None))
    assert parse_case_file(without(cre(), path)) == with_null


def test_an_indicator_that_is_null_is_not_identified_and_an_empty_one_is() -> None:
    assert parse_case_file(cre(indicators={"missing": None})).indicators == {}
    found = parse_case_file(cre(indicators={"missing": {}})).indicators["missing"]
    assert (found.identified, found.level, found.note, found.cce, found.cse) == (True, None, "", False, False)


def test_tables_are_kept_in_the_instruments_order() -> None:
    case = cre(
        "weapons", "missing", vulnerabilities={"social-exclusion": {}, "young-carer": {"historic": True}}
    )
    case_file = parse_case_file(case)
    assert list(case_file.indicators) == ["missing", "weapons"]
    assert list(case_file.vulnerabilities) == ["young-carer", "social-exclusion"]
    assert [entry.recorded for entry in case_file.vulnerabilities.values()] == [True, False]


def test_the_matrix_has_keys_of_its_own() -> None:
    case_file = parse_case_file(
        cse(
            indicators={"groomed": {"risk": None, "evidenced": True}},
            vulnerabilities={"learning-disability": {"present": True, "note": "x"}},
            analysis={"models": ["gang", "party-scene"], "threshold": "section-17"},
            narrative={"identified-perpetrators": "Nobody known.", "anything": None},
        )
    )
    assert case_file.indicators["groomed"].identified
    assert case_file.indicators["groomed"].level == "medium"
    assert case_file.vulnerabilities["learning-disability"].recorded
    assert case_file.analysis.models == ("gang", "party-scene")
    assert case_file.narrative == {"identified-perpetrators": "Nobody known.", "anything": ""}


UNKNOWN_KEYS = [
    (cre(), "surprise"),
    (cre(), "child.name"),
    (cre(), "indicators.loitering"),
    (cre(), "indicators.sti"),
    (cre(), "indicators.missing.risk"),
    (cre(), "indicators.missing.evidenced"),
    (cre(), "vulnerabilities.learning-disability"),
    (cre(), "vulnerabilities.young-carer.present"),
    (cre(), "analysis.models"),
    (cre(), "analysis.levels"),
    (cse(), "indicators.online-activity"),
    (cse(), "indicators.groomed.level"),
    (cse(), "indicators.groomed.cse"),
    (cse(), "vulnerabilities.young-carer"),
    (cse(), "vulnerabilities.homelessness.current"),
    (cse(), "analysis.primary_exploitation"),
    (cse(), "analysis.thorough_assessment"),
]


@pytest.mark.parametrize("value", [None, {}, True, "x"])
@pytest.mark.parametrize(("case", "path"), UNKNOWN_KEYS, ids=[path for _, path in UNKNOWN_KEYS])
def test_an_unknown_key_is_an_error(case: dict[str, Any], path: str, value: Any) -> None:
    assert refused(changed(case, path, value)).path == path


WRONG_TYPES: dict[str, list[Any]] = {
    "instrument": [1, "", "cre-2019", [], {}, True],
    "authority": ["nottingham", "Derby", 0],
    "child": [[], "x", 1, True],
    "child.date_of_birth": [20100203, "", "2010-02-30", "03/02/2010", "2010-02-03T00:00:00Z", "2010-02-03\n"],
    "child.age": [True, False, "12", 12.0, 12.5, -1, [12], {}],
    "child.send": [0, 1, "true", "", "yes", []],
    "child.open_to_social_care": [0, "no"],
    "child.child_protection_plan": [0, "no"],
    "child.looked_after": [0, "no"],
    "completed_at": [
        0,
        "",
        "2026-03-27",
        "2026-03-27T16:20:00",
        "2026-03-27T16:20:00.5Z",
        "2026-02-30T16:20:00Z",
    ],
    "immediate_risk": [0, "", "false", []],
    "persons_or_places_of_risk": [1, "x"],
    "indicators": [[], "missing", 1, True, ["missing"]],
    "indicators.missing": [[], True, "high", 1],
    "indicators.missing.level": ["", "High", "none", 1, True, ["low"], {}],
    "indicators.missing.cce": ["", 1, "true"],
    "indicators.missing.cse": [0, []],
    "indicators.missing.note": [1, True, [], {}],
    "vulnerabilities": [[], True],
    "vulnerabilities.young-carer": [True, []],
    "vulnerabilities.young-carer.historic": [1],
    "vulnerabilities.young-carer.current": ["x"],
    "vulnerabilities.young-carer.note": [1],
    "analysis": [[], "x", True],
    "analysis.level": ["", "Low", 1, True, "very high"],
    "analysis.rationale": [1, True, [], {}],
    "analysis.threshold": ["section 47", 47, True, []],
    "analysis.protective_factors": [1, []],
    "analysis.primary_exploitation": ["Sexual", "drugs", 1, True, []],
    "analysis.thorough_assessment": [1, "yes"],
    "transcribed": [1, "yes", {}],
    "narrative": [[], "x", 1],
    "narrative.locations": [1, [], {}, True],
}


@pytest.mark.parametrize(
    ("path", "value"), [(path, value) for path, values in WRONG_TYPES.items() for value in values]
)
def test_a_wrong_type_or_word_is_an_error(path: str, value: Any) -> None:
    assert refused(changed(cre(), path, value)).path == path


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ("indicators.groomed.risk", 1, "indicators.groomed.risk"),
        ("indicators.groomed.evidenced", "x", "indicators.groomed.evidenced"),
        ("vulnerabilities.homelessness.present", 0, "vulnerabilities.homelessness.present"),
        ("analysis.models", "gang", "analysis.models"),
        ("analysis.models", {}, "analysis.models"),
        ("analysis.models", ["gang", "mafia"], "analysis.models[1]"),
        ("analysis.models", [None], "analysis.models[0]"),
    ],
)
def test_a_wrong_type_in_the_matrix(path: str, value: Any, place: str) -> None:
    assert refused(changed(cse(), path, value)).path == place


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("", "", "is not JSON"),
        ("nonsense", "", "is not JSON"),
        ("{", "", "line 1, column 2"),
        ("[]", "", "must be an object, not a list"),
        ("null", "", "must be an object, not null"),
        ("3", "", "must be an object, not 3"),
        ('"x"', "", 'must be an object, not "x"'),
        ("\ufeff{}", "", "byte order mark"),
        ("NaN", "", "NaN is not JSON"),
        ('{"child": {"age": NaN}}', "child.age", "NaN is not JSON"),
        ('{"child": {"age": -Infinity}}', "child.age", "-Infinity is not JSON"),
        ('{"child": {"age": ' + "9" * 5000 + "}}", "child.age", "too many digits"),
        ('{"child": {}, "child": {}}', "child", "stands twice"),
        (
            '{"indicators": {"missing": {"note": "a", "level": null, "note": "b"}}}',
            "indicators.missing.note",
            "twice",
        ),
        ('{"analysis": {"models": ["gang", {"a": 1, "a": 1}]}}', "analysis.models[1].a", "stands twice"),
        ('{"a": NaN, "a": NaN}', "a", "stands twice"),
        ("[" * 100_000, "", "nested too deeply"),
        ('{"child":' * 100_000, "", "nested too deeply"),
    ],
)
def test_what_is_not_strict_json(text: str, path: str, reason: str) -> None:
    error = refused(text)
    assert error.path == path
    assert reason in error.reason
    assert refused(text.encode()).path == path


def test_what_is_not_utf_8() -> None:
    assert refused(b'{"child": "\xff"}').reason == "is not UTF-8: byte 12 cannot be read"
    assert "UTF-8" in refused("{}".encode("utf-16")).reason


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('"\\ud800"', "analysis.rationale"),
        ('"x\\udfffx"', "indicators.missing.note"),
    ],
)
def test_half_a_character_is_an_error(text: str, path: str) -> None:
    assert refused(json.dumps(changed(cre(), path, json.loads(text)))).path == path


def test_half_a_character_in_a_key_is_an_error() -> None:
    assert refused(json.dumps(cre(narrative={"\ud800": "x"}))).path == "narrative"
    assert refused(json.dumps(cre() | {"\ud800": "x"})).path == '"\\ud800"'


def test_an_odd_key_is_named_on_one_line() -> None:
    assert refused(cre() | {"a\nb.c": 1}).path == '"a\\nb.c"'
    assert refused(changed(cre(), "child.größe", 1)).path == 'child."gr\\u00f6\\u00dfe"'
    assert len(refused(cre() | {"x" * 1000: 1}).path) < 80
    assert refused({**cre(), 7: 1}).path == "7"


def test_a_value_that_is_not_json_at_all_is_an_error_too() -> None:
    assert refused(changed(cre(), "transcribed", 1) | {"transcribed": object()}).reason.endswith("object")


def test_any_text_is_kept_whole() -> None:
    note = "Siân Ŵyn, Nguyễn, 李小龙, عائشة, \U0001f600, \u0000, <script>, \u2028" + "x" * 50_000
    for form in (
        cre(indicators={"missing": rated(note=note)}),
        json.dumps(cre(indicators={"missing": rated(note=note)})),
    ):
        assert parse_case_file(form).indicators["missing"].note == note


def test_an_age_has_no_upper_end() -> None:
    assert parse_case_file(cre(child={"date_of_birth": None, "age": 10**30})).child.age == 10**30
