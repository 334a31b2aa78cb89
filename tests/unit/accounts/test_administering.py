"""An administrator keeps the people of their own authority; never themselves, nor without a successor."""

import pytest
from django.db import IntegrityError, transaction

from cre_toolkit.accounts import actions, administering, inviting, leaving
from cre_toolkit.accounts.models import Agency, Invitation, Membership, Role, RoleHeld, Team, User
from cre_toolkit.accounts.refusals import NotAllowed, NotVisible
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access
from tests.factories.people import (
    AgencyFactory,
    MembershipFactory,
    RoleHeldFactory,
    TeamFactory,
    UserFactory,
    administrator,
    make_user,
    practitioner,
)

pytestmark = pytest.mark.django_db


def roles_of(user):
    return {role for role, _ in access.standing_of(user).roles}


def held(user, role=Role.PRACTITIONER):
    return RoleHeld.objects.get(user=user, role=role, until=None)


class TestWhoIsAdministered:
    def test_those_who_have_or_had_a_role_or_a_team_in_the_authority(self):
        worker = practitioner()
        gone = practitioner()
        administering.end_role(by=administrator(), held=held(gone))
        in_team = UserFactory()
        MembershipFactory(user=in_team, team=TeamFactory())
        elsewhere = practitioner(authority="derbyshire")
        found = set(administering.people({"derby"}))
        assert {worker, gone, in_team} <= found
        assert elsewhere not in found

    def test_a_person_of_another_authority_is_not_found(self):
        elsewhere = practitioner(authority="derbyshire")
        with pytest.raises(NotVisible):
            administering.find_person(by=administrator(), person=elsewhere.pk)

    def test_whoever_is_no_administrator_keeps_nothing(self):
        manager, worker = make_user(Role.TEAM_MANAGER), practitioner()
        for act in (
            lambda: administering.find_person(by=manager, person=worker.pk),
            lambda: administering.give_role(by=manager, user=worker, role=Role.CHAMPION, authority="derby"),
            lambda: administering.end_role(by=manager, held=held(worker)),
            lambda: administering.close_account(by=manager, user=worker),
            lambda: administering.add_agency(by=manager, name="Mine", kind=Agency.Kind.OTHER),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert roles_of(worker) == {Role.PRACTITIONER}


class TestRoles:
    def test_are_given_and_ended_from_the_next_request_on_with_their_dates(self):
        admin, worker = administrator(), practitioner()
        administering.give_role(by=admin, user=worker, role=Role.CHAMPION, authority="derby")
        assert roles_of(worker) == {Role.PRACTITIONER, Role.CHAMPION}
        administering.end_role(by=admin, held=held(worker))
        assert roles_of(worker) == {Role.CHAMPION}
        ended = RoleHeld.objects.get(user=worker, role=Role.PRACTITIONER)
        assert ended.since < ended.until
        told = Event.objects.filter(actor=admin.pk, subject=worker.pk).order_by("pk")
        assert [event.kind for event in told] == ["role.given", "role.ended"]

    def test_are_given_by_nobody_in_an_authority_that_they_do_not_administer(self):
        with pytest.raises(NotAllowed):
            administering.give_role(
                by=administrator(), user=practitioner(), role=Role.CHAMPION, authority="derbyshire"
            )

    def test_bring_somebody_of_another_authority_among_ones_people(self):
        admin, nurse = administrator(), practitioner(authority="derbyshire")
        administering.give_role(by=admin, user=nurse, role=Role.PRACTITIONER, authority="derby")
        assert administering.find_person(by=admin, person=nurse.pk) == nurse

    @pytest.mark.parametrize("role", Role)
    def test_are_given_by_nobody_to_themselves(self, role):
        admin = administrator()
        with pytest.raises(NotAllowed, match="Ask another administrator"):
            administering.give_role(by=admin, user=admin, role=role, authority="derby")
        with pytest.raises(NotAllowed, match="Ask another administrator"):
            administering.join_team(by=admin, user=admin, team=TeamFactory())
        assert roles_of(admin) == {Role.ADMINISTRATOR}

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_an_administrator_holds_no_other_role_and_nobody_with_another_administers(self, role):
        admin, other = administrator(), administrator()
        with pytest.raises(actions.StandsAlone, match="End that role first"):
            administering.give_role(by=admin, user=other, role=role, authority="derby")
        with pytest.raises(actions.StandsAlone, match="sees no child"):
            administering.give_role(
                by=admin, user=make_user(role), role=Role.ADMINISTRATOR, authority="derby"
            )

    def test_are_not_given_to_a_closed_account(self):
        admin, worker = administrator(), practitioner()
        administering.close_account(by=admin, user=worker)
        with pytest.raises(NotAllowed, match="closed"):
            administering.give_role(by=admin, user=worker, role=Role.CHAMPION, authority="derby")


class TestTheLastAdministrator:
    def test_cannot_be_removed_even_from_the_command_line(self):
        admin = administrator()
        administrator(authority="derbyshire")
        with pytest.raises(actions.LastAdministrator, match="somebody else first"):
            actions.end_role(by=None, user=admin, role=Role.ADMINISTRATOR, authority="derby")
        with pytest.raises(actions.LastAdministrator):
            leaving.close_account(by=None, user=admin)
        admin.refresh_from_db()
        assert admin.is_active
        assert roles_of(admin) == {Role.ADMINISTRATOR}

    def test_one_with_a_closed_account_does_not_count(self):
        admin = administrator()
        administrator(is_active=False)
        with pytest.raises(actions.LastAdministrator):
            leaving.close_account(by=None, user=admin)


class TestTeams:
    def test_are_joined_and_left_and_managed(self):
        admin, worker, team = administrator(), practitioner(), TeamFactory()
        administering.join_team(by=admin, user=worker, team=team)
        administering.join_team(by=admin, user=worker, team=team, manages=True)
        now = Membership.objects.get(user=worker, until=None)
        assert now.manages
        administering.leave_team(by=admin, membership=now)
        assert access.standing_of(worker).teams == frozenset()
        assert Membership.objects.filter(user=worker).count() == 2, "as it was stays on the record"

    def test_of_another_authority_are_not_theirs(self):
        admin, team = administrator(), TeamFactory(authority="derbyshire")
        with pytest.raises(NotVisible):
            administering.find_team(by=admin, team=team.pk)
        for act in (
            lambda: administering.join_team(by=admin, user=practitioner(), team=team),
            lambda: administering.rename_team(by=admin, team=team, name="Mine"),
            lambda: administering.add_team(
                by=admin, agency=team.agency, name="Mine", authority="derbyshire", kind=Team.Kind.TEAM
            ),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_have_a_name_that_no_other_of_the_agency_has(self):
        admin, team = administrator(), TeamFactory()
        other = TeamFactory(agency=team.agency)
        administering.rename_team(by=admin, team=team, name="Locality North")
        team.refresh_from_db()
        assert team.name == "Locality North"
        with pytest.raises(IntegrityError), transaction.atomic():
            administering.rename_team(by=admin, team=other, name="Locality North")


class TestTheAccountOfAPerson:
    def test_is_made_with_a_role_and_without_a_password(self):
        admin = administrator()
        made = administering.add_person(
            by=admin, email="New@Example.org", name="Nia Pretend", agency=AgencyFactory(),
            role=Role.PRACTITIONER, authority="derby", job_title="Social worker",
        )  # fmt: skip
        assert made.email == "new@example.org"
        assert not made.has_usable_password()
        assert roles_of(made) == {Role.PRACTITIONER}

    def test_only_what_an_administrator_may_say_of_it_is_changed(self):
        admin, worker = administrator(), practitioner(name="Sam Pretend")
        administering.change_details(by=admin, user=worker, changes={"name": "Sam Invented"})
        worker.refresh_from_db()
        assert worker.name == "Sam Invented"
        assert Event.objects.get(kind="user.changed").detail == {"fields": ["name"]}
        for name in ("email", "password", "is_active", "id", "is_staff"):
            with pytest.raises(TypeError):
                administering.change_details(by=admin, user=worker, changes={name: "x"})

    def test_is_as_a_whole_not_theirs_while_the_person_works_elsewhere_too(self):
        admin, nurse = administrator(), practitioner()
        RoleHeldFactory(user=nurse, authority="derbyshire")
        for act in (
            lambda: administering.close_account(by=admin, user=nurse),
            lambda: administering.change_details(by=admin, user=nurse, changes={"name": "Other"}),
        ):
            with pytest.raises(administering.WorksElsewhereToo):
                act()
        administering.end_role(by=admin, held=held_in(nurse, "derby"))
        assert access.standing_of(nurse).roles == {("practitioner", "derbyshire")}

    def test_is_closed_with_its_roles_and_keeps_its_teams_and_opens_again_without_roles(self):
        admin, team = administrator(), TeamFactory()
        worker = practitioner(teams=[team])
        for _ in range(2):
            administering.close_account(by=admin, user=worker)
        worker.refresh_from_db()
        assert (worker.is_active, worker.closed_at is None) == (False, False)
        assert worker.memberships.filter(until=None).count() == 1
        administering.reopen_account(by=admin, user=worker)
        worker.refresh_from_db()
        assert (worker.is_active, worker.closed_at) == (True, None)
        assert roles_of(worker) == set()
        kinds = Event.objects.filter(subject=worker.pk).order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["role.ended", "user.deactivated", "user.reactivated"]
        assert User.objects.filter(pk=worker.pk).exists()

    def test_when_closed_its_invitation_is_good_no_longer(self):
        admin = administrator()
        made = administering.add_person(
            by=admin, email="new@example.org", name="Nia Pretend", agency=AgencyFactory(),
            role=Role.PRACTITIONER, authority="derby",
        )  # fmt: skip
        token = inviting.new_link(by=admin, user=made)
        administering.close_account(by=admin, user=made)
        with pytest.raises(inviting.NotGood):
            inviting.find(token)
        assert Invitation.objects.count() == 1


def held_in(user, authority):
    return RoleHeld.objects.get(user=user, authority=authority, until=None)
