"""Checking a pack: its author is told everything that is wrong, where it stands, and why."""

import os
import re
from pathlib import Path

import pytest

from cre_toolkit.rules import consistency
from cre_toolkit.rules.loading import BUILT_IN, check_authority, check_instrument, load_instrument

INSTRUMENT = BUILT_IN / "instruments" / "cre-2020" / "instrument.toml"
MATRIX = BUILT_IN / "instruments" / "cse-2017" / "instrument.toml"
DERBY = BUILT_IN / "authorities" / "derby" / "2019-05-01.toml"
DERBYSHIRE = BUILT_IN / "authorities" / "derbyshire" / "2019-05-01.toml"


def edited(tmp_path: Path, source: Path, old: str, new: str) -> Path:
    text = source.read_text(encoding="utf-8")
    assert old in text, old
    path = tmp_path / "draft.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def found(path: Path) -> list[str]:
    """What is wrong with the file, without its name."""
    is_instrument = "[[indicators]]" in path.read_text(encoding="utf-8")
    problems = check_instrument(path) if is_instrument else check_authority(path)
    return [f"{problem.path}: {problem.reason}" for problem in problems]


def says(path: Path, problem: str) -> bool:
    return any(line.startswith(problem) for line in found(path))


@pytest.mark.parametrize("path", [INSTRUMENT, MATRIX, DERBY, DERBYSHIRE], ids=lambda path: path.parent.name)
def test_nothing_is_wrong_with_ours(path: Path) -> None:
    assert found(path) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('label = "Young carer"', 'label = ""', "vulnerabilities.young-carer.label: is empty"),
        (
            'label = "Young carer"',
            'label = " x"',
            "vulnerabilities.young-carer.label: begins or ends with white space",
        ),
        ('label = "Young carer"', "", "vulnerabilities.young-carer.label: is missing"),
        (
            'label = "Young carer"',
            "label = 4",
            "vulnerabilities.young-carer.label: must be a valid string, not 4",
        ),
        (
            'label = "Young carer"',
            'label = "x"\ncolour = "red"',
            "vulnerabilities.young-carer.colour: is not a key of this table",
        ),
        (
            'id = "young-carer"',
            'id = "Young carer"',
            "vulnerabilities.Young carer.id: 'Young carer' is not an identifier",
        ),
        ('id = "young-carer"', "", "vulnerabilities.#4.id: is missing"),
        ("exception = true", 'exception = "yes"', "floor.exception: must be a valid boolean, not 'yes'"),
        ("published = 2019-05-01", "published = 2019", "published: must be a valid date, not 2019"),
        ("adult_age = 18", 'adult_age = "18"', "scope.adult_age: must be a valid integer, not '18'"),
        (
            'unlikely_levels = ["low"]',
            'unlikely_levels = ["none"]',
            "indicators.abused-by-adult.unlikely_levels.#1: must be 'low', 'medium' or 'high'",
        ),
        ('levels_from = "rating"', 'levels_from = ["rating"]', "levels_from: must be 'rating' or 'tier'"),
    ],
)
def test_wrong_shapes(tmp_path: Path, old: str, new: str, problem: str) -> None:
    (only,) = found(edited(tmp_path, INSTRUMENT, old, new))
    assert only.startswith(problem)


def test_a_long_value_is_quoted_shortly(tmp_path: Path) -> None:
    (problem,) = found(edited(tmp_path, INSTRUMENT, "adult_age = 18", f'adult_age = "{"9" * 500}"'))
    assert problem.endswith("999...")
    assert len(problem) < 150


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "self-harm"', 'id = "grooming"', "indicators.grooming.id: the id 'grooming' stands twice"),
        (
            'id = "young-carer"',
            'id = "homelessness"',
            "vulnerabilities.homelessness.id: the id 'homelessness' stands twice",
        ),
        ('id = "environments"', 'id = "locations"', "fields.locations.id: the id 'locations' stands twice"),
        (
            'number = 4\nlabel = "Young',
            'number = 5\nlabel = "Young',
            "vulnerabilities.young-carer.number: is 5, and it stands in place 4",
        ),
        (
            "number = 17\nlabel",
            "number = 18\nlabel",
            "indicators.self-harm.number: is 18, and it stands in place 17",
        ),
        (
            'group = "people-and-groups"\nsource',
            'group = "people"\nsource',
            "indicators.change-of-contact.group: there is no group 'people'",
        ),
        (
            '[[groups]]\nid = "family',
            '[[groups]]\nid = "void"\ntitle = "Void"\n\n[[groups]]\nid = "family',
            "groups.void: no indicator is in this group",
        ),
        (
            "number = 12\n",
            'number = 12\ntier = "low"\n',
            "indicators.unexplained-injuries.tier: has no place where each indicator is rated",
        ),
        ("send_until_age = 25", "send_until_age = 18", "scope.send_until_age: must be above adult_age"),
        ("under_age = 13", "under_age = 18", "floor.under_age: must be below scope.adult_age"),
        ('replaces = "cse-2017"', 'replaces = "cre-2020"', "replaces: names the form itself"),
        (
            "published = 2019-05-01",
            "published = 2019-05-01\nreplaced_on = 2027-01-01",
            "replaced_by: stands together with replaced_on, or neither does",
        ),
        (
            "published = 2019-05-01",
            'published = 2019-05-01\nreplaced_on = 2019-05-01\nreplaced_by = "x"',
            "replaced_on: must be after published",
        ),
        (
            'id = "locations"\nsection = "concerns"',
            'id = "locations"\nsection = "places"',
            "fields.locations.section: there is no section 'places'",
        ),
        (
            'answered_by = "child.send"',
            'answered_by = "child.name"',
            "fields.disabilities.answered_by: must be one of narrative, record",
        ),
        (
            'kind = "table"',
            'kind = "text"',
            "fields.immediate-actions.columns: a table, and nothing else, has columns",
        ),
    ],
)
def test_an_instrument_that_does_not_hold_together(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert says(edited(tmp_path, INSTRUMENT, old, new), problem)


def test_an_indicator_of_the_matrix_stands_in_a_tier(tmp_path: Path) -> None:
    path = edited(tmp_path, MATRIX, 'tier = "high"\nage_below = 13', "age_below = 13")
    assert (
        "indicators.under-13-sexual-activity.tier: is missing: here the level comes from the tier"
        in found(path)
    )


def test_an_instrument_without_indicators(tmp_path: Path) -> None:
    text = INSTRUMENT.read_text(encoding="utf-8")
    before, after = text.index("[[indicators]]"), text.index("[[vulnerabilities]]")
    path = tmp_path / "draft.toml"
    path.write_text("indicators = []\n" + text[:before] + text[after:], encoding="utf-8")
    assert "indicators: is empty" in [f"{p.path}: {p.reason}" for p in check_instrument(path)]


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("exploitation_types", "exploitation_types: needs at least one type: medium and high ask for"),
        ("exploitation_types", "exploitation_types: needs the type 'unclear'"),
        ("thresholds", "thresholds: is empty: the analysis asks for one of them"),
        *(("fields", f"fields.{id_}: is missing") for id_ in ("not-known-yet", "locations", "family-aware")),
    ],
)
def test_a_rated_form_has_what_its_pages_and_rules_ask_for(tmp_path: Path, table: str, problem: str) -> None:
    text = INSTRUMENT.read_text(encoding="utf-8")
    path = tmp_path / "draft.toml"
    path.write_text(re.sub(rf"(?ms)^\[\[{table}\]\].*?(?=^\[|\Z)", "", text), encoding="utf-8")
    assert says(path, problem)


def test_every_field_whose_words_a_page_shows_is_asked_of_a_rated_form() -> None:
    fields = load_instrument("cre-2020").field_by_id
    web = Path(consistency.__file__).parents[1] / "web"
    pages = [path for part in ("forms", "views") for path in (web / part / "assessments").glob("*.py")]
    shown = {
        id_
        for path in pages
        for said in re.findall(
            r'from_pack\(.*?\}|field_by_id\["[^"]+"\]|_text\(instrument, "[^"]+"',
            path.read_text(encoding="utf-8"),
            re.DOTALL,
        )
        for id_ in re.findall(r'"([a-z-]+)"', said)
        if id_ in fields
    }
    assert len(shown) > 10
    assert shown <= set(consistency.ASKED_OF_A_RATED_FORM)


FIRST_TELEPHONE = """
[[actions]]
id = "telephone-police"
to = "Police, 999"
due = "now"
when = ["immediate-risk"]
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'id = "refer-police"',
            'id = "refer-polise"',
            "actions.refer-polise.id: must be 'telephone-social-care', 'telephone-police'",
        ),
        (
            'when = ["plan"]',
            'when = ["planned"]',
            "actions.child-protection-plan.when.#1: must be 'immediate-risk', 'open', 'not-open'",
        ),
        ('due = "PT24H"', 'due = "P1D"', "actions.refer-police.due: 'P1D' is not a due time"),
        ('every = "P4W"', 'every = "4 weeks"', "reviews.review.every: '4 weeks' is not an interval"),
        (
            'restarted_by = ["tasking"]',
            'restarted_by = ["task"]',
            "reviews.monthly-tasking.restarted_by.#1: must be 'cre-review', 'high-risk-strategy'",
        ),
        (
            "[case_actions.reassess]",
            "[case_actions.reasess]",
            "case_actions.reasess: must be 'bring-meeting-forward', 'reassess'",
        ),
        ('level_set_by = ["cre-review"]', "level_set_by = []", "level_set_by: is empty"),
        (
            "may_not_lower_from_high = []",
            'may_not_lower_from_high = ["tasking"]',
            "may_not_lower_from_high: 'tasking' is not in level_set_by",
        ),
        (
            '[[meetings]]\nid = "cre-review"',
            '[[meetings]]\nid = "cpm-vc-review"',
            "meetings.cre-review: is missing: another part of the pack names it, and nobody could hold it",
        ),
        (
            'chair = "Child Protection Manager"\nlevel_agreed_by = ["child-protection-manager"]',
            'chair = "Child Protection Manager"\nlevel_agreed_by = []',
            "meetings.cre-review.level_agreed_by: names a role where the meeting is in level_set_by",
        ),
        ("from = 2019-05-01", "from = 2019-05-01\nuntil = 2019-05-01", "until: must be after from"),
        ("missing_plan_days = 90", "missing_plan_days = 0", "case.missing_plan_days: must be above zero"),
        (
            'id = "careline"',
            'id = "first-contact-team"',
            "contacts.first-contact-team.id: the id 'first-contact-team' stands twice",
        ),
        (
            "check_from = 2026-11-01",
            "check_from = 2026-10-01",
            "contacts.initial-response-team.check_from: must not be before as_of",
        ),
        ('telephone = "999"\n', "", "contacts.police-emergency: has neither telephone nor website"),
        ('levels = ["medium"]\nby', "levels = []\nby", "reviews.#2.levels: is empty"),
        ('levels = ["medium"]\nby', 'levels = ["high"]\nby', "reviews.#2: 'review' stands twice at high"),
        (
            'id = "refer-police"',
            'id = "information-report"',
            "actions.#8.id: 'send-to-social-care' stands after 'information-report'",
        ),
        (
            'when = ["open"]\ntext = "Send the assessment to the child',
            'when = []\ntext = "Send the assessment to the child',
            "actions.#9: never holds: an earlier row of 'send-to-social-care'",
        ),
        (
            FIRST_TELEPHONE,
            FIRST_TELEPHONE.replace("due", 'levels = ["high"]\ndue'),
            "actions: nobody would be called in danger: 'telephone-police'",
        ),
    ],
)
def test_an_authority_that_does_not_hold_together(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert says(edited(tmp_path, DERBY, old, new), problem)


def test_a_case_action_that_is_left_out(tmp_path: Path) -> None:
    text = DERBY.read_text(encoding="utf-8")
    start, end = text.index("[case_actions.reassess]"), text.index("[case_actions.missing-strategy-meeting]")
    path = tmp_path / "draft.toml"
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert found(path) == ["case_actions.reassess: is missing"]


def test_a_pack_without_actions_would_leave_a_danger_uncalled(tmp_path: Path) -> None:
    text = DERBY.read_text(encoding="utf-8")
    start, end = text.index("[[actions]]"), text.index("[[reviews]]")
    path = tmp_path / "draft.toml"
    path.write_text("actions = []\n" + text[:start] + text[end:], encoding="utf-8")
    assert [problem.split(":")[0] for problem in found(path)] == ["actions"] * 4


class TestFilesThatCannotBeRead:
    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            (b"a = 1\na = 2\n", ": a: stands twice in one table (line 2)"),
            (b"a = 1\n[b]\n[b]\n", ": is not TOML: Cannot declare ('b',) twice (line 3)"),
            (b"a = \n", ": is not TOML: Invalid value (line 1)"),
            (b"a = [1,\n", ": is not TOML: Invalid value (line 1)"),
            (b"a = " + b"[" * 5000, ": is not TOML: nested too deeply"),
            (b"a = 12:00:00\n", ": 12:00:00 is a time: packs hold dates alone"),
            (b"a = 1\nb = '\xff'\n", ": is not UTF-8 (line 2)"),
            (b'{"a": 1, "a": 2}', ": a: stands twice: keep one of them"),
            (b'{"a": NaN}', ": a: NaN is not JSON: use null where nothing is known"),
            (b'{"a": ', ": is not JSON: Expecting value at line 1, column 7"),
        ],
    )
    def test_each_is_said_in_one_line(self, tmp_path: Path, content: bytes, problem: str) -> None:
        path = tmp_path / "draft"
        path.write_bytes(content)
        for check in (check_instrument, check_authority):
            assert [str(error) for error in check(path)] == [f"{path}{problem}"]

    def test_a_list_is_no_pack(self, tmp_path: Path) -> None:
        path = tmp_path / "draft.json"
        path.write_text("[]")
        assert [str(error) for error in check_authority(path)] == [
            f"{path}: is not a table of keys and values"
        ]

    def test_a_folder(self, tmp_path: Path) -> None:
        assert [str(error) for error in check_instrument(tmp_path)] == [
            f"{tmp_path}: cannot be read: is a directory"
        ]

    def test_no_file(self, tmp_path: Path) -> None:
        path = tmp_path / "nowhere.toml"
        assert [str(error) for error in check_authority(path)] == [
            f"{path}: cannot be read: no such file or directory"
        ]

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
    def test_windows_lines_and_byte_order_marks_are_read(self, tmp_path: Path, mark: bytes) -> None:
        path = tmp_path / "draft.toml"
        path.write_bytes(mark + INSTRUMENT.read_bytes().replace(b"\n", b"\r\n"))
        assert check_instrument(path) == []

    def test_a_line_break_in_a_file_name_does_not_break_the_line(self, tmp_path: Path) -> None:
        path = tmp_path / f"two{os.linesep}lines.toml"
        assert [str(error).count("\n") for error in check_instrument(path)] == [0]
