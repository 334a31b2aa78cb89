"""About agencies and their teams."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cre_toolkit.accounts.models import Agency, Team
from cre_toolkit.web.forms.administration.people import only_one_authority
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class AgencyForm(GovukForm):
    """An agency that there is not yet."""

    name = forms.CharField(label="Name of the agency", max_length=200)
    kind = forms.ChoiceField(
        label="What is it?",
        choices=Agency.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the agency is"},
    )
    looks = {
        "name": Look(called="the name of the agency", width="two-thirds"),
        "kind": Look(size="s"),
    }

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        if Agency.objects.filter(name__iexact=typed).exists():
            raise ValidationError("There is an agency of this name already. Add a team to it instead")
        return typed


class NewTeamForm(GovukForm):
    """A team of an agency within an authority.

    Args:
        authorities: those that the administrator administers.
        data: what was typed, or None.
    """

    agency = forms.ChoiceField(
        label="Agency",
        error_messages={"required": "Select an agency", "invalid_choice": "Select an agency of the list"},
    )
    name = forms.CharField(label="Name of the team", max_length=200)
    kind = forms.ChoiceField(
        label="What does it do?",
        choices=Team.Kind.choices,
        initial=Team.Kind.TEAM,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the team does"},
    )
    authority = forms.ChoiceField(label="For which authority?", widget=forms.RadioSelect)
    looks = {
        "name": Look(called="the name of the team", width="two-thirds"),
        "kind": Look(
            size="s",
            item_hints={
                Team.Kind.FRONT_DOOR: "Receives assessments where a child has no allocated worker.",
                Team.Kind.TEAM: "Any other: social work, early help, a school’s safeguarding leads.",
            },
        ),
        "authority": Look(called="the authority", size="s"),
    }

    def __init__(self, authorities: Iterable[str], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        self._agencies = {str(agency.pk): agency for agency in Agency.objects.order_by("name")}
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [("", "Choose one"), *((pk, each.name) for pk, each in self._agencies.items())]
        only_one_authority(self, authorities)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if {"agency", "name", "authority"} <= said.keys():
            same = Team.objects.filter(
                agency=said["agency"], name__iexact=said["name"], authority=said["authority"]
            )
            if same.exists():
                self.add_error("name", "The agency has a team of this name. Enter another name")
        return said

    @property
    def chosen(self) -> Agency:
        return self._agencies[self.cleaned_data["agency"]]


class RenameForm(GovukForm):
    """Another name for a team.

    Args:
        team: as it stands.
        data: what was typed, or None.
    """

    name = forms.CharField(label="Name of the team", max_length=200)
    looks = {"name": Look(called="the name of the team", width="two-thirds", size="s")}

    def __init__(self, team: Team, data: QueryDict | None = None) -> None:
        self.team = team
        super().__init__(data, auto_id="%s", initial={"name": team.name})

    def clean_name(self) -> str:
        typed: str = self.cleaned_data["name"]
        same = Team.objects.filter(
            agency=self.team.agency_id, authority=self.team.authority, name__iexact=typed
        )
        if same.exclude(pk=self.team.pk).exists():
            raise ValidationError("The agency has another team of this name. Enter another name")
        return typed
