"""The monitoring group's list: whose children stand on it, what it says of them, and what leaves by it."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit import queries as audit
from cre_toolkit.casework.lists.desk import waits_for
from cre_toolkit.casework.missing.monitoring import counts, on_the_list
from cre_toolkit.casework.missing.plan import Plan, agree_plan
from cre_toolkit.casework.models import ReturnInterview
from cre_toolkit.children.models import Child
from cre_toolkit.children.standing import standing_of
from tests.factories.missing import ago, gone, talked, was_missing
from tests.factories.people import (
    ChildFactory,
    child_protection_manager,
    give_access,
    locked_out,
    make_user,
    practitioner,
    restricted_to,
    team_manager,
)
from tests.integration.childforms import page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


def seen_by(user, days=90, **asked):
    today = timezone.localdate()
    return on_the_list(standing_of(user), today - datetime.timedelta(days=days), today, **asked)


def test_every_missing_child_of_the_authority_stands_first_whatever_the_level_or_the_days():
    lately, long_ago, now, longest = (ChildFactory() for _ in range(4))
    was_missing(lately, ago(days=9), ago(days=8))
    was_missing(long_ago, ago(days=200), ago(days=199))
    gone(now, ago(hours=3))
    gone(longest, ago(days=120))
    gone(ChildFactory(authority="derbyshire"), ago(hours=3))
    listed = seen_by(child_protection_manager())
    assert [one.child for one in listed] == [longest, now, lately]
    assert not listed[0].seen, "the list shows no record"


def test_restricted_and_locked_out_are_absent_and_a_manager_sees_their_own():
    restricted, conflict, theirs = (ChildFactory() for _ in range(3))
    for child in (restricted, conflict, theirs):
        gone(child, ago(hours=3))
    chair = child_protection_manager()
    restricted_to(restricted, restricted.created_by)
    locked_out(conflict, chair)
    assert [one.child for one in seen_by(chair)] == [theirs]
    manager = team_manager()
    assert seen_by(manager) == []
    give_access(theirs, user=practitioner(teams=[manager.memberships.get().team]))
    assert [one.child for one in seen_by(manager)] == [theirs]
    assert seen_by(practitioner()) == []


def test_what_became_of_the_interviews_is_counted_by_the_newest_step():
    child = ChildFactory()
    first = was_missing(child, ago(days=20), ago(days=19))
    second = was_missing(child, ago(days=12), ago(days=11))
    was_missing(child, ago(days=5), ago(days=4))
    talked(child, first, ReturnInterview.Step.DECLINED, at=ago(days=18))
    talked(child, second, ReturnInterview.Step.DECLINED, at=ago(days=10))
    talked(child, second, ReturnInterview.Step.HELD, at=ago(days=9), said="“Tired.”")
    listed = seen_by(child_protection_manager())
    made = counts(listed)
    assert (made.returns, made.held, made.declined, made.none_yet, made.independent) == (3, 1, 1, 1, 1)
    assert listed[0].counted == 3


def test_the_page_and_the_file_are_looks_at_each_child_and_the_file_holds_no_formula():
    child = ChildFactory(given_names="=cmd", family_name="Ŵyn")
    gone(child, ago(hours=3), police_reference="@123")
    client = signed_in(child_protection_manager())
    yesterday = timezone.localdate(ago(days=1))
    agree_plan(
        by=child.created_by,
        child=child,
        plan=Plan(
            agreed_on=yesterday,
            triggers="A van.",
            lines=[],
            if_missing="101",
            shared_with="School",
            review_on=yesterday,
        ),
        form_id=uuid.uuid4(),
    )
    shown = page(client.get(reverse("missing")))
    assert child.reference in shown
    assert ", overdue" in shown, "the review of the plan"
    assert "Derby Missing Children Monitoring Group" in shown
    made = client.get(reverse("missing-csv"))
    assert made.status_code == 200
    text = made.content.decode("utf-8-sig")
    assert "'=cmd" in text
    assert "'@123" in text
    assert "Ŵyn" not in made.headers["Content-Disposition"]
    kinds = {event.kind for event in audit.of_child(child.pk)}
    assert {"missing.listed", "missing.exported"} <= kinds


def test_the_file_asks_for_a_fresh_sign_in(client):
    client.force_login(child_protection_manager())
    assert client.get(reverse("missing-csv")).status_code == 302


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.ANALYST, Role.ADMINISTRATOR])
def test_for_everybody_else_there_is_no_list(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("missing")).status_code == 403


def test_days_that_end_before_they_begin_are_said_and_show_no_list():
    client = signed_in(child_protection_manager())
    asked = {"since_day": 2, "since_month": 3, "since_year": 2026}
    asked |= {"until_day": 1, "until_month": 3, "until_year": 2026}
    assert "The last day must be the first day or later" in page(client.get(reverse("missing"), asked))


def test_the_first_page_counts_who_is_missing_for_whoever_watches_over_them():
    child = ChildFactory()
    gone(child, ago(hours=3))
    manager = team_manager()
    said = [
        [each.words for each in waits_for(standing_of(user))]
        for user in (child_protection_manager(), manager)
    ]
    assert ["1 child is missing" in words for words in said] == [True, False]
    give_access(child, user=manager)
    assert "1 child is missing" in [each.words for each in waits_for(standing_of(manager))]
    Child.objects.filter(pk=child.pk).update(died_on=timezone.localdate())
    assert "1 child is missing" not in [each.words for each in waits_for(standing_of(manager))]
    assert seen_by(manager) == []
