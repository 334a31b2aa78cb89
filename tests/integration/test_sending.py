"""Sending an assessment: recorded, received into the case, shown to those it goes to, all or nothing."""

import datetime
import os
import signal
import subprocess
import sys
import textwrap
import uuid

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from cre_toolkit.accounts.models import Team
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.assessments.recording import NotAccepted
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.case import entering, queries
from cre_toolkit.casework.models import Call, CaseEvent, Due
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    make_user,
    practitioner,
    team_manager,
)


def send(draft):
    return sending.send(by=draft.author, assessment=draft)


def front_door(authority="derby"):
    team = TeamFactory(kind=Team.Kind.FRONT_DOOR, name="First Contact Team", authority=authority)
    return make_user("front-door", teams=[team], authority=authority)


def due_ids(child):
    return [entry.action for entry in queries.due_for(child)]


@pytest.mark.django_db
class TestWhatSendingDoes:
    def test_the_record_the_event_and_the_level_stand_together(self):
        record = send(ready_draft(level="high"))
        child = record.child
        child.refresh_from_db()
        assert child.working_level == "high"
        assert CaseEvent.objects.get(kind="assessment").record == record
        assert queries.case_of(child).assessed_level.level == "high"
        assert "review" in due_ids(child)

    def test_a_closed_case_goes_to_the_front_door_which_sees_the_child_from_then_on(self):
        officer = front_door()
        child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
        assert not access.visible_to(officer).exists()
        send(ready_draft(child))
        assert access.visible_to(officer).get() == child
        assert "send-to-social-care" not in due_ids(child), "somebody in social care has it"
        assert "refer-front-door" in due_ids(child)

    def test_it_stands_on_the_home_of_whom_it_was_sent_to_and_of_the_authors_manager(self, client):
        officer, manager, stranger = front_door(), team_manager(TeamFactory()), practitioner()
        author = practitioner(teams=[manager.memberships.get().team])
        child = ChildFactory(
            created_by=author, send="no", open_to_social_care="no", plan="none", looked_after="no"
        )
        record = send(ready_draft(child, author))
        for user, shown in ((officer, True), (manager, True), (author, False), (stranger, False)):
            client.force_login(user)
            page = client.get("/").content.decode()
            assert (f"/assessments/{record.assessment.reference}/record/" in page) is shown, user

    def test_an_open_case_goes_to_its_worker_and_not_to_the_front_door(self):
        officer, worker = front_door(), practitioner()
        child = ChildFactory(
            send="no", open_to_social_care="yes", plan="none", looked_after="no", allocated_worker=worker
        )
        send(ready_draft(child))
        assert access.visible_to(worker).get() == child
        assert not access.visible_to(officer).exists()
        assert Message.objects.get(to=worker.email)

    def test_the_record_says_since_when_social_care_and_the_police_know(self):
        front_door()
        child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
        draft = ready_draft(child, immediate_risk="yes")
        called = timezone.now().replace(microsecond=0) - datetime.timedelta(minutes=5)
        calls.log_call(
            by=draft.author,
            child=child,
            to=Call.To.POLICE,
            at=called,
            outcome=Call.Outcome.SPOKE,
            assessment=draft,
            form_id=uuid.uuid4(),
        )
        record = send(draft)
        assert record.content["referred"] == {
            "police": called.astimezone(datetime.UTC).isoformat(),
            "social_care": record.content["sent_at"],
        }

    def test_an_earlier_assessment_is_answered_from_the_record(self):
        first = send(ready_draft(level="high"))
        second = send(ready_draft(first.child))
        assert first.content["child"]["earlier_assessment"] is None
        assert second.content["child"]["earlier_assessment"] == {
            "completed_at": first.content["completed_at"],
            "level": "high",
            "instrument": "cre-2020",
        }

    def test_with_nobody_in_social_care_to_reach_it_is_still_due(self):
        record = send(ready_draft())
        assert "send-to-social-care" in due_ids(record.child)

    def test_another_authoritys_front_door_is_told_nothing(self):
        officer = front_door("derbyshire")
        child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
        send(ready_draft(child))
        assert not access.visible_to(officer).exists()
        assert not Message.objects.filter(to=officer.email).exists()

    def test_the_authors_manager_is_told_by_a_reference_and_nothing_else(self):
        manager = team_manager(TeamFactory())
        author = practitioner(teams=[manager.memberships.get().team])
        child = ChildFactory(
            created_by=author,
            given_names="Siân",
            send="no",
            open_to_social_care="yes",
            plan="none",
            looked_after="no",
        )
        record = send(ready_draft(child, author))
        message = Message.objects.get(to=manager.email)
        assert record.assessment.reference in message.subject
        assert "Siân" not in message.subject + message.body

    def test_what_is_not_ready_stays_a_draft_and_says_why(self):
        draft = AssessmentFactory()
        with pytest.raises(NotAccepted) as refused:
            send(draft)
        assert "level-needed" in [problem.code for problem in refused.value.problems]
        assert not Record.objects.exists()
        assert not CaseEvent.objects.exists()
        assert not Message.objects.exists()

    def test_sent_twice_is_sent_once(self):
        draft = ready_draft()
        assert send(draft) == send(draft)
        assert CaseEvent.objects.filter(kind="assessment").count() == 1
        assert Event.objects.filter(kind="assessment.sent").count() == 1

    @pytest.mark.parametrize("model", [Record, CaseEvent, Call])
    def test_what_was_recorded_never_changes(self, model):
        draft = ready_draft(immediate_risk="yes")
        calls.log_call(
            by=draft.author,
            child=draft.child,
            to=Call.To.POLICE,
            at=timezone.now(),
            outcome=Call.Outcome.SPOKE,
            assessment=draft,
            form_id=uuid.uuid4(),
        )
        send(draft)
        row = model.objects.first()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            row.save()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            model.objects.filter(pk=row.pk)._raw_delete("default")


@pytest.mark.django_db
class TestDanger:
    def test_it_is_on_the_record_at_once_and_the_calls_are_due(self):
        draft = AssessmentFactory()
        said = calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
        again = calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
        assert said == again
        assert due_ids(draft.child) == ["telephone-police", "telephone-social-care"]

    @pytest.mark.parametrize(("outcome", "left"), [("spoke", False), ("no-answer", True)])
    def test_a_call_that_reached_somebody_is_done_and_another_is_still_due(self, outcome, left):
        draft = AssessmentFactory()
        calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
        form, made = uuid.uuid4(), timezone.now() - datetime.timedelta(minutes=5)
        for _ in range(2):
            calls.log_call(
                by=draft.author,
                child=draft.child,
                to=Call.To.POLICE,
                at=made,
                outcome=outcome,
                spoke_to="The control room",
                assessment=draft,
                form_id=form,
            )
        assert ("telephone-police" in due_ids(draft.child)) is left
        assert queries.calls_of(draft).count() == 1

    def test_calls_made_from_the_draft_are_not_due_again_when_it_is_sent(self):
        draft = ready_draft(immediate_risk="yes")
        calls.declare_danger(by=draft.author, assessment=draft, at=timezone.now())
        for to in Call.To:
            calls.log_call(
                by=draft.author,
                child=draft.child,
                to=to,
                at=timezone.now(),
                outcome=Call.Outcome.SPOKE,
                assessment=draft,
                form_id=uuid.uuid4(),
            )
        send(draft)
        assert not [action for action in due_ids(draft.child) if action.startswith("telephone")]

    def test_a_call_cannot_be_logged_before_it_was_made(self):
        draft = AssessmentFactory()
        with pytest.raises(entering.InTheFuture):
            calls.log_call(
                by=draft.author,
                child=draft.child,
                to=Call.To.POLICE,
                at=timezone.now() + datetime.timedelta(minutes=5),
                outcome=Call.Outcome.SPOKE,
                form_id=uuid.uuid4(),
            )


def test_eight_at_once_send_it_once(real_database):
    draft = ready_draft()
    results = real_database.at_once(8, lambda _: send(Assessment.objects.get(pk=draft.pk)).pk)
    assert len(set(results)) == 1
    assert Record.objects.count() == 1
    assert CaseEvent.objects.filter(kind="assessment").count() == 1
    assert AccessGrant.objects.filter(reason="sent").count() <= 1
    assert Event.objects.filter(kind="assessment.sent").count() == 1


def test_eight_assessments_sent_at_once_by_colleagues_all_go_and_are_told_to_each_once(real_database):
    """Half of them about one child: they take turns, and none waits for another for ever."""
    officer, manager = front_door(), team_manager(TeamFactory())
    authors = [practitioner(teams=[manager.memberships.get().team]) for _ in range(8)]
    facts = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}
    child = ChildFactory(created_by=authors[0], **facts)
    drafts = [
        ready_draft(child if number < 4 else ChildFactory(created_by=author, **facts), author)
        for number, author in enumerate(authors)
    ]
    records = real_database.at_once(8, lambda number: send(drafts[number]))
    assert [record.assessment_id for record in records] == [draft.pk for draft in drafts]
    assert CaseEvent.objects.filter(kind="assessment", child=child).count() == 4
    assert AccessGrant.objects.filter(reason="sent").count() == 5, "the team sees each child, once"
    for person in (officer, manager):
        assert Message.objects.filter(to=person.email).count() == 8


@pytest.mark.parametrize("before", ["record_events", "refresh", "tell", "commit"])
def test_killed_between_send_and_the_answer_it_is_still_a_draft_and_can_be_sent(real_database, before):
    manager = team_manager(TeamFactory())
    author = practitioner(teams=[manager.memberships.get().team])
    child = ChildFactory(
        created_by=author, send="no", open_to_social_care="yes", plan="none", looked_after="no"
    )
    draft = ready_draft(child, author)
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                """
                import os, signal, sys
                import django
                django.setup()
                from cre_toolkit.assessments.models import Assessment
                from cre_toolkit.casework.assessment import sending
                from django.db import connection, transaction

                def die(*args, **kwargs):
                    os.kill(os.getpid(), signal.SIGKILL)

                reference, before = sys.argv[1:]
                draft = Assessment.objects.select_related("author").get(reference=reference)
                if before == "commit":
                    connection.connect()
                    connection.commit = die
                else:
                    setattr(sending, before, die)
                sending.send(by=draft.author, assessment=draft)
                """
            ),
            draft.reference,
            before,
        ],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings",
            "DATABASE_URL": real_database.url,
            "DATABASE_POOL": "false",
        },
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    draft.refresh_from_db()
    assert draft.status == Assessment.Status.DRAFT
    assert not Record.objects.exists()
    assert not Due.objects.exists()
    assert not Event.objects.filter(kind="assessment.sent").exists()
    assert send(draft).assessment == draft
    assert Event.objects.filter(kind="assessment.sent").count() == 1
