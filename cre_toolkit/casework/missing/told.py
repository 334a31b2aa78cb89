"""What is known of a child's missing episodes, put together for pages, the timeline and whoever asks."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Prefetch, QuerySet

from cre_toolkit.casework.case.happened import Happened, What
from cre_toolkit.casework.missing.evidence import lasted
from cre_toolkit.casework.missing.interviews import offered_again, to_offer_again
from cre_toolkit.casework.models import MissingEpisode, MissingPlan, MissingReturn, ReturnInterview
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.documents.dates import day_in_words, moment_in_words

PAGE = "child-missing"
Answers = list[tuple[str, str]]
Said = TypeVar("Said", MissingEpisode, MissingReturn)


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode with its return and the interviews after it, but those recorded in error."""

    missing: MissingEpisode
    returned: MissingReturn | None
    interviews: Sequence[ReturnInterview]

    @property
    def since(self) -> datetime.datetime:
        return self.missing.event.at

    @property
    def until(self) -> datetime.datetime | None:
        return self.returned.event.at if self.returned else None

    @property
    def long(self) -> str:
        """How long it lasted, in words; blank while it lasts."""
        return lasted(self.since, self.until) if self.until else ""

    @property
    def was_none(self) -> bool:
        """Whether it turned out that the child was not missing."""
        return self.returned is not None and self.returned.how == MissingReturn.How.NOT_MISSING

    @property
    def outcome(self) -> str:
        """What became of the return interview, in words; blank while the child is missing."""
        if self.returned is None:
            return ""
        if not self.interviews:
            return "Not offered yet"
        said = str(ReturnInterview.Step(self.interviews[-1].step).label)
        return f"{said}, after it was offered again" if offered_again(self.interviews) else said

    @property
    def to_offer_again(self) -> bool:
        return to_offer_again(self.interviews)

    @property
    def waits_for_interview(self) -> bool:
        """Whether no interview was held, and none was found not possible."""
        ended = (ReturnInterview.Step.HELD, ReturnInterview.Step.NOT_POSSIBLE)
        return self.returned is not None and not (self.interviews and self.interviews[-1].step in ended)


def episodes_of(child: Child) -> list[Episode]:
    """The missing episodes of a child, the newest first. Two queries."""
    return told(MissingEpisode.objects.filter(child__stands_for=child.stands_for))


def told(episodes: QuerySet[MissingEpisode]) -> list[Episode]:
    """These episodes with all that belongs to them, the newest first. Two queries."""
    # What was recorded in error stands on the timeline, as such.
    steps = ReturnInterview.objects.filter(event__in_error=None).select_related("by")
    whole = episodes.select_related("event", "by", "ended__event", "ended__by").prefetch_related(
        Prefetch("ended__interviews", queryset=steps.order_by("at", "entered_at"))
    )
    found = []
    for missing in whole.order_by("-event__at"):
        returned = getattr(missing, "ended", None)
        found.append(Episode(missing, returned, list(returned.interviews.all()) if returned else []))
    return found


def plans_of(child: Child) -> list[MissingPlan]:
    """The plans against further episodes, the newest first. One query."""
    plans = MissingPlan.objects.filter(child__stands_for=child.stands_for)
    return list(plans.select_related("by").order_by("-agreed_on", "-entered_at"))


# --- In words -----------------------------------------------------------------------------------------------


def missing_in_words(episode: MissingEpisode) -> Answers:
    """Each thing that was said of an episode, with what was asked; what was left blank is left out."""
    told_at = f", {moment_in_words(episode.police_told_at)}" if episode.police_told_at else ""
    police = YesNoUnknown(episode.police_told).label + told_at
    return _asked(
        ("Missing since", ("about " if episode.about else "") + moment_in_words(episode.event.at)),
        ("Last seen", episode.last_seen_where),
        ("Last seen with", episode.last_seen_with),
        ("How that is known", episode.source),
        ("Police told", police),
        ("Police reference", episode.police_reference),
        ("Who else knows", episode.who_knows),
    )


def return_in_words(back: MissingReturn) -> Answers:
    """The same of a return."""
    return _asked(
        ("Came back", ("about " if back.about else "") + moment_in_words(back.event.at)),
        ("How it ended", MissingReturn.How(back.how).label),
        ("Where the child was", back.where),
        ("With whom", back.with_whom),
        ("How that is known", back.source),
        ("Harmed while missing", YesNoUnknown(back.harmed).label),
        ("How the child was harmed", back.harm),
        ("A significant incident", YesNoUnknown(back.significant).label),
    )


def interview_in_words(step: ReturnInterview) -> Answers:
    """The same of one step towards an interview."""
    return _asked(
        ("By", f"{step.interviewer} ({ReturnInterview.Provider(step.provider).label})"),
        ("Independent", YesNoUnknown(step.independent).label),
        ("The child wants to talk to them", YesNoUnknown(step.trusted).label),
        ("Why this person", step.why_them),
        ("What the child said", step.said),
        ("What was learnt", step.learnt),
        ("The interviewer’s opinion", step.opinion),
        ("Who is told", step.told),
        ("Why", step.reason),
    )


def plan_in_words(plan: MissingPlan) -> Answers:
    """The same of a plan."""
    does = [
        f"{line['what']}: {line['who']}" + (f", {line['by_when']}" if line.get("by_when") else "")
        for line in plan.lines
    ]
    return _asked(
        ("What has changed", plan.changed),
        ("What comes before", plan.triggers),
        ("Who does what", "\n".join(does)),
        ("If the child is missing again", plan.if_missing),
        ("What the child says would help", plan.child_view),
        ("Shared with", plan.shared_with),
        ("Monitoring group", day_in_words(plan.group_on) if plan.group_on else ""),
        ("To be reviewed on", day_in_words(plan.review_on)),
    )


def _asked(*answers: tuple[str, object]) -> Answers:
    return [(label, str(said)) for label, said in answers if str(said).strip()]


def _text(answers: Answers) -> str:
    return "\n".join(f"{label}: {said}" for label, said in answers)


# --- On the timeline ----------------------------------------------------------------------------------------


def went_missing(child: Child) -> list[Happened]:
    """The episodes of a child for the timeline. One query."""
    return _episodes_told(child, MissingEpisode.objects.all(), "Went missing", missing_in_words)


def came_back(child: Child) -> list[Happened]:
    """The returns. One query."""
    return _episodes_told(child, MissingReturn.objects.all(), "Came back", return_in_words)


def _episodes_told(
    child: Child, rows: QuerySet[Said], title: str, in_words: Callable[[Said], Answers]
) -> list[Happened]:
    """How each episode of a child began, or ended."""
    return [
        Happened(
            at=one.event.at,
            entered_at=one.entered_at,
            what=What.MISSING,
            title=title,
            by=one.by.name,
            text=_text(in_words(one)),
            page=PAGE,
            page_of=(child.reference,),
        )
        for one in rows.filter(child__stands_for=child.stands_for).select_related("event", "by")
    ]


def talked(child: Child) -> list[Happened]:
    """The steps towards return interviews. One query."""
    steps = ReturnInterview.objects.filter(child__stands_for=child.stands_for)
    return [
        Happened(
            at=one.at,
            entered_at=one.entered_at,
            what=What.MISSING,
            title=f"Return interview: {ReturnInterview.Step(one.step).label.lower()}",
            by=one.by.name,
            text=_text(interview_in_words(one)),
            page=PAGE,
            page_of=(child.reference,),
            event=one.event_id,
            in_error=hasattr(one.event, "in_error"),
        )
        for one in steps.select_related("by", "event__in_error")
    ]


def planned(child: Child) -> list[Happened]:
    """The plans. One query."""
    return [
        Happened(
            at=plan.entered_at,
            entered_at=plan.entered_at,
            what=What.MISSING,
            title=f"Plan against further missing episodes, agreed on {day_in_words(plan.agreed_on)}",
            by=plan.by.name,
            text=_text(plan_in_words(plan)),
            page="child-missing-plan",
            page_of=(child.reference,),
        )
        for plan in plans_of(child)
    ]


SOURCES = (went_missing, came_back, talked, planned)
