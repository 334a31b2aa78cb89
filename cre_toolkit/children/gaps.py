"""What is not known of a child yet, and why it matters. Pure.

Not asked, asked and not known, and no are three different answers: only the last is no gap.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cre_toolkit.children.models import Child, YesNoUnknown


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known: what it is called, what hangs on it, and whether it was asked."""

    detail: str
    text: str
    matters: str
    asked: bool


# In the order of what hangs on them.
_WHAT_HANGS_ON = {
    "date_of_birth": ("Date of birth", "Age decides whether the toolkit applies, and the lowest level."),
    "open_to_social_care": (
        "Whether the child is open to social care",
        "It decides where an assessment goes.",
    ),
    "send": ("Whether the child has SEND", "It decides the lowest level that can be recorded."),
    "looked_after": ("Whether the child is looked after", "It decides who is told."),
    "plan": ("Whether the child is on a plan", "It decides who is told."),
    "allocated_worker": ("The allocated worker", "They receive a copy of what is sent."),
    "parental_responsibility": (
        "Who has parental responsibility",
        "They are told, where it is safe, and their consent may be needed.",
    ),
    "needs_interpreter": ("Whether an interpreter is needed", "So that the child and family are understood."),
    "address": ("Address", "Police and social care need it in danger."),
    "school": ("School or college", "Often the first to notice."),
    "nhs_number": ("NHS number", "It tells children of one name apart."),
    "first_language": ("First language", ""),
    "ethnicity": ("Ethnicity", ""),
    "wishes": ("What the child wants to happen", ""),
}


def gaps(child: Child, family: Iterable[Mapping[str, str]]) -> list[Gap]:
    """What is not known of the child, what most hangs on first.

    Args:
        child: the record.
        family: as `queries.family_of` gives it.
    """
    answered = {detail: getattr(child, detail, "") for detail in _WHAT_HANGS_ON}
    answered["allocated_worker"] = child.allocated_worker_id or child.worker_name or child.worker_contact
    answered["parental_responsibility"] = any(
        member["parental_responsibility"] == YesNoUnknown.YES for member in family
    )
    return [
        Gap(detail, text, matters, asked=bool(answered[detail]))
        for detail, (text, matters) in _WHAT_HANGS_ON.items()
        if not answered[detail] or answered[detail] in (YesNoUnknown.NOT_KNOWN, Child.Ethnicity.NOT_RECORDED)
    ]
