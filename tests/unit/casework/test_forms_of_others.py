"""The number of a form is of one thing about one child: sent about another, it writes nothing."""

import datetime
import uuid

import pytest
from django.utils import timezone

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.countersigning.answers import Answer, Outcome
from cre_toolkit.casework.ends import death
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting.minutes import Said
from cre_toolkit.casework.models import CaseEvent, Death
from cre_toolkit.casework.transfer import transferring
from cre_toolkit.children.access import NotVisible
from cre_toolkit.children.models import Child
from tests.factories.assessments import ready_draft
from tests.factories.meetings import planned_meeting
from tests.factories.people import ChildFactory, child_protection_manager, front_door

pytestmark = pytest.mark.django_db


def assessed() -> Child:
    child = ChildFactory(send="no", open_to_social_care="yes", plan="none", looked_after="no")
    sending.send(by=child.created_by, assessment=ready_draft(child, child.created_by))
    return Child.objects.get(pk=child.pk)


def an_answer(child, form_id):
    record, manager = Record.objects.get(child=child), child_protection_manager()
    countersigning.countersign(by=manager, record=record, answer=Answer(Outcome.AGREED), form_id=form_id)


def minutes(child, form_id):
    meeting = planned_meeting(child, days=-1)
    said = Said(level="medium", level_why="She is met at the station every evening.")
    given = {"by": meeting.chair, "child": child, "meeting": meeting, "held_at": meeting.at, "said": said}
    meetings.record(**given, form_id=form_id)


def a_death(child, form_id):
    told = death.Told(
        died_on=timezone.localdate() - datetime.timedelta(days=1),
        known=Death.Known.EXACTLY,
        told_by="The police",
    )
    death.record_death(by=child_protection_manager(), child=child, told=told, form_id=form_id)


def a_transfer(child, form_id):
    front_door(authority="derbyshire")
    said = {"to": "derbyshire", "why": "The family moved."}
    transferring.ask(by=child_protection_manager(), child=child, **said, form_id=form_id)


@pytest.mark.parametrize("act", [an_answer, minutes, a_death, a_transfer])
def test_the_form_of_another_child_writes_nothing(act):
    one, other, form_id = assessed(), assessed(), uuid.uuid4()
    act(one, form_id)
    before = CaseEvent.objects.count()
    with pytest.raises(NotVisible):
        act(other, form_id)
    assert CaseEvent.objects.count() == before
