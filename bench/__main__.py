"""Run every measurement, print the figures, and write them down with the machine they were taken on.

Exit status 1 where a goal was missed.
"""

import datetime
import os
import platform
import sys
from pathlib import Path

from bench import rules_bench
from bench.figures import Figure

BENCHES = (rules_bench,)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"


def main() -> int:
    figures = [figure for bench in BENCHES for figure in bench.measure()]
    table = "\n".join(_rows(figures))
    print(table)
    PAGE.write_text(_page(table))
    return 0 if all(figure.reached for figure in figures) else 1


def _rows(figures: list[Figure]) -> list[str]:
    rows = ["| work | measured | goal, at most | |", "|---|---|---|---|"]
    for figure in figures:
        goal = "" if figure.goal is None else f"{figure.goal:,g} {figure.unit}"
        verdict = "reached" if figure.reached else "**missed**"
        rows.append(
            f"| {figure.what} | {figure.value:,.3g} {figure.unit} | {goal} | {verdict if goal else ''} |"
        )
    return rows


def _page(table: str) -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    return (
        "# Performance\n\n"
        "Written by `make bench`; not edited by hand. Processor time of one call on one core, the median of\n"
        f"seven rounds, on {today:%-d %B %Y}: {_machine()}.\n\n"
        f"{table}\n"
    )


def _machine() -> str:
    cores = os.cpu_count()
    return (
        f"{_processor()} ({cores} cores), {platform.system()}, "
        f"{platform.python_implementation()} {platform.python_version()}"
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    sys.exit(main())
