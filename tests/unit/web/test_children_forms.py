"""What is asked about a child: lenient where people write differently, and an error says how to mend it."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cre_toolkit.web.forms.children.fields import (
    DateOfBirthField,
    NhsNumberField,
    PostcodeField,
    TelephoneField,
)
from cre_toolkit.web.forms.children.parts import (
    PARTS,
    ContactForm,
    FamilyForm,
    IdentityForm,
    LanguageForm,
    WorkersForm,
)
from cre_toolkit.web.forms.children.rows import MOST_ROWS
from cre_toolkit.web.forms.children.search import SearchForm
from tests.factories.people import ChildFactory, FamilyMemberFactory, practitioner

pytestmark = pytest.mark.django_db


def posted(**typed) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in typed.items():
        data[name] = value
    return data


@pytest.mark.parametrize("typed", ["9990000018", "999 000 0018", " 999-000-0018 "])
def test_an_nhs_number_may_have_spaces(typed: str):
    assert NhsNumberField(label="NHS number").clean(typed) == "9990000018"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("999 000 0019", "does not fit the others"),
        ("999 000 001", "You entered 9"),
        ("999 000 00189", "You entered 11"),
        ("999 000 00O8", "digits and spaces only"),
    ],
)
def test_an_nhs_number_that_is_none_says_what_is_wrong(typed: str, told: str):
    with pytest.raises(ValidationError, match=told):
        NhsNumberField(label="NHS number").clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("de12qy", "DE1 2QY"), ("  DE1  2QY", "DE1 2QY"), ("bfpo 12", "BFPO 12"), ("", "")],
)
def test_a_postcode_is_tidied_or_left(typed: str, kept: str):
    assert PostcodeField(label="Postcode").clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("01332641172", "01332 641172"),
        ("0048225551234", "+48 22 555 12 34"),
        ("+48225551234", "+48 22 555 12 34"),
        ("07700 900123 (mum)", "07700 900123 (mum)"),
        ("01332 641172 ext 4", "01332 641172 ext 4"),
        ("ask her sister", "ask her sister"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_spaced_where_it_is_one(typed: str, kept: str):
    assert TelephoneField(label="Telephone").clean(typed) == kept


@time_machine.travel(datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.UTC))
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["1", "1", "1985"], "check the year"),
        (["24", "11", "2026"], "today or in the past"),
        (["31", "2", "2011"], "real date"),
    ],
)
def test_a_date_of_birth_that_cannot_be(typed: list[str], told: str):
    with pytest.raises(ValidationError, match=told):
        DateOfBirthField(label="Date of birth").clean(typed)
    assert DateOfBirthField(label="Date of birth").clean(["23", "Nov", "2026"]) == datetime.date(2026, 11, 23)


class TestSearch:
    def test_something_must_be_asked(self):
        form = SearchForm(posted(name="  "))
        assert not form.is_valid()
        assert form.errors["name"] == [
            "Enter a name, a date of birth, an NHS number, a postcode or a reference"
        ]

    def test_a_reference_is_tidied(self):
        form = SearchForm(posted(reference="7q4k 2m9xab"))
        assert form.is_valid()
        assert form.sought().reference == "7Q4K-2M9XAB"
        assert form.sought().names == ()

    @pytest.mark.parametrize(
        ("typed", "given", "family"),
        [("Mary Ann Smith", "Mary Ann", "Smith"), ("Amy", "Amy", ""), ("李小龙", "李小龙", "")],
    )
    def test_what_was_searched_for_is_the_beginning_of_a_record(self, typed, given, family):
        form = SearchForm(posted(name=typed))
        assert form.is_valid()
        assert (form.known()["given_names"], form.known()["family_name"]) == (given, family)


class TestIdentity:
    def form(self, **typed):
        return IdentityForm(practitioner(), data=posted(**typed))

    def test_a_name_of_any_kind_is_enough(self):
        for name in ("given_names", "family_name", "known_as"):
            assert self.form(**{name: "x"}).is_valid()
        assert list(self.form().errors) == ["given_names"]

    def test_the_date_of_birth_stands_above_an_estimate(self):
        form = self.form(
            given_names="x", date_of_birth_day="1", date_of_birth_month="2", date_of_birth_year="2011",
            estimated_age="14",
        )  # fmt: skip
        assert form.is_valid()
        assert form.details()["estimated_age"] is None
        assert form.details()["date_of_birth"] == datetime.date(2011, 2, 1)

    @pytest.mark.parametrize("age", ["-1", "about 14", "14.5"])
    def test_an_age_is_a_whole_number(self, age: str):
        assert self.form(given_names="x", estimated_age=age).errors["estimated_age"] == [
            "Age must be a whole number, like 14"
        ]

    def test_gender_may_be_a_word_of_the_childs_own(self):
        form = self.form(given_names="x", gender="other", gender_words="Non-binary")
        assert form.is_valid()
        assert form.details()["gender"] == "Non-binary"
        assert "gender_words" in self.form(given_names="x", gender="other").errors
        plain = self.form(given_names="x", gender="Male", gender_words="left over")
        assert plain.is_valid()
        assert plain.details()["gender"] == "Male"

    def test_shows_what_stands(self):
        child = ChildFactory(gender="Non-binary", date_of_birth=None)
        child.estimated_age, child.estimated_on = 14, datetime.date.today() - datetime.timedelta(days=800)  # noqa: DTZ011
        shown = IdentityForm(practitioner(), child).initial
        assert (shown["gender"], shown["gender_words"]) == ("other", "Non-binary")
        assert shown["estimated_age"] == 16


def test_the_authority_is_needed_and_cannot_be_changed_once_settled():
    user = practitioner()
    assert ContactForm(user, data=posted()).errors["authority"] == [
        "Select the authority that is responsible"
    ]
    assert "authority" not in ContactForm(user, ChildFactory(), authority_is_settled=True).fields
    assert not ContactForm(user, data=posted(authority="atlantis")).is_valid()


def test_nothing_is_chosen_to_begin_with():
    child = ChildFactory()
    for part in PARTS:
        form = part(child.created_by, child)
        for name, field in form.fields.items():
            if field.__class__.__name__ == "ChoiceField" and name != "authority":
                assert form.initial.get(name, "") == "", name


def test_ethnicity_not_recorded_needs_the_reason_and_keeps_none_otherwise():
    user = practitioner()
    assert "ethnicity_not_recorded_why" in LanguageForm(user, data=posted(ethnicity="not-recorded")).errors
    form = LanguageForm(user, data=posted(ethnicity="indian", ethnicity_not_recorded_why="left over"))
    assert form.is_valid()
    assert form.details()["ethnicity_not_recorded_why"] == ""


class TestRows:
    def test_two_empty_ones_to_begin_with_and_one_beside_what_stands(self):
        member = FamilyMemberFactory()
        assert len(FamilyForm(practitioner(), ChildFactory()).rows.forms) == 2
        assert len(FamilyForm(practitioner(), member.child).rows.forms) == 2

    def test_an_empty_row_is_none_and_a_row_without_a_name_says_so(self):
        data = posted(**{"family-rows": "2", "family-0-name": "Anna", "family-1-contact": ""})
        form = FamilyForm(practitioner(), ChildFactory(), data)
        assert form.is_valid()
        assert [member["name"] for member in form.rows.answers()] == ["Anna"]
        data["family-1-contact"] = "07700 900123"
        form = FamilyForm(practitioner(), ChildFactory(), data)
        assert not form.is_valid()
        assert "name" in form.rows.forms[1].errors

    @pytest.mark.parametrize("count", [None, "", "many", "1", "999999", "9" * 5000, "٣"])
    def test_a_table_that_did_not_arrive_whole_is_an_error_and_shows_what_stands(self, count: str | None):
        member = FamilyMemberFactory(name="Anna")
        data = posted(**({} if count is None else {"family-rows": count}))
        form = FamilyForm(practitioner(), member.child, data)
        assert not form.is_valid()
        assert "did not arrive whole" in form.non_field_errors()[0]
        assert form.rows.forms[0]["name"].value() == "Anna"

    def test_a_row_lost_on_the_way_is_noticed(self):
        data = posted(**{"family-rows": "2", "family-1-name": "Anna"})
        form = FamilyForm(practitioner(), ChildFactory(), data)
        assert not form.is_valid()
        assert [row["name"].value() for row in form.rows.forms] == ["Anna"]

    def test_too_many_rows_are_said_and_none_is_lost(self):
        names = {f"family-{place}-name": f"Aunt {place}" for place in range(MOST_ROWS + 2)}
        form = FamilyForm(practitioner(), ChildFactory(), posted(**names, **{"family-rows": str(len(names))}))
        assert not form.is_valid()
        assert f"Write at most {MOST_ROWS} people. There are 52" in form.non_field_errors()[0]
        assert len(form.rows.forms) == len(names)
        fewer = names | {"family-0-name": "", "family-1-name": ""}
        data = posted(**fewer, **{"family-rows": str(len(names))})
        assert FamilyForm(practitioner(), ChildFactory(), data).is_valid()

    def test_another_row_judges_nothing(self):
        data = posted(**{"family-rows": "1", "family-0-contact": "07700 900123"})
        form = FamilyForm(practitioner(), ChildFactory(), data)
        form.without_errors()
        assert form.rows.add_empty() == "family-1-name"
        assert not form.rows.forms[0].errors


class TestWorkers:
    def form(self, child, user=None, **typed):
        return WorkersForm(user or child.created_by, child, posted(**{"agencies-rows": "0"} | typed))

    def test_one_of_four_or_nothing_said(self):
        child, worker = ChildFactory(), practitioner()
        me = self.form(child, worker="me")
        somebody = self.form(child, worker="user", worker_user=str(worker.pk))
        outside = self.form(child, worker="other", worker_name="Outside", worker_contact="01632 960001")
        nobody, unsaid = self.form(child, worker="none"), self.form(child)
        assert all(form.is_valid() for form in (me, somebody, outside, nobody, unsaid))
        blank = {"allocated_worker": None, "worker_name": "", "worker_contact": ""}
        assert me.details() == blank | {"allocated_worker": child.created_by}
        assert somebody.details() == blank | {"allocated_worker": worker}
        assert outside.details() == blank | {"worker_name": "Outside", "worker_contact": "01632 960001"}
        assert nobody.details() == blank
        assert unsaid.details() == {}

    def test_says_what_is_missing(self):
        child = ChildFactory()
        assert self.form(child, worker="user").errors["worker_user"] == ["Select the worker"]
        assert "worker_name" in self.form(child, worker="other").errors

    def test_nobody_outside_the_authority_is_one(self):
        outsider = practitioner(authority="derbyshire")
        assert "worker_user" in self.form(ChildFactory(), worker="user", worker_user=str(outsider.pk)).errors

    def test_shows_who_stands(self):
        worker = practitioner()
        child = ChildFactory(allocated_worker=worker)
        assert WorkersForm(worker, child).initial["worker"] == "me"
        assert WorkersForm(child.created_by, child).initial["worker_user"] == str(worker.pk)
        assert WorkersForm(worker, ChildFactory(worker_name="Outside")).initial["worker"] == "other"
        assert WorkersForm(worker, ChildFactory()).initial["worker"] == ""
