"""Who may see whom, and why: every role and relationship, asked in every way that the policy can be asked."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cre_toolkit.accounts.models import Role, Team, User
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access, granting
from cre_toolkit.children.access import Act, NotAllowed, NotVisible
from cre_toolkit.children.models import AccessGrant, Child, MatchKey
from cre_toolkit.children.viewers import Because
from cre_toolkit.children.viewers import viewers as viewers_of
from tests.factories.no_relationships import DO_NOT_SEE
from tests.factories.people import (
    ChildFactory,
    MembershipFactory,
    RoleHeldFactory,
    TeamFactory,
    administrator,
    child_protection_manager,
    give_access,
    make_user,
    police_referral,
    practitioner,
    team_manager,
)
from tests.factories.relationships import SEE, at_level, managed_team

pytestmark = pytest.mark.django_db

CASES = [(case, True) for case in SEE] + [(case, False) for case in DO_NOT_SEE]
ANSWERS = pytest.mark.parametrize(
    ("relationship", "seen"), CASES, ids=[relationship.__name__ for relationship, _ in CASES]
)


def find(user: User, child: Child, **more) -> Child:
    with transaction.atomic():
        return access.find_child(by=user, reference=child.reference, **more)


@ANSWERS
def test_lists_one_record_conditions_and_the_list_of_viewers_give_one_answer(
    relationship: Callable[[Child], User], seen: bool
):
    child, _another = ChildFactory(), ChildFactory()
    user = relationship(child)
    child.refresh_from_db()
    standing = access.standing_of(user)

    assert (child in access.visible_to(user)) is seen
    assert Child.objects.filter(access.sees(standing), pk=child.pk).exists() is seen
    assert MatchKey.objects.filter(access.sees(standing, "child__"), child=child).exists() is seen
    assert (user in {viewer.user for viewer in viewers_of(child)}) is seen
    # The quick way finds some of what may be seen, and never more.
    assert child not in Child.objects.filter(access.own_grant(access.standing_of(user))) or seen
    if seen:
        assert find(user, child) == child
    else:
        with pytest.raises(NotVisible):
            find(user, child)


@pytest.mark.parametrize("restricted", [False, True], ids=["open", "restricted"])
def test_nobody_else_is_among_the_viewers_and_everybody_there_sees_the_child(restricted: bool):
    child = ChildFactory()
    for relationship in (*SEE, *DO_NOT_SEE):
        name = relationship.__name__
        # Of a record that is restricted already nobody can break the glass.
        if "glass" not in name if restricted else "restricted" not in name:
            relationship(child)
    child.refresh_from_db()
    viewers = {viewer.user for viewer in viewers_of(child)}
    assert viewers == {user for user in User.objects.all() if child in access.visible_to(user)}


def test_a_child_is_listed_once_however_many_reasons_there_are():
    manager, member = managed_team(child := ChildFactory())
    give_access(child, user=manager)
    give_access(child, user=member, reason=AccessGrant.Reason.ALLOCATED)
    give_access(child, team=manager.memberships.get().team)
    assert list(access.visible_to(manager)) == [child]


def test_the_quick_way_finds_what_somebody_was_granted_themselves():
    child = ChildFactory()
    assert list(Child.objects.filter(access.own_grant(access.standing_of(child.created_by)))) == [child]


def test_whoever_does_not_practise_sees_nothing_in_a_list_either():
    ChildFactory()
    assert not access.visible_to(administrator()).exists()


# --- Why somebody sees a record ---------------------------------------------------------------------------


def whys(child: Child) -> set[tuple[User, Because, str, Team | None]]:
    return {
        (viewer.user, viewer.because, viewer.reason, viewer.team)
        for viewer in viewers_of(child)
        if viewer.user != child.created_by
    }


def test_the_reason_is_told_for_each_who_sees():
    child = ChildFactory()
    manager, member = managed_team(child)
    team = manager.memberships.get().team
    at_level(child, "high")
    child.refresh_from_db()
    protection = child_protection_manager()
    unit = police_referral()
    granted = unit.memberships.get().team
    give_access(child, team=granted, reason=AccessGrant.Reason.SENT)
    assert whys(child) == {
        (member, Because.GRANTED, "network", None),
        (manager, Because.MANAGES, "network", team),
        (protection, Because.ROLE, "", None),
        (unit, Because.TEAM, "sent", granted),
    }


def test_a_manager_with_a_grant_of_their_own_does_not_manage_themselves():
    manager = team_manager()
    child = ChildFactory(created_by=manager)
    assert {viewer.because for viewer in viewers_of(child)} == {Because.GRANTED}


@pytest.mark.parametrize("more", [0, 10])
def test_who_sees_a_record_costs_the_same_however_many_do(more: int):
    child = ChildFactory()
    for _ in range(more):
        managed_team(child)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        viewers_of(child)
    assert len(queries) == 4


# --- Acts -------------------------------------------------------------------------------------------------

# Written out once more, after service.md, "Roles": a change of the table is a decision, not a slip.
WORKS_WITH_CHILDREN = {
    Role.PRACTITIONER, Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER, Role.FRONT_DOOR,
}  # fmt: skip
SEES_WHAT_IS_GIVEN = WORKS_WITH_CHILDREN | {Role.POLICE_REFERRAL, Role.CHAMPION}
MANAGES = {Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}
WHOSE = {
    Act.SEE_GIVEN: SEES_WHAT_IS_GIVEN,
    Act.SEE_OF_TEAM: {Role.TEAM_MANAGER},
    Act.SEE_AT_LEVEL: {Role.CHILD_PROTECTION_MANAGER},
    Act.SEARCH: SEES_WHAT_IS_GIVEN,
    Act.ADD_CHILD: WORKS_WITH_CHILDREN,
    Act.EDIT_CHILD: WORKS_WITH_CHILDREN,
    Act.ASSESS: WORKS_WITH_CHILDREN,
    Act.LOG_CALL: WORKS_WITH_CHILDREN,
    Act.WITHDRAW_OWN: WORKS_WITH_CHILDREN,
    Act.WITHDRAW_OF_TEAM: {Role.TEAM_MANAGER},
    Act.WITHDRAW_ANY: {Role.CHILD_PROTECTION_MANAGER},
    Act.COUNTERSIGN: {Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER},
    Act.COUNTERSIGN_ANY: {Role.CHILD_PROTECTION_MANAGER},
    Act.GIVE_FAMILY_SHEET: WORKS_WITH_CHILDREN,
    Act.SETTLE_DUPLICATES: {Role.FRONT_DOOR, Role.CHILD_PROTECTION_MANAGER},
    Act.KEEP_NETWORK: {Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER},
    Act.KEEP_NETWORK_OF_OWN: WORKS_WITH_CHILDREN,
    Act.RESTRICT: {Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER},
    Act.READ_TRAIL: {Role.RECORDS_AUDITOR},
    Act.READ_TRAIL_OF_SEEN: {Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER},
    Act.BREAK_GLASS: WORKS_WITH_CHILDREN | {Role.POLICE_REFERRAL},
    Act.REVIEW_BREAK_GLASS: {Role.CHILD_PROTECTION_MANAGER},
    Act.REVIEW_BREAK_GLASS_OF_TEAM: {Role.TEAM_MANAGER},
    Act.REVIEW_ACCESS: {Role.RECORDS_AUDITOR},
    Act.KEEP_RECORDS: {Role.CHILD_PROTECTION_MANAGER, Role.HEAD_OF_SERVICE},
    Act.ANSWER_SUBJECT_ACCESS: {Role.HEAD_OF_SERVICE},
    Act.ADMINISTER: {Role.ADMINISTRATOR},
    Act.HAND_ON: {Role.TEAM_MANAGER},
    Act.RECORD_INCIDENT: WORKS_WITH_CHILDREN,
    Act.WRITE_NOTE: WORKS_WITH_CHILDREN,
    Act.REFER: WORKS_WITH_CHILDREN,
    Act.ANSWER_REFERRALS: WORKS_WITH_CHILDREN | {Role.POLICE_REFERRAL},
    Act.ALLOCATE: {Role.FRONT_DOOR},
    Act.FIND_ROUTE: {Role.FRONT_DOOR, Role.CHILD_PROTECTION_MANAGER},
    Act.RECORD_MISSING: WORKS_WITH_CHILDREN,
    Act.MONITOR_MISSING: {Role.CHILD_PROTECTION_MANAGER},
    Act.MONITOR_MISSING_OF_TEAM: {Role.TEAM_MANAGER},
    Act.RUN_TASKING: {Role.CHILD_PROTECTION_MANAGER},
    Act.ANSWER_TASKING: WORKS_WITH_CHILDREN,
    Act.KEEP_MEETINGS: MANAGES,
    Act.KEEP_MEETINGS_OF_OWN: WORKS_WITH_CHILDREN,
    Act.TAKE_ON: WORKS_WITH_CHILDREN,
    Act.PLAN_TRANSITION: WORKS_WITH_CHILDREN,
    Act.SEE_TRANSITIONS: MANAGES,
    Act.TRANSFER: MANAGES,
    Act.RECEIVE_TRANSFER: {Role.FRONT_DOOR, Role.CHILD_PROTECTION_MANAGER},
    Act.CLOSE: MANAGES,
    Act.REOPEN: WORKS_WITH_CHILDREN,
    Act.RECORD_DEATH: MANAGES,
}


@pytest.mark.parametrize("role", Role)
def test_each_act_is_of_its_own_roles(role: Role):
    standing = access.standing_of(make_user(role))
    for act in Act:
        assert access.may(standing, act) is (role in WHOSE[act]), act
        if role in WHOSE[act]:
            access.check(standing, act)
        else:
            with pytest.raises(NotAllowed, match="Your roles do not include this"):
                access.check(standing, act)


def test_an_act_that_is_not_theirs_is_refused_on_a_child_that_they_see(monkeypatch):
    child = ChildFactory()
    monkeypatch.setitem(access.ROLES_FOR, Act.ASSESS, frozenset({Role.FRONT_DOOR}))
    with pytest.raises(NotAllowed):
        find(child.created_by, child, act=Act.ASSESS)
    assert not Event.objects.filter(kind="child.viewed").exists()
    assert find(child.created_by, child, act=Act.EDIT_CHILD) == child


# --- Looking is written down ------------------------------------------------------------------------------


def test_a_look_is_on_the_audit_trail_and_a_refusal_leaves_none_of_its_own():
    child = ChildFactory()
    find(child.created_by, child)
    with pytest.raises(NotVisible):
        find(practitioner(), child)
    event = Event.objects.get(kind="child.viewed")
    assert (event.actor, event.child, event.authority) == (child.created_by.pk, child.pk, "derby")


@pytest.mark.parametrize("caseload", [0, 30])
def test_finding_one_child_costs_the_same_whatever_the_caseload(caseload: int):
    child = ChildFactory()
    for _ in range(caseload):
        ChildFactory(created_by=child.created_by)
    with CaptureQueriesContext(connection) as queries:
        find(child.created_by, child)
    asked = [query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(asked) == 3, asked


# --- What somebody holds ----------------------------------------------------------------------------------


def test_standing_is_read_in_one_query_with_roles_teams_and_those_managed():
    managed, joined = TeamFactory(), TeamFactory()
    user = team_manager(managed)
    MembershipFactory(user=user, team=joined)
    RoleHeldFactory(user=user, role=Role.CHAMPION, authority="derbyshire")
    RoleHeldFactory(user=user, role=Role.ANALYST, until=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        standing = access.standing_of(user)
    assert len(queries) == 1
    assert standing.roles == {("team-manager", "derby"), ("champion", "derbyshire")}
    assert (standing.teams, standing.managed) == ({managed.pk, joined.pk}, {managed.pk})
    assert standing.authorities(Act.SEE_OF_TEAM) == ["derby"]
    assert standing.practises


def test_whoever_was_deactivated_holds_nothing():
    user = practitioner(is_active=False)
    assert not access.standing_of(user).practises


def test_a_role_in_one_authority_is_none_in_another():
    practitioner(), practitioner(authority="derbyshire"), administrator()
    held = access.roles_held("derby", [Role.PRACTITIONER])
    assert [(role.role, role.authority) for role in held] == [("practitioner", "derby")]


# --- Giving and ending ------------------------------------------------------------------------------------


def test_a_grant_is_given_once_and_written_down():
    child, user = ChildFactory(), practitioner()
    for _ in range(2):
        granting.grant(by=child.created_by, child=child, reason=AccessGrant.Reason.NETWORK, user=user)
    assert AccessGrant.objects.filter(user=user).count() == 1
    event = Event.objects.get(kind="access.granted")
    assert (event.subject_kind, event.subject, event.detail) == ("user", user.pk, {"reason": "network"})


def test_a_grant_to_a_team_by_the_service_itself():
    child, team = ChildFactory(), TeamFactory()
    granting.grant(by=None, child=child, reason=AccessGrant.Reason.SENT, team_id=team.pk, source=child.pk)
    given = AccessGrant.objects.get(team=team)
    assert (given.user, given.source, given.until) == (None, child.pk, None)
    event = Event.objects.get(kind="access.granted")
    assert (event.actor, event.subject_kind, event.subject) == (None, "team", team.pk)


def test_a_grant_that_ended_can_be_given_again():
    child, user = ChildFactory(), practitioner()
    again = {"by": child.created_by, "child": child, "reason": AccessGrant.Reason.NETWORK, "user": user}
    granting.grant(**again)
    granting.end_grant(**again)
    assert child not in access.visible_to(user)
    granting.grant(**again)
    assert child in access.visible_to(user)
    assert AccessGrant.objects.filter(user=user).count() == 2


def test_ending_one_reason_leaves_the_others_and_ending_nothing_says_nothing():
    child, user = ChildFactory(), practitioner()
    give_access(child, user=user)
    ended = {"by": child.created_by, "child": child, "reason": AccessGrant.Reason.ALLOCATED, "user": user}
    granting.end_grant(**ended)
    assert not Event.objects.filter(kind="access.ended").exists()
    give_access(child, user=user, reason=AccessGrant.Reason.ALLOCATED)
    granting.end_grant(**ended)
    assert child in access.visible_to(user)
    event = Event.objects.get(kind="access.ended")
    assert (event.subject, event.detail) == (user.pk, {"reason": "allocated"})
    assert AccessGrant.objects.filter(Q(user=user), ~Q(until=None)).count() == 1
