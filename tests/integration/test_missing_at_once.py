"""Two people record the same thing about a missing child at once: it is on the record once."""

import uuid

from django.utils import timezone

from cre_toolkit.casework.case import queries
from cre_toolkit.casework.missing import episodes as missing
from cre_toolkit.casework.missing.episodes import Missing, Returned
from cre_toolkit.casework.models import CaseEvent, MissingEpisode, MissingReturn, TaskingMeeting
from cre_toolkit.casework.tasking import meetings
from tests.factories.missing import ago
from tests.factories.people import ChildFactory, child_protection_manager, give_access, practitioner
from tests.integration.test_tasking import at_level


def test_two_people_report_a_child_missing_and_record_the_return(real_database):
    child = ChildFactory()
    colleague = practitioner()
    give_access(child, user=colleague)
    people = (child.created_by, colleague)

    def report(number):
        said = Missing(at=ago(hours=5, minutes=number))
        return missing.report_missing(by=people[number], child=child, missing=said, form_id=uuid.uuid4())

    # The other is told that the child is missing already, or, being the earlier, that there is an episode.
    refused = [one for one in real_database.at_once(2, report) if isinstance(one, Exception)]
    assert [isinstance(one, missing.StillMissing | missing.AnotherEpisode) for one in refused] == [True]
    assert MissingEpisode.objects.count() == 1

    def come_back(number):
        said = Returned(at=ago(hours=1, minutes=number))
        return missing.record_return(by=people[number], child=child, returned=said, form_id=uuid.uuid4())

    refused = [one for one in real_database.at_once(2, come_back) if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [missing.NotMissing]
    assert MissingReturn.objects.count() == 1
    assert queries.case_of(child).missing_since is None


def test_the_meeting_that_two_people_record_at_once_is_one(real_database):
    child = at_level("high")
    chairs, at = [child_protection_manager() for _ in range(2)], timezone.now()

    def record(number):
        return meetings.record_meeting(
            by=chairs[number], authority="derby", at=at, listed=[child.reference], not_discussed=()
        )

    said = real_database.at_once(2, record)
    assert sorted(type(one) for one in said if isinstance(one, Exception)) == [meetings.AlreadyRecorded]
    assert TaskingMeeting.objects.count() == 1
    assert CaseEvent.objects.filter(child__stands_for=child.pk, kind=CaseEvent.Kind.MEETING).count() == 1
