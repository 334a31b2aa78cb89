"""Where what is due is done: the page that each entry of a due list leads to."""

from django.urls import reverse

from cre_toolkit.casework.note.notes import DONE_BY_A_NOTE

# The id of what is due, and the name of the page where it is done, which takes the child's reference. What is
# done by speaking with somebody and writing it down (`DONE_BY_A_NOTE`) need not stand here.
WHERE: dict[str, str] = {
    "telephone-social-care": "child-calls",
    "telephone-police": "child-calls",
    "high-risk-strategy-meeting": "child-meetings",
    "medium-risk-strategy-meeting": "child-meetings",
    "missing-strategy-meeting": "child-meetings",
    "review": "child-meetings",
    "team-manager-review": "child-meetings",
    "cpm-vc-review": "child-meetings",
    "send-to-social-care": "child-refer",
    "refer-front-door": "child-refer",
    "refer-social-care": "child-refer",
    "refer-police": "child-refer",
    "missing-now": "child-missing",
    "return-interview": "child-missing-interview",
    "missing-plan": "child-missing-plan",
    "monthly-tasking": "child-tasking",
    "adult-transition": "child-transition",
    "scope-ends": "child-transition",
    "adult-safeguarding-transfer": "child-transition",
}

ASSESSED = frozenset({"look-again", "reassess"})
"""What is done by an assessment, which begins with a button on the child's page."""

NEEDS: dict[str, str] = {"monthly-tasking": "run_tasking"}
"""Who may do it, by the name of the act, where it is not for everybody who works with the child."""


def where(action: str, reference: str) -> str:
    """The address where something due is done; blank where no page of the service does it.

    Args:
        action: its id, as `due` names it.
        reference: the child's.
    """
    if action in ASSESSED:
        return reverse("child", args=[reference]) + "#assess"
    if page := WHERE.get(action):
        return reverse(page, args=[reference])
    return reverse("child-do", args=[reference, action]) if action in DONE_BY_A_NOTE else ""
