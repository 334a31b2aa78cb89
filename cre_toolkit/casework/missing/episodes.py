"""A child goes missing and comes back: each with what is known, and the event of the case that it is.

What follows from it (the strategy meeting at 72 hours, the return interview, the plan) the rules say.
Source: CRE 2020, pages 22 and 23; toolkit.md, B10; service.md, "Words", 6 and 7.
"""

import datetime
import uuid
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.audit.gathering import together
from cre_toolkit.casework.case.entering import NotPossible, check_not_in_the_future, enter
from cre_toolkit.casework.case.events import event
from cre_toolkit.casework.case.said_twice import recorded_before
from cre_toolkit.casework.case.state import state_of
from cre_toolkit.casework.models import CaseEvent, MissingEpisode, MissingReturn
from cre_toolkit.casework.note.incidents import record_incident
from cre_toolkit.casework.transfer.caseload import managers_of
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.children.holding import hold
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.children.telling import tell


class StillMissing(ValueError):
    """The child is on the record as missing already: the return from that comes first.

    Args:
        since: since when.
    """

    def __init__(self, since: datetime.datetime) -> None:
        self.since = since
        super().__init__(since.isoformat())


class NotMissing(ValueError):
    """The child is not on the record as missing: there is nothing to come back from."""


class AnotherEpisode(ValueError):
    """The times do not fit those of the other episodes, or a return is not after its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """That a child went missing, as somebody reports it. The names are those of `MissingEpisode`."""

    at: datetime.datetime
    about: bool = False
    last_seen_where: str = ""
    last_seen_with: str = ""
    source: str = ""
    police_told: YesNoUnknown = YesNoUnknown.NOT_KNOWN
    police_told_at: datetime.datetime | None = None
    police_reference: str = ""
    who_knows: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """That a child came back, as somebody reports it. The names are those of `MissingReturn`."""

    at: datetime.datetime
    about: bool = False
    how: MissingReturn.How = MissingReturn.How.NOT_KNOWN
    where: str = ""
    with_whom: str = ""
    source: str = ""
    harmed: YesNoUnknown = YesNoUnknown.NOT_KNOWN
    harm: str = ""
    significant: YesNoUnknown = YesNoUnknown.NOT_KNOWN
    incident: str = ""
    """What happened, where it was a significant incident: recorded as one."""


@transaction.atomic
@together()
def report_missing(*, by: User, child: Child, missing: Missing, form_id: uuid.UUID) -> MissingEpisode:
    """Record that a child is missing. The same form twice records it once.

    The allocated worker and their managers are told, by reference alone.

    Args:
        by: who records it; they see the child, as the caller has made sure.
        child: who is missing.
        missing: since when, and what is known.
        form_id: of the form.

    Raises:
        NotAllowed: it is not within the user's roles.
        StillMissing: the child is on the record as missing already.
        AnotherEpisode: the time lies within another episode, or before a later one.
        entering.InTheFuture: it is later than now.
    """
    held = _held(by, child)
    recorded, form_id = recorded_before(MissingEpisode, child=held, said=asdict(missing), form_id=form_id)
    if recorded:
        return recorded
    since = state_of(held).missing_since
    if since and missing.at >= since:
        raise StillMissing(since)
    gone = event(by=by, child=held, kind=CaseEvent.Kind.MISSING, at=missing.at)
    _enter(by=by, held=held, events=[gone])
    episode = _keep_episode(by=by, gone=gone, missing=missing, form_id=form_id)
    _tell(by, held, episode)
    return episode


@transaction.atomic
@together()
def record_return(*, by: User, child: Child, returned: Returned, form_id: uuid.UUID) -> MissingReturn:
    """Record that a child who is missing has come back. The same form twice records it once.

    Args: as of `report_missing`; `returned` says when, and what is known.

    Raises:
        NotMissing: the child is not on the record as missing.
        NotAllowed, AnotherEpisode, entering.InTheFuture: as `report_missing`.
    """
    held = _held(by, child)
    recorded, form_id = recorded_before(MissingReturn, child=held, said=asdict(returned), form_id=form_id)
    if recorded:
        return recorded
    open_now = open_episodes(held)
    if not open_now:
        raise NotMissing
    # On the record on which the episode stands: should two merged records be parted, it goes with that.
    ends = [
        event(by=by, child=episode.child, kind=CaseEvent.Kind.RETURNED, at=returned.at)
        for episode in open_now
    ]
    _enter(by=by, held=held, events=ends)
    # Of two merged records each may tell of this episode: whoever is back is back from both.
    for number, (episode, back) in enumerate(zip(open_now[1:], ends[1:], strict=True), start=1):
        again = replace(returned, significant=YesNoUnknown.NOT_KNOWN)
        other = uuid.uuid5(form_id, str(number))
        _keep_return(by=by, episode=episode, back=back, returned=again, form_id=other)
    return _keep_return(by=by, episode=open_now[0], back=ends[0], returned=returned, form_id=form_id)


@transaction.atomic
@together()
def record_past_episode(
    *, by: User, child: Child, missing: Missing, returned: Returned, form_id: uuid.UUID
) -> MissingReturn:
    """Record an episode that is over, afterwards: both at once, so that it may lie before others.

    Args, Raises: as of the two acts. Nobody is told that the child is missing.
    """
    held = _held(by, child)
    said = {"missing": missing, "returned": returned}
    recorded, form_id = recorded_before(MissingReturn, child=held, said=said, form_id=form_id)
    if recorded:
        return recorded
    gone = event(by=by, child=held, kind=CaseEvent.Kind.MISSING, at=missing.at)
    back = event(by=by, child=held, kind=CaseEvent.Kind.RETURNED, at=returned.at)
    if back.at <= gone.at:
        raise AnotherEpisode
    _enter(by=by, held=held, events=[gone, back])
    number = uuid.uuid5(form_id, "episode")
    episode = _keep_episode(by=by, gone=gone, missing=missing, form_id=number)
    return _keep_return(by=by, episode=episode, back=back, returned=returned, form_id=form_id)


def open_episodes(child: Child) -> list[MissingEpisode]:
    """The episodes from which the child has not come back, the newest first. One query.

    One; or one on each of two records that were merged.
    """
    episodes = MissingEpisode.objects.filter(child__stands_for=child.stands_for, ended=None)
    return list(episodes.select_related("child", "event").order_by("-event__at"))


def _held(by: User, child: Child) -> Child:
    access.check(access.standing_of(by), Act.RECORD_MISSING)
    return hold(child)


def _facts(said: Missing | Returned) -> dict[str, object]:
    """What is kept beside the event, by the model's names; the event has the time."""
    return {name: value for name, value in asdict(said).items() if name not in ("at", "incident")}


@transaction.atomic(savepoint=False)
def _enter(*, by: User, held: Child, events: list[CaseEvent]) -> None:
    try:
        enter(by=by, child=held, events=events)
    except NotPossible as error:
        raise AnotherEpisode from error


@transaction.atomic(savepoint=False)
def _keep_episode(*, by: User, gone: CaseEvent, missing: Missing, form_id: uuid.UUID) -> MissingEpisode:
    if missing.police_told_at:
        check_not_in_the_future(missing.police_told_at)
    return MissingEpisode.objects.create(
        child=gone.child, event=gone, by=by, entered_at=timezone.now(), form_id=form_id, **_facts(missing)
    )


@transaction.atomic(savepoint=False)
def _keep_return(
    *, by: User, episode: MissingEpisode, back: CaseEvent, returned: Returned, form_id: uuid.UUID
) -> MissingReturn:
    kept = MissingReturn.objects.create(
        child=back.child,
        episode=episode,
        event=back,
        by=by,
        entered_at=timezone.now(),
        form_id=form_id,
        **_facts(returned),
    )
    if returned.significant == YesNoUnknown.YES:
        record_incident(
            by=by,
            child=back.child,
            # At the return at the latest: when within the episode it was, nobody has said.
            at=back.at,
            what=returned.incident,
            known_from=returned.source,
            harm=returned.harm,
            was_missing=YesNoUnknown.YES,
            form_id=uuid.uuid5(form_id, "incident"),
        )
    return kept


def _tell(by: User, child: Child, episode: MissingEpisode) -> None:
    """A message with a reference and nothing else, to the allocated worker and whoever manages them."""
    worker = child.allocated_worker
    whose = Q(pk=worker.pk) | Q(pk__in=managers_of(worker).values("pk")) if worker else Q(pk__in=[])
    people = User.objects.filter(access.admitted(child), whose, is_active=True)
    reference = child.reference
    tell(
        by=by,
        child=child,
        people={person.pk: person.email for person in people},
        subject=f"Something urgent is new on the record {reference}",
        body=(
            f"Something urgent was recorded on the record with the reference {reference}.\n\nSign in to CRE"
            " Toolkit now and search for the reference to read it. For safety this message says nothing more."
        ),
        cause=episode.pk,
    )
