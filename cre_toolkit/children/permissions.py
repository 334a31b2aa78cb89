"""What each role may do: the one table that the access policy, the account page and the reference read.

    python -m cre_toolkit.children.permissions > docs/reference/permissions.md

Source: service.md, "Roles". Where that table is silent, our reading: whoever chairs, manages or receives the
cases of an authority is a practitioner too. A champion or an officer of the Police Referral Unit who assesses
children holds the practitioner's role besides.

Which child an act may be done to is `access.py`'s to say; this says only whether it may be done at all.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from cre_toolkit.accounts.roles import Role
from cre_toolkit.children.acts import Act as Act


@dataclass(frozen=True, slots=True)
class Permission:
    """An act, whose it is, and how it is said to a person who may do it."""

    act: Act
    words: str
    roles: frozenset[Role]


_WORK_WITH_CHILDREN = frozenset(
    {Role.PRACTITIONER, Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER, Role.FRONT_DOOR}
)
_SEE_WHAT_THEY_ARE_GIVEN = _WORK_WITH_CHILDREN | {Role.POLICE_REFERRAL, Role.CHAMPION}

# In the order in which they are told.
PERMISSIONS = (
    Permission(
        Act.SEE_GIVEN,
        "See the records of children to which you, or a team of yours, have been given access",
        _SEE_WHAT_THEY_ARE_GIVEN,
    ),
    Permission(
        Act.SEE_OF_TEAM,
        "See the records to which people in a team that you manage have been given access",
        frozenset({Role.TEAM_MANAGER}),
    ),
    Permission(
        Act.SEE_AT_LEVEL,
        "See the record of every child of the authority whose working level is medium or high",
        frozenset({Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(Act.SEARCH, "Search among the records that you can see", _SEE_WHAT_THEY_ARE_GIVEN),
    Permission(Act.ADD_CHILD, "Add a child, after searching", _WORK_WITH_CHILDREN),
    Permission(Act.EDIT_CHILD, "Change the details of a child whose record you can see", _WORK_WITH_CHILDREN),
    Permission(
        Act.ASSESS,
        "Assess a child whose record you can see, and send the assessment",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.LOG_CALL, "Log telephone calls about a child whose record you can see", _WORK_WITH_CHILDREN
    ),
    Permission(
        Act.RECORD_INCIDENT,
        "Record a significant incident on the record of a child whom you can see",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.WRITE_NOTE,
        "Write discussions, decisions and interventions onto the record of a child whom you can see, say what"
        " was done of what is due, and who leads the work with the child",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.REFER,
        "Refer a child whose record you can see: to the front door, to the Police Referral Unit, to the"
        " allocated worker, or by a sealed document to somebody without an account; and chase whoever has not"
        " acknowledged it",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.ANSWER_REFERRALS,
        "Acknowledge, accept or return what was referred to you or to a team of yours",
        _WORK_WITH_CHILDREN | {Role.POLICE_REFERRAL},
    ),
    Permission(
        Act.ALLOCATE,
        "Allocate a worker to a child whose referral your front door has accepted",
        frozenset({Role.FRONT_DOOR}),
    ),
    Permission(
        Act.FIND_ROUTE,
        "See in the queue, by its reference, every assessment in the authority that reaches nobody, and take"
        " it on: from then on you see the record",
        frozenset({Role.FRONT_DOOR, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.RECORD_MISSING,
        "Record that a child whose record you can see is missing or has come back, the return interview, and"
        " the plan against further episodes",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.MONITOR_MISSING,
        "See which children of the authority are missing or were lately, with their return interviews, for"
        " the authority’s monitoring group; this does not show you a record",
        frozenset({Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.MONITOR_MISSING_OF_TEAM,
        "See the same of the children whose records you can see",
        frozenset({Role.TEAM_MANAGER}),
    ),
    Permission(
        Act.RUN_TASKING,
        "Prepare the monthly tasking meeting of the authority, record which cases it discussed, and what it"
        " asked for a child whose record you can see",
        frozenset({Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.ANSWER_TASKING,
        "Answer what the tasking meeting asked for a child whose record you can see",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.KEEP_MEETINGS,
        "Plan, move and cancel the meetings about a child whose record you can see, bring one forward, and"
        " record what was said and agreed; the level too, where the authority’s rules name your role for that"
        " meeting",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.KEEP_MEETINGS_OF_OWN,
        "Plan and record the meetings about a child whose allocated worker you are, and those that you chair",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.WITHDRAW_OWN,
        "Withdraw an assessment, or another entry on the case, of your own that was recorded in error",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.WITHDRAW_OF_TEAM,
        "Withdraw an assessment, or another entry on the case, that somebody in a team that you manage"
        " recorded in error",
        frozenset({Role.TEAM_MANAGER}),
    ),
    Permission(
        Act.WITHDRAW_ANY,
        "Withdraw an assessment, or another entry on the case, that was recorded in error, of any child whose"
        " record you can see",
        frozenset({Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.COUNTERSIGN,
        "Countersign an assessment, return it or set another level: those of the people in a team that you"
        " manage, or whose manager you stand in for, and of whoever has no manager here; never one in which"
        " you wrote yourself",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.COUNTERSIGN_ANY,
        "Do the same for any assessment of a child of the authority whose record you can see",
        frozenset({Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.GIVE_FAMILY_SHEET,
        "Write down in plain words, for a child or family, what an assessment led to, where it is safe",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.SETTLE_DUPLICATES,
        "Say of records of the authority that may be of one child whether they are: compare the two, merge"
        " them, and undo it",
        frozenset({Role.FRONT_DOOR, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.KEEP_NETWORK,
        "Say who is in the network of a child whose record you can see, and who no longer is",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.KEEP_NETWORK_OF_OWN,
        "Say the same of a child whose allocated worker you are",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.RESTRICT,
        "Restrict a record that you can see to people whom you name, and lock somebody out of it who has a"
        " conflict of interest",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.KEEP_RECORDS,
        "See to it that the records of the authority are kept as long as they must be, and no longer: legal"
        " holds, reviews when the time is over, and, two of you together, destruction. By their references;"
        " this does not show you a record",
        frozenset({Role.CHILD_PROTECTION_MANAGER, Role.HEAD_OF_SERVICE}),
    ),
    Permission(
        Act.ANSWER_SUBJECT_ACCESS,
        "Answer a child of the authority, or somebody for them, who asks what is held about them: see all of"
        " it, leave out what the law lets you leave out, or check what a colleague has left out",
        frozenset({Role.HEAD_OF_SERVICE}),
    ),
    Permission(
        Act.READ_TRAIL,
        "Read the audit trail of the authority: who looked at which record, by its reference, and who changed"
        " what; not the record itself",
        frozenset({Role.RECORDS_AUDITOR}),
    ),
    Permission(
        Act.READ_TRAIL_OF_SEEN,
        "Read who has looked at a child whose record you can see, and who changed what",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.BREAK_GLASS,
        "Open the record of a child of the authority at once, for 24 hours, where you cannot wait to be given"
        " access and know exactly whom you mean (break-glass): you say why, others are told, and it is"
        " reviewed",
        _WORK_WITH_CHILDREN | {Role.POLICE_REFERRAL},
    ),
    Permission(
        Act.REVIEW_BREAK_GLASS,
        "Review each break-glass in the authority but your own: who opened which record, why, and whether it"
        " was right",
        frozenset({Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.REVIEW_BREAK_GLASS_OF_TEAM,
        "Review a break-glass, where you are asked to: on a child whose allocated worker is in a team that"
        " you manage",
        frozenset({Role.TEAM_MANAGER}),
    ),
    Permission(
        Act.REVIEW_ACCESS,
        "Review who has been given access in the authority, for how long, who broke the glass, and who opens"
        " the most records; not the records themselves",
        frozenset({Role.RECORDS_AUDITOR}),
    ),
    Permission(
        Act.ADMINISTER,
        "Keep the agencies, teams, people and roles of the authority: invite people, give and end roles,"
        " close accounts. Not your own; and this shows you no child’s record",
        frozenset({Role.ADMINISTRATOR}),
    ),
    Permission(
        Act.HAND_ON,
        "Hand the children of somebody in a team that you manage to another worker, and say who stands in for"
        " them while they are on leave",
        frozenset({Role.TEAM_MANAGER}),
    ),
    Permission(
        Act.TAKE_ON,
        "Say that you have taken on a child who was allocated to you",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.PLAN_TRANSITION,
        "Record what is agreed with Adult Safeguarding for a young person whose record you can see",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.SEE_TRANSITIONS,
        "See which of the young people whose records you can see turn 18, or 25, within a year",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.TRANSFER,
        "Ask another authority to be responsible for a child of yours, confirm that it is, or take that back",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.RECEIVE_TRANSFER,
        "Receive a child from another authority, or decline it",
        frozenset({Role.FRONT_DOOR, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.CLOSE,
        "Close the case of a child whose record you can see, with the reason",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
    Permission(
        Act.REOPEN,
        "Open a closed case again, with the reason",
        _WORK_WITH_CHILDREN,
    ),
    Permission(
        Act.RECORD_DEATH,
        "Record that a child has died, or that this was recorded in error",
        frozenset({Role.TEAM_MANAGER, Role.CHILD_PROTECTION_MANAGER}),
    ),
)
ROLES_FOR: dict[Act, frozenset[Role]] = {permission.act: permission.roles for permission in PERMISSIONS}

FOR_EVERYBODY = (
    "Everybody who signs in can read the guidance and the contacts, fetch the forms without answers, and"
    " change their own password."
)
NOTHING_YET = "Nothing in this service yet. This role does not let you see any child’s record."
# What somebody with the role would expect, and must know not to wait for.
DOES_NOT = {
    Role.POLICE_REFERRAL: (
        "Immediate danger is told to the police by telephone, never here alone. Information reports on"
        " persons and places come on the unit’s own form."
    )
}


def told(role: Role) -> list[str]:
    """What a role lets its holder do, in words to them; one line saying so where that is nothing."""
    return [permission.words for permission in PERMISSIONS if role in permission.roles] or [NOTHING_YET]


# --- The page of the reference ------------------------------------------------------------------------------

_HEAD = f"""\
# Permissions

Printed by `python -m cre_toolkit.children.permissions` from the table by which the service decides; not
written by hand. Which children an act reaches is told in `cre_toolkit/children/access.py`.

{FOR_EVERYBODY}
A person may hold several roles, each within an authority.
"""


def page() -> str:
    """The reference page: what each role may do in words, and the whole table."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    for role in Role:
        yield f"## {role.label}\n"
        yield from (f"- {line}" for line in told(role))
        yield ""
        if role in DOES_NOT:
            yield f"{DOES_NOT[role]}\n"
    yield "## The table\n"
    yield f"| act | {' | '.join(role.label for role in Role)} |"
    yield f"|---|{':-:|' * len(Role)}"
    for permission in PERMISSIONS:
        marks = ("yes" if role in permission.roles else "–" for role in Role)
        yield f"| `{permission.act}` | {' | '.join(marks)} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
