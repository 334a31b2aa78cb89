"""A meeting in words, and what every page about one needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.meeting.planning import title_of
from cre_toolkit.casework.models import Meeting
from cre_toolkit.children.models import Child
from cre_toolkit.web.views.children.describe import age_in_words, worker_of


@dataclass(frozen=True, slots=True)
class Shown:
    """A meeting as a list names it."""

    meeting: Meeting
    title: str
    chair: str

    @property
    def href(self) -> str:
        return reverse("meeting", args=[self.meeting.reference])


def shown(meeting: Meeting, child: Child) -> Shown:
    return Shown(
        meeting,
        title_of(meeting, child.authority),
        meeting.chair.name if meeting.chair else meeting.chair_words,
    )


def page_of(meeting: Meeting, child: Child) -> dict[str, Any]:
    """What the page of a meeting, and each page that begins there, show of the two."""
    return {
        "child": child,
        "age": age_in_words(child),
        "worker": worker_of(child),
        "meeting": meeting,
        "shown": shown(meeting, child),
        "back_url": reverse("meeting", args=[meeting.reference]),
        "back_text": "The meeting",
    }


def people_asked(meeting: Meeting, around: Iterable[User]) -> tuple[list[User], list[str]]:
    """By whom attendance is taken: users who were asked, others of the network, names without an account."""
    asked = list(meeting.invited.select_related("user__agency").order_by("user__name", "name"))
    users = {one.user.pk: one.user for one in asked if one.user}
    users |= {user.pk: user for user in around if user.pk not in users}
    return list(users.values()), [one.name for one in asked if not one.user]


def invited_in_words(meeting: Meeting) -> Sequence[str]:
    """Everybody who is asked to come, by name; while it is planned, with whom no message reaches."""
    untold = " (no e-mail address: tell them yourself)" if meeting.status == Meeting.Status.PLANNED else ""
    asked = meeting.invited.select_related("user__agency").order_by("user__name", "name")
    return [
        ", ".join(filter(None, [one.user.name, one.user.job_title, str(one.user.agency or "")]))
        if one.user
        else f"{one.name}{'' if one.email else untold}"
        for one in asked
    ]
