"""Who takes over a draft."""

from typing import Any

from django import forms
from django.http import QueryDict

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.assessments.queries import colleagues
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


class HandOverForm(GovukForm):
    """One of those who may assess in the child's authority.

    Args:
        draft: what is handed over.
        data: what was sent, or None.
    """

    to = forms.ChoiceField(
        label="Who goes on with it?",
        help_text="Everybody who may assess children in this authority. They will see the child’s record.",
        error_messages={
            "required": "Choose who goes on with the assessment",
            "invalid_choice": "Choose who goes on with the assessment. This person cannot",
        },
    )
    looks = {"to": Look(size="m")}

    def __init__(self, draft: Assessment, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        self._people = {str(user.pk): user for user in colleagues(draft.child, draft.author)}
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
        field.choices = [("", "Choose one"), *((pk, _said(user)) for pk, user in self._people.items())]

    @property
    def nobody(self) -> bool:
        """Whether there is nobody to whom it could go."""
        return not self._people

    def chosen(self) -> User:
        return self._people[self.cleaned_data["to"]]


def _said(user: User) -> str:
    about: list[Any] = [user.job_title, user.agency]
    return f"{user.name} ({', '.join(str(each) for each in about if each)})"
