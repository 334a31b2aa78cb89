"""How each work is done, on both sides.

A work has subjects: what it is done to, made ready before the clock starts. From a subject comes the request
to the service, and the one to the floor (`bench/floor`) that does the same work. Where a work uses its
subject up (a child is registered once), the two sides have subjects of their own.
"""

import datetime
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from bench.data.answers import answers
from bench.data.names import name_of
from bench.data.people import AUTHORITY, CASELOAD
from bench.visitor import Request
from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions as assessments
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.casework.meeting import holding, planning
from cre_toolkit.casework.meeting.minutes import ActionAgreed, Attendance, Decision, Said
from cre_toolkit.casework.meeting.planning import Plan
from cre_toolkit.casework.models import Meeting, Minutes
from cre_toolkit.children.models import Child

ALL_INDICATORS = 28
WHO = "worker0@example.org"
CHAIR = "chair@example.org"
MANAGER = "manager0@example.org"

Subject = dict[str, Any]


# --- Registering a child ------------------------------------------------------------------------------------

_numbers = itertools.count(10_000_000)


def _new_children(count: int) -> list[Subject]:
    subjects = []
    for number in itertools.islice(_numbers, count):
        given, family = name_of(number)
        subjects.append(
            {"given_names": given, "family_name": f"{family}{_letters(number)}", "number": number}
        )
    return subjects


def _letters(number: int) -> str:
    """An ending of its own for each: the child is to be new, rather than to be asked about."""
    return "".join("aeioubdfgk"[int(figure)] for figure in str(number)[-5:])


def _child_details(subject: Subject) -> dict[str, Any]:
    number = subject["number"]
    return {
        "authority": AUTHORITY,
        "given_names": subject["given_names"],
        "family_name": subject["family_name"],
        "address": f"{number % 200} Invented Street",
        "postcode": f"ZZ{number % 90 + 10} 9ZZ",
        "school": "Example Academy (invented)",
    }


def _born(subject: Subject) -> datetime.date:
    """A day on which no child of the cases was born, and no day and month that could be swapped."""
    number = subject["number"]
    return datetime.date(2015 + number % 8, 1 + number // 8 % 12, 13 + number // 96 % 16)


def _register(subject: Subject) -> Request:
    born = _born(subject)
    parts = {f"date_of_birth_{part}": getattr(born, part) for part in ("day", "month", "year")}
    sent = {**_child_details(subject), **parts, "form_id": str(uuid.uuid4()), "then": "save"}
    return Request(WHO, "/children/new/", sent)


def _register_floor(subject: Subject) -> Request:
    return Request(WHO, "/register/", _child_details(subject) | {"date_of_birth": _born(subject).isoformat()})


# --- Sending an assessment ----------------------------------------------------------------------------------

# Everybody's cases but those that the pages show, round and round.
_to_send = itertools.count()


def _drafts_to_send(count: int) -> list[Subject]:
    workers = User.objects.filter(email__startswith="worker").exclude(email=WHO)
    cases = Child.objects.filter(allocated_worker__in=workers).order_by("allocated_worker", "pk")
    number = cases.count()
    return [_draft(cases[place % number]) for place in itertools.islice(_to_send, count)]


def _draft(child: Child) -> Subject:
    """A draft by the child's worker with all indicators, ready to be sent."""
    author = child.allocated_worker
    draft = assessments.start(by=author, child=child, form_id=uuid.uuid4())
    said = answers(level="high", indicators=ALL_INDICATORS)
    for section, given in said.items():
        assessments.save_section(by=author, assessment=draft, section=section, answers=given, version=0)
    return {"who": author.email, "draft": draft.reference, "items": said["indicators"]["items"]}


def _send(subject: Subject) -> Request:
    return Request(subject["who"], f"/assessments/{subject['draft']}/check/", {})


def _send_floor(subject: Subject) -> Request:
    sent: dict[str, Any] = {"level": "high"}
    for id_, rated in subject["items"].items():
        sent |= {f"{id_}-level": rated["level"], f"{id_}-cce": "on", f"{id_}-note": rated["note"]}
    return Request(subject["who"], f"/send/{subject['draft']}/", sent)


# --- Pages --------------------------------------------------------------------------------------------------


def _mine(count: int) -> list[Subject]:
    found = (
        Child.objects.filter(allocated_worker__email=WHO).order_by("pk").values("reference", "family_name")
    )
    return list(itertools.islice(itertools.cycle(found[:CASELOAD]), count))


def _misspelt(count: int) -> list[Subject]:
    """Names as somebody heard them: two letters of the last name in each other's place."""
    return [
        {"family_name": name[:-2] + name[-1] + name[-2]}
        for name in (subject["family_name"] for subject in _mine(count))
    ]


def _open_drafts(count: int) -> list[Subject]:
    drafts = Assessment.objects.filter(author__email=WHO, status=Assessment.Status.DRAFT)
    if not drafts.exists():
        for child in Child.objects.filter(allocated_worker__email=WHO).order_by("pk")[:5]:
            _draft(child)
    found = list(drafts.order_by("pk").values("reference"))
    return list(itertools.islice(itertools.cycle(found), count))


def _nothing(count: int) -> list[Subject]:
    return [{}] * count


def _held(count: int) -> list[Subject]:
    """A meeting that was held, with all that minutes say."""
    chair = User.objects.get(email=CHAIR)
    found = Minutes.objects.select_related("meeting").filter(by=chair).first()
    meeting = found.meeting if found else _hold_meeting(chair)
    return [{"reference": meeting.reference}] * count


def _hold_meeting(chair: User) -> Meeting:
    child = Child.objects.filter(authority=AUTHORITY, working_level="high", allocated_worker__email=WHO)[0]
    worker, yesterday = child.allocated_worker, timezone.now() - datetime.timedelta(days=1)
    plan = Plan(at=yesterday, place="Invented House", chair=chair, people=[worker])
    meeting = planning.plan(by=chair, child=child, kind="cre-review", planned=plan, form_id=uuid.uuid4())
    said = Said(
        attendance=tuple(Attendance(name=who.name, came="present", user=who.pk) for who in (chair, worker)),
        discussion="What everybody had seen and heard since the last meeting. " * 12,
        level="high",
        level_why="Somebody still waits for the child at the station. " * 4,
        decisions=tuple(Decision(what=f"Decision {number}", why="Agreed by all") for number in range(4)),
        actions=tuple(ActionAgreed(what=f"Action {number}", owner=worker.pk) for number in range(4)),
    )
    held = {"meeting": meeting, "held_at": meeting.at, "said": said, "form_id": uuid.uuid4()}
    holding.record(by=chair, child=child, **held)
    return meeting


@dataclass(frozen=True, slots=True)
class Way:
    """How a work is done: makes so many subjects, in the service's process; the request for one of them."""

    subjects: Callable[[int], list[Subject]]
    ours: Callable[[Subject], Request]
    floor: Callable[[Subject], Request]


def _search(subject: Subject) -> Request:
    return Request(WHO, "/search/", {"name": subject["family_name"]})


WAYS: dict[str, Way] = {
    "register": Way(_new_children, _register, _register_floor),
    "send": Way(_drafts_to_send, _send, _send_floor),
    "child": Way(
        _mine,
        lambda subject: Request(WHO, f"/children/{subject['reference']}/"),
        lambda subject: Request(WHO, f"/child/{subject['reference']}/"),
    ),
    "list": Way(_nothing, lambda _: Request(WHO, "/due/"), lambda _: Request(WHO, "/list/")),
    "search": Way(_mine, _search, _search),
    "misspelt": Way(_misspelt, _search, _search),
    "indicators": Way(
        _open_drafts,
        lambda subject: Request(WHO, f"/assessments/{subject['reference']}/indicators/all/"),
        lambda subject: Request(WHO, f"/indicators/{subject['reference']}/"),
    ),
    "county": Way(_nothing, lambda _: Request(CHAIR, "/due/"), lambda _: Request(CHAIR, "/county/")),
    "home": Way(_nothing, lambda _: Request(WHO, "/"), lambda _: Request(WHO, "/first/")),
    "meeting": Way(
        _held,
        lambda subject: Request(CHAIR, f"/meetings/{subject['reference']}/"),
        lambda subject: Request(CHAIR, f"/meeting/{subject['reference']}/"),
    ),
    "countersign": Way(
        _nothing, lambda _: Request(MANAGER, "/countersign/"), lambda _: Request(MANAGER, "/waiting/")
    ),
    "tasking": Way(_nothing, lambda _: Request(CHAIR, "/tasking/"), lambda _: Request(CHAIR, "/tasking/")),
}
