"""The colleagues whom a whole caseload needs beside those who sign in to the demonstration."""

from cre_toolkit.accounts.models import Role
from cre_toolkit.demonstration.caseload.plan import Staff
from cre_toolkit.demonstration.people import CITY, COUNTY, HEALTH, SCHOOL, Person

_NAMES = ("Ana", "Ben", "Cleo", "Dev", "Eve", "Finn", "Gita", "Hal", "Ines", "Jo")


def _worker(number: int, agency: str, authority: str, team: str, prefix: str = "") -> Person:
    return Person(
        f"{prefix}worker{number:02}@example.org",
        f"{_NAMES[number % len(_NAMES)]} Pretend",
        "Social worker",
        agency,
        (Role.PRACTITIONER,),
        (authority,),
        (team,),
    )


COLLEAGUES: tuple[Person, ...] = (
    *(_worker(number, CITY, "derby", "Exploitation Team") for number in range(2, 10)),
    *(_worker(number, COUNTY, "derbyshire", "Locality Team North", "county.") for number in range(2, 4)),
    Person(
        "teacher02@example.org",
        "Theo Pretend",
        "Head of year",
        SCHOOL,
        (Role.PRACTITIONER,),
        ("derby", "derbyshire"),
        ("Safeguarding leads",),
    ),
    Person(
        "nurse02@example.org",
        "Noor Pretend",
        "School nurse",
        HEALTH,
        (Role.PRACTITIONER,),
        ("derby", "derbyshire"),
    ),
)

STAFF = (
    Staff(
        "derby",
        ("worker", *(f"worker{number:02}" for number in range(2, 10))),
        ("teacher", "teacher02", "nurse"),
    ),
    Staff(
        "derbyshire",
        ("county.worker", "county.worker02", "county.worker03"),
        ("teacher02", "nurse", "nurse02"),
    ),
)
