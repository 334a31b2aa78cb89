"""Several tabs, or several presses, at the same instant, on a database that really commits."""

import uuid

from cre_toolkit.assessments import actions
from cre_toolkit.assessments.models import Assessment, DraftSection, Record
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment.sending import send
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import ChildFactory
from tests.integration.journeys import signed_in, url

TABS = 8


def test_of_eight_tabs_one_saves_and_seven_are_shown_its_text(real_database):
    draft = AssessmentFactory()

    def save(number):
        return actions.save_section(
            by=draft.author,
            assessment=draft,
            section="places",
            answers={"locations": f"tab {number}"},
            version=0,
        )

    results = real_database.at_once(TABS, save)
    saved = [each for each in results if isinstance(each, DraftSection)]
    refused = [each for each in results if isinstance(each, actions.ChangedElsewhere)]
    assert (len(saved), len(refused)) == (1, TABS - 1)
    stands = DraftSection.objects.get()
    assert stands.answers == saved[0].answers
    assert {each.theirs.answers["locations"] for each in refused} == {stands.answers["locations"]}
    assert Event.objects.filter(kind="assessment.saved").count() == 1


def test_the_same_start_eight_times_begins_one(real_database):
    child, form_id = ChildFactory(), uuid.uuid4()
    results = real_database.at_once(
        TABS, lambda _: actions.start(by=child.created_by, child=child, form_id=form_id)
    )
    assert {each.pk for each in results} == {Assessment.objects.get().pk}
    assert Event.objects.filter(kind="assessment.started").count() == 1


def test_send_pressed_eight_times_sends_once_and_says_so_eight_times(real_database):
    draft = ready_draft()
    clients = [signed_in(draft.author) for _ in range(TABS)]
    results = real_database.at_once(TABS, lambda number: clients[number].post(url("check", draft)).url)
    assert set(results) == {url("sent", draft)}
    assert Record.objects.count() == 1
    assert Event.objects.filter(kind="assessment.recorded").count() == 1


def test_saving_while_sending_loses_nothing_silently(real_database):
    """Either the text is in the record, or the one who saved is told that it was sent."""
    draft = ready_draft()

    def act(number):
        if number:
            return send(by=draft.author, assessment=draft)
        return actions.save_section(
            by=draft.author,
            assessment=draft,
            section="vulnerabilities",
            answers={"other-information": "said at the last moment"},
            version=0,
        )

    saved, sent = real_database.at_once(2, act)
    said = Record.objects.get().content["answers"]["vulnerabilities"]["other-information"]
    assert said == ("said at the last moment" if isinstance(saved, DraftSection) else "")
    assert isinstance(saved, DraftSection | actions.AlreadySent)
    assert not DraftSection.objects.exists()
    assert sent == Record.objects.get()
