"""Earlier paper: a form that was completed by hand is entered afterwards, and kept under its own edition.

It is never converted: an assessment on the CSE matrix of 2017 stays one, in that form's order, words and
levels (`toolkit.md`, A7 and A9). Nothing is sent and nobody is told: what had to be done was done, or not, at
the time.
"""

import datetime
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import record
from cre_toolkit.assessments.actions import Discarded
from cre_toolkit.assessments.answers import dump, from_sections
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.assessments.paper_answers import OF_TIERS, Paper, PaperAnswers
from cre_toolkit.assessments.paper_casefile import case_file, completed_at, impossible
from cre_toolkit.assessments.recording import NotAccepted, hold, keep
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access, granting, holding
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.loading import load_authority, load_instrument
from cre_toolkit.rules.outcome import Finding, Outcome


@transaction.atomic
def start(*, by: User, child: Child, instrument: str, form_id: uuid.UUID) -> Assessment:
    """Begin to enter a paper form about a child. The same page sent twice begins one.

    Args:
        by: who enters it.
        child: whom they may see.
        instrument: the id of the form's edition.
        form_id: minted by the page.

    Raises:
        NotAllowed: assessing is not within the user's roles.
        NotVisible: the page's number belongs to something else.
        UnknownPackError: there is no such form.
    """
    standing = access.standing_of(by)
    access.check(standing, access.Act.ASSESS)
    # Two records that are being merged: it begins on the one that is kept.
    child = holding.hold(child)
    now = timezone.now()
    draft, made = Assessment.objects.get_or_create(
        form_id=form_id,
        defaults={
            "child": child,
            "begun_on": access.seen_by_way_of(standing, child),
            "author": by,
            "instrument": load_instrument(instrument).id,
            "transcribed": True,
            "started_at": now,
            "changed_at": now,
        },
    )
    if (draft.author_id, draft.child_id, draft.transcribed) != (by.pk, child.pk, True):
        raise access.NotVisible(draft.reference)
    if made:
        # As whoever begins an assessment (`actions.start`).
        granting.grant(
            by=by, child=draft.begun_on, reason=AccessGrant.Reason.ASSESSED, user=by, source=draft.pk
        )
        audit.record(
            by=by,
            kind="assessment.transcription-started",
            authority=child.authority,
            child=child.pk,
            subject_kind="assessment",
            subject=draft.pk,
            detail={"instrument": draft.instrument},
        )
    return draft


@transaction.atomic
def record_once(*, by: User, assessment: Assessment) -> tuple[Record, bool]:
    """Turn a paper form that has been entered into a record. Asked eight times at once, it makes one.

    Args:
        by: who entered it.
        assessment: the draft.

    Returns:
        The record, and whether it was made now.

    Raises:
        NotVisible: it is somebody else's, or no paper form.
        Discarded: it was discarded, and not restored.
        NotAccepted: it has no level, or no date on which it can have been completed.
    """
    draft = hold(by, assessment)
    if not draft.transcribed:
        raise access.NotVisible(assessment.reference)
    if draft.status == Assessment.Status.SENT:
        return Record.objects.select_related("assessment", "child").get(assessment=draft), False
    if draft.status == Assessment.Status.DISCARDED:
        raise Discarded(assessment.reference)
    answers = from_sections(dict(draft.sections.values_list("section", "answers")), PaperAnswers)
    instrument, now = load_instrument(draft.instrument), timezone.now().replace(microsecond=0)
    at = completed_at(answers, now) or now
    outcome = outcome_at(draft.child, answers, at, instrument)
    if problems := needed(draft.child, answers, outcome, now):
        raise NotAccepted(outcome, problems)
    content = _content(draft, answers, outcome, at, now, instrument)
    return keep(by=by, draft=draft, content=content, kind="assessment.transcribed"), True


def outcome_at(child: Child, answers: PaperAnswers, at: datetime.datetime, instrument: Instrument) -> Outcome:
    """What the rules say of a paper form: everything but a missing level is a warning.

    Args:
        child: whose form it is.
        answers: the whole form.
        at: the instant of completion.
        instrument: its edition.
    """
    file = case_file(child, answers, at, instrument)
    return assess(instrument, load_authority(file["authority"]), parse_case_file(file))


def level_of(answers: PaperAnswers, instrument: Instrument) -> str:
    """The level that stands on the form; blank while none is entered."""
    return answers.summary.level if instrument.levels_from == "tier" else answers.analysis.level


def needed(child: Child, answers: PaperAnswers, outcome: Outcome, now: datetime.datetime) -> list[Finding]:
    """What recording still asks for: a date on which the form can have been completed, and its level."""
    return [*impossible(child, answers, now), *outcome.problems]


def _content(
    draft: Assessment,
    answers: PaperAnswers,
    outcome: Outcome,
    at: datetime.datetime,
    now: datetime.datetime,
    instrument: Instrument,
) -> dict[str, Any]:
    """The record's content, of the same shape as that of a sent assessment, and with `paper` beside it."""
    file, paper = case_file(draft.child, answers, at, instrument), answers.paper
    content = record.content(
        assessment=draft,
        instrument=instrument,
        authority=load_authority(file["authority"]).on(timezone.localdate(at)),
        answers=answers,
        case_file=file,
        outcome=outcome.as_dict(),
        earlier=_earlier(draft.child, at),
        previous=None,
        completed_at=at,
        sent_at=now,
        referred={},
    )
    said = content["answers"]
    on_it = OF_TIERS if instrument.levels_from == "tier" else said.keys() - {"paper", *OF_TIERS}
    return content | {
        "transcribed": True,
        "paper": dump(paper),
        "answers": {name: said[name] for name in said if name in on_it},
        "child": content["child"] | _header(paper),
        "referred": {
            agency: day
            for agency, day in (("social_care", paper.social_care_on), ("police", paper.police_on))
            if day
        },
    }


def _header(paper: Paper) -> dict[str, Any]:
    """What the form's own header says beyond who the child is. Today's record does not speak for that day."""
    not_asked = ("postcode", "school", "open_to_social_care", "plan", "looked_after", "own_words", "wishes")
    return dict.fromkeys(not_asked, "") | {
        "address": paper.address,
        "worker_name": paper.worker_name,
        "worker_contact": paper.worker_contact,
        "send": paper.send,
        "disabilities": paper.disabilities,
    }


def _earlier(child: Child, at: datetime.datetime) -> record.Earlier | None:
    """The child's newest record that was completed before the paper was."""
    before = Record.objects.filter(child__stands_for=child.stands_for, completed_at__lt=at, withdrawal=None)
    last = before.order_by("-completed_at").values_list("completed_at", "recorded_level", "instrument")
    found = last.first()
    return record.Earlier(*found) if found else None
