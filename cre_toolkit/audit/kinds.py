"""The kinds of audit events: `noun.verb`, and what each says to whoever reads the trail.

    python -m cre_toolkit.audit.kinds > docs/reference/audit-events.md

An event of a kind that is not listed is refused (`actions.UnknownKind`): nobody would know to ask for it.
"""

import sys
from collections.abc import Iterator

READING: dict[str, str] = {
    "home.viewed": "Opened the home page; the children on it",
    "due.viewed": "Opened a list of what is due; the children on it",
    "mail.viewed": "Opened the list of messages that did not arrive",
    "team.viewed": "Opened the list of the people of the teams that they manage; how many children each has",
    "caseload.viewed": "Opened the list of the children of somebody in their team; the children on it",
    "drafts.viewed": "Opened the list of unfinished assessments; the children on it",
    "duplicates.viewed": "Opened the list of records that may be of one child; the children on it",
    "duplicate.viewed": "Opened two records that may be of one child, side by side",
    "child.searched": "Searched; by which fields, and the children who were found",
    "child.likely-shown": "Was shown records that may be of the child being added",
    "child.viewed": "Opened a child's record, or a page to change it",
    "child.access-viewed": "Opened the list of those who may see a child's record",
    "child.network-viewed": "Opened the network of practitioners around a child",
    "child.restriction-viewed": "Opened to whom a child's record is restricted",
    "child.lock-outs-viewed": "Opened the list of those who are locked out of a child's record",
    "child.looks-viewed": "Opened the list of who has looked at a child's record",
    "child.existence-shown": "Was told that there is a record which they do not see",
    "break-glass.opened": "Opened the page on which the glass is broken",
    "break-glass.viewed": "Opened who broke the glass, and why",
    "records.viewed": "Opened the page of how long a child's record is kept",
    "records.listed": "Opened a list of records whose time is over; the children on it",
    "access-review.viewed": "Opened the review of who has access in the authority",
    "child.ends-viewed": "Opened a page on which a case is closed, opened again or transferred",
    "child.death-viewed": "Opened the page on which the death of a child is recorded",
    "child.transition-viewed": "Opened what is agreed with adult services for a young person",
    "transfers.viewed": "Opened the list of transfers between authorities; the children on it",
    "transitions.viewed": "Opened the list of those who turn 18, or 25; the young people on it",
    "taking-on.viewed": "Opened the list of children who are still to be taken on; the children on it",
    "child.calls-viewed": "Opened the telephone calls about a child",
    "child.timeline-viewed": "Opened the timeline of a child: everything that happened",
    "child.note-viewed": "Opened a page on which something is written onto a child’s case",
    "child.incident-viewed": "Opened the page on which a significant incident is recorded",
    "child.in-error-viewed": "Opened the page on which an entry of the case is withdrawn",
    "referrals.viewed": "Opened a list of referrals; the children on it",
    "referral.viewed": "Opened a referral; which",
    "no-route.viewed": "Opened the queue of assessments that reach nobody; the children on it",
    "child.refer-viewed": "Opened the page on which a child is referred",
    "sealed-document.downloaded": "Fetched a sealed document, which opens by its passphrase alone",
    "child.missing-viewed": "Opened the missing episodes of a child, and the plan against more",
    "child.tasking-viewed": "Opened what the tasking meeting asked for a child",
    "missing.listed": "Opened the list of the children who are or were missing; the children on it",
    "missing.exported": "Fetched that list as a file; the children on it",
    "tasking.listed": "Opened the list of the monthly tasking meeting; the children on it",
    "tasking.exported": "Fetched that list as a file; the children on it",
    "child.meetings-viewed": "Opened the list of a child’s meetings, or the page on which one is planned",
    "meetings.viewed": "Opened the list of the planned meetings that are theirs; the children on it",
    "meeting.viewed": "Opened a meeting: what to prepare, or its minutes",
    "meeting.changing-viewed": "Opened a page on which a meeting is moved, cancelled or recorded",
    "meeting.calendar-downloaded": "Fetched a meeting as a file for a calendar",
    "minutes.pdf-downloaded": "Fetched the minutes of a meeting as PDF",
    "minutes.docx-downloaded": "Fetched the minutes of a meeting as a Word file",
    "child.history-viewed": "Opened the list of a child's assessments",
    "child.merged-viewed": "Opened what two records were merged from",
    "assessment.draft-viewed": "Opened a page of an unfinished assessment; which",
    "assessment.opened-to-copy": "Opened an assessment to copy from it",
    "assessment.viewed": "Opened a sent assessment",
    "assessment.sent-viewed": "Opened the page after sending an assessment",
    "assessment.versions-viewed": "Opened the versions of an assessment",
    "assessment.changes-viewed": "Opened what changed from one version to the next",
    "assessment.withdrawal-viewed": "Opened the page on which an assessment is withdrawn",
    "assessment.decision-viewed": "Opened a manager's answer to an assessment, or the page to give one",
    "countersign.listed": "Opened the list of assessments that wait for a manager; the children on it",
    "notices.viewed": "Opened what they were told, and what is new on their children; the children on it",
    "assessment.family-viewed": "Opened the page of what a child or family may be given",
    "assessment.print-viewed": "Opened a completed form to print it",
    "assessment.pdf-downloaded": "Fetched a completed form as PDF",
    "assessment.docx-downloaded": "Fetched a completed form as a Word file",
    "family-sheet.pdf-downloaded": "Fetched what a child or family was given as PDF",
    "family-sheet.docx-downloaded": "Fetched what a child or family was given as a Word file",
    "subject-access.listed": "Opened the list of requests for what is held; the children on it",
    "subject-access.viewed": "Opened what was collected for a request; which",
    "subject-access.opened": "Entered a request for what is held about a child, and had it collected",
    "subject-access.pdf-downloaded": "Fetched an approved answer as PDF",
}
"""What showed somebody something, or that it is there."""

REFUSED: dict[str, str] = {
    "access.not-visible": "Asked for what is not there, or not for this person; the way, and the reference",
    "access.walk-stopped": "Asked for one reference after another that showed nothing, and was stopped",
    "access.not-allowed": "Tried what is not within the person's roles; the way, and the reference",
}

KINDS: dict[str, str] = {
    **READING,
    **REFUSED,
    # Writing about children.
    "child.added": "Added a child",
    "child.changed": "Changed a child's details; which fields",
    "child.duplicates-noted": "Noted that a record may be of a child who is on the record already",
    "duplicate.paired-by-hand": "Took two records for one child and had them compared, saying why",
    "duplicate.decided": "Said whether two records are of one child",
    "child.merged": "Merged two records of one child",
    "child.parted": "Undid a merge",
    "access.granted": "Somebody, or a team, was given access to a child's record; why",
    "countersign.stood-in": "Answered an assessment in the place of a manager on leave; whose",
    "cover.arranged": "Had somebody stand in for a colleague on leave; who, from when, until when",
    "cover.ended": "Ended cover for leave before its time; whose",
    "access.ended": "Access to a child's record ended; why",
    "child.restricted": "Restricted a record to people named on it",
    "child.restriction-lifted": "Lifted the restriction of a record",
    "access.locked-out": "Locked somebody out of a record; for what conflict of interest",
    "access.let-in-again": "Ended that somebody is locked out of a record",
    "break-glass.broken": "Broke the glass: opened a record for a day without having been given access; why",
    "break-glass.reviewed": "Reviewed a break-glass; whether it was justified",
    # How long records are kept.
    "records.held": "Put a record on legal hold",
    "records.hold-ended": "Ended the legal hold of a record",
    "records.kept-longer": "Reviewed a record whose time was over, and kept it for longer",
    "records.destruction-proposed": "Proposed that a record is destroyed; which proposal",
    "records.destruction-approved": (
        "Approved, as the second person, that a record is destroyed; which proposal"
    ),
    "records.destruction-refused": "Refused that a record is destroyed; which proposal",
    "records.destroyed": "A record was destroyed at the end of its time; which certificate",
    # Answering those who ask what is held about them.
    "subject-access.extended": "Took two more months to answer a request",
    "subject-access.left-out": "Left words out of an answer; of which line, and for which reason",
    "subject-access.put-back": "Put words back into an answer; into which line",
    "subject-access.approved": "Approved an answer, as the second person",
    # Writing assessments.
    "assessment.started": "Began an assessment",
    "assessment.review-started": "Began a review of an earlier assessment",
    "assessment.transcription-started": "Began to enter an assessment from paper",
    "assessment.saved": "Saved a part of an unfinished assessment; which",
    "assessment.copied-into": "Copied parts of one assessment into another child's",
    "assessment.discarded": "Discarded an unfinished assessment",
    "assessment.restored": "Took back a discarded assessment",
    "assessment.handed-over": "Handed an unfinished assessment over to a colleague",
    "assessment.moved": "An unfinished assessment went with its child's record, in a merge or its undoing",
    "assessment.draft-erased": "The service erased a discarded assessment",
    "assessment.recorded": "Recorded an assessment: from here on it never changes",
    "assessment.sent": "Sent an assessment; to whom",
    "assessment.transcribed": "Recorded an assessment that was entered from paper",
    "assessment.withdrawn": "Withdrew a sent assessment",
    "family-sheet.given": "Made what a child or family was given",
    "text.held": "Text that could not be saved was held for its author",
    "text.given-back": "Held text was given back to its author",
    "text.forgotten": "Held text was forgotten",
    # The case.
    "case.assessment": "An assessment became part of the case",
    "case.countersign": "A manager answered an assessment; with what outcome",
    "case.meeting": "A meeting was recorded in the case; which type, and the level that it agreed",
    "case.significant-incident": "A significant incident was recorded",
    "case.immediate-risk": "Immediate danger was said",
    "case.missing": "The start of a missing episode was recorded",
    "case.returned": "A return from a missing episode was recorded",
    "case.return-interview": "A return interview was recorded; held, declined or not possible",
    "case.transfer": "Another authority became responsible",
    "case.closed": "The case was closed",
    "case.reopened": "The case was reopened",
    "case.done": "Something that was due was done",
    "case.withdrawn": "An event of the case was withdrawn",
    "case.closing-recorded": "Closed the case; for which reason",
    "case.reopening-recorded": "Opened a closed case again",
    "child.death-recorded": "Recorded that a child has died",
    "child.death-taken-back": "Said that the death of a child was recorded in error",
    "child.death-carried": "The day of a child’s death followed a merge of two records, or its undoing",
    "transfer.asked": "Asked another authority to be responsible for a child; which",
    "transfer.received": "Another authority became responsible for a child who was its own; which",
    "transfer.declined": "Declined to be responsible for a child of another authority; which",
    "transfer.taken-back": "Took back that another authority be responsible; which",
    "transfer.confirmed": "Recorded that an authority outside this service is responsible",
    "transfer.chased": "Reminded another authority of a child whom it was asked to receive",
    "transition.recorded": "Recorded a step on the way to adult services; which",
    "child.taken-on": "Said that they have taken on a child who was allocated to them",
    "child.taking-on-chased": "Reminded somebody of children whom they have not taken on yet; who",
    "missing-plan.agreed": "Recorded a plan against further missing episodes, or a review of it",
    "return-interview.recorded": "Recorded an offer of a return interview, or what came of it; which",
    "tasking.held": "Recorded a tasking meeting of the authority; how many cases were discussed",
    "tasking.asked": "Recorded what the tasking meeting asked for a child",
    "tasking.answered": "Answered what the tasking meeting asked for a child; how far it is",
    "notices.read": "Said that they have read what they were told; how much",
    "notices.put-away": "A record was closed to people who had unread notices of it; how many",
    "notices.removed": "The service removed what people had read long ago; how much",
    "call.logged": "Logged a telephone call about a child",
    "note.written": "Wrote a discussion, a decision or an intervention onto a case; what was done by it",
    "note.in-error": "Said of a discussion, a decision or an intervention that it was written in error",
    "lead.named": "Named who leads the work with a child; whom, where they have an account",
    # Referrals. The steps are those of docs/reference/referral-states.md.
    "referral.made": "A referral began; to whom, how, and in which state",
    "referral.taken": "Took on an assessment that reaches nobody",
    "referral.tried": "Wrote down what was tried for an assessment that reaches nobody",
    "referral.routed": "Found a recipient for an assessment that reached nobody",
    "referral.prepared": "Named a recipient without an account, who is to get a sealed document",
    "referral.sealed": "Made a sealed document",
    "referral.dispatched": "Said that a sealed document is on its way",
    "referral.received": "A referral was opened for the first time by its recipient",
    "referral.late": "The service told the sender that nobody has acknowledged a referral",
    "referral.chased": "Chased a referral that nobody had acknowledged",
    "referral.acknowledged": "Acknowledged a referral",
    "referral.confirmed": "Entered that somebody without an account has confirmed receipt",
    "referral.accepted": "Accepted a referral",
    "referral.allocated": "Allocated a worker to a child who was referred",
    "referral.returned": "Returned a referral; for which reason",
    "referral.withdrawn": "A referral ended because its assessment was recorded in error",
    "meeting.planned": "Planned a meeting about a child; which type",
    "meeting.changed": "Moved a planned meeting, or changed who is asked to come; which type",
    "meeting.cancelled": "Cancelled a planned meeting; which type",
    "minutes.saved": "Saved unfinished minutes of a meeting",
    "minutes.discarded": "Threw away unfinished minutes of a meeting, of their own",
    "minutes.recorded": "Recorded the minutes of a meeting; of which type",
    "minutes.corrected": "Wrote a newer version of the minutes of a meeting",
    "meeting-action.done": "Said that something agreed in a meeting was done",
    "mail.queued": "A message that names nobody was put into the outbox",
    "reminder.sent": "Somebody was reminded, by a message that names nobody, of what is due on a case",
    "reminder.list-sent": "Somebody was sent the references of what is due to them; the children on it",
    "mail.refused": "A message was not sent: its address is not on the authority's list",
    "mail.retried": "A message that had not arrived was sent again",
    "mail.dealt-with": "Saw to a message that had not arrived: it needs nothing more",
    # The trail itself.
    "audit.searched": "Looked into the audit trail; by what",
    "audit.exported": "Fetched a part of the audit trail as a file; by what, and how many events",
    "audit.verified": "Checked the audit trail; how many events, and how many things were wrong",
    "audit.head-signed": "The end of the authority's chain was signed, to be kept elsewhere",
    # Accounts.
    "account.signed-in": "Signed in; by what: password, second step (mfa), single sign-on (socialaccount)",
    "account.signed-out": "Signed out",
    "account.sign-in-refused": "A wrong address or password; whose account it would have been, if anybody's",
    "account.password-changed": "Changed their password",
    "account.sign-in-throttled": (
        "Too many wrong passwords: refused without a look at the next; whose account"
    ),
    "account.reset-asked": "Asked for a link to set a new password; whose account, by nobody signed in",
    "account.session-ended": "A session ended; why, and by nobody where it was its time",
    "account.locked": "Locked a session",
    "account.unlock-refused": "A wrong password on the lock screen",
    "account.unlocked": "Opened a locked session by password",
    "account.identity-linked": (
        "Came by single sign-on for the first time: that identity is theirs from now on"
    ),
    "account.single-sign-on-refused": "A single sign-on led to no session; whose account, if anybody's",
    "account.confirmed": "Confirmed, before a gravest act, that it is them; how",
    "account.confirm-refused": "Was asked to confirm that it is them, and gave a wrong password",
    "account.second-factor-refused": "A right password, but a wrong code or passkey; whose",
    "account.factor-added": "Set up a second step of signing in for themselves; which",
    "account.factor-removed": "Removed a second step of their own; which",
    "account.recovery-codes-made": "Had new recovery codes made for themselves",
    "account.factors-reset": "Took away all second steps of somebody who had lost theirs",
    "agency.added": "Added an agency",
    "team.added": "Added a team",
    "team.renamed": "Gave a team another name",
    "team.joined": "Put a user into a team",
    "team.left": "Took a user out of a team",
    "user.added": "Gave somebody an account",
    "user.invited": "Invited somebody to set the first password of their account; until when",
    "user.invitation-answered": "Set the first password of an account, by the link of an invitation",
    "user.changed": "Changed what stands about a person who has an account; which fields",
    "user.deactivated": "Closed an account",
    "user.reactivated": "Opened a closed account again",
    "role.given": "Gave a user a role; which",
    "role.ended": "Took a role from a user; which",
}

_HEAD = """\
# Events of the audit trail

Printed by `python -m cre_toolkit.audit.kinds` from the list by which the service writes them; not written by
hand. What an event holds, and how it is sealed, is told in [the audit trail](../explanation/audit.md).
"""


def page() -> str:
    """The reference page: every kind by its name."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "| kind | what it says |"
    yield "|---|---|"
    yield from (f"| `{kind}` | {KINDS[kind]} |" for kind in sorted(KINDS))
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
