"""Taking words of one assessment over into drafts about other children: a brother or sister, the right child.

Only what can be true of more than one child is offered, and never a level, a danger or a child's own words.
Each child has a form of their own, in which whatever was taken over waits to be looked at (`Carried.COPIED`).
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.db import transaction
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments import actions
from cre_toolkit.assessments.answers import Analysis, Answers, Part, Sharing, dump_short
from cre_toolkit.assessments.models import Assessment, Carried, DraftSection, Section
from cre_toolkit.audit import actions as audit
from cre_toolkit.children.models import Child

# What may be true of a brother or sister too.
SHARED: Mapping[Section, str] = MappingProxyType(
    {
        Section.PLACES: "Places and people who pose a risk",
        Section.CONSULTATION: "Who was consulted",
        Section.ANALYSIS: "Contextual safeguarding analysis",
        Section.SHARING: "What was shared, what was not, and risks to practitioners",
    }
)
# What was written about the right child, and recorded on the wrong one.
WHOLE: Mapping[Section, str] = MappingProxyType(
    {
        Section.INDICATORS: "Indicators, with their levels and evidence",
        Section.PLACES: "Places and people who pose a risk",
        Section.VULNERABILITIES: "Vulnerability factors",
        Section.CONSULTATION: "Who was consulted",
        Section.ANALYSIS: "Analysis, without your level",
        Section.ACTIONS: "Immediate actions",
        Section.SHARING: "Sharing information, without who knows",
    }
)

_WHO_KNOWS = ("safe_to_tell", "safe_to_tell_why", "child_knows", "family_knows", "family_aware")


def shared_parts(said: Answers) -> dict[Section, Part]:
    """What an assessment says that may hold of a brother or sister; blank parts are left out."""
    sharing = said.sharing
    return _filled(
        {
            Section.PLACES: said.places.model_copy(
                update={"persons_or_places_of_risk": "", "other_risk": ""}
            ),
            Section.CONSULTATION: said.consultation,
            Section.ANALYSIS: Analysis().model_copy(
                update={"contextual_analysis": said.analysis.contextual_analysis}
            ),
            Section.SHARING: Sharing(items=sharing.items, not_shared=sharing.not_shared).model_copy(
                update={"practitioner_risks": sharing.practitioner_risks}
            ),
        }
    )


def whole_parts(said: Answers) -> dict[Section, Part]:
    """What an assessment says that was meant for another child from the beginning; blank parts are left out.

    The practitioner's own level, the danger and what the family knows are asked again.
    """
    items = said.indicators.items
    return _filled(
        {
            Section.INDICATORS: said.indicators.model_copy(
                update={
                    "items": {id_: rated.model_copy(update={"as_on": ""}) for id_, rated in items.items()},
                    "considered": False,
                    "set_aside": {},
                    "since_last": {},
                }
            ),
            Section.PLACES: said.places.model_copy(update={"persons_or_places_of_risk": ""}),
            Section.VULNERABILITIES: said.vulnerabilities,
            Section.CONSULTATION: said.consultation,
            Section.ANALYSIS: said.analysis.model_copy(update={"level": "", "threshold": ""}),
            Section.ACTIONS: said.actions,
            Section.SHARING: said.sharing.model_copy(update=dict.fromkeys(_WHO_KNOWS, "")),
        }
    )


def _filled(parts: Mapping[Section, Part]) -> dict[Section, Part]:
    return {section: part for section, part in parts.items() if not part.blank}


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of copying for one child."""

    child: Child
    draft: Assessment
    filled: list[Section]
    kept: list[Section]
    """Parts of an unfinished draft in which something stood already: it stays."""

    @property
    def is_over(self) -> bool:
        """Whether the same form made the draft earlier, and it was sent or discarded since: it stays so."""
        return self.draft.status != Assessment.Status.DRAFT


@transaction.atomic
def copy_to(
    *,
    by: User,
    children: Sequence[Child],
    parts: Mapping[Section, Part],
    wanted: Collection[str],
    source: Assessment,
    form_id: uuid.UUID,
) -> list[Copied]:
    """Make a draft for each child and take the wanted parts over into it. The same form twice does it once.

    Who has an unfinished assessment of one of the children goes on with that: only its empty sections are
    filled.

    Args:
        by: who writes the drafts.
        children: whom they may see.
        parts: what can be taken over (`shared_parts`, `whole_parts`).
        wanted: which sections of it are.
        source: where it comes from.
        form_id: minted by the form.

    Raises:
        NotAllowed: assessing is not within the user's roles.
    """
    return [
        _copy(
            by=by,
            child=child,
            parts=parts,
            wanted=wanted,
            source=source,
            form_id=uuid.uuid5(form_id, str(child.pk)),
        )
        for child in children
    ]


@transaction.atomic(savepoint=False)
def _copy(
    *,
    by: User,
    child: Child,
    parts: Mapping[Section, Part],
    wanted: Collection[str],
    source: Assessment,
    form_id: uuid.UUID,
) -> Copied:
    draft = actions.start(by=by, child=child, form_id=form_id)
    # Two presses at once wait for each other here.
    draft = Assessment.objects.select_for_update(no_key=True).get(pk=draft.pk)
    if draft.status != Assessment.Status.DRAFT:
        return Copied(child, draft, [], [])
    written = set(draft.sections.values_list("section", flat=True))
    chosen = [section for section in parts if section in wanted]
    filled = [section for section in chosen if section not in written]
    now = timezone.now()
    DraftSection.objects.bulk_create(
        DraftSection(
            assessment=draft,
            section=section,
            answers=dump_short(parts[section]),
            by_button=False,
            carried=Carried.COPIED,
            saved_at=now,
            saved_by=by,
        )
        for section in filled
    )
    audit.record(
        by=by,
        kind="assessment.copied-into",
        authority=child.authority,
        child=child.pk,
        subject_kind="assessment",
        subject=draft.pk,
        detail={"from": source.reference, "sections": [str(section) for section in filled]},
    )
    return Copied(child, draft, filled, [section for section in chosen if section in written])
