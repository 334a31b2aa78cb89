"""The pages of a paper form with a row for each indicator or factor: as on paper, all on one page.

Their markup is prepared once for each edition (`views.paper.sheets`). A row that the page did not send stays
as it stands in the draft.
"""

from typing import Any, ClassVar

from django.http import QueryDict

from cre_toolkit.assessments.answers import Part, Rated
from cre_toolkit.assessments.paper_answers import Marked, Present
from cre_toolkit.web.forms.assessments.sheets import Sheet


class RowsSheet(Sheet):
    """One row for each indicator or factor of the edition; those in which something stands are kept.

    Attributes:
        section: of the draft.
        row: the shape of a row.
    """

    section: ClassVar[str]
    row: ClassVar[type[Part]]

    @property
    def stands(self) -> Any:
        """The section as it stands in the draft."""
        return self.draft.answers.section(self.section)

    @property
    def ids(self) -> list[str]:
        """The rows of the page."""
        return list(self.draft.instrument.indicator_by_id)

    def said(self, id_: str) -> dict[str, Any]:
        """What a row says: what was typed, else what stands in the draft."""
        if self.data is not None and f"{id_}-note" in self.data:
            return {**self.posted(id_, self.data), "note": self.data[f"{id_}-note"]}
        stands: Part = self.stands.items.get(id_) or self.row()
        return stands.model_dump()

    def posted(self, id_: str, data: QueryDict) -> dict[str, Any]:
        """What a posted row says beside its note."""
        return {name: f"{id_}-{name}" in data for name in self.row.model_fields if name != "note"}

    def answers(self) -> dict[str, Any]:
        rows = {id_: self.said(id_) for id_ in self.ids}
        section: dict[str, Any] = self.stands.model_dump()
        return section | {"items": {id_: row for id_, row in rows.items() if any(row.values())}}


class MarksSheet(RowsSheet):
    """The three lists of the matrix of 2017: risk, evidenced, and a note."""

    section, row = "marks", Marked


class FactorsSheet(RowsSheet):
    """The vulnerability factors of the matrix: there or not, and a comment."""

    section, row = "factors", Present

    @property
    def ids(self) -> list[str]:
        return list(self.draft.instrument.vulnerability_by_id)


class RatingsSheet(RowsSheet):
    """The indicators of a form that rates each: for what, how high, a note; and the box below the table."""

    section, row = "indicators", Rated

    @property
    def expand_indicators(self) -> str:
        stands = str(self.stands.expand_indicators)
        return str(self.data.get("expand_indicators", stands)) if self.data is not None else stands

    def posted(self, id_: str, data: QueryDict) -> dict[str, Any]:
        linked = {name: f"{id_}-{name}" in data for name in ("cce", "cse")}
        return linked | {"level": data.get(f"{id_}-level", "")}

    def answers(self) -> dict[str, Any]:
        return super().answers() | {"expand_indicators": self.expand_indicators}
