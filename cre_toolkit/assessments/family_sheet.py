"""What a child or family may be given about an assessment: plain words, and only where it is safe.

It holds what the practitioner typed for them and our own few words. Indicators, levels, persons of concern
and other children are never part of it: nothing is copied from the form (toolkit.md, A5 and E3). What was
given is kept word for word.
"""

import datetime
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import family_words as words
from cre_toolkit.assessments.models import Assessment, FamilySheet, Record
from cre_toolkit.assessments.plain_words import to_say_plainly
from cre_toolkit.assessments.queries import is_last
from cre_toolkit.audit import actions as audit
from cre_toolkit.children import access
from cre_toolkit.children.access import Act
from cre_toolkit.documents.dates import day_in_words
from cre_toolkit.documents.model import Block, BulletList, Document, Heading, Note, Paragraph
from cre_toolkit.rules.loading import load_authority

VERSION = 1
"""Of the shape of a sheet's content."""


class WhyNot(StrEnum):
    """Why nothing is offered to give to the family."""

    WITHDRAWN = "withdrawn"
    PAPER = "paper"
    NOT_LAST = "not-last"
    NOT_SAFE = "not-safe"
    NOT_KNOWN = "not-known"
    NOT_ANSWERED = "not-answered"


_BY_ANSWER = {"yes": None, "no": WhyNot.NOT_SAFE, "not-known": WhyNot.NOT_KNOWN}


class NotOffered(PermissionError):
    """Nothing may be given to the family about this assessment.

    Args:
        why: the reason.
    """

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the practitioner typed and chose for the family."""

    for_whom: str
    """`child` or `family`."""
    name: str = ""
    talked_about: str
    worries: str
    next: str
    ring: str
    helplines: tuple[str, ...] = ()
    """Each as it is to be read: a name and a number."""


def why_not(record: Record) -> WhyNot | None:
    """Why nothing is offered; None where it may be. The assessment's own answer decides (A5). One query.

    An assessment that was superseded is no longer asked: what was safe then may not be now.

    Args:
        record: the sent assessment, read with its assessment and its withdrawal.
    """
    if hasattr(record, "withdrawal"):
        return WhyNot.WITHDRAWN
    if record.assessment.transcribed:
        return WhyNot.PAPER
    if not is_last(record):
        return WhyNot.NOT_LAST
    answer = record.content["answers"]["sharing"].get("safe-to-tell-family", "")
    return _BY_ANSWER.get(answer, WhyNot.NOT_ANSWERED)


def prefilled(record: Record, by: User) -> Said:
    """What stands in the form before the practitioner writes: neutral words, to be changed.

    Args:
        record: the sent assessment.
        by: who writes the sheet, and can be rung.
    """
    outcome = record.content["outcome"]
    lines = [
        _on_time(words.TOLD[due["id"]], due["due"])
        for due in (*outcome["actions"], *outcome["reviews"])
        if due["id"] in words.TOLD
    ]
    telephone = words.PREFILLED_RING.format(name=by.name, telephone=by.telephone) if by.telephone else ""
    return Said(
        for_whom="",
        talked_about=words.PREFILLED_TALK,
        worries="",
        next="\n".join(dict.fromkeys(lines)),
        ring=telephone,
    )


def _on_time(what: str, due: str | None) -> str:
    """What will be done, and the day by which; an instant is said as its day."""
    if not due:
        return f"{what}."
    return words.ON_TIME.format(what=what, day=day_in_words(datetime.datetime.fromisoformat(due)))


def helplines(record: Record) -> list[tuple[str, str]]:
    """Whom a family can ring: each as it is to be read, and a hint where the number has to be checked.

    Args:
        record: the sent assessment, whose authority's contacts they are.
    """
    today = timezone.localdate()
    national = [
        (f"{name}: {number}", _check(words.HELPLINES_AS_OF)) for name, number in words.HELPLINES.values()
    ]
    local = [
        (
            f"{words.CONTACTS[contact.id]}: {contact.telephone or contact.website}",
            _check(contact.as_of) if contact.check_from <= today else "",
        )
        for contact in load_authority(record.authority).on(today).contacts
        if contact.id in words.CONTACTS
    ]
    return national + local


def _check(as_of: datetime.date) -> str:
    return words.CHECK.format(month=f"{as_of:%B %Y}")


def pointed_out(said: Said) -> list[tuple[str, str]]:
    """What the practitioner may want to say more plainly: each term once, and what to say instead."""
    return to_say_plainly("\n".join((said.talked_about, said.worries, said.next, said.ring)))


def content(said: Said, by: User, at: datetime.datetime) -> dict[str, Any]:
    """Everything that will stand on the sheet, ours and theirs: it reads the same for ever.

    Args:
        said: what was typed.
        by: who gives it.
        at: when.
    """
    who = ", ".join(filter(None, (by.name, by.job_title, by.agency.name if by.agency else "")))
    opening = [words.FOR.format(name=said.name)] if said.name else []
    heading, text = words.NOT_YOUR_FAULT[said.for_whom]
    return {
        "version": VERSION,
        "title": words.TITLE,
        "author": by.name,
        "opening": [*opening, words.WRITTEN_BY.format(who=who, day=day_in_words(at))],
        "sections": [
            {"heading": words.TALKED_ABOUT, "text": said.talked_about},
            {"heading": words.WORRIES, "text": said.worries},
            {"heading": words.NEXT, "items": said.next.split("\n")},
            {"heading": words.RING, "text": said.ring},
            {"heading": words.HELP, "text": words.EMERGENCY, "items": list(said.helplines)},
            {"heading": heading, "text": text},
        ],
        "closing": words.ASK,
    }


def family_document(content: Mapping[str, Any], *, reference: str, at: datetime.datetime) -> Document:
    """The sheet as a document in large print, without a marking: it is the family's to keep.

    Args:
        content: as `content` made it.
        reference: the sheet's.
        at: when it was made.
    """
    return Document(
        title=content["title"],
        reference=reference,
        author_line=content["author"],
        time_line=day_in_words(at),
        completed_at=at,
        blocks=tuple(_blocks(content)),
        marking="",
        large=True,
    )


def _blocks(content: Mapping[str, Any]) -> Iterator[Block]:
    for line in content["opening"]:
        yield Paragraph(line)
    for section in content["sections"]:
        yield Heading(section["heading"])
        if text := section.get("text"):
            yield Paragraph(text)
        if items := [item for item in section.get("items", ()) if item.strip()]:
            yield BulletList(tuple(items))
    yield Note(content["closing"])


@transaction.atomic
def give(*, by: User, record: Record, said: Said, form_id: uuid.UUID) -> FamilySheet:
    """Make the sheet that the child or family is given, and keep it. The same form sent twice makes one.

    Args:
        by: who gives it.
        record: a sent assessment of a child whom they may see.
        said: what stands on it.
        form_id: minted by the form.

    Raises:
        NotAllowed: giving something to a family is not within the user's roles.
        NotVisible: the form's number belongs to something else.
        NotOffered: it is not safe, or nobody has said that it is.
    """
    access.check(access.standing_of(by), Act.GIVE_FAMILY_SHEET)
    # One that is withdrawn in this moment waits, or is seen here.
    Assessment.objects.select_for_update(no_key=True).get(pk=record.assessment_id)
    record = Record.objects.select_related("assessment", "withdrawal").get(pk=record.pk)
    if (why := why_not(record)) is not None:
        raise NotOffered(why)
    now = timezone.now()
    sheet, made = FamilySheet.objects.get_or_create(
        form_id=form_id,
        defaults={"record": record, "by": by, "at": now, "content": content(said, by, now)},
    )
    if (sheet.record_id, sheet.by_id) != (record.pk, by.pk):
        raise access.NotVisible(sheet.reference)
    if made:
        audit.record(
            by=by,
            kind="family-sheet.given",
            authority=record.authority,
            child=record.child_id,
            subject_kind="family-sheet",
            subject=sheet.pk,
            detail={"for": said.for_whom},
        )
    return sheet


def sheets_of(record: Record) -> list[FamilySheet]:
    """What has been given about an assessment, the newest first. One query."""
    return list(FamilySheet.objects.filter(record=record).select_related("by").order_by("-at"))


def sheet_of(record: Record, reference: str) -> FamilySheet:
    """One sheet about an assessment that the caller may see. One query.

    Raises:
        NotVisible: there is none of that reference about it.
    """
    found = FamilySheet.objects.filter(record=record, reference=reference).first()
    if found is None:
        raise access.NotVisible(reference)
    return found
