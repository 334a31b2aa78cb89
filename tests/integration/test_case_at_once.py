"""Two acts on one case at the same moment: what is due is right afterwards, and nothing is done twice."""

import threading
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from cre_toolkit.assessments.models import Assessment
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.case.facts import change_facts
from cre_toolkit.casework.models import Call, CaseEvent, Due, Note
from cre_toolkit.casework.note.notes import NotDue, Said, write_note
from cre_toolkit.children import access
from cre_toolkit.children.models import AccessGrant, Child
from tests.factories.assessments import ready_draft
from tests.factories.people import AgencyFactory, ChildFactory, practitioner

# So long the first act stays where it has read and not yet written, for the other to slip in if it can.
PAUSE = 0.4


@pytest.fixture
def draft(real_database):
    made = ready_draft(immediate_risk="yes")
    calls.declare_danger(by=made.author, assessment=made, at=timezone.now())
    return made


class Between:
    """Makes one function pause after its first call, until the other act has ended or `PAUSE` is over."""

    def __init__(self, monkeypatch, module, name):
        self.has_read, self.other_ended = threading.Event(), threading.Event()
        real = getattr(module, name)

        def read_and_pause(*args, **kwargs):
            result = real(*args, **kwargs)
            if not self.has_read.is_set():
                self.has_read.set()
                self.other_ended.wait(PAUSE)
            return result

        monkeypatch.setattr(module, name, read_and_pause)

    def then(self, act):
        """Do the other act once the first has read."""
        self.has_read.wait(10)
        result = act()
        self.other_ended.set()
        return result


def log(draft, to=Call.To.POLICE, form_id=None, at=None):
    return calls.log_call(
        by=draft.author,
        child=Assessment.objects.get(pk=draft.pk).child,
        to=to,
        at=at or timezone.now(),
        outcome=Call.Outcome.SPOKE,
        assessment=draft,
        form_id=form_id or uuid.uuid4(),
    )


def send(draft):
    return sending.send(by=draft.author, assessment=Assessment.objects.get(pk=draft.pk))


def done_twice():
    ticks = [(event.keys["action"], event.keys["event"]) for event in CaseEvent.objects.filter(kind="done")]
    return len(ticks) - len(set(ticks))


def due(child):
    """What is due; the copy says the same as what is worked out afresh."""
    fresh = [entry.action for entry in queries.due_for(child)]
    assert sorted(fresh) == sorted(Due.objects.filter(shown_from=None).values_list("action", flat=True))
    return fresh


def test_a_call_that_is_logged_while_it_is_sent_is_not_due_again(real_database, monkeypatch, draft):
    between = Between(monkeypatch, sending, "_calls_made")
    acts = [lambda: send(draft), lambda: between.then(lambda: log(draft))]
    results = real_database.at_once(2, lambda number: acts[number]())
    assert not [result for result in results if isinstance(result, Exception)]
    assert "telephone-police" not in due(draft.child)
    assert "telephone-social-care" in due(draft.child)
    assert not done_twice()


def test_a_call_that_is_logged_before_it_is_sent_does_what_the_assessment_asks_for(
    real_database, monkeypatch, draft
):
    between = Between(monkeypatch, calls, "state_of")
    acts = [lambda: log(draft), lambda: between.then(lambda: send(draft))]
    results = real_database.at_once(2, lambda number: acts[number]())
    assert not [result for result in results if isinstance(result, Exception)]
    assert "telephone-police" not in due(draft.child)
    assert not done_twice()


def test_two_calls_at_once_do_each_thing_once(real_database, monkeypatch, draft):
    between = Between(monkeypatch, calls, "state_of")
    acts = [lambda: log(draft), lambda: between.then(lambda: log(draft))]
    results = real_database.at_once(2, lambda number: acts[number]())
    assert not [result for result in results if isinstance(result, Exception)]
    assert Call.objects.count() == 2, "both were made, and both are on the record"
    assert CaseEvent.objects.filter(kind="done").count() == 1
    assert due(draft.child) == ["telephone-social-care"]


def test_the_same_call_sent_eight_times_is_logged_once(real_database, draft):
    form_id, at = uuid.uuid4(), timezone.now()
    results = real_database.at_once(8, lambda _: log(draft, form_id=form_id, at=at).pk)
    assert len(set(results)) == 1
    assert Call.objects.count() == 1
    assert not done_twice()


def test_calls_and_sending_all_together(real_database, draft):
    acts = [lambda: send(draft), lambda: log(draft), lambda: log(draft, Call.To.SOCIAL_CARE)] * 2
    results = real_database.at_once(len(acts), lambda number: acts[number]())
    assert not [result for result in results if isinstance(result, Exception)]
    assert not [action for action in due(draft.child) if action.startswith("telephone")]
    assert not done_twice()


def test_the_worker_who_is_allocated_while_sending_waits_is_sent_it(real_database):
    before, after, author = (practitioner(agency=AgencyFactory(kind="social-care")) for _ in range(3))
    child = ChildFactory(created_by=author, open_to_social_care="yes", allocated_worker=before, send="no")
    draft = ready_draft(child, author)
    changed, sent = threading.Event(), []

    def change():
        with transaction.atomic():
            stands = Child.objects.get(pk=child.pk)
            change_facts(by=author, child=stands, version=stands.version, changes={"allocated_worker": after})
            changed.set()
            # The sending waits for this to be committed.
            threading.Event().wait(PAUSE)

    def act(number):
        if number == 0:
            return change()
        changed.wait(10)
        return sent.append(send(draft))

    real_database.at_once(2, act)
    assert sent[0].content["child"]["worker_name"] == after.name
    assert access.visible_to(after).filter(pk=child.pk).exists()
    assert AccessGrant.objects.filter(user=after, reason="sent", source=sent[0].pk).exists()


def test_two_say_at_once_that_they_did_what_was_due_and_one_did(real_database):
    author = practitioner()
    child = ChildFactory(created_by=author, send="no", open_to_social_care="yes", looked_after="no")
    sending.send(by=author, assessment=ready_draft(child, author, level="medium"))
    said = Said(kind=Note.Kind.DISCUSSION, at=timezone.now(), said="Spoke with Maya.")

    def do(number):
        return write_note(
            by=author, child=child, said=said, action="threshold-discussion", form_id=uuid.uuid4()
        )

    results = real_database.at_once(4, do)
    assert [type(result) for result in results].count(Note) == 1
    assert [type(result) for result in results].count(NotDue) == 3
    assert CaseEvent.objects.filter(kind="done", keys__action="threshold-discussion").count() == 1
    assert Note.objects.count() == 1
