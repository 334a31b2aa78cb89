"""What whoever receives a referral must know to say which one is first: danger, and the level that counts."""

import uuid

import pytest
from django.urls import reverse

from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import in_error
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.countersigning.answers import Answer, Outcome
from cre_toolkit.casework.models import Referral
from cre_toolkit.casework.referral import answering
from cre_toolkit.children.models import Child
from tests.factories.assessments import ready_draft
from tests.factories.meetings import planned_meeting
from tests.factories.people import ChildFactory, child_protection_manager, front_door, practitioner

pytestmark = pytest.mark.django_db
IN_DANGER = "Immediate danger"


def send(immediate_risk: str) -> Referral:
    child = ChildFactory(send="no", open_to_social_care="no", plan="none", looked_after="no")
    draft = ready_draft(child, immediate_risk=immediate_risk)
    return Referral.objects.get(record=sending.send(by=draft.author, assessment=draft))


def test_the_inbox_and_the_referral_say_that_the_child_was_said_to_be_in_danger(client):
    client.force_login(front_door())
    referral = send("yes")
    assert IN_DANGER in client.get(reverse("referrals")).content.decode()
    page = client.get(reverse("referral", args=[referral.reference])).content.decode()
    assert page.index("in immediate danger") < page.index(referral.reference)


def test_nothing_is_said_of_danger_where_nobody_said_it(client):
    client.force_login(front_door())
    referral = send("no")
    assert IN_DANGER not in client.get(reverse("referrals")).content.decode()
    page = client.get(reverse("referral", args=[referral.reference])).content.decode()
    assert "said to be in immediate danger" not in page


def test_the_queue_of_what_reaches_nobody_says_it_too(client):
    referral = send("yes")
    assert referral.state == "no-route"
    client.force_login(front_door())
    assert IN_DANGER in client.get(reverse("no-route")).content.decode()


def test_the_level_that_a_manager_set_stands_beside_what_was_assessed_for_as_long_as_it_counts(client):
    client.force_login(front_door())
    referral = send("no")
    pages = [reverse("home"), reverse("referrals"), reverse("referral", args=[referral.reference])]

    def said():
        return {"a manager set" in client.get(page).content.decode().lower() for page in pages}

    assert said() == {False}
    manager = child_protection_manager()
    higher = Answer(Outcome.SET_LEVEL, "high", "The car was seen three times.")
    given = countersigning.countersign(
        by=manager, record=referral.record, answer=higher, form_id=uuid.uuid4()
    )
    assert said() == {True}
    in_error.withdraw(by=manager, entered=given.event, why="The wrong record.")
    assert said() == {False}


def test_a_meeting_is_prepared_from_the_level_that_a_manager_set_as_well(client):
    record = send("no").record
    meeting = planned_meeting(record.child)
    client.force_login(meeting.chair)
    page = reverse("meeting", args=[meeting.reference])
    assert "a manager set" not in client.get(page).content.decode()
    higher = Answer(Outcome.SET_LEVEL, "high", "The car was seen three times.")
    manager = child_protection_manager()
    countersigning.countersign(by=manager, record=record, answer=higher, form_id=uuid.uuid4())
    assert "a manager set" in client.get(page).content.decode()


def test_a_worker_is_chosen_by_name_among_those_who_may_be_one(client):
    officer, worker = front_door(), practitioner(name="Will Worker")
    elsewhere = practitioner(name="Nora Next-door", authority="derbyshire")
    referral = send("no")
    answering.accept(by=officer, referral=referral, words="Today", form_id=uuid.uuid4())
    client.force_login(officer)
    page = reverse("referral-step", args=[referral.reference, "allocate"])
    shown = client.get(page).content.decode()
    assert "Will Worker" in shown
    assert "Nora Next-door" not in shown
    for chosen in ("", elsewhere.pk, "nobody"):
        refused = client.post(page, {"form_id": uuid.uuid4(), "worker": chosen})
        assert refused.status_code == 422
        assert "Select the worker" in refused.content.decode()
    client.post(page, {"form_id": uuid.uuid4(), "worker": worker.pk})
    assert Child.objects.get(pk=referral.child_id).allocated_worker == worker
