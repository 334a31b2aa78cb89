"""Cover for leave begins and ends by itself, follows the allocated worker, and shows nothing more."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.accounts.models import Cover
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.case.facts import change_facts
from cre_toolkit.children import access, actions, cover
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.children.viewers import viewers
from cre_toolkit.jobs.models import Message
from tests.factories.people import (
    ChildFactory,
    give_access,
    locked_out,
    practitioner,
    restricted_to,
    team_manager,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def absent():
    return practitioner()


@pytest.fixture
def stand_in():
    return practitioner()


@pytest.fixture
def child(absent):
    child = ChildFactory(allocated_worker=absent)
    give_access(child, user=absent, reason=AccessGrant.Reason.ALLOCATED)
    return child


def arrange(absent, stand_in, begins=0, ends=7, form_id=None):
    """Cover from so many days on until so many days on."""
    now = timezone.now()
    return cover.arrange(
        by=team_manager(), absent=absent, stand_in=stand_in,
        since=now + begins * DAY, until=now + ends * DAY, form_id=form_id or uuid.uuid4(),
    )  # fmt: skip


def sees(user, child):
    return access.visible_to(user).filter(pk=child.pk).exists()


def test_the_stand_in_sees_the_children_of_the_absent_from_the_day_until_the_day(absent, stand_in, child):
    now = timezone.now()
    arrange(absent, stand_in, begins=1, ends=8)
    days = {0: False, 0.99: False, 1.01: True, 7.9: True, 8.01: False, 400: False}
    for day, seen in days.items():
        with time_machine.travel(now + day * DAY, tick=False):
            assert sees(stand_in, child) is seen, day


def test_why_they_see_it_is_said_to_whoever_asks(absent, stand_in, child):
    arrange(absent, stand_in)
    (one,) = [viewer for viewer in viewers(child) if viewer.user == stand_in]
    assert one.reason == AccessGrant.Reason.COVER
    assert AccessGrant.Reason.COVER.label == "stands in for a colleague who is on leave"


def test_children_whom_the_absent_sees_for_another_reason_are_not_covered(absent, stand_in):
    other = ChildFactory(created_by=absent)
    arrange(absent, stand_in)
    assert sees(absent, other)
    assert not sees(stand_in, other)


def test_a_child_who_is_allocated_meanwhile_is_covered_and_one_who_is_no_longer_is_not(
    absent, stand_in, child
):
    arrange(absent, stand_in)
    other, worker = ChildFactory(), practitioner()
    change_facts(by=other.created_by, child=other, version=1, changes={"allocated_worker": absent})
    change_facts(by=child.created_by, child=child, version=1, changes={"allocated_worker": worker})
    added = actions.add_child(
        by=worker, form_id=uuid.uuid4(), authority="derby", given_names="Noor", allocated_worker=absent
    )
    assert sees(stand_in, other)
    assert sees(stand_in, added)
    assert not sees(stand_in, child)
    assert sees(worker, child)


def test_a_child_who_leaves_the_absent_before_cover_begins_is_never_covered(absent, stand_in, child):
    now = timezone.now()
    arrange(absent, stand_in, begins=1, ends=8)
    change_facts(by=child.created_by, child=child, version=1, changes={"allocated_worker": practitioner()})
    with time_machine.travel(now + 2 * DAY, tick=False):
        assert not sees(stand_in, child)


@pytest.mark.parametrize("begins", [0, 1])
def test_ended_early_it_shows_nothing_any_more_nor_later(absent, stand_in, child, begins):
    now = timezone.now()
    made = arrange(absent, stand_in, begins=begins, ends=8)
    for _ in range(2):
        cover.end(by=made.arranged_by, cover=made)
    for day in (0.01, 2):
        with time_machine.travel(now + day * DAY, tick=False):
            assert not sees(stand_in, child)
    assert Event.objects.filter(kind="cover.ended").count() == 1


def test_what_is_closed_to_the_stand_in_stays_closed(absent, stand_in, child):
    """Restricted to named people, or locked out of it: cover is a reason to see a child, and no more."""
    other = ChildFactory(allocated_worker=absent)
    arrange(absent, stand_in)
    restricted_to(child, absent)
    locked_out(other, stand_in)
    assert not access.visible_to(stand_in).exists()
    assert stand_in not in {viewer.user for viewer in viewers(child)}


def test_two_covers_at_once_end_each_by_itself(absent, stand_in, child):
    other = practitioner()
    first = arrange(absent, stand_in)
    arrange(absent, other)
    cover.end(by=first.arranged_by, cover=first)
    assert not sees(stand_in, child)
    assert sees(other, child)


def test_the_same_form_twice_arranges_it_once(absent, stand_in, child):
    form_id, manager, now = uuid.uuid4(), team_manager(), timezone.now()
    given = {"by": manager, "absent": absent, "stand_in": stand_in, "since": now, "until": now + DAY}
    first, second = (cover.arrange(**given, form_id=form_id) for _ in range(2))
    assert first == second
    assert Cover.objects.count() == AccessGrant.objects.filter(reason="cover").count() == 1


@pytest.mark.parametrize(("begins", "ends"), [(0, 0), (2, 1), (-3, -1)])
def test_there_must_be_time_in_it(absent, stand_in, begins, ends):
    with pytest.raises(cover.AlreadyOver):
        arrange(absent, stand_in, begins, ends)


def test_each_child_is_on_the_audit_trail_with_whom_it_was_opened_to(absent, stand_in, child):
    made = arrange(absent, stand_in)
    event = Event.objects.get(kind="access.granted", child=child.pk, subject=stand_in.pk)
    assert (event.actor, event.detail) == (made.arranged_by_id, {"reason": "cover"})
    assert Event.objects.get(kind="cover.arranged").detail["users"] == [str(stand_in.pk)]


def test_the_stand_in_is_told_once_by_a_mail_that_names_nobody(absent, stand_in, child):
    with time_machine.travel(datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC), tick=False):
        arrange(absent, stand_in)
    message = Message.objects.get()
    assert message.to == stand_in.email
    assert "From 26 November 2026 until the end of 3 December 2026" in message.body
    for name in (absent.name, child.name, child.reference):
        assert name not in message.subject + message.body


def test_what_a_stand_in_writes_is_theirs_and_the_allocated_worker_stays(absent, stand_in, child):
    arrange(absent, stand_in)
    access.find_child(by=stand_in, reference=child.reference, act=access.Act.ASSESS)
    assert Child.objects.get(pk=child.pk).allocated_worker == absent
