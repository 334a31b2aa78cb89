"""The administrator's pages: people, roles, teams and agencies of their own authority, and no child."""

import re

import pytest
from django.urls import reverse

from cre_toolkit.accounts.models import Agency, Membership, Role, RoleHeld, Team, User
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access
from cre_toolkit.jobs.models import Message
from cre_toolkit.web.urls import urlpatterns
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import (
    AgencyFactory,
    ChildFactory,
    RoleHeldFactory,
    TeamFactory,
    administrator,
    make_user,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
ADDRESSES = [one for one in urlpatterns if str(one.pattern).startswith("administration/")]


@pytest.fixture
def admin():
    return administrator()


@pytest.fixture
def page(admin):
    """An administrator's window."""
    return signed_in(admin)


def on(name, person, *more):
    return reverse(f"administration-{name}", args=[person.pk, *more])


def said(response):
    """The messages of the page to which an act leads."""
    return [str(message) for message in response.context["messages"]]


class TestWhoComesIn:
    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_nobody_but_an_administrator(self, role):
        worker, client = practitioner(teams=[TeamFactory()]), signed_in(make_user(role))
        for pattern in ADDRESSES:
            response = client.get(address(pattern, worker))
            assert response.status_code == 403, pattern.name
            assert worker.email not in response.content.decode()

    def test_nobody_who_has_not_signed_in(self, client):
        worker = practitioner(teams=[TeamFactory()])
        for pattern in ADDRESSES:
            for method in (client.get, client.post):
                response = method(address(pattern, worker))
                assert response.status_code == 302, pattern.name
                assert response.headers["Location"].startswith("/account/sign-in/"), pattern.name

    def test_to_the_administrator_of_another_authority_a_person_or_team_does_not_exist(self):
        worker = practitioner(teams=[TeamFactory()])
        client = signed_in(administrator(authority="derbyshire"))
        for pattern in ADDRESSES:
            for method in (client.get, client.post) if pattern.pattern.converters else ():
                response = method(address(pattern, worker))
                assert response.status_code in (404, 405), pattern.name
                assert worker.name not in response.content.decode()

    def test_the_first_page_leads_there(self, page):
        assert reverse("administration") in page.get("/").content.decode()

    def test_with_the_role_ended_in_mid_session_the_next_request_is_refused(self, admin, page):
        assert page.get(reverse("administration")).status_code == 200
        RoleHeld.objects.filter(user=admin).update(until=admin.roles_held.get().since)
        assert page.get(reverse("administration")).status_code == 403

    def test_their_pages_show_no_child(self, page):
        worker = practitioner(teams=[TeamFactory()])
        child = ChildFactory(created_by=worker, allocated_worker=worker, family_name="Ŵyn")
        AssessmentFactory(child=child, author=worker)
        for pattern in ADDRESSES:
            shown = page.get(address(pattern, worker)).content.decode()
            assert "Ŵyn" not in shown
            assert child.reference not in shown


def address(pattern, worker):
    """An address of the administrator's pages, about this person."""
    held, member = worker.roles_held.first(), worker.memberships.first()
    row = member if "team" in pattern.name else held
    known = {
        "person": worker.pk,
        "row": row.pk if row else 1,
        "team": member.team_id if member else TeamFactory().pk,
    }
    return reverse(pattern.name, kwargs={name: known[name] for name in pattern.pattern.converters})


class TestFinding:
    def test_everybody_stands_in_the_list_by_name_with_roles_page_by_page(self, page):
        for number in range(60):
            practitioner(name=f"Worker {number:02}")
        first = page.get(reverse("administration")).content.decode()
        assert "Worker 00" in first
        assert "Worker 59" not in first
        assert "Practitioner" in first
        assert "Worker 59" in page.get(reverse("administration"), {"page": 2}).content.decode()

    def test_costs_as_much_for_many_as_for_few(self, page, django_assert_max_num_queries):
        practitioner()
        with django_assert_max_num_queries(100) as few:
            page.get(reverse("administration"))
        for _ in range(40):
            practitioner()
        with django_assert_max_num_queries(len(few.captured_queries)):
            page.get(reverse("administration"))

    def test_by_a_part_of_the_name_or_the_address_and_no_name_stands_in_an_address(self, page):
        practitioner(name="Siân Pretend", email="s.pretend@example.org")
        practitioner(name="Somebody Else")
        for typed in ("Siân", "s.pretend"):
            response = page.post(reverse("administration"), {"q": typed})
            assert "Siân Pretend" in response.content.decode()
            assert "Somebody Else" not in response.content.decode()
            assert "?" not in response.request["PATH_INFO"]

    def test_of_nobody_it_says_so(self, page):
        assert "Nobody of this name" in page.post(reverse("administration"), {"q": "Zyx"}).content.decode()

    @pytest.mark.parametrize("asked", ["0", "-1", "x", "99999999999999999999", "١"])
    def test_a_page_that_is_none_does_no_harm(self, page, asked):
        assert page.get(reverse("administration"), {"page": asked}).status_code == 200


class TestInviting:
    def given(self, **other):
        agency = AgencyFactory()
        return {
            "email": "nia@example.org",
            "name": "Nia Pretend",
            "agency": str(agency.pk),
            "role": "practitioner",
            "authority": "derby",
        } | other

    def invite(self, page, **other):
        return page.post(reverse("administration-invite"), self.given(**other), follow=True)

    def test_makes_an_account_with_a_role_and_mails_a_link_that_sets_the_password(
        self, page, client, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            response = self.invite(page)
        made = User.objects.get(email="nia@example.org")
        assert said(response) == ["Nia Pretend has an account. The invitation is on its way."]
        assert access.standing_of(made).roles == {("practitioner", "derby")}
        link = link_in(Message.objects.get())
        answered = client.get(link, follow=True)
        assert answered.redirect_chain == [(reverse("invitation"), 302)]
        assert "nia@example.org" in answered.content.decode()
        password = "correct horse battery"
        done = client.post(reverse("invitation"), {"password": password, "again": password})
        assert done.headers["Location"] == reverse("account_login")
        made.refresh_from_db()
        assert made.check_password(password)
        assert client.get(link, follow=True).status_code == 410, "once"

    def test_the_mail_names_no_colleague_and_its_text_is_gone_once_it_is_sent(self, admin, page):
        self.invite(page)
        message = Message.objects.get()
        assert (message.to, message.secret) == ("nia@example.org", True)
        assert admin.name not in message.body
        assert "Nia" not in message.body + message.subject

    def test_the_link_begins_with_the_services_address_whatever_the_request_calls_the_host(
        self, page, settings
    ):
        settings.SERVICE_ADDRESS = "https://cre.example.org"
        settings.ALLOWED_HOSTS = ["*"]
        page.post(reverse("administration-invite"), self.given(), headers={"host": "evil.example"})
        assert link_in(Message.objects.get()).startswith("https://cre.example.org/invitation/")

    def test_extra_fields_are_no_matter(self, page):
        self.invite(
            page, is_active="", password="x", is_staff="on", is_superuser="on", id="1", last_login="x"
        )
        made = User.objects.get(email="nia@example.org")
        assert made.is_active
        assert not made.has_usable_password()

    @pytest.mark.parametrize(
        "other", [{"authority": "derbyshire"}, {"role": "king"}, {"agency": "x"}, {"email": "nobody"}]
    )
    def test_what_is_not_theirs_to_give_is_refused_and_nothing_is_made(self, page, other):
        response = self.invite(page, **other)
        assert response.status_code == 422
        assert not User.objects.filter(name="Nia Pretend").exists()
        assert not Message.objects.exists()

    def test_somebody_of_another_authority_who_has_an_account_is_given_a_role_by_their_whole_address(
        self, page
    ):
        nurse = practitioner(email="nurse@example.org", authority="derbyshire")
        response = self.invite(page, email="NURSE@example.org")
        assert response.status_code == 422
        assert nurse.name not in response.content.decode()
        given = {"email": "nurse@example.org", "role": "practitioner", "authority": "derby"}
        page.post(reverse("administration-existing"), given)
        assert ("practitioner", "derby") in access.standing_of(nurse).roles

    def test_it_is_sent_again_and_only_the_newest_link_is_good(self, page, client):
        self.invite(page)
        made = User.objects.get(email="nia@example.org")
        page.post(on("invitation", made))
        old, new = (link_in(message) for message in Message.objects.order_by("created_at"))
        assert client.get(old, follow=True).status_code == 410
        assert client.get(new, follow=True).status_code == 200

    def test_to_whoever_has_signed_in_none_is_sent(self, page):
        assert page.post(on("invitation", practitioner())).status_code == 404
        assert not Message.objects.exists()

    def test_the_password_is_typed_twice_and_keeps_the_rules(self, page, client):
        self.invite(page)
        client.get(link_in(Message.objects.get()))
        for first, again, told in (
            ("short", "short", "too short"),
            ("correct horse battery", "correct horse", "The two passwords differ"),
            ("", "", "Enter a password"),
        ):
            response = client.post(reverse("invitation"), {"password": first, "again": again})
            assert response.status_code == 422
            assert told in response.content.decode()
            assert 'value="correct' not in response.content.decode()

    def test_without_a_link_there_is_nothing_to_answer(self, client):
        for path in (reverse("invitation"), reverse("invitation-link", args=["x"])):
            assert client.get(path, follow=True).status_code == 410
        password = {"password": "correct horse battery", "again": "correct horse battery"}
        assert client.post(reverse("invitation"), password).status_code == 410


def link_in(message):
    return re.search(r"https?://\S+", message.body)[0]


class TestRolesAndTeams:
    def test_a_role_is_given_and_ended(self, page):
        worker = practitioner()
        given = {"role": "champion", "authority": "derby"}
        response = page.post(on("role", worker), given, follow=True)
        assert said(response) == [f"{worker.name} is now Champion or single point of contact."]
        held = RoleHeld.objects.get(user=worker, role="champion")
        assert "no longer be Champion" in page.get(on("end-role", worker, held.pk)).content.decode()
        page.post(on("end-role", worker, held.pk))
        assert access.standing_of(worker).roles == {("practitioner", "derby")}

    def test_what_is_refused_is_said_on_the_persons_page(self, page):
        worker = practitioner()
        response = page.post(on("role", worker), {"role": "administrator", "authority": "derby"}, follow=True)
        assert "An administrator sees no child" in said(response)[0]
        assert access.standing_of(worker).roles == {("practitioner", "derby")}

    def test_nothing_is_done_to_oneself(self, admin, page):
        held = RoleHeld.objects.get(user=admin)
        for path in (on("role", admin), on("join-team", admin), on("close", admin), on("details", admin)):
            assert page.get(path).status_code == 403
            assert page.post(path, {"role": "practitioner", "authority": "derby"}).status_code == 403
        assert page.post(on("end-role", admin, held.pk)).status_code == 403
        assert "This is your own account" in page.get(on("person", admin)).content.decode()
        assert access.standing_of(admin).roles == {("administrator", "derby")}

    def test_a_role_in_another_authority_is_neither_shown_nor_ended(self, page):
        worker = practitioner()
        elsewhere = RoleHeldFactory(user=worker, role=Role.CHAMPION, authority="derbyshire")
        shown = page.get(on("person", worker)).content.decode()
        assert "Champion" not in shown
        assert "They also work in Derbyshire" in shown
        assert page.post(on("end-role", worker, elsewhere.pk)).status_code == 404
        elsewhere.refresh_from_db()
        assert elsewhere.until is None

    def test_the_role_of_somebody_else_is_not_ended_by_its_number(self, page):
        worker, other = practitioner(), practitioner()
        held = RoleHeld.objects.get(user=other)
        assert page.post(on("end-role", worker, held.pk)).status_code == 404

    def test_a_team_is_joined_managed_and_left(self, page):
        worker, team = practitioner(), TeamFactory()
        page.post(on("join-team", worker), {"team": str(team.pk), "manages": "on"})
        member = Membership.objects.get(user=worker)
        assert member.manages
        page.post(on("leave-team", worker, member.pk))
        assert access.standing_of(worker).teams == frozenset()

    def test_a_team_of_another_authority_cannot_be_chosen(self, page):
        team = TeamFactory(authority="derbyshire")
        assert page.post(on("join-team", practitioner()), {"team": str(team.pk)}).status_code == 422
        assert not Membership.objects.exists()


class TestAPersonsAccount:
    def test_details_are_changed_and_nothing_else_that_is_posted(self, page):
        worker, agency = practitioner(name="Sam Pretend"), AgencyFactory()
        given = {"name": "Sam Invented", "agency": str(agency.pk), "email": "x@example.org", "is_active": ""}
        page.post(on("details", worker), given)
        changed = User.objects.get(pk=worker.pk)
        assert (changed.name, changed.agency) == ("Sam Invented", agency)
        assert (changed.email, changed.is_active) == (worker.email, True)

    def test_before_it_is_closed_it_is_said_in_numbers_what_is_left_behind_and_who_hands_it_on(self, page):
        team = TeamFactory()
        worker, manager = practitioner(teams=[team]), team_manager(team, name="Maya Pretend")
        for _ in range(3):
            child = ChildFactory(created_by=worker, allocated_worker=worker)
        AssessmentFactory(child=child, author=worker)
        shown = page.get(on("close", worker)).content.decode()
        assert "Allocated worker of 3 children" in shown
        assert "1 unfinished assessment" in shown
        assert f"<bdi>{manager.name}</bdi> can hand them on" in shown

    def test_where_nobody_could_hand_children_on_that_is_said(self, page):
        worker = practitioner()
        ChildFactory(created_by=worker, allocated_worker=worker)
        assert "Nobody manages a team that they are in" in page.get(on("close", worker)).content.decode()

    def test_closed_in_mid_session_the_next_request_asks_to_sign_in(self, page):
        worker = practitioner()
        window = signed_in(worker)
        assert window.get("/").status_code == 200
        page.post(on("close", worker))
        assert window.get("/").status_code == 302
        assert access.standing_of(User.objects.get(pk=worker.pk)).roles == frozenset()
        page.post(on("reopen", worker))
        assert User.objects.get(pk=worker.pk).is_active

    def test_a_get_changes_nothing(self, page):
        worker = practitioner()
        for name in ("close", "reopen", "role", "details", "join-team"):
            page.get(on(name, worker))
        assert User.objects.get(pk=worker.pk).is_active
        assert not Event.objects.filter(subject=worker.pk).exists()

    def test_somebody_who_works_elsewhere_too_is_not_this_administrators_to_shut_out(self, page):
        nurse = practitioner()
        RoleHeldFactory(user=nurse, authority="derbyshire")
        response = page.post(on("close", nurse), follow=True)
        assert "not yours alone" in said(response)[0]
        assert User.objects.get(pk=nurse.pk).is_active


class TestAgenciesAndTeams:
    def test_are_added_and_a_team_renamed(self, page):
        page.post(reverse("administration-add-agency"), {"name": "Invented School", "kind": "education"})
        agency = Agency.objects.get(name="Invented School")
        given = {"agency": str(agency.pk), "name": "Leads", "kind": "team", "authority": "derby"}
        page.post(reverse("administration-add-team"), given)
        team = Team.objects.get(agency=agency)
        listed = page.get(reverse("administration-agencies")).content.decode()
        assert "Invented School" in listed
        assert "Leads" in listed
        page.post(reverse("administration-team", args=[team.pk]), {"name": "Safeguarding leads"})
        team.refresh_from_db()
        assert team.name == "Safeguarding leads"

    def test_of_one_name_there_is_one(self, page):
        agency = AgencyFactory(name="Invented School")
        TeamFactory(agency=agency, name="Leads")
        again = {"name": "invented school", "kind": "education"}
        assert page.post(reverse("administration-add-agency"), again).status_code == 422
        given = {"agency": str(agency.pk), "name": "LEADS", "kind": "team", "authority": "derby"}
        assert page.post(reverse("administration-add-team"), given).status_code == 422
        assert (Agency.objects.filter(name__iexact="invented school").count(), Team.objects.count()) == (1, 1)

    def test_no_team_is_added_in_another_authority(self, page):
        agency = AgencyFactory()
        given = {"agency": str(agency.pk), "name": "Mine", "kind": "front-door", "authority": "derbyshire"}
        assert page.post(reverse("administration-add-team"), given).status_code == 422
        assert not Team.objects.exists()


def test_what_opens_something_asks_for_a_fresh_sign_in_and_what_shuts_does_not(admin, client):
    """Shutting somebody out is urgent at times; letting somebody in never is."""
    client.force_login(admin)
    worker = practitioner()
    lets_in = [on(name, worker) for name in ("role", "join-team", "reopen", "invitation")]
    for path in [*lets_in, reverse("administration-invite"), reverse("administration-existing")]:
        response = client.post(path, {"role": "champion", "authority": "derby"})
        assert response.status_code == 302, path
        assert response.headers["Location"].startswith(reverse("account_reauthenticate")), path
    assert not RoleHeld.objects.filter(role="champion").exists()
    client.post(on("close", worker))
    assert not User.objects.get(pk=worker.pk).is_active
