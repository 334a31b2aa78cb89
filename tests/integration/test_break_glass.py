"""Break-glass: who is told that there is a record, who may open it, and for how long."""

import datetime
import uuid

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Agency, Role
from cre_toolkit.assessments import actions as assessing
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access, break_glass, lock_outs, network, permissions, restriction
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.actions import update_child
from cre_toolkit.children.models import AccessGrant, BreakGlass, Child, LockOut
from cre_toolkit.children.viewers import viewers
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    front_door,
    locked_out,
    make_user,
    nhs_number,
    police_referral,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in
from tests.integration.merges import merge

pytestmark = pytest.mark.django_db
THERE_IS_ONE = "There is a record that you do not see"
WHY = "She rang from a number that nobody answers now."
BORN = {"date_of_birth_day": "14", "date_of_birth_month": "5", "date_of_birth_year": "2011"}


@pytest.fixture
def worker():
    return practitioner()


@pytest.fixture
def child(worker):
    return ChildFactory(
        given_names="Siânwen",
        family_name="Pretend",
        nhs_number=nhs_number(1),
        created_by=worker,
        allocated_worker=worker,
    )


@pytest.fixture
def stranger():
    return practitioner()


def search(user, **said) -> str:
    return signed_in(user).post(reverse("search"), said).content.decode()


def open_page(child):
    return reverse("break-glass-open", args=[child.reference])


def press(user, child, **said):
    return signed_in(user).post(open_page(child), {"category": "danger", "why": WHY, **said})


def broken_by(user, child) -> BreakGlass:
    assert press(user, child).status_code == 302
    return BreakGlass.objects.get(by=user)


# --- Who is told that there is a record ---------------------------------------------------------------------


def exact(child) -> dict[str, dict[str, str]]:
    return {
        "reference": {"reference": child.reference},
        "reference as a name": {"name": child.reference},
        "NHS number": {"nhs_number": child.nhs_number},
        "name and birthday": {"name": "sianwen pretend", **BORN},
    }


@pytest.mark.parametrize("by", exact(Child()))
def test_whoever_knows_exactly_whom_they_mean_is_told_that_there_is_a_record(stranger, child, by):
    page = search(stranger, **exact(child)[by])
    assert THERE_IS_ONE in page
    assert open_page(child) in page
    assert "Siânwen" not in page
    assert child.created_by.name not in page, "nor who works with the child"
    (told,) = Event.objects.filter(kind="child.existence-shown")
    assert told in audit.of_child(child.pk) & audit.of_user(stranger.pk)


@pytest.mark.parametrize(
    "loose",
    [
        {"name": "Siânwen Pretend"},
        BORN,
        {"name": "Siânwen", **BORN},
        {"name": "Siânwen Pretended", **BORN},
        {"name": "Siânwen Pretend", **BORN, "date_of_birth_day": "15"},
        {"postcode": "DE1 2QY", **BORN},
        {"nhs_number": nhs_number(2)},
    ],
    ids=str,
)
def test_nobody_finds_out_by_guessing(stranger, child, loose):
    assert THERE_IS_ONE not in search(stranger, **loose)
    assert not Event.objects.filter(kind="child.existence-shown").exists()


def test_whoever_sees_the_child_finds_the_child_and_nothing_hidden(worker, child):
    page = search(worker, reference=child.reference)
    assert "Siânwen" in page
    assert THERE_IS_ONE not in page


def test_an_earlier_record_leads_to_the_one_that_was_kept(stranger, child):
    earlier = ChildFactory(created_by=child.created_by)
    merge(child, earlier)
    assert open_page(child) in search(stranger, reference=earlier.reference)


MAY = permissions.ROLES_FOR[access.Act.BREAK_GLASS]


@pytest.mark.parametrize("role", [role for role in Role if role not in MAY])
def test_for_every_other_role_there_is_no_such_record(child, role):
    user = make_user(role)
    assert THERE_IS_ONE not in search(user, reference=child.reference)
    assert signed_in(user).get(open_page(child)).status_code == 404
    assert press(user, child).status_code == 404
    assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("make", [practitioner, front_door, police_referral, child_protection_manager])
def test_in_another_authority_there_is_no_such_record(child, make):
    user = make(authority="derbyshire")
    assert THERE_IS_ONE not in search(user, nhs_number=child.nhs_number)
    assert signed_in(user).get(open_page(child)).status_code == 404
    assert press(user, child).status_code == 404


@pytest.mark.parametrize("closed", ["restricted", "locked out"])
def test_of_a_record_that_is_closed_to_them_nobody_is_told(stranger, child, closed):
    if closed == "restricted":
        Child.objects.update(restricted=True)
    else:
        locked_out(child, stranger)
    for said in exact(child).values():
        assert THERE_IS_ONE not in search(stranger, **said)
    assert signed_in(stranger).get(open_page(child)).status_code == 404
    assert press(stranger, child).status_code == 404
    with pytest.raises(access.NotVisible):
        break_glass.break_glass(by=stranger, child=child, category="danger", why=WHY)
    assert not BreakGlass.objects.exists()
    assert not Event.objects.filter(kind="child.existence-shown").exists()


# --- Breaking it --------------------------------------------------------------------------------------------


def test_the_page_says_what_follows_and_whom_to_ask_first(stranger, child):
    page = signed_in(stranger).get(open_page(child)).content.decode()
    assert "Ask for it first" in page
    assert "01332 641172" in page, "the front door's telephone"
    assert "are told at once" in page
    assert "Siânwen" not in page
    assert Event.objects.get(kind="break-glass.opened").child == child.pk


def test_a_reason_is_asked_for_in_words(stranger, child):
    answer = press(stranger, child, category="", why=" ")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Select why it cannot wait" in page
    assert "Enter what you need to know, and what for" in page
    assert not BreakGlass.objects.exists()
    with pytest.raises(break_glass.SaysNothing):
        break_glass.break_glass(by=stranger, child=child, category="other", why=" ")


def test_the_record_is_open_for_a_day_and_then_closes_by_itself(stranger, child):
    answer = press(stranger, child)
    assert answer.url == reverse("child", args=[child.reference])
    client = signed_in(stranger)
    assert "Siânwen" in client.get(answer.url).content.decode()
    later = timezone.now() + break_glass.LASTS
    with time_machine.travel(later - datetime.timedelta(minutes=1)):
        assert signed_in(stranger).get(answer.url).status_code == 200
    with time_machine.travel(later + datetime.timedelta(minutes=1)):
        assert signed_in(stranger).get(answer.url).status_code == 404


def test_whoever_sees_the_record_is_led_to_it(worker, stranger, child):
    assert signed_in(worker).get(open_page(child)).url == reverse("child", args=[child.reference])
    broken_by(stranger, child)
    assert signed_in(stranger).get(open_page(child)).url == reverse("child", args=[child.reference])
    assert press(stranger, child).status_code == 302
    assert BreakGlass.objects.count() == 1


def test_it_asks_for_a_fresh_sign_in(stranger, child):
    client = Client()
    client.force_login(stranger)
    said = {"category": "danger", "why": WHY}
    for answer in (client.get(open_page(child)), client.post(open_page(child), said)):
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not BreakGlass.objects.exists()


def test_it_opens_the_record_to_nobody_else(child):
    head = team_manager()
    stranger = practitioner(teams=[head.memberships.get().team])
    broken_by(stranger, child)
    assert signed_in(head).get(reverse("child", args=[child.reference])).status_code == 404
    assert head not in {viewer.user for viewer in viewers(child)}
    assert stranger in {viewer.user for viewer in viewers(child)}


def test_it_is_on_the_audit_trail_with_its_reason(stranger, child):
    broken = broken_by(stranger, child)
    event = Event.objects.get(kind="break-glass.broken")
    assert (event.actor, event.child, event.subject) == (stranger.pk, child.pk, broken.pk)
    assert event.detail["category"] == "danger"
    assert WHY not in str(event.detail)


def test_a_record_that_is_restricted_meanwhile_closes_at_once(stranger, child):
    broken_by(stranger, child)
    Child.objects.update(restricted=True)
    assert signed_in(stranger).get(reverse("child", args=[child.reference])).status_code == 404


def test_the_words_of_another_agency_do_not_matter_the_person_does(child):
    """A police officer who is sent nothing may break the glass as anybody may who works with children."""
    officer = police_referral(agency=Agency.objects.create(name="Invented Police", kind=Agency.Kind.POLICE))
    assert press(officer, child).status_code == 302


# --- A day stays a day --------------------------------------------------------------------------------------


def opened_by(user, child) -> Child:
    break_glass.break_glass(by=user, child=child, category=BreakGlass.Category.DANGER, why=WHY)
    return Child.objects.get(pk=child.pk)


def begins_an_assessment(user, child):
    assessing.start(by=user, child=child, form_id=uuid.uuid4())


def names_themselves_worker(user, child):
    update_child(by=user, child=child, version=child.version, changes={"allocated_worker": user})


def takes_it_from_the_worker(user, child):
    update_child(by=user, child=child, version=child.version, changes={"allocated_worker": None})


def gives_it_to_another_authority(user, child):
    update_child(by=user, child=child, version=child.version, changes={"authority": "derbyshire"})


def joins_the_network(user, child):
    network.join(by=user, child=child, user=user, why="I broke the glass.")


def lets_a_colleague_in(user, child):
    network.join(by=user, child=child, user=practitioner(), why="She helps me.")


def puts_the_worker_out(user, child):
    network.leave(by=user, child=child, user=child.created_by)


def restricts_it_to_themselves(user, child):
    restriction.restrict(by=user, child=child, named=[child.allocated_worker], why="For us.")


def locks_somebody_out(user, child):
    conflict = LockOut.Conflict.OTHER
    lock_outs.lock_out(by=user, child=child, user=practitioner(), conflict=conflict, why="")


def test_what_is_begun_by_break_glass_does_not_open_the_record_for_longer(stranger, child):
    begins_an_assessment(stranger, opened_by(stranger, child))
    assert access.visible_to(stranger).exists()
    with time_machine.travel(timezone.now() + break_glass.LASTS, tick=False):
        assert not access.visible_to(stranger).exists()


@pytest.mark.parametrize(
    "act",
    [
        names_themselves_worker,
        takes_it_from_the_worker,
        gives_it_to_another_authority,
        joins_the_network,
        lets_a_colleague_in,
        puts_the_worker_out,
        restricts_it_to_themselves,
        locks_somebody_out,
    ],
)
def test_by_break_glass_alone_nobody_says_who_sees_the_record(child, act):
    manager = team_manager()
    record = opened_by(manager, child)
    before = list(AccessGrant.objects.order_by("pk").values())
    with pytest.raises(NotAllowed, match="by break-glass, for a day"):
        act(manager, record)
    assert list(AccessGrant.objects.order_by("pk").values()) == before


def test_who_is_let_in_meanwhile_stays_and_goes_on(worker, stranger, child):
    record = opened_by(stranger, child)
    network.join(by=worker, child=record, user=stranger, why="She goes on with her.")
    begins_an_assessment(stranger, record)
    reasons = AccessGrant.objects.filter(user=stranger, until=None).values_list("reason", flat=True)
    assert set(reasons) == {AccessGrant.Reason.NETWORK, AccessGrant.Reason.ASSESSED}


def test_a_role_that_shows_the_record_by_now_counts_for_itself(child):
    manager = child_protection_manager()
    record = opened_by(manager, child)
    assert access.by_break_glass_alone(access.standing_of(manager), record)
    Child.objects.filter(pk=child.pk).update(working_level="high")
    assert not access.by_break_glass_alone(access.standing_of(manager), record)
