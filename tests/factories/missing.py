"""Invented missing episodes and requests of the tasking meeting, made by the service's own acts.

from tests.factories.missing import ago, came_back, gone, tasking_request, was_missing

gone(child, ago(hours=3))                              # the child is missing
came_back(child, ago(hours=1))                         # and is back
was_missing(child, ago(days=9), ago(days=8))           # an episode that is over
"""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from cre_toolkit.casework.missing import episodes as missing
from cre_toolkit.casework.missing import interviews as return_interviews
from cre_toolkit.casework.missing.episodes import Missing, Returned
from cre_toolkit.casework.missing.interviews import Interview
from cre_toolkit.casework.models import MissingEpisode, MissingReturn, ReturnInterview, TaskingRequest
from cre_toolkit.casework.tasking import requests as tasking
from cre_toolkit.children.models import Child, YesNoUnknown
from tests.factories.people import child_protection_manager


def ago(**time: int) -> datetime.datetime:
    """So long before now, to the second."""
    return timezone.now().replace(microsecond=0) - datetime.timedelta(**time)


def gone(
    child: Child, at: datetime.datetime, form_id: uuid.UUID | None = None, **said: Any
) -> MissingEpisode:
    """Somebody who added the child reports them missing."""
    told = {"source": "Her aunt, by telephone"} | said
    return missing.report_missing(
        by=child.created_by, child=child, missing=Missing(at=at, **told), form_id=form_id or uuid.uuid4()
    )


def came_back(child: Child, at: datetime.datetime, **said: Any) -> MissingReturn:
    """They record the return."""
    return missing.record_return(
        by=child.created_by, child=child, returned=Returned(at=at, **said), form_id=uuid.uuid4()
    )


def was_missing(child: Child, start: datetime.datetime, end: datetime.datetime, **said: Any) -> MissingReturn:
    """They enter an episode that is over; `said` is of the return."""
    return missing.record_past_episode(
        by=child.created_by,
        child=child,
        missing=Missing(at=start, source="Her aunt, by telephone"),
        returned=Returned(at=end, **said),
        form_id=uuid.uuid4(),
    )


def talked(
    child: Child,
    returned: MissingReturn,
    step: ReturnInterview.Step,
    at: datetime.datetime | None = None,
    **said: Any,
) -> ReturnInterview:
    """A return interview by somebody of a voluntary organisation."""
    interview = Interview(
        step=step,
        at=at or timezone.now(),
        provider=ReturnInterview.Provider.VOLUNTARY,
        interviewer="Ira Invented, youth worker",
        independent=YesNoUnknown.YES,
        trusted=YesNoUnknown.NOT_KNOWN,
        **said,
    )
    return return_interviews.record_interview(
        by=child.created_by, child=child, returned=returned, interview=interview, form_id=uuid.uuid4()
    )


def tasking_request(child: Child, asked: str = "Look into who waits at the gate.") -> TaskingRequest:
    """The tasking meeting asked for something, by a day a fortnight from now."""
    today = timezone.localdate()
    return tasking.ask(
        by=child_protection_manager(authority=child.authority),
        child=child,
        asked=asked,
        of_whom="Safer Neighbourhood Team",
        asked_on=today,
        by_when=today + datetime.timedelta(days=14),
        form_id=uuid.uuid4(),
    )
