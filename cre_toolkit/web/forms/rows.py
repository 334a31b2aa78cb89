"""Tables of a form that can grow without script: family, agencies, who was consulted, immediate actions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from cre_toolkit.web.govuk.forms import GovukForm


class Row(GovukForm):
    """One row. A row in which nothing is written is none: emptying one removes it."""

    @property
    def remove(self) -> str:
        """What its "Remove" button sends."""
        return f"remove-{self.prefix}"

    @property
    def is_blank(self) -> bool:
        return not any(str(value).strip() for value in self.cleaned_data.values())


class Rows:
    """The rows that were written or typed, and empty ones to write into.

    A post in which the table does not occur at all (a browser sends even empty boxes) says nothing about it:
    what was written is shown, and there are no `answers` to ask for.

    Args:
        name: of the table; its rows are `action-0`, `action-1` and so on.
        row: the form of a row.
        written: what stands in the draft or on the record.
        data: what was typed, or None to show what stands.
        empty: how many empty rows there are beside the written ones.
    """

    def __init__(
        self,
        name: str,
        row: type[Row],
        written: Sequence[Mapping[str, Any]],
        data: QueryDict | None,
        empty: int = 1,
    ) -> None:
        self.name, self._row = name, row
        self._first = next(iter(row.base_fields))
        places = self._places(data) if data is not None else []
        self.posted = bool(places)
        if data is not None and places:
            removed = data.get("then", "").removeprefix(f"remove-{name}-")
            self.forms = [self._form(place, data=data) for place in places if str(place) != removed]
        else:
            initial = [*written, *({} for _ in range(empty))]
            self.forms = [self._form(place, initial=each) for place, each in enumerate(initial)]

    def _places(self, data: QueryDict) -> list[int]:
        """The numbers of the rows of which anything was posted, in order."""
        # Three digits number more rows than a post may have fields.
        field = re.compile(rf"{re.escape(self.name)}-([0-9]{{1,3}})-(?:{'|'.join(self._row.base_fields)})$")
        return sorted({int(found[1]) for key in data if (found := field.match(key))})

    def _form(self, place: int, **kwargs: Any) -> Row:
        return self._row(prefix=f"{self.name}-{place}", auto_id="%s", **kwargs)

    def add(self) -> None:
        """One more empty row, for a form that is shown again as it was typed."""
        last = int(str(self.forms[-1].prefix).rpartition("-")[2]) if self.forms else -1
        self.forms.append(self._form(last + 1))

    def is_valid(self) -> bool:
        # Each is looked at, so that every row shows its own error.
        return not self.posted or sum(not form.is_valid() for form in self.forms) == 0

    def answers(self) -> list[dict[str, Any]]:
        """The rows in which something was written."""
        return [form.cleaned_data for form in self.forms if not form.is_blank]

    def stays(self, then: str) -> str:
        """The control to go back to after "Add another" or "Remove" was pressed; blank for another button."""
        if then == f"add-{self.name}":
            return f"{self.name}-{len(self.answers())}-{self._first}"
        return "questions" if then.startswith(f"remove-{self.name}-") else ""
