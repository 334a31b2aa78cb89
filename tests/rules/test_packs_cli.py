"""`cre instruments`, `cre authorities` and `cre publish`, as a person meets them in a terminal."""

import json
from pathlib import Path

import pytest

from cre_toolkit.cli import main
from cre_toolkit.rules.loading import BUILT_IN

DERBY = BUILT_IN / "authorities" / "derby" / "2019-05-01.toml"
KINDS = ["instruments", "authorities"]


def test_lists_each_instrument_with_its_edition(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instruments"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "cre-2020  Child at Risk of Exploitation (CRE) Risk Assessment, Joint Version, May 2019",
        "cse-2017  Child Sexual Exploitation (CSE) Risk Assessment Matrix, April 2017, until 2019-05-01",
    ]


def test_lists_each_authority_with_its_dates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["authorities"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "derby  Derby, from 2019-05-01",
        "derbyshire  Derbyshire, from 2019-05-01",
    ]


def test_shows_an_instrument_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instruments", "show", "cre-2020"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["id"] == "cre-2020"
    assert len(shown["indicators"]) == 29
    assert len(shown["vulnerabilities"]) == 16


def test_shows_an_authority_with_all_its_packs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["authorities", "show", "derby"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [pack["from"] for pack in shown["packs"]] == ["2019-05-01"]


@pytest.mark.parametrize(
    ("kind", "id_"),
    [
        ("instruments", "cre-2020"),
        ("instruments", "cse-2017"),
        ("authorities", "derby"),
        ("authorities", "derbyshire"),
    ],
)
def test_what_is_shown_can_be_checked_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str, id_: str
) -> None:
    main([kind, "show", id_])
    path = tmp_path / f"{id_}.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main([kind, "check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: nothing is wrong\n"


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_id_is_one_line(capsys: pytest.CaptureFixture[str], kind: str) -> None:
    assert main([kind, "show", "nowhere"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "nowhere" in said.err


@pytest.mark.parametrize("kind", KINDS)
def test_each_problem_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str) -> None:
    path = tmp_path / "draft.toml"
    path.write_text('id = "draft"\ncolour = "red"\n')
    assert main([kind, "check", str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert f"{path}: colour: is not a key of this table" in lines
    assert all(line.startswith(f"{path}: ") for line in lines)


def test_a_series_tells_of_each_of_its_packs(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    main(["authorities", "show", "derby"])
    series = json.loads(capsys.readouterr().out)
    first = series["packs"][0]
    series["packs"].append(first | {"id": "rutland", "until": "2019-05-01"})
    path = tmp_path / "derby.json"
    path.write_text(json.dumps(series))
    assert main(["authorities", "check", str(path)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"{path}: packs.2019-05-01.id: is 'rutland' in a series of 'derby'",
        f"{path}: packs.2019-05-01.until: must be after from",
        f"{path}: packs.2019-05-01.from: must be after 2019-05-01, when the one before begins",
    ]


def test_a_series_of_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "derby.json"
    path.write_text('{"id": "derby", "packs": []}')
    assert main(["authorities", "check", str(path)]) == 2
    assert capsys.readouterr().err == f"{path}: packs: is empty\n"


def test_publishes_the_new_editions_of_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "authorities" / "derby" / "2019-05-01.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(DERBY.read_bytes())
    assert main(["publish", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "published authorities/derby/2019-05-01.toml\n"
    path.write_bytes(DERBY.read_bytes() + b"\n")
    assert main(["publish", str(tmp_path)]) == 2
    assert "make a new edition instead" in capsys.readouterr().err
