"""The pages with many controls: ticking indicators, rating them, ticking vulnerability factors.

Their markup is prepared once for each edition (`views.assessments.sheets`), so they are no Django forms; but
they answer the same questions.
"""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, cast, get_args

from django.http import QueryDict

from cre_toolkit.assessments.answers import Became, Factor, Indicators, Level, Rated, SinceLast
from cre_toolkit.assessments.queries import Draft, LastTime
from cre_toolkit.assessments.versions import answer_since
from cre_toolkit.rules.instrument import Indicator
from cre_toolkit.web.govuk.errors import ErrorLink


class Sheet(ABC):
    """A page of many controls over one section of a draft.

    Args:
        draft: the draft.
        data: what was sent, or None to show what stands in the draft.
    """

    def __init__(self, draft: Draft, data: QueryDict | None = None, **_: Any) -> None:
        self.draft, self.data = draft, data
        self.errors: list[ErrorLink] = []

    @property
    def is_bound(self) -> bool:
        return self.data is not None

    def is_valid(self) -> bool:
        return not self.errors

    def leave_out_what_is_wrong(self) -> list[str]:
        """Nothing on a sheet is half typed: what cannot be read, no page of ours has sent."""
        return []

    @abstractmethod
    def answers(self) -> dict[str, Any]:
        """What was answered, in the shape of the section."""

    def stays(self, then: str) -> str:
        return ""


class TickSheet(Sheet):
    """All indicators, whether all were considered, and what is not known yet."""

    def ticked(self) -> list[str]:
        """The ticked indicators in the toolkit's order. What this edition does not have is ignored."""
        posted = set(self.data.getlist("indicator")) if self.data is not None else set(self._now.items)
        return [indicator.id for indicator in self.draft.instrument.indicators if indicator.id in posted]

    @property
    def _now(self) -> Any:
        return self.draft.answers.indicators

    @property
    def considered(self) -> bool:
        return "considered" in self.data if self.data is not None else bool(self._now.considered)

    @property
    def not_known_yet(self) -> str:
        if self.data is not None:
            return str(self.data.get("not_known_yet", ""))
        return str(self._now.not_known_yet)

    def answers(self) -> dict[str, Any]:
        """Ticking again what was unticked brings back what was written about it."""
        written = {**self._now.set_aside, **self._now.items}
        ticked = self.ticked()
        return self._now.model_dump() | {
            "items": {id_: written.get(id_, Rated()).model_dump() for id_ in ticked},
            "set_aside": {
                id_: rated.model_dump()
                for id_, rated in written.items()
                if id_ not in ticked and not rated.blank
            },
            "considered": self.considered,
            "not_known_yet": self.not_known_yet,
        }


class ReviewSheet(TickSheet):
    """In a review: what has become of each indicator of last time, and what is new since."""

    @property
    def last(self) -> LastTime:
        """The record that is reviewed: a review's draft is always read with it."""
        return cast(LastTime, self.draft.last_time)

    @property
    def carried(self) -> list[Indicator]:
        """The indicators of last time, in the toolkit's order."""
        asked = self._now.since_last
        return [indicator for indicator in self.draft.instrument.indicators if indicator.id in asked]

    def since(self, id_: str) -> SinceLast:
        """What was answered of an indicator of last time."""
        stands: SinceLast = self._now.since_last[id_]
        if self.data is None or f"gone-{id_}" not in self.data:
            return stands
        answer = self.data.get(f"since-{id_}", "")
        known = answer if answer in get_args(Became) else ""
        return SinceLast.model_validate({"answer": known, "why": self.data.get(f"gone-{id_}")})

    def ticked(self) -> list[str]:
        """Those that are new: what was there last time is answered, not ticked."""
        return [id_ for id_ in super().ticked() if id_ not in self._now.since_last]

    @cached_property
    def answered(self) -> Indicators:
        """The indicators once what was answered of last time's is taken into account."""
        became = {indicator.id: self.since(indicator.id) for indicator in self.carried}
        return answer_since(self._now, self.last.indicators, self.last.day, became)

    def answers(self) -> dict[str, Any]:
        ticked, now = super().answers(), self.answered
        of_last = now.since_last
        items = {id_: rated.model_dump() for id_, rated in now.items.items() if id_ in of_last}
        aside = {id_: rated.model_dump() for id_, rated in now.set_aside.items() if id_ in of_last}
        others = {id_: rated for id_, rated in ticked["set_aside"].items() if id_ not in of_last}
        return ticked | {
            "items": items | ticked["items"],
            "set_aside": others | aside,
            "since_last": {id_: since.model_dump() for id_, since in of_last.items()},
        }


class RatingSheet(Sheet):
    """A card for each ticked indicator, or for those of one group. What is as it was last time has none.

    A card whose indicator was unticked in another tab, or said to be as it was last time, stays as long as
    something stands on it that is saved nowhere; saving it ticks the indicator again.
    """

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, group: str = "all", **_: Any) -> None:
        super().__init__(draft, data)
        self.group = group
        if data is not None:
            self.errors = [
                ErrorLink(f"Select low, medium or high for '{indicator.label}'", f"#{indicator.id}-level")
                for indicator in self.indicators
                if data.get(f"{indicator.id}-level", "") not in get_args(Level)
            ]

    @cached_property
    def indicators(self) -> list[Indicator]:
        """Those with a card on this page, in the toolkit's order."""
        return [
            indicator
            for indicator in self.draft.instrument.indicators
            if self.group in ("all", indicator.group)
            and (self._is_asked(indicator.id) or self._holds_more(indicator.id))
        ]

    def rated(self, indicator: Indicator) -> Rated:
        """What a card shows: what was typed, else what stands in the draft."""
        # Ticked in another tab since this page was opened, it had no card here.
        return self._typed(indicator.id) or self._now.items[indicator.id]

    @property
    def expand_indicators(self) -> str:
        stands = self._now.expand_indicators
        return str(self.data.get("expand_indicators", stands)) if self.data is not None else stands

    @property
    def _now(self) -> Indicators:
        return self.draft.answers.indicators

    def _is_asked(self, id_: str) -> bool:
        return id_ in self._now.items and not self._now.items[id_].as_on

    def _holds_more(self, id_: str) -> bool:
        """Whether a card was sent with more than what was set aside when its indicator was unticked."""
        typed = self._typed(id_)
        return typed is not None and typed != self._now.set_aside.get(id_, Rated())

    def _typed(self, id_: str) -> Rated | None:
        """A card as it was sent; None where there was none."""
        if self.data is None or f"{id_}-note" not in self.data:
            return None
        level, linked = self.data.get(f"{id_}-level", ""), self.data.getlist(f"{id_}-for")
        return Rated.model_validate(
            {
                "level": level if level in get_args(Level) else "",
                "cce": "cce" in linked,
                "cse": "cse" in linked,
                "unclear": "unclear" in linked,
                "note": self.data[f"{id_}-note"],
            }
        )

    def answers(self) -> dict[str, Any]:
        now = self._now.model_dump()
        cards = {indicator.id: self.rated(indicator).model_dump() for indicator in self.indicators}
        return now | {
            "items": now["items"] | cards,
            "set_aside": {id_: rated for id_, rated in now["set_aside"].items() if id_ not in cards},
            "since_last": {
                id_: since | {"answer": "changed"} if id_ in cards else since
                for id_, since in now["since_last"].items()
            },
            "expand_indicators": self.expand_indicators,
        }


class VulnerabilitySheet(Sheet):
    """Sixteen factors, each historic, current, and in words."""

    def factor(self, id_: str) -> dict[str, Any]:
        if self.data is not None:
            return {
                "historic": f"{id_}-historic" in self.data,
                "current": f"{id_}-current" in self.data,
                "note": self.data.get(f"{id_}-note", ""),
            }
        return self.draft.answers.vulnerabilities.items.get(id_, Factor()).model_dump()

    @property
    def other_information(self) -> str:
        if self.data is not None:
            return str(self.data.get("other_information", ""))
        return self.draft.answers.vulnerabilities.other_information

    def answers(self) -> dict[str, Any]:
        said = {factor.id: self.factor(factor.id) for factor in self.draft.instrument.vulnerabilities}
        return {
            "items": {id_: factor for id_, factor in said.items() if any(factor.values())},
            "other_information": self.other_information,
        }
