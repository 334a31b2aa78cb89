"""The second step of signing in: an app that shows codes, recovery codes, and who may do nothing without."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from cre_toolkit.accounts import actions, factors
from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments.models import HeldText
from cre_toolkit.audit.models import Event
from cre_toolkit.jobs.models import Message
from cre_toolkit.web.step_up import FRESH_FOR
from cre_toolkit.web.views.second_factor import SETTING_UP
from tests.factories.assessments import AssessmentFactory
from tests.factories.people import PASSWORD, administrator, practitioner
from tests.integration.journeys import opened, signed_in, url

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOME, SECOND_STEP, OVERVIEW = "/", "/account/sign-in/second-step/", "/account/second-step/"
ADD_APP, CODES = "/account/second-step/app/", "/account/second-step/codes/"


@pytest.fixture
def clock():
    """A clock that stands in the middle of a code's 30 seconds."""
    with time_machine.travel(int(time.time()) // 30 * 30 + 15, tick=False) as clock:
        yield clock


@pytest.fixture
def user():
    return practitioner()


@pytest.fixture
def with_app(user, clock):
    """Somebody who set up an app, a while ago."""
    factors.add_app(by=user, secret=SECRET, code=code_now())
    clock.shift(300)
    return user


def code_now(step=0, secret=SECRET):
    """What the app shows now, or so many steps of 30 seconds from now."""
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + step))


def by_password(client, user, **extra):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, **extra})


def said(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def secret_shown(client):
    page = client.get(ADD_APP).content.decode()
    return re.search(r'class="app-code">([A-Z2-7 ]+)<', page)[1].replace(" ", "")


def is_signed_in(client):
    return client.get(HOME).status_code == 200


@pytest.mark.django_db
class TestSigningIn:
    def test_after_the_password_the_code_is_asked_for_and_leads_where_one_wanted(self, client, with_app):
        asked = by_password(client, with_app, next="/contacts/")
        assert asked.url.startswith(SECOND_STEP)
        assert client.post(asked.url, {"code": code_now()}).url == "/contacts/"
        assert is_signed_in(client)

    def test_the_password_alone_opens_no_page(self, client, with_app):
        by_password(client, with_app)
        for path in (HOME, OVERVIEW, ADD_APP, CODES, "/account/", "/search/", "/account/confirm/"):
            assert client.get(path).url.startswith(("/account/sign-in/", SECOND_STEP)), path
        assert client.post("/account/confirm/code/", {"code": code_now()}).url.startswith("/account/sign-in/")
        assert not is_signed_in(client)

    def test_the_second_step_without_the_first_opens_nothing(self, client, with_app):
        assert client.post(SECOND_STEP, {"code": code_now()}).url == reverse("account_login")
        assert not is_signed_in(client)

    def test_a_wrong_code_is_refused_and_on_the_audit_trail(self, client, with_app):
        by_password(client, with_app)
        assert "The code is not correct, or has been used" in said(
            client.post(SECOND_STEP, {"code": "000000"})
        )
        assert not is_signed_in(client)
        event = Event.objects.get(kind="account.second-factor-refused")
        assert (event.actor, event.subject, event.detail) == (None, with_app.pk, {"factor": "totp"})
        assert not Event.objects.filter(kind="account.signed-in").exists()

    @pytest.mark.parametrize("typed", ["", "x" * 5000, "12345", "'; --", "０００００００"])
    def test_whatever_else_is_typed_is_no_code(self, client, with_app, typed):
        by_password(client, with_app)
        assert client.post(SECOND_STEP, {"code": typed}).status_code == 200
        assert client.post(SECOND_STEP, {"credential": typed}).status_code == 200
        assert not is_signed_in(client)

    def test_a_code_is_taken_as_people_type_it(self, client, with_app):
        by_password(client, with_app)
        code = code_now()
        client.post(SECOND_STEP, {"code": f" {code[:3]} {code[3:]} "})
        assert is_signed_in(client)

    @pytest.mark.parametrize("step", [-1, 1])
    def test_a_telephone_may_run_a_little_fast_or_slow(self, client, with_app, step):
        by_password(client, with_app)
        client.post(SECOND_STEP, {"code": code_now(step)})
        assert is_signed_in(client)

    def test_after_the_key_was_changed_no_code_is_right(self, client, with_app, settings):
        settings.SECOND_FACTOR_KEY = "another key altogether"
        by_password(client, with_app)
        assert client.post(SECOND_STEP, {"code": code_now()}).status_code == 200
        assert not is_signed_in(client)

    @pytest.mark.parametrize("step", [-2, 2])
    def test_an_earlier_or_later_code_is_refused(self, client, with_app, step):
        by_password(client, with_app)
        client.post(SECOND_STEP, {"code": code_now(step)})
        assert not is_signed_in(client)

    @pytest.mark.parametrize("later", [0, 20, 40])
    def test_a_code_that_was_used_signs_nobody_else_in(self, client, with_app, clock, later):
        code = code_now(1)
        by_password(client, with_app)
        client.post(SECOND_STEP, {"code": code})
        thief = Client()
        by_password(thief, with_app)
        clock.shift(later)
        thief.post(SECOND_STEP, {"code": code})
        assert is_signed_in(client)
        assert not is_signed_in(thief)

    def test_nor_one_that_is_older_than_the_one_used(self, client, with_app):
        older = code_now(-1)
        by_password(client, with_app)
        client.post(SECOND_STEP, {"code": code_now()})
        thief = Client()
        by_password(thief, with_app)
        thief.post(SECOND_STEP, {"code": older})
        assert not is_signed_in(thief)

    def test_guessing_codes_is_slowed_down(self, client, with_app):
        by_password(client, with_app)
        pages = [said(client.post(SECOND_STEP, {"code": f"{guess:06}"})) for guess in range(8)]
        assert "Wait a few minutes" in pages[-1]

    def test_whoever_has_none_signs_in_by_password_where_none_is_needed(self, client, user):
        assert by_password(client, user).url == HOME


@pytest.mark.django_db
class TestSettingUp:
    def test_an_app_is_set_up_by_the_code_that_it_shows_and_codes_for_recovery_follow(
        self, client, user, clock
    ):
        client = signed_in(user)
        secret = secret_shown(client)
        response = client.post(ADD_APP, {"code": code_now(secret=secret)})
        assert response.url == CODES
        assert len(re.findall(r'class="app-code"', client.get(CODES).content.decode())) == 10
        page = said(client.get(OVERVIEW))
        assert "The app that shows codes" in page
        assert "10 are left" in page
        assert Event.objects.filter(kind="account.factor-added", actor=user.pk).count() == 1

    def test_a_wrong_code_sets_up_nothing_and_the_key_stays(self, client, user, clock):
        client = signed_in(user)
        secret = secret_shown(client)
        response = client.post(ADD_APP, {"code": "000000"})
        assert response.status_code == 422
        assert "The code is not correct" in said(response)
        assert not factors.has_one(user)
        client.post(ADD_APP, {"code": code_now(secret=secret)})
        assert factors.has_one(user)

    def test_the_code_that_set_it_up_signs_nobody_in(self, user, clock):
        client = signed_in(user)
        secret = secret_shown(client)
        code = code_now(secret=secret)
        client.post(ADD_APP, {"code": code})
        thief = Client()
        by_password(thief, user)
        thief.post(SECOND_STEP, {"code": code})
        assert not is_signed_in(thief)

    def test_its_secret_is_not_in_the_database_as_it_is(self, with_app):
        kept = factors.of(with_app).get(type=Authenticator.Type.TOTP).data["secret"]
        assert SECRET not in kept
        assert totp.decrypt(kept) == SECRET

    def test_its_owner_is_told_by_mail_that_names_nobody(self, user, clock):
        client = signed_in(user)
        secret = secret_shown(client)
        client.post(ADD_APP, {"code": code_now(secret=secret)})
        message = Message.objects.get()
        assert message.to == user.email
        assert "An app that shows codes was set up" in message.body
        assert user.name not in message.subject + message.body

    @pytest.mark.parametrize("path", [ADD_APP, "/account/second-step/passkey/", CODES, f"{CODES}new/"])
    def test_it_is_asked_again_who_one_is_before_anything_changes(self, user, clock, path):
        client = signed_in(user)
        clock.shift(FRESH_FOR)
        for response in (client.get(path), client.post(path, {"code": "000000"})):
            assert response.status_code == 405 or response.url.startswith("/account/confirm/")

    def test_whoever_opened_the_page_has_time_to_fetch_the_telephone(self, user, clock):
        client = signed_in(user)
        secret = secret_shown(client)
        clock.shift(SETTING_UP - FRESH_FOR)
        assert client.post(ADD_APP, {"code": code_now(secret=secret)}).url == CODES
        clock.shift(SETTING_UP)
        assert client.post(ADD_APP, {"code": "000000"}).url.startswith("/account/confirm/")

    def test_the_second_app_replaces_none(self, with_app):
        client = signed_in(with_app)
        client.post(reverse("mfa_reauthenticate"), {"code": code_now()})
        assert client.get(ADD_APP).url == OVERVIEW

    def test_recovery_codes_are_shown_once(self, with_app):
        client = signed_in(with_app)
        client.post(reverse("mfa_reauthenticate"), {"code": code_now()})
        shown = client.get(CODES)
        assert shown.status_code == 200
        assert client.get(CODES).url == OVERVIEW


@pytest.mark.django_db
class TestRecovery:
    @pytest.fixture
    def codes(self, with_app):
        return factors.show_codes(by=with_app)

    def test_a_recovery_code_signs_in_once(self, client, with_app, codes):
        for signs_in in (True, False):
            visitor = Client()
            by_password(visitor, with_app)
            visitor.post(SECOND_STEP, {"code": codes[0]})
            assert is_signed_in(visitor) is signs_in

    def test_new_ones_take_the_place_of_the_earlier(self, client, with_app, codes):
        changer = signed_in(with_app)
        changer.post(reverse("mfa_reauthenticate"), {"code": code_now()})
        assert changer.post(f"{CODES}new/").url == CODES
        by_password(client, with_app)
        client.post(SECOND_STEP, {"code": codes[0]})
        assert not is_signed_in(client)
        assert Event.objects.filter(kind="account.recovery-codes-made").count() == 1

    def test_an_administrator_takes_away_what_was_lost_and_its_owner_is_told(self, client, with_app):
        admin = administrator()
        lost = reverse("administration-second-step", args=[with_app.pk])
        assert signed_in(admin).get(lost).status_code == 200
        assert factors.has_one(with_app), "asked first"
        window = signed_in(with_app)
        signed_in(admin).post(lost)
        assert not is_signed_in(window), "whoever has found the telephone may have a session, too"
        assert by_password(client, with_app).url == HOME
        event = Event.objects.get(kind="account.factors-reset")
        assert (event.actor, event.subject) == (admin.pk, with_app.pk)
        assert "An administrator took away" in Message.objects.get(to=with_app.email).body
        assert signed_in(admin).get(lost).status_code == 404, "there is none to take away"

    def test_an_administrator_of_another_authority_takes_nothing_away(self, with_app):
        lost = reverse("administration-second-step", args=[with_app.pk])
        assert signed_in(administrator(authority="derbyshire")).post(lost).status_code == 404
        assert factors.has_one(with_app)


@pytest.mark.django_db
class TestRemoving:
    def removes(self, user):
        client = signed_in(user)
        client.post(reverse("mfa_reauthenticate"), {"code": code_now()})
        factor = factors.of(user).get(type=Authenticator.Type.TOTP).pk
        return client, client.post(reverse("mfa_remove"), {"factor": factor})

    def test_one_may_be_removed_where_none_is_needed_and_its_owner_is_told(self, with_app):
        _, response = self.removes(with_app)
        assert response.url == OVERVIEW
        assert not factors.of(with_app).exists(), "nor its recovery codes"
        assert Event.objects.get(kind="account.factor-removed").detail == {"factor": "totp"}
        assert "was removed" in Message.objects.get().body

    def test_the_last_one_stays_where_it_is_needed(self, with_app, settings):
        settings.SECOND_FACTOR_ROLES = ["all"]
        _, response = self.removes(with_app)
        assert response.status_code == 422
        assert "Add another one first" in said(response)
        assert factors.has_one(with_app)

    def test_another_persons_is_not_found(self, with_app):
        theirs = factors.of(with_app).get(type=Authenticator.Type.TOTP).pk
        client = signed_in(practitioner())
        for response in (
            client.get(reverse("mfa_remove"), {"factor": theirs}),
            client.post(reverse("mfa_remove"), {"factor": theirs}),
        ):
            assert response.status_code == 404
        assert factors.has_one(with_app)


@pytest.mark.django_db
class TestNeeded:
    @pytest.fixture(autouse=True)
    def needed(self, settings):
        settings.SECOND_FACTOR_ROLES = [Role.PRACTITIONER, Role.CHILD_PROTECTION_MANAGER]

    def test_whoever_needs_one_and_has_none_can_only_set_one_up(self, client, user):
        by_password(client, user)
        for path in (HOME, "/search/", "/due/", "/drafts/", "/account/", "/guidance/", "/audit/"):
            assert client.get(path).url.startswith(f"{OVERVIEW}?next="), path
            assert client.post(path).url.startswith(OVERVIEW), path
        assert "Your work here needs a second step" in said(client.get(OVERVIEW))
        assert client.get("/accessibility/").status_code == 200

    def test_once_it_is_set_up_everything_is_open(self, client, user, clock):
        by_password(client, user)
        secret = secret_shown(client)
        client.post(ADD_APP, {"code": code_now(secret=secret)})
        assert is_signed_in(client)

    def test_a_session_that_did_not_take_it_is_sent_to_take_it(self, client, with_app):
        client.force_login(with_app)
        assert client.get(HOME).url == "/account/confirm/?next=/"
        client.post(reverse("mfa_reauthenticate"), {"code": code_now()})
        assert is_signed_in(client)

    def test_a_role_given_in_mid_session_asks_from_the_next_request_on(self, client, settings):
        settings.SECOND_FACTOR_ROLES = [Role.CHILD_PROTECTION_MANAGER]
        user = practitioner()
        by_password(client, user)
        assert is_signed_in(client)
        actions.give_role(by=None, user=user, role=Role.CHILD_PROTECTION_MANAGER, authority="derby")
        assert not is_signed_in(client)

    def test_what_was_typed_meanwhile_is_held(self, settings):
        settings.SECOND_FACTOR_ROLES = []
        draft = AssessmentFactory()
        client = signed_in(draft.author)
        hidden = opened(client, "places-people", draft)
        page = client.get(url("places-people", draft)).content.decode()
        hidden["held_for"] = re.search(r'name="held_for" value="([^"]*)"', page)[1]
        settings.SECOND_FACTOR_ROLES = ["all"]
        response = client.post(
            url("places-people", draft), {**hidden, "locations": "The station.", "then": "continue"}
        )
        assert response.url.startswith(OVERVIEW)
        assert "The+station." in HeldText.objects.get().posted

    def test_a_page_costs_no_query_more_where_it_was_taken(
        self, client, with_app, django_assert_num_queries, django_assert_max_num_queries, settings
    ):
        by_password(client, with_app)
        client.post(SECOND_STEP, {"code": code_now()})
        with django_assert_max_num_queries(9) as needed:
            client.get("/guidance/")
        settings.SECOND_FACTOR_ROLES = []
        with django_assert_num_queries(len(needed)):
            client.get("/guidance/")

    def test_a_role_that_there_is_not_is_refused_at_the_start(self, settings):
        settings.SECOND_FACTOR_ROLES = ["all", "practitoner"]
        with pytest.raises(ImproperlyConfigured, match="practitoner"):
            factors.check_roles()


@pytest.mark.django_db
class TestConfirming:
    def test_whoever_has_a_second_step_confirms_by_it_and_not_by_password(self, with_app, clock):
        client = signed_in(with_app)
        clock.shift(SETTING_UP)
        assert client.get(f"{CODES}new/").url.startswith("/account/confirm/")
        asked = client.post("/account/confirm/", {"password": PASSWORD, "next": f"{CODES}new/"})
        assert asked.url.startswith("/account/confirm/code/")
        assert client.get(f"{CODES}new/").status_code == 302, "the password confirmed nothing"
        assert client.post(asked.url, {"code": code_now()}).url == f"{CODES}new/"
        assert client.get(f"{CODES}new/").status_code == 200
        assert Event.objects.get(kind="account.confirmed").detail == {"how": "second-step"}

    def test_a_password_alone_is_not_fresh_enough_for_whoever_has_one(self, with_app):
        assert signed_in(with_app).get(f"{CODES}new/").url.startswith("/account/confirm/")

    def test_confirming_by_password_is_on_the_audit_trail_right_or_wrong(self, user):
        client = signed_in(user)
        for password in ("something else", PASSWORD):
            client.post("/account/confirm/", {"password": password})
        kinds = Event.objects.filter(actor=user.pk, kind__startswith="account.confirm").order_by("pk")
        assert [event.kind for event in kinds] == ["account.confirm-refused", "account.confirmed"]
