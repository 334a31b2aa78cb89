"""A sent assessment that was an error is withdrawn: never erased, no longer counted, told to whom it went."""

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.accounts.models import Role, Team, User
from cre_toolkit.assessments import newest, queries
from cre_toolkit.assessments.models import Record, Withdrawal
from cre_toolkit.assessments.withdrawal import SaysNoReason
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment.calls import declare_danger
from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.assessment.withdrawing import may_withdraw, told_of, withdraw
from cre_toolkit.casework.case.queries import case_of
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children import access
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.paper import paper_record
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    child_protection_manager,
    front_door,
    give_access,
    make_user,
    practitioner,
    team_manager,
)
from tests.factories.reviews import told_draft
from tests.integration.journeys import signed_in

WRONG_CHILD = Withdrawal.Category.WRONG_CHILD


@pytest.fixture
def door(db):
    """The front door of Derby, with somebody there."""
    return front_door(TeamFactory(kind=Team.Kind.FRONT_DOOR), name="Fay Frontdoor", email="fay@example.org")


@pytest.fixture
def sent(door):
    """A medium assessment that went to the front door."""
    child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
    draft = told_draft(child)
    return send(by=draft.author, assessment=draft)


def in_error(record, by=None, **given):
    return withdraw(
        by=by or record.author,
        record=record,
        category=given.pop("category", WRONG_CHILD),
        words="I had two records open.",
        **given,
    )


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.django_db
class TestWhatFollows:
    def test_it_no_longer_counts_for_the_level(self, sent):
        assert sent.child.working_level == "medium"
        in_error(sent)
        sent.child.refresh_from_db()
        assert sent.child.working_level == ""
        assert case_of(sent.child).assessed_level is None

    def test_what_it_alone_made_due_goes_from_the_lists(self, sent):
        assert Due.objects.filter(child=sent.child).exists()
        in_error(sent)
        assert not Due.objects.filter(child=sent.child).exists()

    def test_an_earlier_assessment_counts_again(self, door):
        child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
        with time_machine.travel(timezone.now() - datetime.timedelta(days=30)):
            first = ready_draft(child, level="low")
            send(by=first.author, assessment=first)
        second = ready_draft(child, level="high")
        record = send(by=second.author, assessment=second)
        in_error(record)
        state = case_of(child)
        assert (state.assessed_level.level, state.working_level) == ("low", "low")

    def test_nothing_is_erased(self, sent):
        before = sent.content
        in_error(sent)
        assert Record.objects.get(pk=sent.pk).content == before

    def test_the_case_has_the_event_of_the_contract(self, sent):
        in_error(sent)
        event = CaseEvent.objects.get(kind="withdrawn")
        assert event.keys == {"event": str(sent.case_event.pk)}

    def test_it_is_on_the_audit_trail_without_the_words(self, sent):
        in_error(sent)
        event = Event.objects.get(kind="assessment.withdrawn")
        assert (event.subject, event.detail) == (sent.pk, {"category": "wrong-child"})

    def test_whoever_was_told_is_told_and_reads_a_reference_alone(self, sent):
        Message.objects.all().delete()
        Message.objects.create(
            to="fay@example.org", subject="sent", body="", cause=sent.pk, created_at=timezone.now()
        )
        in_error(sent)
        (mail,) = Message.objects.filter(subject__contains="withdrawn")
        assert mail.to == "fay@example.org"
        assert sent.assessment.reference in mail.subject
        assert sent.child.family_name not in mail.subject + mail.body

    def test_the_page_says_who_gets_a_mail_and_who_does_not(self, sent):
        """Neither whoever withdrew it, nor a closed account, nor an address that was refused gets one."""
        manager, closed, refused = child_protection_manager(), practitioner(), practitioner()
        refused.email = "ann@elsewhere.example"
        refused.save()
        for user in (manager, closed, refused):
            Message.objects.create(
                to=user.email, subject="sent", body="", cause=sent.pk, created_at=timezone.now()
            )
        User.objects.filter(pk=closed.pk).update(is_active=False)
        in_error(sent, by=manager)
        Message.objects.filter(subject__contains="withdrawn", to=refused.email).update(status="refused")
        told = told_of(Withdrawal.objects.get())
        assert manager not in (*told.by_mail, *told.not_reached)
        assert sent.author in told.by_mail
        assert {closed, refused} == set(told.not_reached)
        page = text_of(signed_in(sent.author).get(address(sent)))
        assert "have been told" not in page
        assert "Tell them yourself" in page

    def test_whose_words_came_second_gets_them_back_to_be_copied(self, sent):
        in_error(sent)
        said = {"category": "in-error", "words": "A neighbour rang and had the names wrong."}
        assert said["words"] in text_of(signed_in(sent.author).post(address(sent), said))
        assert said["words"] not in text_of(signed_in(sent.author).get(address(sent)))

    def test_its_author_is_told_when_a_manager_withdraws_it(self, sent):
        in_error(sent, by=child_protection_manager())
        assert Message.objects.filter(subject__contains="withdrawn", to=sent.author.email).count() == 1

    def test_access_that_it_gave_stays(self, sent, door):
        in_error(sent)
        assert access.visible_to(door).filter(pk=sent.child.pk).exists()

    def test_withdrawn_twice_is_withdrawn_once(self, sent):
        first = in_error(sent)
        again = in_error(sent, category=Withdrawal.Category.DUPLICATE)
        assert again == first
        assert CaseEvent.objects.filter(kind="withdrawn").count() == 1

    def test_it_takes_words(self, sent):
        with pytest.raises(SaysNoReason):
            withdraw(by=sent.author, record=sent, category=WRONG_CHILD, words="  ")
        assert not Withdrawal.objects.exists()

    def test_the_next_assessment_does_not_call_it_an_earlier_one(self, sent):
        in_error(sent)
        draft = ready_draft(sent.child, sent.author)
        record = send(by=draft.author, assessment=draft)
        assert record.content["child"]["earlier_assessment"] is None

    def test_it_is_not_reviewed(self, sent):
        in_error(sent)
        assert newest.last_to_review(sent.child, "cre-2020") is None

    def test_a_new_draft_does_not_show_it_as_last_time(self, sent):
        in_error(sent)
        draft = ready_draft(sent.child, sent.author)
        assert queries.draft(draft.author, draft.reference, last_time=True).last_time is None

    def test_a_form_from_paper_is_withdrawn_too_and_nobody_was_told(self):
        record = paper_record(instrument="cre-2020", completed_on="2026-06-12")
        assert case_of(record.child).assessed_level is not None
        in_error(record)
        assert case_of(record.child).assessed_level is None
        assert not Message.objects.exists()
        page = signed_in(record.author).get(address(record))
        assert "Nobody was told of it by this service" in text_of(page)
        assert "Start it again for the right child" not in text_of(page)


@pytest.mark.django_db
class TestDanger:
    @pytest.fixture
    def endangered(self, door):
        draft = ready_draft(immediate_risk="yes")
        declare_danger(by=draft.author, assessment=draft, at=timezone.now())
        return send(by=draft.author, assessment=draft)

    def test_a_danger_stands_by_itself(self, endangered):
        in_error(endangered)
        due = {entry.id for entry in case_of(endangered.child).due}
        assert due == {"telephone-police", "telephone-social-care"}

    def test_said_in_error_too_it_is_withdrawn_with_it(self, endangered):
        in_error(endangered, danger_too=True)
        assert case_of(endangered.child).due == ()

    def test_the_page_asks_for_it_by_itself_and_answers_nothing_beforehand(self, endangered):
        page = signed_in(endangered.author).get(address(endangered)).content.decode()
        (box,) = re.findall(r'<input[^>]*name="danger_too"[^>]*>', page)
        assert "checked" not in box

    def test_without_a_danger_it_is_not_asked(self, sent):
        assert b"danger_too" not in signed_in(sent.author).get(address(sent)).content


@pytest.mark.django_db
class TestWhose:
    def ask(self, user, record):
        return may_withdraw(access.standing_of(user), record)

    def test_its_authors(self, sent):
        assert self.ask(sent.author, sent)

    def test_the_authors_managers(self, door):
        team = TeamFactory()
        author = practitioner(teams=[team])
        child = ChildFactory(created_by=author, send="no", open_to_social_care="no", plan="none")
        draft = ready_draft(child, author)
        record = send(by=author, assessment=draft)
        assert self.ask(team_manager(team), record)
        assert not self.ask(team_manager(TeamFactory()), record)
        assert not self.ask(practitioner(teams=[team]), record)

    def test_the_child_protection_managers_of_the_authority(self, sent):
        assert self.ask(child_protection_manager(), sent)
        assert not self.ask(child_protection_manager(authority="derbyshire"), sent)

    @pytest.mark.parametrize(
        "role", [Role.FRONT_DOOR, Role.PRACTITIONER, Role.POLICE_REFERRAL, Role.ADMINISTRATOR]
    )
    def test_nobody_elses(self, sent, role):
        assert not self.ask(make_user(role), sent)

    def test_who_may_read_it_but_not_withdraw_it_is_told_whose_it_is(self, sent):
        colleague = practitioner()
        give_access(sent.child, user=colleague)
        with pytest.raises(access.NotAllowed):
            in_error(sent, by=colleague)
        response = signed_in(colleague).get(address(sent))
        assert response.status_code == 403
        assert "by its author, by their manager" in text_of(response)


def address(record) -> str:
    return reverse("assessment-withdraw", args=[record.assessment.reference])


@pytest.mark.django_db
class TestPages:
    def test_what_follows_is_said_before_anything_is_done(self, sent):
        page = text_of(signed_in(sent.author).get(address(sent)))
        for said in ("It is not erased", "You cannot take this back", "Everybody who was told of it"):
            assert said in page
        assert not Withdrawal.objects.exists()

    def test_without_kind_and_words_it_asks_for_them(self, sent):
        response = signed_in(sent.author).post(address(sent), {})
        assert response.status_code == 422
        page = text_of(response)
        assert "Select why you are withdrawing it" in page
        assert "Enter what happened" in page
        assert not Withdrawal.objects.exists()

    def test_afterwards_it_says_who_has_to_know(self, sent):
        client = signed_in(sent.author)
        response = client.post(
            address(sent), {"category": "wrong-child", "words": "I had two records open."}, follow=True
        )
        page = text_of(response)
        assert "This assessment is withdrawn" in page
        assert "Fay Frontdoor" in page
        assert "Start it again for the right child" in page

    def test_the_record_says_it_first_and_in_words(self, sent):
        in_error(sent)
        page = text_of(
            signed_in(sent.author).get(reverse("assessment-record", args=[sent.assessment.reference]))
        )
        assert page.index("Withdrawn on") < page.index("Assessed as")
        assert "I had two records open." in page
        assert "Review this assessment" not in page

    def test_what_it_asked_for_is_no_longer_asked(self, sent):
        in_error(sent)
        response = signed_in(sent.author).get(reverse("assessment-sent", args=[sent.assessment.reference]))
        assert response.headers["Location"] == reverse("assessment-record", args=[sent.assessment.reference])

    def test_the_childs_page_lists_it_as_withdrawn(self, sent):
        in_error(sent)
        page = text_of(signed_in(sent.author).get(reverse("child", args=[sent.child.reference])))
        assert "assessed as medium Recorded in error" in page
        assert "Review the last assessment" not in page

    def test_who_saw_the_child_by_the_level_alone_is_led_home(self, sent):
        response = signed_in(child_protection_manager()).post(
            address(sent), {"category": "in-error", "words": "Sent too early."}, follow=True
        )
        assert response.redirect_chain[-1][0] == "/"
        assert "You saw this child’s record because of the level" in text_of(response)


def test_eight_withdrawals_at_once_withdraw_once(real_database):
    draft = ready_draft()
    record = send(by=draft.author, assessment=draft)
    results = real_database.at_once(8, lambda n: in_error(Record.objects.get(pk=record.pk)))
    assert {result.pk for result in results} == {Withdrawal.objects.get().pk}
    assert CaseEvent.objects.filter(kind="withdrawn").count() == 1
