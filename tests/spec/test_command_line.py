"""`cre assess` and `cre case`: what is printed, where, and with which exit status."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cre_toolkit.cli import main
from tests.rules.cases import cre
from tests.rules.stories import Story

Json = dict[str, Any]
Out = pytest.CaptureFixture[str]

NOT_ACCEPTED = cre(analysis={"level": None})


def saved(folder: Path, *values: Any) -> str:
    """A file of these lines."""
    file = folder / "case.json"
    lines = [value if isinstance(value, str) else json.dumps(value) for value in values]
    file.write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    return str(file)


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="latin-1"))


@pytest.mark.parametrize(("case", "status"), [(cre(), 0), (NOT_ACCEPTED, 1)])
def test_assess(tmp_path: Path, capsys: Out, case: Json, status: int) -> None:
    assert main(["assess", saved(tmp_path, case)]) == status
    printed = capsys.readouterr()
    assert json.loads(printed.out)["accepted"] is (status == 0)
    assert printed.out == json.dumps(json.loads(printed.out), ensure_ascii=False, indent=2) + "\n"
    assert printed.err == ""


def test_assess_reads_standard_input_as_utf_8(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    piped(monkeypatch, json.dumps(cre(narrative={"x": "Siân"}), ensure_ascii=False).encode())
    assert main(["assess", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["recorded_level"] == "medium"


UNREADABLE = [
    ("nonsense", "is not JSON"),
    ("", "is not JSON"),
    ("[1]", "must be an object, not a list"),
    (cre(surprise=1), "surprise: is not known here"),
    (cre(instrument="cre-2019"), "instrument: must be one of"),
    (cre(authority="nottingham"), "authority: must be one of"),
    (cre(child={"age": True}), "child.age: must be a whole number"),
    (cre(indicators={"missing": {"level": "severe"}}), "indicators.missing.level: must be one of"),
    ('{"child": "\ud800"}', "is not UTF-8"),
]


@pytest.mark.parametrize(("content", "reason"), UNREADABLE)
def test_assess_what_cannot_be_read(tmp_path: Path, capsys: Out, content: Any, reason: str) -> None:
    file = saved(tmp_path, content)
    assert main(["assess", file]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{file}: {reason}")
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("command", ["assess", "case"])
def test_a_file_that_is_not_there(tmp_path: Path, capsys: Out, command: str) -> None:
    for file in (tmp_path / "nothing", tmp_path):
        assert main([command, str(file)]) == 2
        printed = capsys.readouterr()
        assert printed.err.startswith(str(file))
        assert (printed.out, printed.err.count("\n")) == ("", 1)


def test_assess_lines(tmp_path: Path, capsys: Out) -> None:
    """Line for line, blank lines skipped, an error in its place, the worst of all as the exit status."""
    file = saved(tmp_path, cre(), "", NOT_ACCEPTED, "  \t", cre(authority="derbyshire"))
    assert main(["assess", "--lines", file]) == 1
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["accepted"], second["accepted"], third["accepted"]) == (True, False, True)

    file = saved(tmp_path, cre(), '{"instrument":', NOT_ACCEPTED, "")
    assert main(["assess", "--lines", file]) == 2
    printed = capsys.readouterr()
    lines = [json.loads(line) for line in printed.out.splitlines()]
    assert lines[1] == {"error": "is not JSON: Expecting value at line 1, column 15"}
    assert len(lines) == 3
    assert printed.err == ""


def test_assess_lines_of_nothing(tmp_path: Path, capsys: Out) -> None:
    assert main(["assess", "--lines", saved(tmp_path, "", " ")]) == 0
    assert capsys.readouterr().out == ""


def test_assess_lines_are_ended_by_a_line_feed_alone(tmp_path: Path, capsys: Out) -> None:
    """Other characters that end a line elsewhere may stand in a text."""
    note = "one\u2028two\u0085three"
    case = json.dumps(cre(narrative={"x": note}), ensure_ascii=False)
    assert main(["assess", "--lines", saved(tmp_path, case + "\r", case)]) == 0
    assert capsys.readouterr().out.count("\n") == 2


def record() -> Json:
    story = Story()
    story.add("significant-incident", "03-01")
    return story.record


def test_case(tmp_path: Path, capsys: Out) -> None:
    file = saved(tmp_path, record() | {"at": "2026-03-01T10:00:00Z"})
    assert main(["case", file]) == 0
    printed = capsys.readouterr().out
    assert printed == json.dumps(json.loads(printed), ensure_ascii=False, indent=2) + "\n"
    assert [entry["overdue"] for entry in json.loads(printed)["due"]] == [False]


def test_case_at_wins_over_the_file(tmp_path: Path, capsys: Out) -> None:
    file = saved(tmp_path, record() | {"at": "2026-03-01T10:00:00Z"})
    assert main(["case", file, "--at", "2026-02-01T10:00:00+01:00"]) == 0
    state = json.loads(capsys.readouterr().out)
    assert (state["at"], state["due"]) == ("2026-02-01T09:00:00+00:00", [])


def test_case_needs_a_moment(tmp_path: Path, capsys: Out) -> None:
    file = saved(tmp_path, record())
    assert main(["case", file]) == 2
    assert capsys.readouterr().err == f"{file}: at: is missing: name the moment here or with --at\n"
    assert main(["case", file, "--at", "2026-03-01"]) == 2
    assert capsys.readouterr().err.startswith("--at: must be an instant to the second")


def test_case_names_the_event_that_was_not_allowed(tmp_path: Path, capsys: Out) -> None:
    story = Story()
    story.add("returned", "03-01")
    file = saved(tmp_path, story.record)
    assert main(["case", file, "--at", "2026-03-02T00:00:00Z"]) == 2
    expected = f'{file}: events[0].kind: event "e1": "returned" comes without "missing" before it\n'
    assert capsys.readouterr() == ("", expected)


def test_case_lines(tmp_path: Path, capsys: Out) -> None:
    file = saved(tmp_path, record(), record() | {"events": 1}, "", record() | {"at": "2026-01-01T00:00:00Z"})
    assert main(["case", "--lines", "--at", "2026-03-02T00:00:00Z", file]) == 2
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["due"][0]["overdue"] is True
    assert second == {"error": "events: must be a list, not 1"}
    assert third["at"] == "2026-03-02T00:00:00+00:00"


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own, in an environment that knows no UTF-8."""
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "cre_toolkit.cli", *words]
    return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60, **options)


def test_the_same_input_gives_the_same_bytes_in_utf_8_whatever_the_machine_speaks(tmp_path: Path) -> None:
    story = Story()
    story.record["events"].append(
        {"id": "Ŵ-李", "kind": "significant-incident", "at": "2026-03-01T10:00:00Z"}
    )
    data = json.dumps(story.record, ensure_ascii=False).encode()
    found = [run("case", "-", "--at", "2026-03-02T00:00:00Z", input=data) for _ in range(2)]
    assert "Ŵ-李" in found[0].stdout.decode("utf-8")
    assert found[0].stdout == found[1].stdout
    assert [each.returncode for each in found] == [0, 0]
    assert found[0].stderr == b""


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    file = saved(tmp_path, *[cre()] * 400)
    command = f'"{sys.executable}" -m cre_toolkit.cli assess --lines "{file}" | head -c 1'
    found = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert (found.stdout, found.stderr) == (b"{", b"")


def test_nowhere_to_write_is_said_in_one_line(tmp_path: Path) -> None:
    full = Path("/dev/full")
    with full.open("wb") as out:
        command = [sys.executable, "-m", "cre_toolkit.cli", "assess", saved(tmp_path, cre())]
        found = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False, timeout=60)
    assert found.returncode == 2
    assert found.stderr == b"cre: No space left on device\n"


def test_closed_standard_input_is_an_empty_file() -> None:
    command = f'"{sys.executable}" -m cre_toolkit.cli assess - <&-'
    found = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=60)
    assert found.returncode == 2
    assert found.stderr.startswith(b"standard input: is not JSON")
