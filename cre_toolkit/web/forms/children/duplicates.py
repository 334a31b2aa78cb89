"""What is asked about two records that may be of one child."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.children import access, pairs
from cre_toolkit.children.matching import tidy_reference
from cre_toolkit.children.models import Child, PossibleDuplicate
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

DIFFERENT, LATER = PossibleDuplicate.State.DIFFERENT, PossibleDuplicate.State.LATER


def reference_input() -> forms.TextInput:
    """A box for a reference, which no browser takes for a misspelled word."""
    return forms.TextInput(attrs={"spellcheck": "false"})


class PairForm(GovukForm):
    """Two records that matching does not take for one child, and somebody does.

    Args:
        standing: of whoever asks.
        data: what was typed, or None.
    """

    first = forms.CharField(label="Reference of the one record", max_length=20, widget=reference_input())
    second = forms.CharField(label="Reference of the other record", max_length=20, widget=reference_input())
    why = forms.CharField(
        label="Why may they be of one child?",
        widget=forms.Textarea,
        help_text="What you know, and from whom. It stays with the two records, under your name.",
        error_messages={
            "required": "Say why they may be of one child, for example “the family changed its name”"
        },
    )
    looks = {
        "first": Look(called="the reference of the one record", width=20),
        "second": Look(called="the reference of the other record", width=20),
        "why": Look(rows=3),
    }

    def __init__(self, standing: access.Standing, data: QueryDict | None = None) -> None:
        self.standing, self.found = standing, list[Child]()
        super().__init__(data, auto_id="%s")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in ("first", "second"):
            found = pairs.named(self.standing, [tidy_reference(said[name])]) if name in said else []
            if name in said and not found:
                self.add_error(
                    name,
                    "No record of your authority has this reference. Check it: it stands at the top of the "
                    "child’s page, like 7Q4K-2M9XAB",
                )
            self.found += found
        if len(self.found) == 2 and self.found[0].authority != self.found[1].authority:
            self.add_error("second", "The two records are of different authorities: they cannot be merged")
        elif len(self.found) == 2 and self.found[0] == self.found[1]:
            self.add_error("second", "Both references lead to one record already")
        return said


class DecisionForm(GovukForm):
    """One child or two; which record to keep is the beginning of a merge, not yet the merge.

    Args:
        references: of the two records.
        data: what was typed, or None.
    """

    decision = forms.ChoiceField(label="Are these two records of one child?", widget=forms.RadioSelect)
    why = forms.CharField(
        label="How do you know that they are two children?", widget=forms.Textarea, required=False
    )
    looks = {
        "decision": Look(
            called="whether the two records are of one child",
            size="m",
            reveals={DIFFERENT: ("why",)},
            item_hints={
                DIFFERENT: "They will not be proposed again, unless somebody takes them up anew.",
                LATER: "The pair moves to a list of its own.",
            },
        ),
        "why": Look(rows=3),
    }

    def __init__(self, references: Sequence[str], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [
            *((f"keep-{each}", f"One child: go on to merge, and keep record {each}") for each in references),
            (DIFFERENT, "Two different children"),
            (LATER, "Leave it for later"),
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("decision") == DIFFERENT and not said.get("why"):
            self.add_error(
                "why", "Say how you know that they are two children, for example “both are in one class”"
            )
        return said

    @property
    def keep(self) -> str:
        """The reference of the record to keep; blank where another answer was given."""
        decision: str = self.cleaned_data["decision"]
        return decision.removeprefix("keep-") if decision.startswith("keep-") else ""


class MergeForm(GovukForm):
    """Where the two records differ: which of them is right.

    Args:
        differing: of each detail its name, what it is called, and what the kept and the other record say.
        default: the names of those that are taken from the other record unless somebody says otherwise.
        data: what was typed, or None.
    """

    def __init__(
        self,
        differing: Sequence[tuple[str, str, str, str]],
        default: Sequence[str],
        data: QueryDict | None = None,
    ) -> None:
        initial = {name: "other" if name in default else "kept" for name, *_ in differing}
        super().__init__(data, initial=initial, auto_id="%s")
        self.looks = {
            name: Look(called=f"which is right: {label}", size="s", small=True)
            for name, label, *_ in differing
        }
        for name, label, kept, other in differing:
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("kept", f"{kept or 'Nothing'} (on the record that is kept)"), ("other", other)],
                widget=forms.RadioSelect,
            )

    def take(self) -> list[str]:
        """The names of the details in which the other record is right."""
        return [name for name, said in self.cleaned_data.items() if said == "other"]


class UndoForm(GovukForm):
    why = forms.CharField(label="How do you know that these are two children?", widget=forms.Textarea)
    looks = {"why": Look(called="how you know that these are two children", rows=3)}
