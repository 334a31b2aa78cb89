"""Living through the plan, in order of time: each step is one of the service's own acts."""

import datetime
import functools
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions as assessments
from cre_toolkit.assessments import paper, versions
from cre_toolkit.assessments.models import Assessment, Record, Withdrawal
from cre_toolkit.assessments.newest import last_to_review
from cre_toolkit.casework.assessment import calls, sending, transcribing, withdrawing
from cre_toolkit.casework.countersigning import answers as countersigning
from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.countersigning.answers import Answer, Outcome
from cre_toolkit.casework.ends import merging
from cre_toolkit.casework.models import Call
from cre_toolkit.casework.transfer import taking_on
from cre_toolkit.children import actions as children
from cre_toolkit.children import duplicates
from cre_toolkit.children.models import Child, Notice
from cre_toolkit.demonstration.caseload import clock
from cre_toolkit.demonstration.caseload.plan import Planned, Told
from cre_toolkit.jobs.models import Message

_DAY = datetime.timedelta(days=1)
# What was sent within the last days waits for a manager, and is news to whoever was told of it.
STILL_WAITS = 10 * _DAY
SENT = ("sent", "review", "danger")
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Step:
    """What happens on one day: a child is added, told of or merged; it is answered, or withdrawn."""

    on: datetime.datetime
    place: int
    does: Literal["add", "tell", "answer", "withdraw", "merge"]
    told: Told | None = None


@transaction.atomic
def live(plan: list[Planned], users: Mapping[str, User], progress: Progress = lambda done, of: None) -> None:
    """Play the plan, the earliest day first.

    Args:
        plan: the caseload.
        users: who acts, by the part of their address before the @.
        progress: told after each step how many of how many are done.
    """
    known: dict[int, Child] = {}
    steps = sorted(_steps(plan), key=lambda step: (step.on, step.place))
    for number, step in enumerate(steps, start=1):
        with clock.at(step.on):
            planned = plan[step.place]
            match step.does, step.told, planned.merged_into:
                case "tell", Told() as told, _:
                    _tell(known[step.place], told, users[told.by])
                case "answer", *_:
                    _answer(known[step.place], users)
                case "withdraw", Told() as told, _:
                    _withdraw(known[step.place], users[told.by])
                case "merge", _, int() as kept:
                    _merge(known[kept], known[step.place], users["frontdoor"])
                case _:
                    known[step.place] = _add(planned, users)
        progress(number, len(steps))
    _post_was_delivered()


def _steps(plan: Iterable[Planned]) -> Iterator[Step]:
    answered_before = timezone.localdate() - STILL_WAITS
    for place, child in enumerate(plan):
        yield Step(_in_office_hours(child.added_on, place), place, "add")
        if child.merged_into is not None:
            yield Step(_in_office_hours(child.added_on + _DAY, place), place, "merge")
        for told in child.told:
            yield Step(_in_office_hours(told.on, place), place, "tell", told)
            if told.kind in SENT and not told.withdrawn and told.on < answered_before:
                yield Step(_in_office_hours(told.on + _DAY, place), place, "answer")
            if told.withdrawn:
                yield Step(_in_office_hours(told.on + _DAY, place), place, "withdraw", told)


def _in_office_hours(day: datetime.date, place: int) -> datetime.datetime:
    at = datetime.time(9 + place % 8, place * 7 % 60)
    return datetime.datetime.combine(day, at, timezone.get_default_timezone())


def _add(planned: Planned, users: Mapping[str, User]) -> Child:
    author = users[planned.added_by]
    add = functools.partial(
        children.add_child,
        by=author,
        form_id=uuid.uuid4(),
        authority=planned.authority,
        allocated_worker=users[planned.worker] if planned.worker else None,
        **planned.details,
    )
    try:
        child = add()
    except children.MaybeOnRecord as maybe:
        # They look at who is shown, and say that it is another child: rightly or not.
        child = add(not_these=[found.child.reference for found in maybe.found])
    if child.allocated_worker and child.allocated_worker != author:
        # Long ago: they have said that they took the child on.
        taking_on.take_on(by=child.allocated_worker, references=[child.reference])
    if planned.family:
        children.set_rows(by=author, child=child, table="family", rows=list(planned.family))
    return child


def _tell(child: Child, told: Told, author: User) -> None:
    if told.kind == "paper":
        draft = paper.start(by=author, child=child, instrument=told.instrument, form_id=uuid.uuid4())
        _write(author, draft, told.answers)
        transcribing.transcribe(by=author, assessment=draft)
        return
    answers = told.answers
    if told.kind == "review" and (last := last_to_review(child, assessments.CURRENT_INSTRUMENT)):
        draft = versions.start_review(by=author, child=child, form_id=uuid.uuid4())
        answers = answers | {"indicators": _since(answers["indicators"], last)}
    else:
        draft = assessments.start(by=author, child=child, form_id=uuid.uuid4())
    if told.kind == "draft":
        _write(author, draft, {name: answers[name] for name in ("danger", "child", "indicators")})
        return
    _write(author, draft, answers)
    if told.kind == "danger":
        now = timezone.now()
        calls.declare_danger(by=author, assessment=draft, at=now)
        for to in Call.To:
            calls.log_call(
                by=author,
                child=child,
                to=to,
                at=now,
                outcome=Call.Outcome.SPOKE,
                spoke_to="Whoever was on duty (invented)",
                assessment=draft,
                form_id=uuid.uuid4(),
            )
    sending.send(by=author, assessment=draft)


def _write(author: User, draft: Assessment, answers: Mapping[str, dict[str, Any]]) -> None:
    stood = dict(draft.sections.values_list("section", "version"))
    for section, said in answers.items():
        assessments.save_section(
            by=author, assessment=draft, section=section, answers=said, version=stood.get(section, 0)
        )


def _answer(child: Child, users: Mapping[str, User]) -> None:
    """A manager answers the newest assessment that needs one: the author's, or else who is in charge."""
    records = Record.objects.filter(child=child, awaiting__isnull=False)
    record = records.select_related("assessment", "child").order_by("completed_at").last()
    if record is None:
        return
    in_charge = users["protection" if child.authority == "derby" else "county.protection"]
    by = next(iter(countersign_queue.managers_of(record)), in_charge)
    countersigning.countersign(by=by, record=record, answer=Answer(Outcome.AGREED), form_id=uuid.uuid4())


def _withdraw(child: Child, author: User) -> None:
    withdrawing.withdraw(
        by=author,
        record=Record.objects.select_related("child", "assessment")
        .filter(child=child)
        .latest("completed_at"),
        category=Withdrawal.Category.IN_ERROR,
        words="Sent before the consultation was finished (invented).",
    )


def _merge(kept: Child, other: Child, by: User) -> None:
    """They are of one child, as somebody at the front door has found out."""
    why = "The school and the social worker speak of one child (invented)."
    pair = duplicates.pair_by_hand(by=by, one=kept, other=other, why=why)
    for record in (kept, other):
        record.refresh_from_db()
    merging.merge(by=by, pair=pair, kept=kept, take=[], versions=(kept.version, other.version))


def _since(indicators: dict[str, Any], last: Record) -> dict[str, Any]:
    """The indicators of a review, with what has become of each that was seen last time."""
    items, since = dict(indicators["items"]), {}
    day = timezone.localdate(last.completed_at).isoformat()
    for id_, before in last.content["answers"]["indicators"]["items"].items():
        if id_ not in items:
            since[id_] = {"answer": "no-longer-seen"}
        elif items[id_]["level"] == before["level"]:
            since[id_] = {"answer": "no-change"}
            items[id_] = before | {"as_on": before["as_on"] or day}
        else:
            since[id_] = {"answer": "changed"}
    return indicators | {"items": items, "since_last": since}


def _post_was_delivered() -> None:
    """What was mailed in the story was mailed then, and read: nothing of it leaves today."""
    Notice.objects.filter(at__lt=timezone.now() - STILL_WAITS).update(read_at=F("at"))
    Message.objects.filter(status=Message.Status.WAITING).update(
        status=Message.Status.SENT, sent_at=timezone.now()
    )
    DBTaskResult.objects.all().delete()
