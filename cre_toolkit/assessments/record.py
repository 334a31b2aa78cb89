"""What a sent assessment holds, and its bytes: read in ten years, it says what it said on the day.

Everything that was said or computed stands in it in full, with the words that may change elsewhere (the names
of the authority, the author, the child): it needs nothing beside it but the edition whose hash it names.
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cre_toolkit.assessments.answers import Answers, dump
from cre_toolkit.assessments.deflating import deflated
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.assessments.wording import REASONS_FOR_ANOTHER_LEVEL
from cre_toolkit.children.models import Child
from cre_toolkit.rules.authority import AuthorityPack
from cre_toolkit.rules.instrument import Instrument

VERSION = 1
"""Of this shape. A new shape is a new number, and both are read."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The child's newest record before this one: it answers "previously assessed?"."""

    completed_at: datetime.datetime
    level: str
    instrument: str


@dataclass(frozen=True, slots=True)
class Previous:
    """The record that this one reviews."""

    reference: str
    completed_at: datetime.datetime


def content(
    *,
    assessment: Assessment,
    instrument: Instrument,
    authority: AuthorityPack,
    answers: Answers,
    case_file: dict[str, Any],
    outcome: dict[str, Any],
    earlier: Earlier | None,
    previous: Previous | None,
    completed_at: datetime.datetime,
    sent_at: datetime.datetime,
    referred: Mapping[str, datetime.datetime],
) -> dict[str, Any]:
    """The record's content (the shape of version 1).

    Args:
        assessment: the draft, with its child and its author.
        instrument: the edition.
        authority: the pack in force.
        answers: the whole draft.
        case_file: what the rules read.
        outcome: what they gave back.
        earlier: the child's newest record before this one, which answers "previously assessed?".
        previous: the record that it reviews, where it does.
        completed_at, sent_at: the two instants.
        referred: since when `social_care` and `police` know, as far as the service can tell.
    """
    author = assessment.author
    said = {name: dump(answers.section(name)) for name in type(answers).model_fields}
    said["indicators"].pop("set_aside")
    said["level"].pop("written_for")
    for since in said["indicators"]["since_last"].values():
        if since["answer"] != "no-longer-seen":
            # A reason typed and taken back stays in the draft alone.
            since["why"] = ""
    said["level"]["reasons"] = [REASONS_FOR_ANOTHER_LEVEL[code] for code in answers.level.reasons]
    return {
        "reference": assessment.reference,
        "version": VERSION,
        "instrument": instrument.id,
        "edition": instrument.edition,
        "edition_sha256": instrument.sha256,
        "authority": authority.id,
        "authority_name": authority.name,
        "author": {
            "name": author.name,
            "agency": author.agency.name if author.agency else "",
            "role": author.job_title,
            "contact": ", ".join(part for part in (author.telephone, author.email) if part),
        },
        "begun_by": {"name": begun.name, "agency": begun.agency.name if begun.agency else ""}
        if (begun := assessment.begun_by)
        else None,
        "sent_at": sent_at.isoformat(timespec="seconds"),
        "completed_at": completed_at.isoformat(timespec="seconds"),
        "referred": {to: at.isoformat(timespec="seconds") for to, at in sorted(referred.items())},
        "number": assessment.version,
        "previous": {
            "reference": previous.reference,
            "completed_at": previous.completed_at.isoformat(timespec="seconds"),
        }
        if previous
        else None,
        "child": header(assessment.child, outcome["age"], earlier),
        "answers": said,
        "case_file": case_file,
        "outcome": outcome,
    }


def header(child: Child, age: int | None, earlier: Earlier | None) -> dict[str, Any]:
    """The form's header as it stood (A2): who the child is, who is responsible, what came before."""
    worker = child.allocated_worker
    return {
        "reference": child.reference,
        "name": child.name,
        "known_as": child.known_as,
        "date_of_birth": child.date_of_birth.isoformat() if child.date_of_birth else None,
        "age": age,
        "age_estimated": child.date_of_birth is None and age is not None,
        "gender": child.gender,
        "nhs_number": child.nhs_number,
        "address": child.address,
        "postcode": child.postcode,
        "school": child.school,
        "worker_name": worker.name if worker else child.worker_name,
        "worker_contact": ", ".join(filter(None, (worker.telephone, worker.email)))
        if worker
        else child.worker_contact,
        "earlier_assessment": {
            "completed_at": earlier.completed_at.isoformat(timespec="seconds"),
            "level": earlier.level,
            "instrument": earlier.instrument,
        }
        if earlier
        else None,
        "send": child.send,
        "disabilities": child.disabilities,
        "open_to_social_care": child.open_to_social_care,
        "plan": child.plan,
        "looked_after": child.looked_after,
        "own_words": child.own_words,
        "wishes": child.wishes,
    }


def canonical(content: dict[str, Any]) -> bytes:
    """The content as the bytes that its hash covers: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(content: dict[str, Any]) -> tuple[str, bytes]:
    """The SHA-256 of the content in hexadecimal, and its bytes deflated, as a row stores them."""
    plain = canonical(content)
    return hashlib.sha256(plain).hexdigest(), deflated(plain)
