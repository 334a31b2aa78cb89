"""Which act of the service makes which event of the case contract, and which entries of `due` it does.

    python -m cre_toolkit.casework.case.effects > docs/reference/acts-and-events.md

A test holds it complete: each function of `casework` that makes an event stands here, each kind of event is
made by something, and whatever can fall due can be done by something.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """What one act does to a case."""

    act: str
    """Its folder, module and function within `casework`."""
    words: str
    """What a person does."""
    events: tuple[str, ...]
    """The kinds of events that it makes, in the contract's names."""
    does: tuple[str, ...] = ()
    """The ids of what is due that it does, by a `done` of its own or since the contract counts its event."""


EFFECTS: tuple[Effect, ...] = (
    Effect(
        "assessment.sending.send",
        "An assessment is sent",
        ("assessment", "done"),
        ("send-to-social-care", "telephone-social-care", "telephone-police", "reassess"),
    ),
    Effect(
        "referral.referring.refer",
        "A child is referred within the service or by telephone",
        ("done",),
        (
            "refer-front-door",
            "refer-social-care",
            "refer-police",
            "send-to-social-care",
            "telephone-social-care",
        ),
    ),
    Effect(
        "referral.sealed.dispatch",
        "A sealed document is on its way to somebody without an account",
        ("done",),
        ("refer-front-door", "refer-social-care", "refer-police", "send-to-social-care"),
    ),
    Effect(
        "referral.no_route.route",
        "Somebody is found for what reached nobody",
        ("done",),
        ("refer-front-door", "refer-social-care", "refer-police", "send-to-social-care"),
    ),
    Effect(
        "referral.answering.accept",
        "The front door accepts a referral",
        ("done",),
        ("refer-front-door", "refer-social-care", "send-to-social-care"),
    ),
    Effect(
        "referral.answering.return_it",
        "A recipient returns a referral: what it had done is due again",
        ("withdrawn",),
    ),
    Effect(
        "assessment.transcribing.transcribe", "A form from paper is entered", ("assessment",), ("reassess",)
    ),
    Effect("assessment.calls.declare_danger", "Immediate danger is said", ("immediate-risk",)),
    Effect(
        "assessment.calls.log_call",
        "A telephone call that reached somebody is logged",
        ("done",),
        ("telephone-social-care", "telephone-police"),
    ),
    Effect(
        "note.notes.write_note",
        "What was due is done by speaking with somebody, and written down",
        ("done",),
        (
            "adult-safeguarding-transfer",
            "bring-meeting-forward",
            "child-protection-plan",
            "contact-cpm-vc",
            "discuss-team-manager",
            "information-report",
            "looked-after-discussion",
            "refer-police",
            "tell-cpm-vc",
            "tell-manager",
            "threshold-discussion",
        ),
    ),
    Effect(
        "note.incidents.record_incident",
        "A significant incident is recorded; with it, that the child is in danger now",
        ("significant-incident", "immediate-risk"),
    ),
    Effect("case.in_error.withdraw", "An entry of the case is withdrawn: recorded in error", ("withdrawn",)),
    Effect(
        "missing.episodes.report_missing",
        "A child is reported missing",
        ("missing",),
    ),
    Effect("missing.episodes.record_return", "A missing child’s return is recorded", ("returned",)),
    Effect(
        "missing.episodes.record_past_episode",
        "A missing episode that is over is entered afterwards",
        ("missing", "returned"),
    ),
    Effect(
        "missing.interviews.record_interview",
        "A return interview is held, declined or found not possible",
        ("return-interview", "done"),
        ("return-interview",),
    ),
    Effect(
        "missing.plan.agree_plan",
        "A plan against further missing episodes is agreed or reviewed",
        ("done",),
        ("missing-plan",),
    ),
    Effect(
        "countersigning.answers.countersign",
        "A manager answers an assessment: agrees, returns it, or sets another level",
        ("countersign", "done"),
        (
            "tell-manager",
            "send-to-social-care",
            "telephone-social-care",
            "telephone-police",
            "refer-front-door",
            "refer-social-care",
            "refer-police",
        ),
    ),
    Effect(
        "meeting.holding.record",
        "A meeting that was held is recorded",
        ("meeting",),
        ("high-risk-strategy-meeting", "medium-risk-strategy-meeting", "missing-strategy-meeting"),
    ),
    Effect(
        "meeting.planning.plan",
        "A manager plans a meeting that agrees a level",
        ("done",),
        ("bring-meeting-forward",),
    ),
    Effect(
        "meeting.planning.move",
        "A manager brings such a meeting forward",
        ("done",),
        ("bring-meeting-forward",),
    ),
    Effect("ends.closing.close_held", "A case is closed", ("closed",)),
    Effect("ends.closing.reopen_held", "A closed case is opened again", ("reopened",)),
    Effect(
        "ends.closing.reopen_for",
        "A closed case is opened by what asks for something: an assessment, an incident, a manager’s answer,"
        " a meeting; and by a merge with an open one",
        ("reopened",),
    ),
    Effect("ends.closing.close_again", "A merge that opened a closed case is undone", ("closed",)),
    Effect("transfer.passing.pass_on", "Another authority receives a child", ("transfer",)),
    Effect(
        "ends.transitions.plan",
        "What Adult Safeguarding does from 18, or from 25, is agreed",
        ("done",),
        ("adult-transition", "scope-ends", "adult-safeguarding-transfer"),
    ),
    Effect(
        "tasking.meetings.record_meeting",
        "The monthly tasking meeting of an authority is recorded, for the cases that it discussed",
        ("meeting",),
        ("monthly-tasking",),
    ),
    Effect("note.in_error.say_in_error", "A note that did what was due was written in error", ("withdrawn",)),
    Effect("assessment.withdrawing.withdraw", "A sent assessment is withdrawn", ("withdrawn",)),
)

_HEAD = """\
# Acts and events

Printed by `python -m cre_toolkit.casework.case.effects` from a table that a test holds complete; not written
by hand. Each act writes dated events onto the child's record. What is due follows from them (the case
contract), and is done by a `done` event or because the contract counts the event itself, as with a meeting.
"""


def page() -> str:
    """The reference page: every act with its events, and what it does."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "| what a person does | act | events | what is due and done by it |"
    yield "|---|---|---|---|"
    for effect in EFFECTS:
        events = ", ".join(f"`{kind}`" for kind in effect.events)
        does = ", ".join(f"`{id_}`" for id_ in effect.does) or "–"
        yield f"| {effect.words} | `{effect.act}` | {events} | {does} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
