"""What of the list of what is due somebody wants to see: said in the address, where nothing can be wrong."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.casework.lists.due import KINDS, DueList, Wanted, Whose
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

WHOSE = {
    Whose.ALL: "All that I can see",
    Whose.MINE: "Mine, and of those for whom I stand in",
    Whose.TEAM: "Allocated to people in my teams, or given to the team",
}


def wanted_in(asked: QueryDict, authorities: Sequence[str]) -> Wanted:
    """What the address asks for. What it says that is no choice is left out: a list is never an error.

    Args:
        asked: the address's query.
        authorities: those to choose from.
    """
    whose, authority = asked.get("whose", ""), asked.get("authority", "")
    return Wanted(
        whose=Whose(whose) if whose in set(Whose) else Whose.ALL,
        overdue="overdue" in asked,
        kinds=frozenset(kind for kind in asked.getlist("kind") if kind in KINDS),
        authority=authority if authority in authorities else "",
        worker=_id(asked.get("worker", "")),
    )


def asked_by(wanted: Wanted) -> dict[str, Any]:
    """The same as the address says it, for links that keep it."""
    said: dict[str, Any] = {}
    if wanted.whose != Whose.ALL:
        said["whose"] = wanted.whose.value
    if wanted.overdue:
        said["overdue"] = "yes"
    if wanted.kinds:
        said["kind"] = [kind for kind in KINDS if kind in wanted.kinds]
    if wanted.authority:
        said["authority"] = wanted.authority
    if wanted.worker:
        said["worker"] = str(wanted.worker)
    return said


def _id(said: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(said)
    except ValueError:
        return None


class DueFilters(GovukForm):
    """The filters with what was chosen, and how many each would show.

    Args:
        due: the list that is shown.
        authorities: those to choose from, by their ids and names; asked where there are several.
    """

    whose = forms.ChoiceField(label="Whose children?", widget=forms.RadioSelect)
    overdue = forms.MultipleChoiceField(
        label="How late?", required=False, widget=forms.CheckboxSelectMultiple
    )
    authority = forms.ChoiceField(label="Which authority?", widget=forms.RadioSelect)
    kind = forms.MultipleChoiceField(
        label="Which tasks?",
        help_text="All of them where none is selected.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    worker = forms.CharField(required=False, widget=forms.HiddenInput)
    looks = {name: Look(size="s", small=True) for name in ("whose", "overdue", "authority", "kind")}

    def __init__(self, due: DueList, authorities: Sequence[tuple[str, str]]) -> None:
        chosen = due.wanted
        super().__init__(
            auto_id="%s",
            initial={"whose": chosen.whose.value, "authority": ""} | asked_by(chosen),
        )
        self._offer("whose", [(one.value, words, due.number(whose=one)) for one, words in WHOSE.items()])
        self._offer("overdue", [("yes", "Overdue only", due.number(overdue=True))])
        self._offer(
            "kind",
            [(key, kind.words, due.number(kinds=frozenset({key}))) for key, kind in KINDS.items()],
        )
        every = [("", "All of mine", due.number(authority=""))]
        theirs = [(id_, name, due.number(authority=id_)) for id_, name in authorities]
        self._offer("authority", every + theirs)
        if len(authorities) < 2:
            del self.fields["authority"]
        if chosen.worker is None:
            del self.fields["worker"]

    @property
    def chosen(self) -> str:
        """What was chosen, in words."""
        words = [
            label.rpartition(" (")[0]
            for name in ("whose", "overdue", "kind", "authority")
            if name in self.fields and (said := self.initial.get(name))
            for value, label in self.fields[name].choices  # type: ignore[attr-defined]
            if value in ([said] if isinstance(said, str) else said) and value != Whose.ALL
        ]
        return "; ".join(words) or "one person’s children"

    def _offer(self, name: str, choices: Sequence[tuple[str, str, int]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [(value, f"{words} ({number})") for value, words, number in choices]
