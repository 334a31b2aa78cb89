"""A manager's answer, passed on: who is told of it, and what another level asks for that is done already.

Source: toolkit.md, B4; case.md, `set-level` ("acts as a new assessment at its own moment"). What it asks for
is due anew; a danger that was telephoned through, and a referral whose recipient is told of the new level
here, are not asked for a second time.
"""

import uuid
from collections.abc import Collection

from django.db import transaction

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.assessment.recipients import recipients_of
from cre_toolkit.casework.case.copies import CALLS
from cre_toolkit.casework.case.entering import enter
from cre_toolkit.casework.case.ticking import ticks
from cre_toolkit.casework.models import Countersignature, Referral
from cre_toolkit.casework.referral.models import How
from cre_toolkit.casework.referral.reaching import SENDING
from cre_toolkit.casework.referral.states import State
from cre_toolkit.children import access
from cre_toolkit.children.models import Child
from cre_toolkit.children.telling import tell
from cre_toolkit.jobs.models import Message
from cre_toolkit.rules.casestate import CaseState

TOLD = {
    Countersignature.Outcome.AGREED: "Assessment {} has been countersigned",
    Countersignature.Outcome.RETURNED: "Assessment {} has been returned to you",
    Countersignature.Outcome.SET_LEVEL: "A manager has set another level for assessment {}",
}
TO_DO = (
    "A manager has answered the assessment with the reference {}.\n\n"
    "Sign in to CRE Toolkit and search for the reference to read what they say and what to do. For safety"
    " this message says nothing more."
)


@transaction.atomic(savepoint=False)
def tell_author(*, by: User, answer: Countersignature, child: Child) -> None:
    """Tell whoever sent an assessment how it was answered.

    Args:
        by: the manager.
        answer: theirs.
        child: the record that stands for the child, held.
    """
    author = User.objects.filter(access.admitted(child), pk=answer.record.author_id, is_active=True)
    _tell(by=by, answer=answer, child=child, people=dict(author.values_list("pk", "email")))


@transaction.atomic(savepoint=False)
def pass_on(*, by: User, answer: Countersignature, child: Child, state: CaseState) -> None:
    """Tell everybody of another level who was told of the one that was sent, and enter what that does.

    Where social care has it by them, that is how the level is sent to social care. So it is with a referral
    within the service, which does of the new level what it did of the one that was sent: returned, both are
    due again. A call about the danger counts for both.

    Args:
        by: the manager.
        answer: theirs, by which another level is set.
        child: the record that stands for the child, held.
        state: of the case, with the answer.
    """
    record = answer.record
    done = {one.entry.id: one.by.id for one in state.done if one.entry.event_id == answer.event.keys["event"]}
    referrals = _standing_for(child, set(done.values()))
    causes = [record.pk, *(referral.pk for referral in referrals)]
    told = Message.objects.filter(cause__in=causes).values("to")
    people = User.objects.filter(access.admitted(child), email__in=told, is_active=True)
    others = people.exclude(pk=record.author_id)
    _tell(by=by, answer=answer, child=child, people=dict(others.values_list("pk", "email")))
    does = {one: [action for action in done if done[action] in one.ticked] for one in referrals}
    actions = CALLS.intersection(done).union(*does.values())
    if recipients_of(child, record.author).reach_social_care:
        actions |= {SENDING}
    asked_by = str(answer.event_id)
    entered = ticks(by=by, child=child, state=state, actions=actions, at=answer.at, asked_by=asked_by)
    if not entered:
        return
    for one in entered:
        if one.keys["action"] != SENDING:
            # One act did both: withdrawn, it did neither.
            one.entered_with_id = uuid.UUID(done[one.keys["action"]])
    enter(by=by, child=child, events=entered)
    for referral, its in does.items():
        referral.ticked += [str(one.pk) for one in entered if one.keys["action"] in its]
    Referral.objects.bulk_update(does, ["ticked"])


def _standing_for(child: Child, done: Collection[str]) -> list[Referral]:
    """The referrals within the service that did any of this and were not returned. One query.

    Not those of an authority that was responsible before.
    """
    here = Referral.objects.filter(child__stands_for=child.pk, authority=child.authority)
    inside = here.filter(how=How.SERVICE)
    standing = inside.exclude(state__in=(State.RETURNED, State.WITHDRAWN))
    return [referral for referral in standing if not set(referral.ticked).isdisjoint(done)]


@transaction.atomic(savepoint=False)
def _tell(*, by: User, answer: Countersignature, child: Child, people: dict[uuid.UUID, str]) -> None:
    reference = answer.record.assessment.reference
    tell(
        by=by,
        child=child,
        people=people,
        subject=TOLD[Countersignature.Outcome(answer.outcome)].format(reference),
        body=TO_DO.format(reference),
        cause=answer.pk,
        page="assessment-decision",
        page_of=reference,
    )
