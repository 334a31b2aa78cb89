"""What the states of the pages are about: children, drafts and what was sent, made by a clerk."""

import datetime
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.utils import timezone

from tests.browser.pages import review, story
from tests.browser.pages.clerk import Clerk, Invented
from tests.browser.pages.journey import address


def _day(day: datetime.date, name: str = "day") -> dict[str, int]:
    """A day as its three boxes say it."""
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


class Made:
    """What the states are about; made when it is first needed, and shared.

    Args:
        clerk: who makes it.
    """

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        # Where it is read who broke the glass, once somebody has.
        self.broken_glass = ""

    @cached_property
    def new(self) -> Invented:
        """A child of whom nothing is known but name and age."""
        return self.clerk.child()

    @cached_property
    def closed(self) -> Invented:
        """A child whose record a manager restricts."""
        return self.clerk.child()

    @cached_property
    def begun(self) -> str:
        return self.begin(self.new)

    def begin(self, child: Invented) -> str:
        """A draft in which two indicators are ticked and nothing else is answered."""
        draft = self.clerk.draft(child, until="danger")
        self.clerk.fill_in(address(draft, "indicators"), {"indicator": ["missing", "fgm"]})
        return draft

    @cached_property
    def ready(self) -> str:
        """A draft that can be sent."""
        return self.clerk.draft(self.clerk.child(), until="check")

    @cached_property
    def full(self) -> str:
        """A draft in which everything is ticked that can be, each of the toolkit's labels on its pages."""
        draft = self.clerk.draft(self.clerk.child(), until="indicators")
        every = {"indicator": [indicator.id for indicator in story.CRE.indicators]}
        self.clerk.fill_in(address(draft, "indicators"), every)
        return draft

    @cached_property
    def low(self) -> str:
        """A draft with a low level where the child's lowest is medium."""
        return self.clerk.draft(
            self.clerk.child(), until="check", child={"send": "yes"}, analysis={"level": "low"}
        )

    @cached_property
    def ageless(self) -> str:
        """A draft about a child whose age nobody knows."""
        child = self.clerk.child(date_of_birth_day="", date_of_birth_month="", date_of_birth_year="")
        return self.clerk.draft(child, until="danger")

    @cached_property
    def grown_up(self) -> str:
        """A draft about somebody of twenty without SEND: out of scope."""
        return self.clerk.draft(self.clerk.child(date_of_birth_year="2006"), until="check")

    @cached_property
    def endangered(self) -> Invented:
        """A child said to be in danger, with one call logged and one due."""
        child = self.clerk.child()
        draft = self.clerk.draft(child, until="child", danger={"immediate_risk": "yes"})
        calls = address(draft, "danger/calls")
        said = {"to": "telephone-police", "telephone-police-outcome": "spoke"}
        self.clerk.fill_in(calls, {**said, **self._now("telephone-police")}, form=calls)
        self.danger = draft
        return child

    @cached_property
    def endangered_draft(self) -> str:
        assert self.endangered
        return self.danger

    @cached_property
    def assessed(self) -> Invented:
        return self.clerk.child()

    @cached_property
    def sent(self) -> str:
        """An assessment that was sent."""
        return self.clerk.sent(self.assessed)

    @cached_property
    def sent_in_danger(self) -> str:
        """One of a child in immediate danger at a high level: a lot is to be done now."""
        instead: dict[str, Mapping[str, Any]] = {
            "danger": {"immediate_risk": "yes"},
            "analysis": {"level": "high"},
        }
        return self.clerk.sent(self.clerk.child(), **instead)

    @cached_property
    def unsafe(self) -> str:
        """One that says that it is not safe to tell the family."""
        return self.clerk.sent(self.clerk.child(), sharing={"safe_to_tell": "no"})

    @cached_property
    def in_review(self) -> str:
        """A review that has just begun."""
        child = self.clerk.child()
        self.clerk.sent(child)
        return review.begun(self.clerk, child)

    @cached_property
    def reviewed(self) -> str:
        """A review that was sent."""
        child = self.clerk.child()
        self.clerk.sent(child)
        return review.sent(self.clerk, child)

    @cached_property
    def withdrawn(self) -> str:
        """An assessment that was withdrawn, as being about another child."""
        return review.withdrawn(self.clerk, self.clerk.child())

    @cached_property
    def with_brother(self) -> str:
        """A draft about a child with a brother, of whom there is an unfinished assessment too."""
        child = self.clerk.child()
        self.clerk.draft(self.clerk.child(family_name=child.family_name), until="danger")
        return self.clerk.draft(child, until="check")

    @staticmethod
    def _now(form: str) -> dict[str, str]:
        return {
            f"{form}-day_day": "1",
            f"{form}-day_month": "11",
            f"{form}-day_year": "2026",
            f"{form}-time": "10:00",
        }

    @cached_property
    def missing(self) -> Invented:
        """A child who was missing, declined to talk about it, has a plan, and is missing again."""
        child = self.clerk.child()
        today = timezone.localdate()
        before, day = _day(today - datetime.timedelta(days=3)), _day(today)
        episode = {f"gone-{name}": value for name, value in before.items()}
        episode |= {f"back-{name}": value for name, value in before.items()}
        self.clerk.fill_in(
            f"{child.path}missing/past/",
            {
                **episode,
                "gone-time": "01:00",
                "gone-police_told": "no",
                "back-time": "10:00",
                "back-how": "police",
                "back-harmed": "not-known",
                "back-significant": "no",
            },
        )
        interview = f"{child.path}missing/interview/"
        returned = re.search(r'name="returned" type="radio" value="([^"]+)"', self.clerk.open(interview))
        assert returned
        self.clerk.fill_in(
            interview,
            {
                **before,
                "time": "12:00",
                "returned": returned[1],
                "step": "declined",
                "interviewer": "Ira Invented",
                "provider": "independent",
                "independent": "yes",
                "trusted": "no",
            },
        )
        plan = {"triggers": "A van.", "if_missing": "Ring 101.", "shared_with": "School", "then": "save"}
        plan |= {"line-0-what": "Meet her at the gate", "line-0-who": "Her aunt", "line-0-by_when": ""}
        self.clerk.fill_in(f"{child.path}missing/plan/", {**plan, **day, **_day(today, "review_on")})
        self.clerk.fill_in(
            f"{child.path}missing/report/", {**day, "time": "00:00", "police_told": "not-known"}
        )
        return child
