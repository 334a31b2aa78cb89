"""While a manager is on leave, a manager who stands in for them sees what waits, answers it, and is named."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Cover
from cre_toolkit.assessments import drafts
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.countersigning import leave
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.countersigning.answers import Answer, Outcome
from cre_toolkit.children import access, cover
from cre_toolkit.children.viewers import viewers
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    ChildFactory,
    MembershipFactory,
    TeamFactory,
    give_access,
    locked_out,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FACTS = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def manager(team):
    return team_manager(team, name="Invented Manager")


@pytest.fixture
def author(team):
    return practitioner(teams=[team])


@pytest.fixture
def stand_in():
    return team_manager(name="Invented Stand-in")


def sent(author, **child):
    child = ChildFactory(created_by=author, **FACTS | child)
    return sending.send(by=author, assessment=ready_draft(child, author, level="medium"))


def away(manager, stand_in, begins=0, ends=7):
    now = timezone.now()
    return leave.arrange(
        by=manager,
        absent=manager,
        stand_in=stand_in,
        since=now + begins * DAY,
        until=now + ends * DAY,
        form_id=uuid.uuid4(),
    )


def waits_for(user):
    return [one.record for one in countersign_queue.queue(access.standing_of(user)) or []]


def answer(by, record):
    agreed = Answer(Outcome.AGREED)
    return countersigning.countersign(by=by, record=record, answer=agreed, form_id=uuid.uuid4())


def test_what_waits_already_and_what_is_sent_meanwhile_waits_for_both(manager, stand_in, author):
    before = sent(author)
    away(manager, stand_in)
    meanwhile = sent(author)
    assert waits_for(stand_in) == waits_for(manager) == [before, meanwhile]
    assert answer(stand_in, before).by == stand_in
    assert waits_for(manager) == [meanwhile]


def test_from_the_day_until_the_day(manager, stand_in, author):
    record, now = sent(author), timezone.now()
    away(manager, stand_in, begins=1, ends=3)
    sent(author)
    for day, waiting in ((0.5, 0), (2, 2), (3.5, 0)):
        with time_machine.travel(now + day * DAY, tick=False):
            assert len(waits_for(stand_in)) == waiting, day
            seen = access.visible_to(stand_in).filter(pk=record.child_id).exists()
            assert seen is bool(waiting), day


def test_ended_before_its_time_nothing_waits_for_the_stand_in(manager, stand_in, author):
    record = sent(author)
    cover.end(by=manager, cover=away(manager, stand_in))
    assert waits_for(stand_in) == []
    with pytest.raises(access.NotAllowed):
        answer(stand_in, record)


def test_the_stand_in_is_told_of_what_is_sent_meanwhile_with_the_reference_alone(manager, stand_in, author):
    away(manager, stand_in)
    record = sent(author, given_names="Siân")
    (message,) = Message.objects.filter(to=stand_in.email, subject__contains="waits for your answer")
    assert record.assessment.reference in message.body
    assert "Siân" not in message.body


def test_one_who_is_yet_to_stand_in_is_told_nothing(manager, stand_in, author):
    away(manager, stand_in, begins=1)
    sent(author)
    assert not Message.objects.filter(to=stand_in.email, subject__contains="waits for your answer").exists()


def test_the_trail_says_who_answered_and_for_whom(manager, stand_in, author):
    record = sent(author)
    away(manager, stand_in)
    answer(stand_in, record)
    (event,) = Event.objects.filter(kind="countersign.stood-in")
    assert (event.actor, event.detail) == (stand_in.pk, {"users": [str(manager.pk)]})
    assert event.subject == record.assessment_id


def test_a_manager_who_answers_for_themselves_stands_in_for_nobody(manager, author):
    answer(manager, sent(author))
    assert not Event.objects.filter(kind="countersign.stood-in").exists()


def test_nobody_answers_their_own_also_not_as_a_stand_in(manager, stand_in, team):
    MembershipFactory(user=stand_in, team=team)
    away(manager, stand_in)
    record = sent(stand_in)
    assert waits_for(stand_in) == []
    with pytest.raises(access.NotAllowed):
        answer(stand_in, record)


def test_nor_what_they_wrote_in_before_they_handed_it_over(manager, stand_in, author):
    away(manager, stand_in)
    child = ChildFactory(created_by=stand_in, **FACTS)
    give_access(child, user=author)
    draft = ready_draft(child, stand_in, level="medium")
    drafts.hand_over(by=stand_in, assessment=draft, to=author)
    draft.refresh_from_db()
    record = sending.send(by=author, assessment=draft)
    with pytest.raises(access.NotAllowed):
        answer(stand_in, record)


def test_a_practitioner_who_stands_in_answers_nothing_and_sees_nothing_by_it(manager, author):
    colleague, record = practitioner(), sent(author)
    away(manager, colleague)
    sent(author)
    assert waits_for(colleague) == []
    assert not access.visible_to(colleague).exists()
    with pytest.raises(access.NotAllowed):
        answer(colleague, record)


def test_nothing_waits_for_a_stand_in_to_whom_the_record_is_closed(manager, stand_in, author):
    record = sent(author)
    locked_out(record.child, stand_in)
    away(manager, stand_in)
    assert waits_for(stand_in) == []


def test_the_stand_in_sees_what_waits_and_no_other_child_of_the_team(manager, stand_in, author):
    other, record = ChildFactory(created_by=author), sent(author)
    away(manager, stand_in)
    assert access.visible_to(manager).filter(pk=other.pk).exists()
    assert list(access.visible_to(stand_in)) == [record.child]
    assert stand_in in {viewer.user for viewer in viewers(record.child)}


def test_whoever_waits_reads_who_is_asked_meanwhile(manager, stand_in, author):
    record = sent(author)
    away(manager, stand_in)
    page = reverse("assessment-decision", args=[record.assessment.reference])
    assert "Invented Stand-in" in signed_in(author).get(page).content.decode()
    assert "Your answer" in signed_in(stand_in).get(page).content.decode()


def test_a_manager_arranges_their_own_cover_and_ends_it(manager, stand_in, author):
    record = sent(author)
    stand_in.agency = manager.agency
    stand_in.save()
    today = timezone.localdate()
    days = {
        f"{name}_{part}": getattr(today, part)
        for name in ("first", "last")
        for part in ("day", "month", "year")
    }
    client = signed_in(manager)
    address = reverse("team-cover", args=[manager.pk])
    assert address in client.get(reverse("team")).content.decode()
    client.post(address, {"stand_in": str(stand_in.pk), "form_id": str(uuid.uuid4()), **days})
    assert waits_for(stand_in) == [record]
    end = reverse("team-end-cover", args=[manager.pk, Cover.objects.get().pk])
    assert end in client.get(reverse("team")).content.decode()
    client.post(end)
    assert waits_for(stand_in) == []
