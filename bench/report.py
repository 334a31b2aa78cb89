"""The figures as tables, for the terminal and for docs/reference/performance.md."""

import datetime
from collections.abc import Iterable, Mapping

from bench.figures import ROUNDS, Figure

HEADS = ("work", "measured", "floor", "times the floor", "statements", "goal", "")

ABOUT = f"""\
Processor time of one call: of the server's process and of the database's, the median of {ROUNDS} rounds. The
two sides take turns, round by round, so that whatever else the machine does hits both; how many times the
floor's cost ours has is the median over the rounds, with the middle half of them in brackets. Clock times are
for orientation. Statements are counted with those of session and sign-in and with savepoints, without the
BEGIN and COMMIT of a transaction.

The *floor* is plain Django on the same rows (`bench/floor`): its usual middleware (session, sign-in, CSRF),
the ORM, validation, one audit row, one plain template; no access policy, no rules, no search for duplicates,
no seal. For documents it is the bare library with the same words and plain tables; for rules, JSON.

Cases: one of two years with 200 events, 12 of them assessments, in which everything was done in time, is
worked out and stored within this process; its floor reads the same rows and the JSON of the assessments,
writes as many, and knows no rules. The due list of a county is that of a child protection manager, after what
is due has been thinned out to 20,000, where there is more; its floor pages and counts as Django's paginator
does. The speed of comparing is that of `manage.py rebuild_actions --check`.

Each child has a family, two agencies, three assessments of eight indicators that were sent over two years,
what is due from them, the mail, and the audit of all of that, made by the service's own acts and copied
(`bench/data`). `make bench` measures with 1,000 children, `make bench CHILDREN=100000` with so many, and
how cost grows to there. PostgreSQL runs without waiting for the disk, as in the tests. SQLite waits for it,
and lets one request write at a time; as every look at a record is written down, its clients take turns.
"""


def page(tables: Mapping[str, Iterable[Figure]], machine: str, busy: str) -> str:
    """The whole page, with the tables under their headings."""
    today = datetime.datetime.now(datetime.UTC).date()
    parts = [
        "# Performance",
        "Written by `make bench`; not edited by hand.",
        f"Taken on {today:%-d %B %Y}: {machine}. {busy}",
        *(part for title, figures in tables.items() for part in (f"## {title}", table(figures))),
        "## How it is measured",
        ABOUT.rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def table(figures: Iterable[Figure]) -> str:
    """A table in Markdown, without the columns that none of its figures fills."""
    rows = [
        (
            figure.what,
            figure.measured,
            figure.floor,
            figure.times,
            figure.statements,
            figure.goal,
            figure.verdict,
        )
        for figure in figures
    ]
    kept = [place for place in range(len(HEADS)) if any(row[place] for row in rows)]
    lines = [HEADS, tuple("---" for _ in HEADS), *rows]
    return "\n".join("| " + " | ".join(line[place] for place in kept) + " |" for line in lines)
