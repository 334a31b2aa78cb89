"""What can be asked of the audit trail, and that its answers come whole, in order and a page at a time."""

import datetime
import uuid

import pytest
import time_machine
from django.utils import timezone

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit import queries
from tests.factories.people import practitioner

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 6, 12, 12, tzinfo=datetime.UTC)
AMY, BEN, CAI = (uuid.uuid4() for _ in range(3))


def kinds(events):
    return [event.kind for event in queries.page_of(events).events]


def test_who_looked_at_a_child_finds_the_lists_on_which_the_child_stood():
    audit.record(by=None, kind="child.viewed", child=AMY)
    audit.record(by=None, kind="home.viewed", children=[AMY, BEN])
    audit.record(by=None, kind="child.searched", children=[AMY])
    audit.record(by=None, kind="home.viewed", children=[BEN, CAI])
    audit.record(by=None, kind="child.viewed", child=CAI)
    assert kinds(queries.of_child(AMY)) == ["child.searched", "home.viewed", "child.viewed"]
    assert kinds(queries.of_child(uuid.uuid4())) == []


def test_the_children_of_a_list_come_with_its_event(django_assert_num_queries):
    for _ in range(3):
        audit.record(by=None, kind="home.viewed", children=[AMY, BEN])
    with django_assert_num_queries(2):
        page = queries.page_of(queries.of_child(AMY))
        assert all({row.child for row in event.children.all()} == {AMY, BEN} for event in page.events)


def test_what_a_user_did_of_one_kind_and_within_a_time():
    user, other = practitioner(), practitioner()
    for day, by, kind in ((1, user, "child.viewed"), (2, other, "child.viewed"), (3, user, "child.changed")):
        with time_machine.travel(NOON + datetime.timedelta(days=day), tick=False):
            audit.record(by=by, kind=kind, child=AMY)
    assert kinds(queries.of_user(user.pk)) == ["child.changed", "child.viewed"]
    assert queries.of_kind("child.viewed").count() == 2
    second = NOON + datetime.timedelta(days=2)
    assert kinds(queries.between(second, second + datetime.timedelta(days=1))) == ["child.viewed"], (
        "from the moment on, and before the other"
    )
    assert kinds(queries.of_child(AMY) & queries.of_user(user.pk) & queries.of_kind("child.viewed")) == [
        "child.viewed"
    ]


def test_pages_follow_one_another_without_gap_or_repetition_while_events_are_added():
    with time_machine.travel(NOON, tick=False):  # all at one moment: the order still holds
        made = {audit.record(by=None, kind="child.viewed", child=AMY).pk for _ in range(7)}
    seen, older_than = [], None
    while True:
        page = queries.page_of(queries.of_child(AMY), older_than, size=3)
        seen += [event.pk for event in page.events]
        audit.record(by=None, kind="child.viewed", child=AMY)
        if (older_than := page.older_than) is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


def test_the_last_page_offers_no_older_one():
    now = timezone.now()
    for _ in range(3):
        audit.record(by=None, kind="child.viewed", child=AMY)
    assert queries.page_of(queries.of_child(AMY), size=3).older_than is None
    assert queries.page_of(queries.between(now, now)).events == []
