"""Missing episodes of the demonstration, the talks afterwards, and what the tasking meeting asked for."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.missing import episodes as missing
from cre_toolkit.casework.missing import interviews as return_interviews
from cre_toolkit.casework.missing.episodes import Missing, Returned
from cre_toolkit.casework.missing.interviews import Interview
from cre_toolkit.casework.models import MissingReturn, ReturnInterview, TaskingAnswer
from cre_toolkit.casework.tasking import requests as tasking
from cre_toolkit.children import access
from cre_toolkit.children.models import Child, YesNoUnknown

_DAY = datetime.timedelta(days=1)
Step = ReturnInterview.Step


@transaction.atomic
def load_missing(users: dict[str, User]) -> None:
    """Two episodes that are over, one child who is missing, and a request with its answer.

    Args:
        users: those who are there, by the part of their address before the @; the children are loaded.
    """
    worker = users["worker"]
    seen = access.visible_to(worker)
    amy = seen.get(given_names="Amy", family_name="Fictive")
    gone = seen.get(given_names="Siân", family_name="Ŵyn")
    now = timezone.now().replace(second=0, microsecond=0)
    first = _over(worker, amy, now - 40 * _DAY)
    second = _over(worker, amy, now - 6 * _DAY)
    _talk(worker, amy, first, first.event.at + _DAY, Step.DECLINED, reason='She said: "Not with you."')
    _talk(
        worker,
        amy,
        first,
        first.event.at + 3 * _DAY,
        Step.HELD,
        said='"He had a car. I did not want to go in, but the others did."',
        learnt="A blue car, and two other girls of her year.",
        told="The police and her form tutor, with her agreement",
    )
    _talk(worker, amy, second, second.event.at + _DAY, Step.DECLINED)
    missing.report_missing(
        by=worker,
        child=gone,
        missing=Missing(
            at=now - datetime.timedelta(hours=20),
            about=True,
            last_seen_where="At the library in Exampleton",
            source="Her mother, by telephone last night",
            police_told=YesNoUnknown.YES,
            police_told_at=now - datetime.timedelta(hours=18),
            police_reference="INVENTED-1",
            who_knows="Her mother, her school",
        ),
        form_id=uuid.uuid4(),
    )
    asked = tasking.ask(
        by=users["protection"],
        child=amy,
        asked="Look at who uses the bus station on Friday evenings, and talk with the café.",
        of_whom="Safer Neighbourhood Team, with the allocated worker",
        asked_on=timezone.localdate(now - 3 * _DAY),
        by_when=timezone.localdate(now + 11 * _DAY),
        form_id=uuid.uuid4(),
    )
    tasking.answer(
        by=worker,
        request=asked,
        outcome=TaskingAnswer.Outcome.UNDER_WAY,
        words="The café keeps a light on and rings when he is there.",
        form_id=uuid.uuid4(),
    )


def _over(worker: User, child: Child, start: datetime.datetime) -> MissingReturn:
    return missing.record_past_episode(
        by=worker,
        child=child,
        missing=Missing(at=start, source="Her mother, by telephone the same night"),
        returned=Returned(
            at=start + datetime.timedelta(hours=9),
            how=MissingReturn.How.FAMILY,
            where="By the bus station in Exampleton",
            source="Her grandmother, who found her",
            significant=YesNoUnknown.NO,
        ),
        form_id=uuid.uuid4(),
    )


def _talk(
    worker: User,
    child: Child,
    returned: MissingReturn,
    at: datetime.datetime,
    step: ReturnInterview.Step,
    **said: str,
) -> None:
    held = step == Step.HELD
    return_interviews.record_interview(
        by=worker,
        child=child,
        returned=returned,
        interview=Interview(
            step=step,
            at=at,
            provider=ReturnInterview.Provider.EDUCATION if held else ReturnInterview.Provider.SOCIAL_CARE,
            interviewer="Tara Pretend, form tutor" if held else worker.name,
            independent=YesNoUnknown.YES if held else YesNoUnknown.NO,
            trusted=YesNoUnknown.YES if held else YesNoUnknown.NO,
            **said,
        ),
        form_id=uuid.uuid4(),
    )
