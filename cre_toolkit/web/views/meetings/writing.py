"""The form of a meeting's minutes: as it begins, as it was typed, and what stands in it in words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting import holding as meetings
from cre_toolkit.casework.meeting import planning as meeting_planning
from cre_toolkit.casework.meeting.minutes import said_in
from cre_toolkit.casework.models import Meeting, Minutes
from cre_toolkit.children.access import Standing
from cre_toolkit.children.models import Child
from cre_toolkit.web.forms.meetings.minutes import MinutesForm
from cre_toolkit.web.views.assessments.describe import Row
from cre_toolkit.web.views.meetings.describe import people_asked


def standing(newest: Minutes | None) -> Minutes | None:
    """The minutes as they stand; None where nothing is recorded, or it was recorded in error.

    Args:
        newest: as `meeting_queries.newest_minutes` gives them.
    """
    return newest if newest and not newest.in_error else None  # type: ignore[attr-defined]


def minutes_form(
    who: Standing,
    child: Child,
    meeting: Meeting,
    newest: Minutes | None,
    data: QueryDict | None,
    adding: str = "",
) -> MinutesForm:
    """The form of a meeting's minutes.

    Where nothing is typed yet, it begins with what was recorded, to be corrected; after a recording in error
    too, but for the level, which is chosen anew.

    Args:
        who: what the writer holds.
        child: whose meeting.
        meeting: which.
        newest: as `meeting_queries.newest_minutes` gives them.
        data: what was typed, or None.
        adding: the button that asks for one more row.
    """
    asked, others = people_asked(meeting, meeting_planning.can_come(child))
    if newest:
        # Whoever came and has left the network since came all the same.
        there = {str(user.pk) for user in asked} | set(others)
        others += [one.name for one in said_in(newest).attendance if str(one.user or one.name) not in there]
    begins = timezone.localtime(newest.held_at if newest else meeting.at)
    planned = meeting.chair.name if meeting.chair else meeting.chair_words
    begin: dict[str, Any] = {"day": begins.date(), "time": f"{begins:%H:%M}", "chaired_by": planned}
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = {}
    if newest and data is None:
        begin, rows = begin | _as_recorded(newest, asked, others), _rows_recorded(newest, asked)
    return MinutesForm(
        asked,
        others,
        meetings.agreeing(who, child, meeting.kind, meeting.at),
        data,
        correcting=standing(newest) is not None,
        initial=begin,
        rows=rows,
        adding=adding,
    )


def _as_recorded(recorded: Minutes, asked: Sequence[User], others: Sequence[str]) -> dict[str, Any]:
    """The answers that were recorded, by the names of the form."""
    said = said_in(recorded)
    came = {one.name: one.came for one in said.attendance}
    came |= {str(one.user): one.came for one in said.attendance if one.user}
    keys = [*(str(user.pk) for user in asked), *others]
    begin: dict[str, Any] = {f"came-{place}": came.get(key, "") for place, key in enumerate(keys)}
    texts = ("chaired_by", "others", "discussion", "level_why")
    return begin | {name: text for name in texts if (text := getattr(said, name))}


def _rows_recorded(recorded: Minutes, asked: Sequence[User]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """The same of its tables."""
    said, known = said_in(recorded), {user.pk for user in asked}
    actions = [
        {
            "what": one.what,
            "owner": str(one.owner) if one.owner in known else "",
            "owner_name": "" if one.owner in known else one.owner_name,
            "due_on": one.due_on,
        }
        for one in said.actions
    ]
    return {
        "dissent": [one.model_dump() for one in said.dissent],
        "decision": [one.model_dump() for one in said.decisions],
        "action": actions,
    }


def in_words(form: MinutesForm) -> list[Row]:
    """Each question of the form in which something stands, with it in words: to be compared, or copied."""
    return [
        Row(field.html_name, f"{of_row}{field.label}", text)
        for part, of_row in _parts(form)
        for field in part.visible_fields()
        if (text := _text(field))
    ]


def _parts(form: MinutesForm) -> Iterator[tuple[forms.Form, str]]:
    """The form, and each row of its tables, with how the row is named."""
    yield form, ""
    for table in form.tables:
        for number, row in enumerate(table.forms, 1):
            yield row, f"{table.name.capitalize()} {number}: "


def _text(field: forms.BoundField) -> str:
    value = field.value()
    if isinstance(value, list):
        return " ".join(part for part in value if part)
    choices: dict[str, str] = dict(getattr(field.field, "choices", ()))
    return choices.get(value, str(value)) if value else ""
