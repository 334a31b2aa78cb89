"""The button that records a paper form, pressed many times at once."""

from cre_toolkit.assessments.models import Record
from cre_toolkit.casework.assessment.transcribing import transcribe
from cre_toolkit.casework.models import CaseEvent
from tests.factories.paper import paper_draft


def test_eight_presses_at_once_record_it_once(real_database):
    draft = paper_draft()
    records = real_database.at_once(8, lambda _: transcribe(by=draft.author, assessment=draft).pk)
    assert len(set(records)) == 1
    assert Record.objects.count() == CaseEvent.objects.count() == 1
