"""The pages with many controls: ticking indicators, rating them, ticking vulnerability factors.

Their markup is prepared once for each edition (`views.assessments.sheets`), so they are no Django forms; but
they answer the same questions.
"""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, cast, get_args

from django.http import QueryDict

from cre_toolkit.assessments.answers import Became, Factor, Indicators, Rated, SinceLast
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
    """A card for each ticked indicator, or for those of one group. What is as it was last time has none."""

    def __init__(self, draft: Draft, data: QueryDict | None = None, *, group: str = "all", **_: Any) -> None:
        super().__init__(draft, data)
        self.group = group
        if data is not None:
            self.items = {indicator.id: self._read(indicator, data) for indicator in self.indicators}

    @property
    def indicators(self) -> list[Indicator]:
        """The ticked ones on this page, in the toolkit's order."""
        ticked = self.draft.answers.indicators.items
        return [
            indicator
            for indicator in self.draft.instrument.indicators
            if indicator.id in ticked
            and not ticked[indicator.id].as_on
            and self.group in ("all", indicator.group)
        ]

    def rated(self, indicator: Indicator) -> dict[str, Any]:
        """What a card shows: what was typed, else what stands in the draft."""
        if self.data is not None:
            return self.items[indicator.id]
        return self.draft.answers.indicators.items[indicator.id].model_dump()

    @property
    def expand_indicators(self) -> str:
        stands = self.draft.answers.indicators.expand_indicators
        return str(self.data.get("expand_indicators", stands)) if self.data is not None else stands

    def _read(self, indicator: Indicator, data: QueryDict) -> dict[str, Any]:
        id_ = indicator.id
        if f"{id_}-note" not in data:
            # Ticked in another tab since this page was opened: its card was not there.
            return self.draft.answers.indicators.items[id_].model_dump()
        level, linked = data.get(f"{id_}-level", ""), data.getlist(f"{id_}-for")
        if level not in ("", "low", "medium", "high"):
            self.errors.append(
                ErrorLink(f"Select low, medium or high for '{indicator.label}'", f"#{id_}-level")
            )
            level = ""
        return {
            "level": level,
            "cce": "cce" in linked,
            "cse": "cse" in linked,
            "unclear": "unclear" in linked,
            "note": data[f"{id_}-note"],
        }

    def answers(self) -> dict[str, Any]:
        now = self.draft.answers.indicators.model_dump()
        return now | {"items": now["items"] | self.items, "expand_indicators": self.expand_indicators}


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
