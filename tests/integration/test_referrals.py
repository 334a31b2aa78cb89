"""Referrals: sent is not received. Each recipient answers; what the referral had done follows the answer."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Agency
from cre_toolkit.assessments.models import Withdrawal
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending, withdrawing
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.lists import timeline
from cre_toolkit.casework.models import Call, Referral
from cre_toolkit.casework.referral import answering, chasing, no_route
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral import referring as referrals
from cre_toolkit.casework.referral.models import How, Reason, To
from cre_toolkit.casework.referral.queries import Show
from cre_toolkit.casework.referral.referring import Recipient
from cre_toolkit.casework.referral.states import State, Step
from cre_toolkit.children import access, cover
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.jobs.models import Message
from cre_toolkit.web.views.referrals import lists
from tests.factories.assessments import ready_draft
from tests.factories.people import (
    AgencyFactory,
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    front_door,
    give_access,
    police_referral,
    practitioner,
    restricted_to,
    team_manager,
)
from tests.integration.childforms import page
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
CLOSED = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}
IN_SERVICE = Recipient(To.FRONT_DOOR, How.SERVICE)


def send(child=None, author=None, **draft):
    draft = ready_draft(child or ChildFactory(**CLOSED), author, **draft)
    return sending.send(by=draft.author, assessment=draft)


def due(child) -> set[str]:
    return {entry.action for entry in queries.due_for(child)}


def form() -> uuid.UUID:
    return uuid.uuid4()


def refer(child, recipient=IN_SERVICE, by=None, **said):
    said = {"why": "A single assessment", "form_id": form()} | said
    return referrals.refer(by=by or child.created_by, child=child, recipient=recipient, **said)


def kinds(referral) -> list[str]:
    return list(referral.steps.order_by("entered_at", "pk").values_list("kind", flat=True))


class TestSending:
    def test_an_assessment_is_one_referral_to_the_front_door_and_is_not_received_yet(self):
        officer = front_door()
        record = send()
        referral = Referral.objects.get(record=record)
        assert (referral.team, referral.state) == (officer.memberships.get().team, State.SENT)
        assert referral.chase_at == record.sent_at + datetime.timedelta(hours=24)

    def test_an_open_case_is_one_to_the_worker(self):
        worker = practitioner()
        record = send(ChildFactory(**CLOSED | {"open_to_social_care": "yes"}, allocated_worker=worker))
        assert Referral.objects.get(record=record).user == worker

    def test_the_first_look_by_its_recipient_receives_it_and_the_senders_does_not(self, client):
        officer = front_door()
        record = send()
        page = reverse("assessment-record", args=[record.assessment.reference])
        client.force_login(record.author)
        client.get(page)
        assert Referral.objects.get().state == State.SENT
        client.force_login(officer)
        for _ in range(2):
            client.get(page)
        assert Referral.objects.get().state == State.RECEIVED
        assert kinds(Referral.objects.get()) == [Step.RECEIVED]
        client.force_login(record.author)
        assert "received" in client.get(page).content.decode()

    @pytest.mark.parametrize("document", ["pdf", "docx", "print"])
    def test_opening_the_document_alone_receives_it_too(self, document):
        officer = front_door()
        record = send()
        address = reverse(f"assessment-{document}", args=[record.assessment.reference])
        assert signed_in(record.author).get(address).status_code == 200
        assert Referral.objects.get().state == State.SENT
        client = signed_in(officer)
        for _ in range(2):
            assert client.get(address).status_code == 200
        assert kinds(Referral.objects.get()) == [Step.RECEIVED]

    def test_a_withdrawn_assessment_is_waited_for_no_longer(self):
        officer = front_door()
        record = send()
        withdrawing.withdraw(
            by=record.author, record=record, category=Withdrawal.Category.WRONG_CHILD, words="Another child."
        )
        assert Referral.objects.get().state == State.WITHDRAWN
        assert not referral_queries.to_answer(access.standing_of(officer)).exists()


class TestAnswering:
    def test_accepting_does_the_referring_that_was_due_and_tells_the_sender(self):
        officer = front_door()
        record = send(level="medium")
        assert "refer-front-door" in due(record.child)
        answering.accept(by=officer, referral=Referral.objects.get(), words="Today", form_id=form())
        assert "refer-front-door" not in due(record.child)
        assert Message.objects.filter(to=record.author.email, subject__contains="accepted").exists()

    def test_a_returned_referral_makes_what_it_did_due_again(self):
        officer = front_door()
        record = send(level="medium")
        referral = Referral.objects.get()
        answering.accept(by=officer, referral=referral, words="Today", form_id=form())
        assert not {"send-to-social-care", "refer-front-door"} & due(record.child)
        answering.return_it(
            by=officer, referral=referral, reason=Reason.MORE_NEEDED, words="Which school?", form_id=form()
        )
        assert {"send-to-social-care", "refer-front-door"} <= due(record.child)
        assert access.visible_to(officer).exists(), "they asked for more, and expect it again"

    def test_what_another_front_door_still_has_is_not_due_again(self):
        one, _other = front_door(), front_door()
        record = send(level="medium")
        returned = Referral.objects.get(team=one.memberships.get().team)
        answering.return_it(
            by=one, referral=returned, reason=Reason.NOT_OURS, words="The other door", form_id=form()
        )
        assert "send-to-social-care" not in due(record.child)

    def test_returned_as_not_theirs_it_is_out_of_their_sight(self):
        officer = front_door()
        send()
        answering.return_it(
            by=officer, referral=Referral.objects.get(), reason=Reason.NOT_OURS, words="-", form_id=form()
        )
        assert not access.visible_to(officer).exists()

    def test_allocating_opens_the_case_and_gives_the_record_to_the_worker(self):
        officer, worker = front_door(), practitioner()
        record = send()
        referral = Referral.objects.get()
        answering.accept(by=officer, referral=referral, words="Today", form_id=form())
        answering.allocate(by=officer, referral=referral, worker=worker, form_id=form())
        child = access.visible_to(worker).get()
        assert (child, child.open_to_social_care) == (record.child, "yes")
        assert child.allocated_worker == worker
        assert Message.objects.filter(to=worker.email).exists()

    def test_nobody_answers_their_own_nor_what_is_another_teams(self):
        officer = front_door()
        send(ChildFactory(**CLOSED, created_by=officer), officer)
        for somebody in (officer, police_referral()):
            with pytest.raises(access.NotAllowed):
                answering.accept(by=somebody, referral=Referral.objects.get(), words="Mine", form_id=form())

    def test_whoever_stands_in_for_the_worker_receives_and_answers_it(self, client):
        manager = team_manager(TeamFactory())
        team, agency = manager.memberships.get().team, AgencyFactory(kind=Agency.Kind.SOCIAL_CARE)
        worker, colleague = (practitioner(teams=[team], agency=agency) for _ in range(2))
        child = ChildFactory(**CLOSED | {"open_to_social_care": "yes"}, allocated_worker=worker)
        give_access(child, user=worker, reason=AccessGrant.Reason.ALLOCATED)
        now = timezone.now()
        cover.arrange(
            by=manager,
            absent=worker,
            stand_in=colleague,
            since=now,
            until=now + datetime.timedelta(days=7),
            form_id=form(),
        )
        send(child)
        referral = Referral.objects.get()
        client.force_login(colleague)
        client.get(reverse("referral", args=[referral.reference]))
        answering.acknowledge(by=colleague, referral=referral, words="I have it", form_id=form())
        assert kinds(referral) == [Step.RECEIVED, Step.ACKNOWLEDGED]

    def test_who_comes_second_is_told_who_answered_and_keeps_their_words(self, client):
        officer = front_door()
        send()
        referral = Referral.objects.get()
        answering.accept(by=officer, referral=referral, words="Today", form_id=form())
        client.force_login(front_door(officer.memberships.get().team))
        page = client.post(
            reverse("referral-step", args=[referral.reference, "acknowledge"]),
            {"words": "I will ring the school", "form_id": str(form())},
        )
        assert page.status_code == 422
        assert "I will ring the school" in page.content.decode()
        assert officer.name in page.content.decode()

    def test_the_same_form_twice_is_one_step(self):
        officer, pressed = front_door(), form()
        send()
        for _ in range(2):
            answering.acknowledge(
                by=officer, referral=Referral.objects.get(), words="Read today", form_id=pressed
            )
        assert kinds(Referral.objects.get()) == [Step.ACKNOWLEDGED]


class TestByHand:
    def test_the_police_unit_sees_the_child_referred_to_it_and_that_is_done(self):
        officer = police_referral()
        record = send(level="medium")
        assert "refer-police" in due(record.child)
        refer(record.child, Recipient(To.POLICE, How.SERVICE), by=record.author)
        assert "refer-police" not in due(record.child)
        assert access.visible_to(officer).get() == record.child

    def test_by_telephone_the_call_is_logged_and_whoever_took_it_has_acknowledged_it(self):
        child = send(level="medium").child
        called = timezone.now() - datetime.timedelta(minutes=5)
        made = refer(
            child, Recipient(To.FRONT_DOOR, How.TELEPHONE, name="Fay, duty desk", at=called, note="Today")
        )
        assert (made.state, kinds(made)) == (State.ACKNOWLEDGED, [Step.ACKNOWLEDGED])
        assert Call.objects.get().spoke_to == "Fay, duty desk"
        assert "refer-front-door" not in due(child)
        assert "send-to-social-care" in due(child), "a call does not carry the assessment"

    def test_nobody_is_reached_where_nobody_is_there_and_nothing_is_written(self):
        child = ChildFactory(**CLOSED)
        with pytest.raises(referrals.CannotReach):
            refer(child)
        assert not Referral.objects.exists()

    def test_a_restricted_record_reaches_no_team_without_somebody_named_on_it(self):
        front_door()
        author = practitioner()
        child = restricted_to(ChildFactory(**CLOSED, created_by=author), author)
        with pytest.raises(referrals.CannotReach):
            refer(child)


class TestChasing:
    def test_sender_and_manager_are_told_once_when_the_hours_are_over(self):
        front_door()
        manager = team_manager(TeamFactory())
        author = practitioner(teams=[manager.memberships.get().team])
        child = ChildFactory(**CLOSED, created_by=author)
        send(child, author)
        Message.objects.all().delete()
        chasing.tell_senders()
        assert not Message.objects.exists()
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
            for _ in range(2):
                chasing.tell_senders()
            assert set(Message.objects.values_list("to", flat=True)) == {author.email, manager.email}
            assert Message.objects.count() == 2
            listed = referral_queries.sent(access.standing_of(manager), show=Show.LATE, page=1, most=10)
            assert [one.child for one in listed.referrals] == [child]

    def test_who_is_to_acknowledge_is_asked_to_and_its_sender_to_telephone(self):
        officer, author = front_door(), practitioner()
        send(ChildFactory(**CLOSED, created_by=author), author)
        address = reverse("referral", args=[Referral.objects.get().reference])
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
            assert "Acknowledge it now." in page(signed_in(officer).get(address))
            assert "telephone them" in page(signed_in(author).get(address))

    def test_acknowledged_in_time_nobody_is_told(self):
        officer = front_door()
        send()
        answering.acknowledge(by=officer, referral=Referral.objects.get(), words="Today", form_id=form())
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
            chasing.tell_senders()
        assert Step.LATE not in kinds(Referral.objects.get())

    def test_whom_somebody_asked_stands_with_its_time_and_person(self):
        front_door()
        record = send()
        at = timezone.now() - datetime.timedelta(minutes=1)
        chased = chasing.chase(
            by=record.author,
            referral=Referral.objects.get(),
            at=at,
            person="Fay",
            words="Soon",
            form_id=form(),
        )
        assert (chased.at, chased.person, chased.by) == (at, "Fay", record.author)
        assert Referral.objects.get().state == State.SENT


class TestWhatReachesNobody:
    def test_it_stands_in_a_queue_until_somebody_takes_it_on_and_finds_a_route(self):
        owner = child_protection_manager()
        record = send(level="low")
        standing = access.standing_of(owner)
        entry = referral_queries.queue(standing).get()
        assert (entry.state, entry.owner) == (State.NO_ROUTE, None)
        assert not access.visible_to(owner).exists(), "the queue shows a reference, and not the record"
        no_route.take(by=owner, referral=entry, form_id=form())
        assert access.visible_to(owner).get() == record.child
        no_route.tried(by=owner, referral=entry, words="Rang the town hall", form_id=form())
        assert referral_queries.queue(standing).get().owner == owner
        officer = front_door()
        no_route.route(by=owner, referral=entry, recipient=IN_SERVICE, why="They have joined", form_id=form())
        assert not referral_queries.queue(standing).exists()
        assert "send-to-social-care" not in due(record.child)
        assert access.visible_to(officer).get() == record.child
        assert kinds(entry) == [Step.TAKEN, Step.TRIED, Step.ROUTED]

    def test_a_worker_whose_account_is_closed_and_no_front_door_is_nobody(self):
        worker = practitioner(is_active=False)
        record = send(ChildFactory(**CLOSED | {"open_to_social_care": "yes"}, allocated_worker=worker))
        assert Referral.objects.get(record=record).state == State.NO_ROUTE

    def test_what_nobody_owns_stands_first_and_never_falls_off_the_end(self, monkeypatch):
        taken, nobodys = send(), send()
        owner = front_door()
        entry = Referral.objects.get(record=taken)
        no_route.take(by=owner, referral=entry, form_id=form())
        monkeypatch.setattr(lists, "PAGE", 1)
        said = page(signed_in(owner).get("/no-route/"))
        assert Referral.objects.get(record=nobodys).reference in said
        assert entry.reference not in said
        assert 'href="?page=2"' in said
        assert entry.reference in page(signed_in(owner).get("/no-route/?page=2"))

    def test_those_whose_duty_the_queue_is_are_told_and_others_do_not_see_it(self, client):
        owner, stranger = child_protection_manager(), child_protection_manager(authority="derbyshire")
        record = send(level="low")
        entry = Referral.objects.get(record=record)
        assert Message.objects.filter(to=owner.email, subject__contains=entry.reference).exists()
        assert not Message.objects.filter(to=stranger.email).exists()
        client.force_login(stranger)
        assert entry.reference not in client.get("/no-route/").content.decode()
        assert client.get(reverse("no-route-entry", args=[entry.reference])).status_code == 404

    def test_an_author_who_is_the_worker_has_it(self):
        worker = practitioner(agency__kind=Agency.Kind.SOCIAL_CARE)
        child = ChildFactory(
            **CLOSED | {"open_to_social_care": "yes"}, allocated_worker=worker, created_by=worker
        )
        send(child, worker)
        assert not Referral.objects.exists()


def test_the_inbox_has_what_is_late_first_and_each_look_is_on_the_trail(client):
    officer = front_door()
    late = send()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        send()
        client.force_login(officer)
        page = client.get("/referrals/").content.decode()
        first, second = [page.index(one.child.family_name) for one in Referral.objects.order_by("at")]
        assert first < second
        assert "Late (1)" in page
    assert Event.objects.filter(kind="referrals.viewed").exists()
    assert late.child.family_name in page


def test_the_childs_page_shows_who_was_told_and_how_far_it_has_got(client):
    officer = front_door()
    record = send()
    client.force_login(record.author)
    page = client.get(reverse("child", args=[record.child.reference])).content.decode()
    told = page[page.index("Who was told") :][:600]
    assert officer.memberships.get().team.name in told
    assert "Sent" in told


def test_the_timeline_tells_every_step():
    officer = front_door()
    record = send()
    answering.accept(by=officer, referral=Referral.objects.get(), words="Today", form_id=form())
    told = [one.title for one in timeline.timeline(record.child, most=50).entries]
    assert any(title.endswith("accepted") for title in told)
