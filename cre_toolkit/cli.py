"""`cre`: the rules core on the command line.

Exit status: 0 good; 1 the assessment may not be recorded as it is; 2 something cannot be read or found, said
in one line on standard error.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import CaseFileError, parse_case_file
from cre_toolkit.rules.casestate import case_state
from cre_toolkit.rules.deadlines import parse_instant
from cre_toolkit.rules.loading import (
    BUILT_IN,
    authority_ids,
    check_authority,
    check_instrument,
    instrument_ids,
    load_authority,
    load_instrument,
    publish,
)
from cre_toolkit.rules.packerrors import PackError
from cre_toolkit.rules.packmodel import PackModel
from cre_toolkit.rules.record import parse_record

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD = 0
NOT_ACCEPTED = 1
UNREADABLE = 2

Answer = tuple[dict[str, Any], int]
"""What is printed about one case, and the exit status that goes with it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: the words after `cre`; those of the process without it.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    options = _parser().parse_args(arguments)
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except PackError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    except BrokenPipeError:
        # The reader went away (`cre instruments | head`): nothing is left to say, also not at exit.
        _say_no_more()
        return GOOD
    except OSError as error:
        # Nowhere to write; what cannot be read is said where it is opened.
        print(f"cre: {error.strerror or error}", file=sys.stderr)
        _say_no_more()
        return UNREADABLE
    return status


def _say_no_more() -> None:
    """Let what is still unwritten go nowhere, so that the interpreter does not stumble over it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cre",
        description="The rules of the Child at Risk of Exploitation toolkit of Derby and Derbyshire.",
        epilog="An operator's own folder of packs is named by the environment variable CRE_PACKS.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_packs(
        commands,
        "instruments",
        "the forms: their wording and rules",
        _list_instruments,
        load_instrument,
        check_instrument,
    )
    _add_packs(
        commands,
        "authorities",
        "who is told what, by when",
        _list_authorities,
        load_authority,
        check_authority,
    )
    _add_publish(commands)
    _add_assess(commands)
    _add_case(commands)
    return parser


def _add_packs(
    commands: "Commands",
    name: str,
    what: str,
    list_all: Callable[[], Iterable[str]],
    load: Callable[[str], PackModel],
    check: Callable[[Path], list[PackError]],
) -> None:
    """`cre instruments` and `cre authorities`: list them, show one, check a file."""
    parser = commands.add_parser(name, help=f"list {what}; show one; check a file")
    parser.set_defaults(run=lambda _: _print_lines(list_all()))
    actions = parser.add_subparsers(title="actions", metavar="ACTION")

    show = actions.add_parser("show", help="print one whole as JSON")
    show.add_argument("id", metavar="ID")
    show.set_defaults(run=lambda options: _show(load(options.id)))

    check_file = actions.add_parser("check", help="say everything that is wrong with a file, and where")
    check_file.add_argument("file", metavar="FILE", type=Path, help="TOML, or JSON as `show` prints it")
    check_file.set_defaults(run=lambda options: _report(options.file, check(options.file)))


def _add_publish(commands: "Commands") -> None:
    """`cre publish`: add new editions to `published.lock`, which refuses a later edit of them."""
    parser = commands.add_parser(
        "publish", help="add new editions of a folder of packs to its published.lock"
    )
    parser.add_argument(
        "folder", metavar="FOLDER", type=Path, nargs="?", default=BUILT_IN, help="without it, our own"
    )
    parser.set_defaults(
        run=lambda options: _print_lines(f"published {name}" for name in publish(options.folder))
    )


def _add_assess(commands: "Commands") -> None:
    """`cre assess`: what one assessment comes to (assessment contract)."""
    parser = commands.add_parser("assess", help="print the outcome of a case file: level, reasons, actions")
    _add_case_file(parser)
    parser.set_defaults(run=lambda options: _answer(options, _outcome))


def _add_case(commands: "Commands") -> None:
    """`cre case`: the state of a case at a moment (case contract)."""
    parser = commands.add_parser(
        "case", help="print the state of a case record: levels, what is due and done"
    )
    _add_case_file(parser)
    parser.add_argument("--at", metavar="INSTANT", help="the moment asked about, in place of the file's own")
    parser.set_defaults(run=_case)


def _case(options: argparse.Namespace) -> int:
    try:
        at = None if options.at is None else parse_instant(options.at)
    except ValueError as error:
        print(f"--at: {error}", file=sys.stderr)
        return UNREADABLE
    return _answer(options, lambda data: _state(data, at))


def _state(data: bytes, at: datetime | None) -> Answer:
    record = parse_record(data)
    moment = at or record.at
    if moment is None:
        raise CaseFileError("at", "is missing: name the moment here or with --at")
    authorities = {id_: load_authority(id_) for id_ in record.authorities}
    return case_state(authorities, record, moment).as_dict(), GOOD


def _add_case_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="JSON in UTF-8; - is standard input")
    parser.add_argument("--lines", action="store_true", help="JSON Lines in, and out")


def _outcome(data: bytes) -> Answer:
    case_file = parse_case_file(data)
    outcome = assess(load_instrument(case_file.instrument), load_authority(case_file.authority), case_file)
    return outcome.as_dict(), GOOD if outcome.accepted else NOT_ACCEPTED


def _answer(options: argparse.Namespace, answer: Callable[[bytes], Answer]) -> int:
    """Read the file, or each of its lines, and print what is answered.

    Args:
        options: with `file` and `lines`.
        answer: gives the answer to one JSON text; raises CaseFileError if that cannot be read.

    Returns:
        The exit status: under `--lines` the worst of all.
    """
    name = "standard input" if options.file == "-" else options.file
    try:
        opened = _opened(options.file)
    except OSError as error:
        print(f"{name}: {error.strerror or error}", file=sys.stderr)
        return UNREADABLE
    with opened as file:
        if options.lines:
            return max((_answer_line(line, answer) for line in file if line.strip()), default=GOOD)
        data = file.read()
    try:
        found, status = answer(data)
    except CaseFileError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return UNREADABLE
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return status


def _answer_line(line: bytes, answer: Callable[[bytes], Answer]) -> int:
    try:
        found, status = answer(line.strip())
    except (CaseFileError, PackError) as error:
        found, status = {"error": str(error)}, UNREADABLE
    print(json.dumps(found, ensure_ascii=False))
    return status


def _opened(file: str) -> BinaryIO:
    if file != "-":
        return Path(file).open("rb")
    # Closed by whoever started us: an empty file.
    return sys.stdin.buffer if sys.stdin else io.BytesIO()


def _list_instruments() -> Iterable[str]:
    for id_ in instrument_ids():
        instrument = load_instrument(id_)
        until = f", until {instrument.replaced_on}" if instrument.replaced_on else ""
        yield f"{id_}  {instrument.title}, {instrument.edition}{until}"


def _list_authorities() -> Iterable[str]:
    for id_ in authority_ids():
        packs = load_authority(id_).packs
        yield f"{id_}  {packs[-1].name}, from {', '.join(str(pack.from_) for pack in packs)}"


def _show(pack: PackModel) -> int:
    print(json.dumps(pack.model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2))
    return GOOD


def _report(file: Path, problems: list[PackError]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return UNREADABLE
    print(f"{file}: nothing is wrong")
    return GOOD


def _print_lines(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
