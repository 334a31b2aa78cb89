"""Break-glass: who hears that a record was opened by it, and who says afterwards whether that was right."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.audit.models import Event
from cre_toolkit.children import access, break_glass
from cre_toolkit.children.models import AccessGrant, BreakGlassReview
from cre_toolkit.jobs.models import Message
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    broken_glass,
    child_protection_manager,
    locked_out,
    make_user,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in
from tests.integration.merges import merge, undo

pytestmark = pytest.mark.django_db
WHY = "Nobody who works with her could be reached."


@pytest.fixture
def manager():
    return team_manager()


@pytest.fixture
def worker(manager):
    return practitioner(teams=[manager.memberships.get().team])


@pytest.fixture
def child(worker):
    return ChildFactory(
        given_names="Siânwen",
        family_name="Pretend",
        created_by=worker,
        allocated_worker=worker,
    )


@pytest.fixture
def stranger():
    return practitioner()


def broken_by(user, child):
    return broken_glass(child, by=user)


# --- Who hears of it ----------------------------------------------------------------------------------------


def test_the_worker_and_their_manager_are_told_at_once_by_reference_alone(stranger, worker, manager, child):
    broken_by(stranger, child)
    assert {message.to for message in Message.objects.all()} == {worker.email, manager.email}
    for message in Message.objects.all():
        text = message.subject + message.body
        assert child.reference in text
        assert not any(word in text for word in ("Siânwen", "Pretend", stranger.name, WHY))


def test_it_stands_on_their_home_pages_and_lists_until_it_is_reviewed(stranger, worker, manager, child):
    broken = broken_by(stranger, child)
    address = reverse("break-glass", args=[broken.reference])
    for user in (worker, manager):
        assert "1 record was opened by break-glass" in signed_in(user).get("/").content.decode()
        assert address in signed_in(user).get("/due/").content.decode()
    assert "Review that" in signed_in(manager).get("/due/").content.decode()
    assert "See why" in signed_in(worker).get("/due/").content.decode()
    signed_in(manager).post(address, {"outcome": "justified", "words": "I asked the school."})
    for user in (worker, manager):
        assert "break-glass" not in signed_in(user).get("/").content.decode()
        assert address not in signed_in(user).get("/due/").content.decode()


def test_what_nobody_reviewed_within_the_day_is_overdue(stranger, manager, child):
    broken_by(stranger, child)
    assert "Review by" in signed_in(manager).get("/due/").content.decode()
    with time_machine.travel(timezone.now() + break_glass.LASTS + datetime.timedelta(minutes=1)):
        assert "Review overdue since" in signed_in(manager).get("/due/").content.decode()


def test_where_the_child_has_no_worker_a_protection_manager_is_asked(stranger):
    chair = child_protection_manager()
    child_protection_manager(authority="derbyshire")
    broken = broken_by(stranger, ChildFactory())
    assert broken.asked == chair
    assert [message.to for message in Message.objects.all()] == [chair.email]


def test_where_nobody_could_review_it_nobody_is_asked_and_it_is_open_all_the_same(stranger):
    child = ChildFactory()
    assert broken_by(stranger, child).asked is None
    assert signed_in(stranger).get(reverse("child", args=[child.reference])).status_code == 200


def test_nobody_who_is_locked_out_hears_of_it(stranger, worker, manager, child):
    locked_out(child, manager)
    chair = child_protection_manager()
    broken = broken_by(stranger, child)
    assert broken.asked == chair
    assert manager.email not in {message.to for message in Message.objects.all()}
    assert broken.reference not in signed_in(manager).get("/due/").content.decode()
    assert "by break-glass" not in signed_in(manager).get("/").content.decode()
    assert signed_in(manager).get(reverse("break-glass", args=[broken.reference])).status_code == 404


def test_nobody_who_left_is_asked(stranger, worker, manager, child):
    manager.is_active = False
    manager.save()
    chair = child_protection_manager()
    assert broken_by(stranger, child).asked == chair


# --- Reviewing it -------------------------------------------------------------------------------------------


def review(user, broken, outcome="justified", words="I asked the school."):
    address = reverse("break-glass", args=[broken.reference])
    return signed_in(user).post(address, {"outcome": outcome, "words": words})


def test_the_reviewer_reads_who_why_and_what_was_opened(stranger, manager, child):
    broken = broken_by(stranger, child)
    signed_in(stranger).get(reverse("child", args=[child.reference]))
    page = signed_in(manager).get(reverse("break-glass", args=[broken.reference])).content.decode()
    for words in (stranger.name, "A child may be in danger now", WHY, "Opened a child&#x27;s record"):
        assert words in page


def test_somebody_else_says_whether_it_was_right_and_why(stranger, manager, child):
    broken = broken_by(stranger, child)
    assert review(manager, broken, words="").status_code == 422
    assert review(manager, broken).status_code == 302
    said = BreakGlassReview.objects.get()
    assert (said.by, said.outcome, said.words) == (manager, "justified", "I asked the school.")
    assert Event.objects.get(kind="break-glass.reviewed").detail["outcome"] == "justified"
    # Whoever broke it is told, and reads it.
    told = Message.objects.get(to=stranger.email)
    assert broken.reference in told.body
    answer = signed_in(stranger).post(reverse("search"), {"reference": broken.reference})
    assert "I asked the school." in signed_in(stranger).get(answer.url).content.decode()


def test_what_was_not_right_ends_the_access_at_once(stranger, manager, child):
    broken = broken_by(stranger, child)
    review(manager, broken, outcome="not-justified")
    assert signed_in(stranger).get(reverse("child", args=[child.reference])).status_code == 404
    assert not AccessGrant.objects.filter(access.current(), user=stranger).exists()


def test_a_record_that_is_merged_meanwhile_stays_open_to_them_alone_and_is_closed_with_the_rest(child):
    head, chair = team_manager(), child_protection_manager()
    stranger, kept = practitioner(teams=[head.memberships.get().team]), ChildFactory()
    broken = broken_by(stranger, child)
    merge(kept, child)
    page = reverse("child", args=[kept.reference])
    assert signed_in(stranger).get(page).status_code == 200
    assert signed_in(head).get(page).status_code == 404
    review(chair, broken, outcome="not-justified")
    assert signed_in(stranger).get(page).status_code == 404


def test_a_record_that_is_parted_again_leaves_only_the_one_that_was_opened(stranger, child):
    kept = ChildFactory()
    broken_by(stranger, child)
    undo(merge(kept, child))
    assert signed_in(stranger).get(reverse("child", args=[kept.reference])).status_code == 404
    assert signed_in(stranger).get(reverse("child", args=[child.reference])).status_code == 200


def test_what_was_right_leaves_the_access_as_long_as_it_was_to_last(stranger, manager, child):
    review(manager, broken_by(stranger, child))
    assert signed_in(stranger).get(reverse("child", args=[child.reference])).status_code == 200


def test_nobody_reviews_their_own(manager, child):
    """A manager who broke it themselves, as the only one who could be asked."""
    other = ChildFactory()
    broken = broken_by(manager, other)
    assert broken.asked != manager
    chair = child_protection_manager()
    own = broken_by(chair, other)
    assert own.asked is None
    assert review(chair, own).status_code == 403
    assert not BreakGlassReview.objects.exists()
    page = signed_in(chair).get(reverse("break-glass", args=[own.reference])).content.decode()
    assert "Your review" not in page


def test_a_protection_manager_may_step_in(stranger, child):
    broken = broken_by(stranger, child)
    assert review(child_protection_manager(), broken).status_code == 302


def test_the_worker_reads_it_and_does_not_review_it(stranger, worker, child):
    broken = broken_by(stranger, child)
    address = reverse("break-glass", args=[broken.reference])
    assert "Your review" not in signed_in(worker).get(address).content.decode()
    assert review(worker, broken).status_code == 403


def test_for_everybody_else_there_is_no_such_break_glass(stranger, child):
    broken = broken_by(stranger, child)
    others = [practitioner(), team_manager(TeamFactory()), child_protection_manager(authority="derbyshire")]
    for user in [*others, make_user(Role.ADMINISTRATOR), make_user(Role.RECORDS_AUDITOR)]:
        assert signed_in(user).get(reverse("break-glass", args=[broken.reference])).status_code == 404
        assert review(user, broken).status_code == 404
        assert "by break-glass" not in signed_in(user).get("/").content.decode()


def test_of_two_reviews_the_first_stands_and_the_second_is_shown_it_with_their_own_words(
    stranger, manager, child
):
    broken = broken_by(stranger, child)
    review(manager, broken)
    assert review(manager, broken).status_code == 302, "the same again is no other review"
    answer = review(child_protection_manager(), broken, outcome="not-justified", words="Nobody had asked.")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else has reviewed it meanwhile" in page
    assert "I asked the school." in page
    assert "Nobody had asked." in page
    assert BreakGlassReview.objects.count() == 1


def test_the_record_itself_says_who_broke_the_glass_and_what_was_said(stranger, worker, manager, child):
    broken = broken_by(stranger, child)
    review(manager, broken)
    page = signed_in(worker).get(reverse("child-access", args=[child.reference])).content.decode()
    assert stranger.name in page
    assert "It was justified" in page
