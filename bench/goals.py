"""What is to be reached, as the goals stand: how many times its floor each work may cost, and in how many
statements.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """One work.

    Attributes:
        title: what it is, for the table.
        most_times: how many times the floor's processor time it may take; None where no goal is set.
        most_statements: how many statements it may take, sign-in and savepoints included.
        status: of the answer when it went well.
        used_up: whether what it is done to serves once, as a draft that is sent.
        calls: to a round.
    """

    title: str
    most_times: float | None
    most_statements: int
    status: int = 200
    used_up: bool = False
    calls: int = 12


WORKS: dict[str, Work] = {
    "register": Work("register a child", 1.5, 6, status=302, used_up=True),
    "send": Work("send an assessment, 28 indicators", 2.0, 12, status=302, used_up=True, calls=6),
    "child": Work("open a child with history", 1.5, 8),
    "list": Work("list 50", 1.5, 6),
    "search": Work("search by name", 1.5, 5),
    "misspelt": Work("search by a misspelt name", 1.5, 5),
    "indicators": Work("the indicator page, 28 rated", 1.5, 4),
    "home": Work("dashboard (home)", 2.0, 6),
}
COUNTY = "county"
"""The list of whoever sees a whole county. It is measured last, as what is due is thinned out for it."""
TOGETHER: dict[str, Work] = {
    "meeting": Work("a meeting with its minutes", None, 9),
    "countersign": Work("what waits for a manager to countersign, 50", None, 6),
    "tasking": Work("the list of the tasking meeting, 50", None, 9, calls=4),
}
"""Pages on which several people work together: the goals speak of none, so that their times are told."""
EVERY_WORK = (
    WORKS | TOGETHER | {COUNTY: Work("due list of a county, 50 of {:,} open actions", 2.0, 7, calls=4)}
)
OPEN_ACTIONS = 20_000
"""In a county of 100,000 children."""
CASE_SECONDS = 10e-3
"""To work out one case of `CASE_EVENTS` events and store what follows."""
CASE_EVENTS = 200
REBUILT_A_SECOND = 28
"""Cases: 100,000 of them within an hour."""
DOCUMENT_MOST_TIMES = 2.0
GROWTH_MOST_TIMES = 1.2
"""A page among N children, beside the same page among 1,000."""
BYTES_A_CHILD = 10_000
"""With three audited assessments."""
LINKED_A_SECOND = 2_000
"""More events than readers and writers on all cores of this machine could make."""
VERIFIED_A_SECOND = 50_000
SEALING_LEAST_TIMES = 0.9
"""What eight clients get done while the worker links their events, beside the same without a worker."""
CLIENTS_LEAST_TIMES = 1.8
"""What eight clients get done on two workers, beside one client."""
CLIENTS_SPREAD = 1.6
"""Of eight clients' waiting times, the 95th percentile beside the median."""
