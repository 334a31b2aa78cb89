"""The invented people who sign in to the demonstration: one for each role, in both authorities.

Every name is invented, every address is at example.org, which belongs to nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cre_toolkit.accounts import actions
from cre_toolkit.accounts.models import Agency, Role, Team, User

# Shown on the console and on the sign-in page of a demonstration; it protects nothing.
PASSWORD = "invented-people-only"  # noqa: S105


@dataclass(frozen=True, slots=True)
class Person:
    email: str
    name: str
    job_title: str
    agency: str
    roles: tuple[Role, ...]
    authorities: tuple[str, ...]
    teams: tuple[str, ...] = ()
    manages: bool = False
    telephone: str = "01632 960000"


AGENCIES: dict[str, Agency.Kind] = {
    "Example City children's social care (invented)": Agency.Kind.SOCIAL_CARE,
    "Example County children's social care (invented)": Agency.Kind.SOCIAL_CARE,
    "Example Academy (invented school)": Agency.Kind.EDUCATION,
    "Example Constabulary (invented)": Agency.Kind.POLICE,
    "Example Community Health (invented)": Agency.Kind.HEALTH,
}
CITY, COUNTY, SCHOOL, POLICE, HEALTH = AGENCIES

# Agency, name, authority, kind.
TEAMS: tuple[tuple[str, str, str, Team.Kind], ...] = (
    (CITY, "Exploitation Team", "derby", Team.Kind.TEAM),
    (CITY, "First Contact Team", "derby", Team.Kind.FRONT_DOOR),
    (COUNTY, "Locality Team North", "derbyshire", Team.Kind.TEAM),
    (COUNTY, "Starting Point", "derbyshire", Team.Kind.FRONT_DOOR),
    (SCHOOL, "Safeguarding leads", "derby", Team.Kind.TEAM),
    (POLICE, "Police Referral Unit", "derby", Team.Kind.POLICE_REFERRAL),
    (POLICE, "Police Referral Unit", "derbyshire", Team.Kind.POLICE_REFERRAL),
)

PEOPLE: tuple[Person, ...] = (
    Person(
        "teacher@example.org",
        "Tara Pretend",
        "Designated safeguarding lead",
        SCHOOL,
        (Role.PRACTITIONER,),
        ("derby",),
        ("Safeguarding leads",),
    ),
    Person(
        "worker@example.org",
        "Sam Pretend",
        "Social worker",
        CITY,
        (Role.PRACTITIONER,),
        ("derby",),
        ("Exploitation Team",),
    ),
    Person(
        "manager@example.org",
        "Maya Pretend",
        "Team manager",
        CITY,
        (Role.TEAM_MANAGER,),
        ("derby",),
        ("Exploitation Team",),
        manages=True,
    ),
    Person(
        "protection@example.org",
        "Peter Pretend",
        "Child protection manager",
        CITY,
        (Role.CHILD_PROTECTION_MANAGER,),
        ("derby",),
    ),
    Person(
        "frontdoor@example.org",
        "Fiona Pretend",
        "First Contact officer",
        CITY,
        (Role.FRONT_DOOR,),
        ("derby",),
        ("First Contact Team",),
    ),
    Person(
        "county.worker@example.org",
        "Cai Pretend",
        "Social worker",
        COUNTY,
        (Role.PRACTITIONER,),
        ("derbyshire",),
        ("Locality Team North",),
    ),
    Person(
        "county.manager@example.org",
        "Mina Pretend",
        "Team manager",
        COUNTY,
        (Role.TEAM_MANAGER,),
        ("derbyshire",),
        ("Locality Team North",),
        manages=True,
    ),
    Person(
        "county.protection@example.org",
        "Vera Pretend",
        "Child protection manager for vulnerable children",
        COUNTY,
        (Role.CHILD_PROTECTION_MANAGER,),
        ("derbyshire",),
    ),
    Person(
        "startingpoint@example.org",
        "Stan Pretend",
        "Starting Point adviser",
        COUNTY,
        (Role.FRONT_DOOR,),
        ("derbyshire",),
        ("Starting Point",),
    ),
    Person(
        "nurse@example.org",
        "Nadia Pretend",
        "School nurse",
        HEALTH,
        (Role.PRACTITIONER,),
        ("derby", "derbyshire"),
    ),
    Person(
        "police@example.org",
        "Piotr Pretend",
        "Referral officer",
        POLICE,
        (Role.POLICE_REFERRAL,),
        ("derby", "derbyshire"),
        ("Police Referral Unit",),
    ),
    Person(
        "auditor@example.org", "Ada Pretend", "Records auditor", CITY, (Role.RECORDS_AUDITOR,), ("derby",)
    ),
    Person(
        "head@example.org",
        "Hugo Pretend",
        "Deputy head of service",
        CITY,
        (Role.HEAD_OF_SERVICE,),
        ("derby",),
    ),
    Person(
        "champion@example.org",
        "Chris Pretend",
        "Exploitation champion",
        SCHOOL,
        (Role.CHAMPION,),
        ("derby",),
        ("Safeguarding leads",),
    ),
    Person("analyst@example.org", "Anja Pretend", "Analyst", CITY, (Role.ANALYST,), ("derby",)),
    Person("admin@example.org", "Alex Pretend", "Administrator", CITY, (Role.ADMINISTRATOR,), ("derby",)),
)


def load_people(people: Sequence[Person] = PEOPLE) -> dict[str, User]:
    """Make the agencies, teams, users and roles; the users by the part of their address before the @."""
    agencies = {name: actions.add_agency(by=None, name=name, kind=kind) for name, kind in AGENCIES.items()}
    teams = [
        actions.add_team(by=None, agency=agencies[agency], name=name, authority=authority, kind=kind)
        for agency, name, authority, kind in TEAMS
    ]
    users = {}
    for person in people:
        user = actions.add_user(
            by=None,
            email=person.email,
            name=person.name,
            password=PASSWORD,
            agency=agencies[person.agency],
            job_title=person.job_title,
            telephone=person.telephone,
        )
        for team in teams:
            if team.name in person.teams and team.authority in person.authorities:
                actions.join_team(by=None, user=user, team=team, manages=person.manages)
        for authority in person.authorities:
            for role in person.roles:
                actions.give_role(by=None, user=user, role=role, authority=authority)
        users[person.email.partition("@")[0]] = user
    return users
