"""What stands on the sheet that a child or family is given: what was typed for them, and our own few words.

Nothing is copied from the form: no indicator, level, person of concern or other child (toolkit.md, E3).
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import family_words as words
from cre_toolkit.assessments.models import Record
from cre_toolkit.assessments.plain_words import to_say_plainly
from cre_toolkit.documents.dates import day_in_words
from cre_toolkit.documents.model import Block, BulletList, Document, Heading, Note, Paragraph
from cre_toolkit.rules.loading import load_authority

VERSION = 1
"""Of the shape of a sheet's content."""


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


def prefilled(record: Record, by: User) -> Said:
    """What stands in the form before the practitioner writes: neutral words, to be changed.

    What the assessment made due by a day that is over is left out: nobody is promised what was then to come.

    Args:
        record: the sent assessment.
        by: who writes the sheet, and can be rung.
    """
    outcome = record.content["outcome"]
    lines = [
        _on_time(words.TOLD[due["id"]], due["due"])
        for due in (*outcome["actions"], *outcome["reviews"])
        if due["id"] in words.TOLD and not _is_over(due["due"])
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
    """What will be done, and the day by which."""
    return words.ON_TIME.format(what=what, day=day_in_words(_day(due))) if due else f"{what}."


def _is_over(due: str | None) -> bool:
    return due is not None and _day(due) < timezone.localdate()


def _day(due: str) -> datetime.date:
    """A day, or the day on which an instant falls."""
    moment = datetime.datetime.fromisoformat(due)
    return moment.date() if moment.tzinfo is None else timezone.localdate(moment)


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
