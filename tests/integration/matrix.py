"""The world of the permission matrix: two children, one of them restricted, and everybody around them.

Each person is one cell: a role, and how they stand to both children. What each may see is told here once
more, after service.md ("Roles") and docs/adr/0007, and not asked of the policy that is being tried.
"""

from dataclasses import dataclass

from django.test import Client

from cre_toolkit.accounts.models import Role, User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.models import MeetingAction
from cre_toolkit.children.models import AccessGrant, Child
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.events import incident_on, note_on
from tests.factories.keeping import access_request, proposed_end
from tests.factories.meetings import action_on, meeting_on
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    broken_glass,
    give_access,
    locked_out,
    make_user,
    noted_pair,
    practitioner,
    restricted_to,
)
from tests.factories.referrals import referral_on
from tests.integration.journeys import signed_in

# Who is locked out is named besides: it must not help them.
NAMED = ("named on the restricted record", "locked out")
PRACTISING = frozenset(
    {
        Role.PRACTITIONER, Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER, Role.FRONT_DOOR,
        Role.POLICE_REFERRAL, Role.CHAMPION,
    }
)  # fmt: skip
AUTHOR = "author of an unfinished assessment"
# How somebody may stand to the children, in words.
RELATIONSHIPS = (
    "nothing to do with them",
    "in the network",
    "manages somebody in the network",
    "a team that was sent an assessment",
    AUTHOR,
    "broke the glass",
    "named on the restricted record",
    "locked out",
    "of another authority",
    "of another authority, in the network",
)
# With these is tried whose role shows them no child: the others would say the same once more.
TRIED_WITHOUT_SIGHT = ("nothing to do with them", "in the network", "locked out")
# A draft's address asks whose it is, then whether they see the child: of all others these two are tried.
TRIED_ON_A_DRAFT = (Role.PRACTITIONER, Role.CHILD_PROTECTION_MANAGER)
NAMES = ("Ŵynfordd", "Ysgolfaen")


@dataclass(frozen=True)
class Case:
    """One child with something of everything that an address can name."""

    child: Child
    restricted: bool
    sent: Assessment
    draft: Assessment
    pair: str
    broken: str
    ended: str
    asked: str
    grant: str
    named: str
    lock_out: str
    event: str
    note: str
    referral: str
    meeting: str
    agreed: MeetingAction


@dataclass(frozen=True)
class Cell:
    """One person of the matrix, as they stand to one of the two children."""

    user: User
    role: Role
    relationship: str
    restricted: bool = False

    @property
    def elsewhere(self) -> bool:
        return self.relationship.startswith("of another authority")

    @property
    def told(self) -> bool:
        """Whether the record is not closed to them."""
        if self.relationship == "locked out":
            return False
        return not self.restricted or self.relationship == "named on the restricted record"

    @property
    def sees(self) -> bool:
        """Whether they see the child's record."""
        if self.role not in PRACTISING or not self.told:
            return False
        if self.relationship in ("nothing to do with them", "of another authority"):
            return self.role == Role.CHILD_PROTECTION_MANAGER and not self.elsewhere
        if self.relationship == "manages somebody in the network":
            return self.role in (Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER)
        return True

    def holds(self, *roles: Role) -> bool:
        """Whether they hold one of these roles in the children's authority, and may be told of the child."""
        return self.role in roles and self.told and not self.elsewhere

    def __str__(self) -> str:
        record = "restricted" if self.restricted else "open"
        return f"{self.role.label}, {self.relationship}: {record} record"


class World:
    """Everybody and everything, made once; nothing in it is changed by what is tried."""

    def __init__(self) -> None:
        self.cases = [self._case(NAMES[0], restricted=False), self._case(NAMES[1], restricted=True)]
        self.people = [
            (self._person(role, relationship), role, relationship)
            for relationship in RELATIONSHIPS
            for role in Role
            if role in PRACTISING or relationship in TRIED_WITHOUT_SIGHT
        ]
        restricted = self.cases[1].child
        named = [user for user, _, relationship in self.people if relationship in NAMED]
        restricted_to(restricted, restricted.created_by, *named)
        self.clients: dict[User, Client] = {user: signed_in(user) for user, *_ in self.people}

    def cells(self, case: Case, *, of_a_draft: bool = False) -> list[Cell]:
        """Everybody, as they stand to this child; of those who are not the author of a draft, some."""
        cells = [Cell(*person, restricted=case.restricted) for person in self.people]
        if not of_a_draft:
            return cells
        return [cell for cell in cells if cell.relationship == AUTHOR or cell.role in TRIED_ON_A_DRAFT]

    @staticmethod
    def _case(name: str, *, restricted: bool) -> Case:
        child = ChildFactory(
            given_names="Siân", family_name=name, send="no", open_to_social_care="yes", plan="none",
            looked_after="no",
        )  # fmt: skip
        sent = ready_draft(child, level="high", rated="high")
        sending.send(by=sent.author, assessment=sent)
        child.refresh_from_db()
        return Case(
            child=child,
            restricted=restricted,
            sent=sent,
            draft=AssessmentFactory(child=child),
            pair=noted_pair(child, ChildFactory()).reference,
            broken=broken_glass(child).reference,
            ended=proposed_end(child).reference,
            asked=access_request(child).reference,
            grant=str(give_access(child, user=practitioner()).pk),
            named=str(give_access(child, user=practitioner(), reason=AccessGrant.Reason.NAMED).pk),
            lock_out=str(locked_out(child, practitioner()).pk),
            event=str(incident_on(child).event.pk),
            note=str(note_on(child).pk),
            referral=referral_on(child).reference,
            meeting=meeting_on(child).reference,
            agreed=action_on(child),
        )

    def _person(self, role: Role, relationship: str) -> User:
        authority = "derbyshire" if relationship.startswith("of another authority") else "derby"
        user = make_user(role, authority=authority)
        for case in self.cases:
            self._relate(user, case.child, relationship)
        return user

    @staticmethod
    def _relate(user: User, child: Child, relationship: str) -> None:
        match relationship:
            case "manages somebody in the network":
                team = TeamFactory()
                user.memberships.create(team=team, manages=True, since=child.created_at)
                give_access(child, user=practitioner(teams=[team]))
            case "a team that was sent an assessment":
                team = TeamFactory()
                user.memberships.create(team=team, since=child.created_at)
                give_access(child, team=team, reason=AccessGrant.Reason.SENT)
            case _ if relationship == AUTHOR:
                give_access(child, user=user, reason=AccessGrant.Reason.ASSESSED)
                AssessmentFactory(child=child, author=user)
            case "broke the glass":
                give_access(child, user=user, reason=AccessGrant.Reason.BREAK_GLASS)
            case "nothing to do with them" | "of another authority":
                pass
            case _:
                give_access(child, user=user)
        if relationship == "locked out":
            locked_out(child, user)
