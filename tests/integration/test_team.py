"""A manager's team: who has how many children, handing on those of somebody who leaves, and cover."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts import administering
from cre_toolkit.accounts.models import Cover, Role, User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.transfer import handing_on
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    administrator,
    give_access,
    locked_out,
    make_user,
    practitioner,
    restricted_to,
    team_manager,
)
from tests.integration.childforms import edit
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def manager(team):
    return team_manager(team)


@pytest.fixture
def worker(team):
    return practitioner(teams=[team], name="Sam Pretend")


@pytest.fixture
def colleague(team):
    return practitioner(teams=[team], name="Cai Pretend")


def allocated(worker, **about):
    child = ChildFactory(created_by=practitioner(), allocated_worker=worker, **about)
    give_access(child, user=worker, reason=AccessGrant.Reason.ALLOCATED)
    return child


def leaves(worker):
    administering.close_account(by=administrator(), user=worker)
    worker.refresh_from_db()


def hand_on(manager, worker, to, *children):
    given = {**{child.reference: str(to.pk) for child in children}, "then": "confirm"}
    return signed_in(manager).post(reverse("team-children", args=[worker.pk]), given, follow=True)


class TestThePage:
    def test_says_how_many_children_each_has_and_whose_are_to_be_handed_on(self, manager, worker, colleague):
        for who in (worker, worker, colleague):
            allocated(who)
        AssessmentFactory(child=allocated(worker), author=worker)
        leaves(worker)
        page = signed_in(manager).get(reverse("team")).content.decode()
        left, here = page.split('id="here"')
        assert "Sam Pretend" in left
        assert "Allocated worker of 3 children; 1 unfinished assessment" in left
        assert "Cai Pretend" in here
        assert "Allocated worker of 1 child" in here
        assert "Sam Pretend" not in here

    def test_names_no_child_and_counts_none_whom_the_manager_does_not_see(self, manager, worker):
        child = ChildFactory(allocated_worker=worker, family_name="Ŵyn")  # no grant: nobody of the team sees
        page = signed_in(manager).get(reverse("team")).content.decode()
        assert "Ŵyn" not in page
        assert child.reference not in page
        assert "No child is allocated to them" in page

    def test_costs_as_much_for_many_as_for_few(self, manager, team, django_assert_max_num_queries):
        client = signed_in(manager)
        allocated(practitioner(teams=[team]))
        with django_assert_max_num_queries(100) as few:
            client.get(reverse("team"))
        for _ in range(10):
            allocated(practitioner(teams=[team]))
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(reverse("team"))

    def test_with_nobody_in_the_team_says_what_to_do(self, manager):
        assert "puts people into teams" in signed_in(manager).get(reverse("team")).content.decode()

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.TEAM_MANAGER])
    def test_is_for_managers_alone(self, role, worker, team):
        child = allocated(worker)
        client = signed_in(make_user(role, teams=[team], manages=True))
        for path in (
            reverse("team"),
            reverse("team-children", args=[worker.pk]),
            reverse("team-cover", args=[worker.pk]),
        ):
            response = client.get(path)
            assert response.status_code == 403
            assert child.reference not in response.content.decode()

    def test_of_a_team_that_they_do_not_manage_nobody_is_found(self, worker):
        client = signed_in(team_manager())
        for name in ("team-children", "team-cover"):
            path = reverse(name, args=[worker.pk])
            assert client.get(path).status_code == client.post(path).status_code == 404


def test_the_managers_first_page_says_that_there_are_children_to_hand_on(manager, worker):
    allocated(worker)
    assert "has left" not in signed_in(manager).get("/").content.decode()
    leaves(worker)
    assert "1 child is allocated to somebody who has left" in signed_in(manager).get("/").content.decode()


class TestHandingOn:
    def test_the_colleague_is_the_allocated_worker_from_now_on_and_sees_the_child(
        self, manager, worker, colleague
    ):
        child, other = allocated(worker), allocated(worker)
        hand_on(manager, worker, colleague, child)
        child.refresh_from_db()
        other.refresh_from_db()
        assert (child.allocated_worker, other.allocated_worker) == (colleague, worker)
        assert access.visible_to(colleague).get() == child
        assert access.visible_to(worker).get() == other

    def test_a_mistake_is_put_right_by_handing_back_and_the_page_says_so(self, manager, worker, colleague):
        child = allocated(worker)
        given = {child.reference: str(colleague.pk)}
        asked = signed_in(manager).post(reverse("team-children", args=[worker.pk]), given)
        assert "A mistake can be put right: hand a child back" in asked.content.decode()
        hand_on(manager, worker, colleague, child)
        hand_on(manager, colleague, worker, child)
        child.refresh_from_db()
        assert child.allocated_worker == worker
        assert access.visible_to(worker).filter(pk=child.pk).exists()
        assert not access.visible_to(colleague).filter(pk=child.pk).exists()

    def test_handed_to_another_team_by_mistake_whoever_has_the_child_names_the_right_worker(
        self, manager, worker
    ):
        child, elsewhere = allocated(worker), practitioner(teams=[TeamFactory()])
        hand_on(manager, worker, elsewhere, child)
        given = {"worker": "user", "worker_user": str(worker.pk), "agencies-rows": "0"}
        edit(signed_in(elsewhere), child, "workers", **given)
        assert Child.objects.get(pk=child.pk).allocated_worker == worker

    def test_it_works_for_somebody_who_has_left_with_their_unfinished_assessments(
        self, manager, worker, colleague
    ):
        child = allocated(worker)
        draft = AssessmentFactory(child=child, author=worker)
        begun = AssessmentFactory(child=ChildFactory(created_by=worker), author=worker)
        leaves(worker)
        hand_on(manager, worker, colleague, child, begun.child)
        draft.refresh_from_db()
        begun.refresh_from_db()
        assert (draft.author, draft.begun_by) == (begun.author, begun.begun_by) == (colleague, worker)
        assert Child.objects.get(pk=begun.child_id).allocated_worker is None, "only the assessment was theirs"
        assert "Sam Pretend" not in signed_in(manager).get(reverse("team")).content.decode()

    def test_the_draft_of_somebody_who_is_still_here_stays_theirs(self, manager, worker, colleague):
        child = allocated(worker)
        draft = AssessmentFactory(child=child, author=worker)
        hand_on(manager, worker, colleague, child)
        draft.refresh_from_db()
        assert draft.author == worker

    def test_a_draft_that_the_colleague_has_too_stays_and_that_is_said(self, manager, worker, colleague):
        child = allocated(worker)
        draft = AssessmentFactory(child=child, author=worker)
        AssessmentFactory(child=child, author=colleague)
        leaves(worker)
        page = hand_on(manager, worker, colleague, child).content.decode()
        draft.refresh_from_db()
        assert draft.author == worker
        assert f"unfinished assessment of record {child.reference} stays" in page
        assert "1 unfinished assessment" in page, "and it can be handed on later"

    def test_an_assessment_does_not_go_to_somebody_to_whom_the_record_is_closed(
        self, manager, worker, colleague
    ):
        begun = AssessmentFactory(child=ChildFactory(created_by=worker), author=worker)
        leaves(worker)
        locked_out(begun.child, colleague)
        assert hand_on(manager, worker, colleague, begun.child).status_code == 422
        begun.refresh_from_db()
        assert begun.author == worker
        assert not Message.objects.exists()

    def test_one_message_for_all_of_them_that_names_nobody(self, manager, worker, colleague):
        children = [allocated(worker, given_names="Siân", family_name="Ŵyn") for _ in range(3)]
        hand_on(manager, worker, colleague, *children)
        message = Message.objects.get(to=colleague.email)
        for told in ("Siân", "Ŵyn", worker.name, *(child.reference for child in children)):
            assert told not in message.subject + message.body

    def test_each_child_is_on_the_audit_trail(self, manager, worker, colleague):
        child = allocated(worker)
        signed_in(manager).get(reverse("team-children", args=[worker.pk]))
        hand_on(manager, worker, colleague, child)
        kinds = {event.kind for event in audit.of_child(child.pk) & audit.of_user(manager.pk)}
        assert kinds == {"caseload.viewed", "child.changed", "access.granted", "access.ended"}

    def test_a_child_of_somebody_else_is_not_moved_by_its_reference(self, manager, worker, colleague):
        allocated(worker)
        other = allocated(practitioner())
        assert hand_on(manager, worker, colleague, other).status_code == 422
        handing_on.hand_on(by=manager, worker=worker, to=colleague, references=[other.reference])
        assert Child.objects.get(pk=other.pk).allocated_worker != colleague
        assert not Message.objects.exists()

    def test_nobody_of_another_agency_or_authority_takes_it_on(self, manager, worker):
        child = allocated(worker)
        for stranger in (
            practitioner(authority="derbyshire"),
            practitioner(agency=None),
            make_user(Role.ANALYST),
            practitioner(is_active=False),
            worker,
        ):
            assert hand_on(manager, worker, stranger, child).status_code == 422
            with pytest.raises(handing_on.CannotTakeOn):
                handing_on.hand_on(by=manager, worker=worker, to=stranger, references=[child.reference])

    def test_a_restricted_child_goes_to_nobody_who_is_not_named_on_it(self, manager, worker, colleague):
        child, other = allocated(worker), allocated(worker)
        restricted_to(child, manager, worker)
        response = hand_on(manager, worker, colleague, child, other)
        assert "cannot take on one of these children" in response.content.decode()
        other.refresh_from_db()
        assert other.allocated_worker == worker, "nothing was written"
        hand_on(manager, worker, colleague, other)
        other.refresh_from_db()
        assert other.allocated_worker == colleague

    def test_a_restricted_child_is_not_among_those_of_a_manager_who_is_not_named(self, manager, worker):
        child = allocated(worker)
        AssessmentFactory(child=child, author=worker)
        restricted_to(child, worker)
        page = signed_in(manager).get(reverse("team-children", args=[worker.pk])).content.decode()
        assert child.reference not in page
        team = signed_in(manager).get(reverse("team")).content.decode()
        assert "No child is allocated to them" in team
        assert "unfinished" not in team

    def test_nothing_chosen_is_asked_for(self, manager, worker, colleague):
        allocated(worker)
        response = signed_in(manager).post(reverse("team-children", args=[worker.pk]))
        assert response.status_code == 422
        assert "Choose who takes on at least one of the children" in response.content.decode()

    def test_without_children_or_colleagues_it_says_so(self, manager, worker):
        client, path = signed_in(manager), reverse("team-children", args=[worker.pk])
        assert "No child is allocated to them" in client.get(path).content.decode()
        allocated(worker)
        User.objects.exclude(pk__in=[manager.pk, worker.pk]).update(is_active=False)
        User.objects.filter(pk=manager.pk).update(agency=None)
        assert "Nobody else of their agency" in client.get(path).content.decode()


class TestCover:
    def arrange(self, manager, absent, covering, last_in=7, **other):
        today = timezone.localdate()
        last = today + timezone.timedelta(days=last_in)
        given = {
            "stand_in": str(covering.pk),
            "form_id": str(uuid.uuid4()),
            **{f"first_{part}": getattr(today, part) for part in ("day", "month", "year")},
            **{f"last_{part}": getattr(last, part) for part in ("day", "month", "year")},
        }
        path = reverse("team-cover", args=[absent.pk])
        return signed_in(manager).post(path, given | other, follow=True)

    def test_the_stand_in_sees_the_child_at_once_and_finds_what_is_due(self, manager, worker, colleague):
        child = allocated(worker)
        page = self.arrange(manager, worker, colleague).content.decode()
        assert "Away" in page
        assert access.visible_to(colleague).get() == child
        assert signed_in(colleague).get(reverse("child", args=[child.reference])).status_code == 200

    def test_it_is_ended_by_a_button_and_asked_first(self, manager, worker, colleague):
        allocated(worker)
        self.arrange(manager, worker, colleague)
        found = Cover.objects.get()
        path = reverse("team-end-cover", args=[worker.pk, found.pk])
        client = signed_in(manager)
        assert "End this cover" in client.get(path).content.decode()
        assert access.visible_to(colleague).exists()
        client.post(path)
        assert not access.visible_to(colleague).exists()
        assert client.post(path).status_code == 404

    def test_the_cover_of_somebody_elses_team_is_not_found(self, manager, worker, colleague):
        self.arrange(manager, worker, colleague)
        path = reverse("team-end-cover", args=[worker.pk, Cover.objects.get().pk])
        assert signed_in(team_manager()).post(path).status_code == 404
        assert not Event.objects.filter(kind="cover.ended").exists()

    @pytest.mark.parametrize(
        ("last_in", "other", "told"),
        [
            (7, {"stand_in": ""}, "Select who stands in"),
            (7, {"first_year": "2001"}, "must be today or in the future"),
            (0, {"first_year": "2090"}, "The last day must be the first day or later"),
            (500, {}, "Cover is for a year at most"),
        ],
    )
    def test_what_is_wrong_is_said(self, manager, worker, colleague, last_in, other, told):
        response = self.arrange(manager, worker, colleague, last_in, **other)
        assert response.status_code == 422
        assert told in response.content.decode()
        assert not Cover.objects.exists()

    def test_nobody_outside_the_agency_stands_in(self, manager, worker, colleague):
        assert self.arrange(manager, worker, practitioner(agency=None)).status_code == 422

    def test_for_somebody_who_has_left_there_is_none(self, manager, worker, colleague):
        leaves(worker)
        assert signed_in(manager).get(reverse("team-cover", args=[worker.pk])).status_code == 404


def test_assessments_have_an_author_in_the_end(manager, worker, colleague):
    """Nothing that somebody began is lost by their leaving: every draft has somebody who can open it."""
    child = allocated(worker)
    AssessmentFactory(child=child, author=worker)
    leaves(worker)
    hand_on(manager, worker, colleague, child)
    assert not Assessment.objects.filter(status="draft", author__is_active=False).exists()
