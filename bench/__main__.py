"""Run every measurement, print the figures, and write them down with the machine they were taken on.

    python -m bench [--children 100000] [--only SQLite]

Exit status 1 where a goal was missed.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import clients_bench, machine, report, rules_bench
from bench.databases import ENGINES
from bench.figures import Figure
from bench.pages_bench import FEW, measure_county, measure_growth, measure_storage, measure_works
from bench.sites import both

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "performance.md"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--children", type=int, default=FEW, help=f"how many, {FEW:,} at least")
    parser.add_argument("--only", choices=[*ENGINES], help="one database engine; nothing is written down")
    asked = parser.parse_args()
    busy, tables = machine.busy(), {}
    for title, figures in _measured(max(FEW, asked.children), [asked.only] if asked.only else [*ENGINES]):
        tables[title] = figures
        print(f"\n{title}\n\n{report.table(figures)}", flush=True)
    if not asked.only:
        PAGE.write_text(report.page(tables, machine.described(), busy))
    return 0 if all(figure.reached is not False for figures in tables.values() for figure in figures) else 1


def _measured(children: int, engines: list[str]) -> Iterator[tuple[str, list[Figure]]]:
    """Each table with its title, as it becomes ready."""
    yield "Rules", rules_bench.measure()
    for engine in engines:
        with ENGINES[engine]() as new_database:
            environment = new_database()
            with both(environment) as (ours, floor):
                ours.do("migrate")
                empty = ours.do("size")
                ours.do("load", children)
                chains = ours.do("audit")
                full, audit, version = (ours.do(what) for what in ("size", "size_of_audit", "version"))
                if engine == engines[0]:
                    yield "Documents", ours.do("documents")
                works = measure_works(ours, floor)
                paths = [f"/children/{child['reference']}/" for child in ours.do("subjects", "child", 40)]
                figures = [
                    *works,
                    *chains,
                    *clients_bench.measure(environment, ours.do("cookie"), paths),
                    measure_storage(empty, full, audit, children),
                ]
                yield f"{version}, {children:,} children", figures
                if children > FEW:
                    title = f"{version}, {children:,} children beside {FEW:,}"
                    yield title, measure_growth(ours, children, new_database)
                # Last: a busy case is made among the others, and what is due is thinned out.
                yield f"{version}, cases", [*ours.do("cases"), measure_county(ours, floor)]


if __name__ == "__main__":
    sys.exit(main())
