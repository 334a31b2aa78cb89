"""Who is let into a child's record, and to whom it is closed: the network, restriction, lock-out."""

from collections.abc import Iterable, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from cre_toolkit.accounts.models import User
from cre_toolkit.children import access
from cre_toolkit.children.models import LockOut
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look

# A form that names more people at once is a mistake, or an attack.
MOST = 50


def email_input() -> forms.EmailInput:
    """A box for an address, which no browser takes for a misspelled word."""
    return forms.EmailInput(attrs={"spellcheck": "false"})


def _find(people: QuerySet[User], email: str) -> User:
    found = people.filter(email__iexact=email).first()
    if found is None:
        raise ValidationError(
            f"Nobody here has the address {email} who may be chosen. Check it, or ask your administrator"
        )
    return found


class PersonForm(GovukForm):
    """One person, by their e-mail address: nobody is shown a list of everybody.

    Args:
        data: what was typed, or None.
    """

    email = forms.EmailField(label="Their e-mail address at work", widget=email_input())
    why = forms.CharField(
        label="What do they do with the child?",
        help_text="For example “school nurse at the child’s school”. Whoever sees the record can read this.",
        max_length=300,
    )
    looks = {
        "email": Look(called="their e-mail address", width=30),
        "why": Look(called="what they do with the child"),
    }

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")

    def people(self) -> QuerySet[User]:
        return access.practising()

    def clean_email(self) -> User:
        return _find(self.people(), self.cleaned_data["email"])

    @property
    def person(self) -> User:
        """Whom they mean, of a form that is valid."""
        person: User = self.cleaned_data["email"]
        return person


class LockOutForm(PersonForm):
    """Somebody who must not see the child's record, and what stands between them and the child."""

    conflict = forms.ChoiceField(
        label="What is the conflict of interest?", choices=LockOut.Conflict, widget=forms.RadioSelect
    )
    why = forms.CharField(
        label="More about it (optional)",
        help_text="Only those who may restrict this record can read it.",
        widget=forms.Textarea,
        required=False,
    )
    looks = {
        "email": Look(called="their e-mail address", width=30),
        "conflict": Look(called="what the conflict of interest is"),
        "why": Look(rows=3),
    }
    field_order = ("email", "conflict", "why")

    def people(self) -> QuerySet[User]:
        # Whatever their roles: a records auditor too, or somebody who does not work with children yet.
        return User.objects.filter(is_active=True)


class RestrictForm(GovukForm):
    """For whom a record is from now on, and why.

    Args:
        people: who sees it now, whom one may choose.
        data: what was typed, or None.
    """

    why = forms.CharField(
        label="Why is the record restricted?",
        help_text="For example “the child of somebody who works here”. Whoever may change it can read this.",
        widget=forms.Textarea,
    )
    named = forms.MultipleChoiceField(
        label="Who can go on seeing it? (optional)",
        help_text="You are named in any case.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    others = forms.CharField(
        label="Other people, by their e-mail addresses at work (optional)",
        help_text="One on each line.",
        widget=forms.Textarea(attrs={"spellcheck": "false"}),
        required=False,
    )
    looks = {
        "why": Look(called="why the record is restricted", rows=3),
        "named": Look(called="who can go on seeing it"),
        "others": Look(rows=3),
    }

    def __init__(self, people: Iterable[User], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="%s")
        self._people = {str(person.pk): person for person in people}
        field = self.fields["named"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type alone
        field.choices = [(pk, _said(person)) for pk, person in self._people.items()]
        if not self._people:
            del self.fields["named"]

    def clean_others(self) -> list[User]:
        addresses = self.cleaned_data["others"].split()
        if len(addresses) > MOST:
            raise ValidationError(f"Name {MOST} people at the most")
        return [_find(access.practising(), address) for address in addresses]

    @property
    def people(self) -> Sequence[User]:
        """Everybody named, of a form that is valid."""
        chosen = [self._people[pk] for pk in self.cleaned_data.get("named", ())]
        return [*chosen, *self.cleaned_data["others"]]


def _said(person: User) -> str:
    about = [person.job_title, str(person.agency or "")]
    return ", ".join(filter(None, (person.name, *about)))
