"""What a meeting is prepared from: the assessment beside what happened, what is due, what was agreed last."""

import datetime
from typing import Any

from cre_toolkit.casework.case import queries
from cre_toolkit.casework.case.state import Heard
from cre_toolkit.casework.lists.timeline import timeline
from cre_toolkit.casework.meeting import queries as meeting_queries
from cre_toolkit.casework.meeting.actions import actions_of, open_meeting_actions
from cre_toolkit.casework.meeting.minutes import said_in
from cre_toolkit.casework.meeting.planning import pack_at, title_of
from cre_toolkit.casework.models import Meeting
from cre_toolkit.children.models import Child
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.views.children.timeline import line_of

# So much is read out in no meeting.
MOST = 40
_SAID = (
    ("immediate-concerns", "Immediate concerns"),
    ("contextual-analysis", "Contextual safeguarding analysis"),
    ("protective-factors", "Protective factors"),
)


def prepared(child: Child, meeting: Meeting) -> dict[str, Any]:
    """What the page of a planned meeting shows of the child's record."""
    case = queries.read_case(child)
    stands = [one for one in case.heard if not one.withdrawn]
    last = meeting_queries.last_minutes(child, meeting.at)
    since = last.held_at if last else None
    kinds = pack_at(child, meeting.at).meeting_by_id
    return {
        "state": case.state,
        "due": queries.due_for(child, case),
        "assessment": assessed(stands[0]) if stands else None,
        "kind": kinds.get(meeting.kind),
        "since": since,
        "lines": [line_of(one) for one in _since(child, since, meeting.at)],
        "last": last,
        "last_title": title_of(last.meeting, child.authority) if last else "",
        "last_said": said_in(last) if last else None,
        "last_actions": actions_of(last.meeting) if last else [],
        "open_actions": [
            action
            for action in open_meeting_actions(child)
            if last is None or action.minutes.meeting_id != last.meeting_id
        ],
    }


def _since(child: Child, since: datetime.datetime | None, until: datetime.datetime) -> list[Any]:
    return timeline(child, since=since, until=until, most=MOST).entries


def assessed(heard: Heard) -> dict[str, Any]:
    """The newest assessment in short: its level and why, the type, and the analysis in its author's words.

    With the level that a manager set in its place, as `level_set`.
    """
    record = heard.record
    content = record.content
    answers = content["answers"]
    analysis = answers.get("analysis", {})
    types = {each.id: each.label for each in load_instrument(record.instrument).exploitation_types}
    return {
        "record": record,
        "level": record.recorded_level,
        "level_set": heard.answer.keys.get("level", "") if heard.answer else "",
        "type": types.get(content["case_file"]["analysis"].get("primary_exploitation") or "", ""),
        "why": answers.get("level", {}).get("rationale", ""),
        "said": [(label, analysis[key]) for key, label in _SAID if analysis.get(key)],
    }
