"""Who takes over a draft."""

from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.assessments.queries import colleagues, teammates
from cre_toolkit.children.names import alphabetical
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

NOBODY = "Choose who goes on with the assessment, or enter their e-mail address"


class HandOverForm(GovukForm):
    """One of those who may assess in the child's authority: from one's teams, or by their e-mail address.

    A county has thousands of them, and who they are is nobody's to read through.

    Args:
        draft: what is handed over.
        data: what was sent, or None.

    Attributes:
        nobody: whether there is nobody to whom it could go.
    """

    to = forms.ChoiceField(
        label="Somebody in a team of yours",
        required=False,
        error_messages={"invalid_choice": "Choose who goes on with the assessment. This person cannot"},
    )
    email = forms.EmailField(
        label="Their e-mail address at work",
        required=False,
        widget=forms.EmailInput(attrs={"spellcheck": "false"}),
        help_text="The one that they sign in with here.",
        error_messages={"invalid": "Enter an e-mail address like name@example.org"},
    )
    looks = {"to": Look(size="s"), "email": Look(size="s", called="their e-mail address")}

    def __init__(self, draft: Assessment, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        self._them = colleagues(draft.child, draft.author)
        near = sorted(teammates(draft.child, draft.author), key=lambda user: alphabetical(user.name))
        self._near = {str(user.pk): user for user in near}
        self.nobody = not self._near and not self._them.exists()
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [("", "Choose one"), *((pk, _said(user)) for pk, user in self._near.items())]
        if self._near:
            self.fields["email"].label = "Or somebody else: their e-mail address at work"
        else:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("to") and said.get("email"):
            self.add_error("email", "Choose somebody or enter an e-mail address, not both")
        elif said.get("email"):
            said["user"] = self._them.filter(email__iexact=said["email"]).first()
            if said["user"] is None:
                self.add_error(
                    "email",
                    "Nobody who may assess a child of this authority signs in with this address. Check it "
                    "with them",
                )
        elif said.get("to"):
            said["user"] = self._near[said["to"]]
        elif not self.errors:
            self.add_error("to" if self._near else "email", NOBODY)
        return said

    def chosen(self) -> User:
        user: User = self.cleaned_data["user"]
        return user

    @property
    def asked(self) -> str:
        """The control by which somebody was chosen: where an error about them belongs."""
        return "to" if self.cleaned_data.get("to") else "email"


def _said(user: User) -> str:
    about: list[Any] = [user.job_title, user.agency]
    return f"{user.name} ({', '.join(str(each) for each in about if each)})"
