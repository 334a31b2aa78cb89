"""The parts of a child's record, each a form: asked together when a child is added, one by one to change.

Nothing but a name and the authority is ever needed, and nothing is chosen to begin with: not known and not
asked are different things.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from cre_toolkit.accounts.models import User
from cre_toolkit.children import queries
from cre_toolkit.children.models import Child, YesNoUnknown
from cre_toolkit.rules.loading import authority_ids, load_authority
from cre_toolkit.web.forms.children.fields import (
    OLDEST,
    DateOfBirthField,
    NhsNumberField,
    PostcodeField,
    TelephoneField,
    name_input,
)
from cre_toolkit.web.forms.children.rows import AgencyRow, FamilyRow, RecordRows
from cre_toolkit.web.forms.workers import offered
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look


def _text(label: str, length: int = 200, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length, **kwargs)


def _words(label: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea, **kwargs)


def _one_of(label: str, choices: list[tuple[str, Any]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect, **kwargs)


def _known(label: str, **kwargs: Any) -> forms.ChoiceField:
    return _one_of(label, YesNoUnknown.choices, **kwargs)


def authorities() -> list[tuple[str, str]]:
    """Every authority that the service knows, with the name that it has today."""
    today = timezone.localdate()
    return [(id_, load_authority(id_).on(today).name) for id_ in authority_ids()]


class PartForm(GovukForm):
    """A part of a record. Its fields have the names of the child's, where there is one for one.

    Args:
        user: who asks.
        child: whose record; None for a child who is not on it yet.
        data: what was typed, or None to show what stands.
        initial: what to show instead of what stands.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    # The table that the part has, if it has one.
    table: ClassVar[str] = ""

    def __init__(
        self,
        user: User,
        child: Child | None = None,
        data: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.user, self.child = user, child
        self.rows: RecordRows | None = None
        shown = initial if initial is not None else self.standing(child) if child else {}
        super().__init__(data, initial=dict(shown), auto_id="%s")

    def standing(self, child: Child) -> dict[str, Any]:
        """What stands on the record, by the names of the fields."""
        return {name: getattr(child, name) for name in self.base_fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.rows and self.rows.problem:
            self.add_error(None, self.rows.problem)
        return cleaned

    def is_valid(self) -> bool:
        # The table first: what is wrong with it is an error of the form.
        rows_valid = self.rows is None or self.rows.is_valid()
        return super().is_valid() and rows_valid

    def details(self) -> dict[str, Any]:
        """What was answered, by the names of the child's details.

        A browser sends a box that is empty and a choice that stands. What was not sent at all says nothing: a
        record keeps what it has there.
        """
        return {
            name: value for name, value in self.cleaned_data.items() if self.child is None or self._sent(name)
        }

    def _sent(self, name: str) -> bool:
        control = self[name]
        omitted = control.field.widget.value_omitted_from_data(self.data, self.files, control.html_name)
        return not omitted

    def without_errors(self) -> None:
        """Show what was typed as it is: another row was asked for, nothing was to be saved."""
        for form in (self, *(self.rows.forms if self.rows else ())):
            form._errors = forms.utils.ErrorDict()


class IdentityForm(PartForm):
    name = "identity"
    title = "Name, age and NHS number"
    given_names = _text("First names", widget=name_input())
    family_name = _text("Last name", widget=name_input())
    known_as = _text("Also known as", widget=name_input(), help_text="A nickname, a name used online")
    date_of_birth = DateOfBirthField(label="Date of birth")
    estimated_age = forms.IntegerField(
        label="Age, if you do not know the date of birth",
        required=False,
        min_value=0,
        max_value=OLDEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="An estimate, in years. It will be shown as one.",
        error_messages={
            "invalid": "Age must be a whole number, like 14",
            "min_value": "Age must be a whole number, like 14",
            "max_value": f"Age must be {OLDEST} or less",
        },
    )
    nhs_number = NhsNumberField(label="NHS number", help_text="10 digits, like 999 000 0018")
    gender = _one_of(
        "Gender", [("Female", "Female"), ("Male", "Male"), ("other", "In the child’s own words")]
    )
    gender_words = _text("The word that the child uses", 60)
    looks = {
        "given_names": Look(width=20),
        "family_name": Look(width=20),
        "known_as": Look(width=20),
        "estimated_age": Look(width=2, suffix="years", called="age"),
        "nhs_number": Look(width=20),
        "gender": Look(reveals={"other": ("gender_words",)}, small=True),
        "gender_words": Look(width=20),
    }

    def standing(self, child: Child) -> dict[str, Any]:
        told = {name: getattr(child, name) for name in self.base_fields if hasattr(child, name)}
        if child.gender and child.gender not in ("Female", "Male"):
            told |= {"gender": "other", "gender_words": child.gender}
        if child.date_of_birth is None:
            told["estimated_age"] = child.age_on(timezone.localdate())
        return told

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not (given.get("given_names") or given.get("family_name") or given.get("known_as")):
            self.add_error("given_names", "Enter a first name, a last name or a name the child is known by")
        if given.get("gender") == "other" and not given.get("gender_words"):
            self.add_error("gender_words", "Enter the word that the child uses")
        return given

    def details(self) -> dict[str, Any]:
        details = super().details()
        details.pop("gender_words", None)
        if details.get("gender") == "other":
            details["gender"] = self.cleaned_data["gender_words"]
        if details.get("date_of_birth"):
            details["estimated_age"] = None
        return details


class ContactForm(PartForm):
    name = "contact"
    title = "Authority, address and school"
    authority = forms.ChoiceField(
        label="Which local authority is responsible for the child?",
        choices=authorities,
        widget=forms.RadioSelect,
        help_text="It decides who is told, and by when.",
    )
    address = _words("Address")
    postcode = PostcodeField(label="Postcode")
    telephone = TelephoneField(label="Telephone", help_text="The child’s own, where they have one")
    school = _text("School or college")
    looks = {
        "authority": Look(called="the authority that is responsible", small=True),
        "address": Look(rows=3),
        "postcode": Look(width=10),
        "telephone": Look(width=20),
    }

    def __init__(self, *args: Any, authority_is_settled: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if authority_is_settled:
            # What was sent went by this authority's rules: another one takes over by a transfer.
            del self.fields["authority"]


class FamilyForm(PartForm):
    name = "family"
    title = "Family and household"
    table = "family"

    def __init__(self, user: User, child: Child | None = None, data: QueryDict | None = None) -> None:
        super().__init__(user, child, data)
        written = queries.family_of(child) if child else []
        self.rows = RecordRows("family", FamilyRow, written, data, empty=1 if written else 2)


class LanguageForm(PartForm):
    name = "language"
    title = "Language and ethnicity"
    first_language = _text("First language", 100)
    needs_interpreter = _known(
        "Does the child or their family need an interpreter?", help_text="A sign language counts."
    )
    ethnicity = forms.ChoiceField(
        label="Ethnicity",
        choices=lambda: [("", "Choose one"), *queries.ETHNICITIES],
        required=False,
        help_text="As the child describes it. Exploitation happens to children of every ethnicity; it is "
        "asked so that nobody is overlooked, and no level is worked out from it.",
    )
    ethnicity_not_recorded_why = _text("If it is not recorded, why?", 300)
    looks = {
        "first_language": Look(width=20),
        "needs_interpreter": Look(called="whether an interpreter is needed", small=True),
    }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        not_recorded = given.get("ethnicity") == Child.Ethnicity.NOT_RECORDED
        if not_recorded and not given.get("ethnicity_not_recorded_why"):
            self.add_error(
                "ethnicity_not_recorded_why",
                "Say why ethnicity is not recorded, for example “has not been asked yet”",
            )
        if not not_recorded:
            given["ethnicity_not_recorded_why"] = ""
        return given

    def details(self) -> dict[str, Any]:
        details, why = super().details(), "ethnicity_not_recorded_why"
        # The reason belongs to the answer, and goes with it.
        details.pop(why, None)
        return details | ({why: self.cleaned_data[why]} if "ethnicity" in details else {})


class CareForm(PartForm):
    name = "care"
    title = "Social care, plan and SEND"
    open_to_social_care = _known(
        "Is the child open to children’s social care?", help_text="It decides where an assessment goes."
    )
    plan = _one_of("Is the child on a plan?", Child.Plan.choices)
    looked_after = _known("Is the child looked after?")
    send = _known(
        "Does the child have special educational needs, a disability or a learning disability (SEND)?",
        help_text="It decides the lowest level that can be recorded and, from 18 to 24, whether the toolkit "
        "applies.",
    )
    disabilities = _words("Disabilities, and what helps the child")
    looks = {
        "open_to_social_care": Look(called="whether the child is open to social care", small=True),
        "plan": Look(called="whether the child is on a plan", small=True),
        "looked_after": Look(called="whether the child is looked after", small=True),
        "send": Look(called="whether the child has SEND", small=True),
        "disabilities": Look(rows=3),
    }


class WorkersForm(PartForm):
    name = "workers"
    title = "Allocated worker and agencies"
    table = "agencies"
    worker = _one_of("Who is the allocated worker?", [])
    worker_user = forms.ChoiceField(label="Worker", required=False)
    worker_name = _text("Worker’s name", widget=name_input())
    worker_contact = _text("Worker’s telephone or e-mail address", 300)
    looks = {
        "worker": Look(
            called="who the allocated worker is",
            small=True,
            reveals={"user": ("worker_user",), "other": ("worker_name", "worker_contact")},
            item_hints={"user": "They will see the child’s record, and what is due."},
        ),
        "worker_name": Look(width=20),
    }

    def __init__(self, user: User, child: Child, data: QueryDict | None = None) -> None:
        super().__init__(user, child, data)
        workers = offered(queries.possible_workers(child))
        who = [
            ("me", f"Me, {user.name}"),
            ("user", "Somebody else who uses this service"),
            ("other", "Somebody who does not use it"),
            ("none", "Nobody, or not known"),
        ]
        for name, choices in {"worker": who, "worker_user": [("", "Choose one"), *workers]}.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type alone
            field.choices = choices
        written = queries.agencies_of(child)
        self.rows = RecordRows("agencies", AgencyRow, written, data, empty=1)

    def standing(self, child: Child) -> dict[str, Any]:
        told: dict[str, Any] = {"worker_name": child.worker_name, "worker_contact": child.worker_contact}
        if child.allocated_worker_id == self.user.pk:
            return told | {"worker": "me"}
        if child.allocated_worker_id:
            return told | {"worker": "user", "worker_user": str(child.allocated_worker_id)}
        return told | {"worker": "other" if child.worker_name or child.worker_contact else ""}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("worker") == "user" and not given.get("worker_user"):
            if "worker_user" not in self.errors:
                self.add_error("worker_user", "Select the worker")
        elif given.get("worker") == "other" and not (given.get("worker_name") or given.get("worker_contact")):
            self.add_error("worker_name", "Enter the worker’s name, or how to reach them")
        return given

    def details(self) -> dict[str, Any]:
        given = self.cleaned_data
        nobody = {"allocated_worker": None, "worker_name": "", "worker_contact": ""}
        match given["worker"]:
            case "me":
                return nobody | {"allocated_worker": self.user}
            case "user":
                return nobody | {"allocated_worker": self._chosen(given["worker_user"])}
            case "other":
                return nobody | {key: given[key] for key in ("worker_name", "worker_contact")}
            case "none":
                return nobody
        # Not asked: nothing is said of a worker.
        return {}

    def _chosen(self, key: str) -> User:
        found = queries.possible_workers(self.child).filter(pk=key).first() if self.child else None
        if found is None:
            raise ValidationError("Select the worker")
        return found


class VoiceForm(PartForm):
    name = "voice"
    title = "What the child says"
    wishes = _words(
        "What does the child want to happen?",
        help_text="Their wishes and feelings, also where you cannot follow them.",
    )
    own_words = _words(
        "The child’s own words", help_text="As they said it, in quotation marks, with the date."
    )
    looks = {"wishes": Look(rows=4), "own_words": Look(rows=4)}


PARTS: tuple[type[PartForm], ...] = (
    IdentityForm,
    ContactForm,
    FamilyForm,
    LanguageForm,
    CareForm,
    WorkersForm,
    VoiceForm,
)
PART = {part.name: part for part in PARTS}
# Asked when a child is added; the rest is asked straight afterwards, and can wait.
AT_FIRST = (IdentityForm, ContactForm)
AFTERWARDS = (FamilyForm, LanguageForm, CareForm, WorkersForm, VoiceForm)
