"""About a person who has, or is to have, an account."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cre_toolkit.accounts.models import Agency, Role, Team, User
from cre_toolkit.rules.loading import load_authority
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


def authority_name(authority: str) -> str:
    """What an authority is called."""
    return load_authority(authority).packs[-1].name


def authority_choices(authorities: Iterable[str]) -> list[tuple[str, str]]:
    return [(authority, authority_name(authority)) for authority in sorted(authorities)]


class SearchForm(GovukForm):
    """A name, or an e-mail address, or a part of one."""

    q = forms.CharField(label="Name or e-mail address", max_length=200)
    looks = {"q": Look(called="a name or an e-mail address, or a part of one", width="two-thirds")}


class AboutForm(GovukForm):
    """What stands about a person.

    Args:
        data: what was typed, or None.
    """

    name = forms.CharField(label="Name", max_length=200, help_text="As colleagues will read it.")
    job_title = forms.CharField(label="Job title (optional)", max_length=200, required=False)
    telephone = forms.CharField(
        label="Work telephone number (optional)",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    agency = forms.ChoiceField(
        label="Agency",
        help_text="Not on the list? Add it first, under “Agencies and teams”.",
        error_messages={"required": "Select an agency", "invalid_choice": "Select an agency of the list"},
    )
    looks = {
        "name": Look(called="the person’s name", width="two-thirds"),
        "job_title": Look(width="two-thirds"),
        "telephone": Look(width=20),
    }

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="%s", **kwargs)
        self._agencies = {str(agency.pk): agency for agency in Agency.objects.order_by("name")}
        _offer(
            self, "agency", [("", "Choose one"), *((pk, each.name) for pk, each in self._agencies.items())]
        )

    def about(self) -> dict[str, Any]:
        """What was said, by the names of the fields of `User`."""
        given = self.cleaned_data
        about = {name: given[name] for name in ("name", "job_title", "telephone")}
        return about | {"agency": self._agencies[given["agency"]]}


class RoleForm(GovukForm):
    """A role, and where it holds.

    Args:
        authorities: those that the administrator administers.
        data: what was typed, or None.
    """

    role = forms.ChoiceField(
        label="Role",
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a role", "invalid_choice": "Select a role of the list"},
    )
    authority = forms.ChoiceField(label="In which authority?", widget=forms.RadioSelect)
    looks = {
        "role": Look(size="m"),
        "authority": Look(called="the authority in which the role holds", size="m"),
    }

    def __init__(self, authorities: Iterable[str], data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="%s", **kwargs)
        only_one_authority(self, authorities)

    @property
    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm, AboutForm):
    """Somebody new: what stands about them, their address, and their first role."""

    email = forms.EmailField(
        label="Work e-mail address",
        help_text="They sign in with it, and the invitation goes there.",
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
    )
    field_order = ("email", "name", "job_title", "telephone", "agency", "role", "authority")
    looks = {
        **AboutForm.looks,
        **RoleForm.looks,
        "email": Look(called="the person’s work e-mail address", width="two-thirds"),
    }

    def __init__(self, authorities: Iterable[str], data: QueryDict | None = None) -> None:
        AboutForm.__init__(self, data)
        only_one_authority(self, authorities)
        # Who has an account already, where the address is somebody's.
        self.known: User | None = None

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"].lower()
        self.known = User.objects.filter(email__iexact=typed).first()
        if self.known:
            raise ValidationError(
                "There is an account with this address already. Give that person a role here instead"
            )
        return typed


class ExistingForm(RoleForm):
    """Somebody who has an account already, perhaps of another authority: by their whole address alone."""

    email = forms.EmailField(
        label="Their work e-mail address", widget=forms.EmailInput(attrs={"spellcheck": "false"})
    )
    field_order = ("email", "role", "authority")
    looks = {**RoleForm.looks, "email": Look(called="the person’s work e-mail address", width="two-thirds")}

    def clean_email(self) -> User:
        found = User.objects.filter(email__iexact=self.cleaned_data["email"]).first()
        if found is None:
            raise ValidationError("Nobody has an account with this address. Invite them instead")
        return found


class TeamForm(GovukForm):
    """A team, and whether somebody manages it.

    Args:
        teams: those to choose from.
        data: what was typed, or None.
    """

    team = forms.ChoiceField(
        label="Team",
        error_messages={"required": "Select a team", "invalid_choice": "Select a team of the list"},
    )
    manages = forms.BooleanField(
        label="They manage this team",
        required=False,
        help_text="With the role “Team manager” they then see the children with whom its people work.",
    )

    def __init__(self, teams: Iterable[Team], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        self._teams = {str(team.pk): team for team in teams}
        said = [
            (pk, f"{team.name}, {team.agency.name} ({authority_name(team.authority)})")
            for pk, team in self._teams.items()
        ]
        _offer(self, "team", [("", "Choose one"), *said])

    @property
    def chosen(self) -> Team:
        return self._teams[self.cleaned_data["team"]]


class FirstPasswordForm(GovukForm):
    """The first password of an account, twice.

    Args:
        user: whose it will be: it must not look like their name or address.
        data: what was typed, or None.
    """

    password = forms.CharField(
        label="Password",
        strip=False,
        help_text="At least 12 characters. Three words that do not belong together are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="The same password again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    looks = {
        "password": Look(called="a password", width=20),
        "again": Look(called="the same password again", width=20),
    }

    def __init__(self, user: User, data: QueryDict | None = None) -> None:
        self.user = user
        super().__init__(data, auto_id="%s")

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        validate_password(typed, self.user)
        return typed

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if {"password", "again"} <= said.keys() and said["password"] != said["again"]:
            self.add_error("again", "The two passwords differ. Enter the same one twice")
        return said


def only_one_authority(form: forms.Form, authorities: Iterable[str]) -> None:
    """Offer the authorities; where there is one, it is not asked."""
    choices = authority_choices(authorities)
    _offer(form, "authority", choices)
    if len(choices) == 1:
        form.fields["authority"].widget = forms.HiddenInput()
        form.fields["authority"].initial = choices[0][0]


def _offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
    field.choices = choices
