"""Django's forms as GOV.UK components, with errors that say how to mend them."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django import forms
from django.template import Context, Template

from cre_toolkit.web.govuk.dates import DayMonthYearField
from cre_toolkit.web.govuk.errors import ErrorLink, errors_of_page
from cre_toolkit.web.govuk.forms import GovukForm
from cre_toolkit.web.govuk.look import Look
from cre_toolkit.web.govuk.messages import in_a_sentence
from tests.reading import Reading


class Referral(GovukForm):
    family_name = forms.CharField(label="Child's family name", max_length=5, help_text="In <capitals>")
    born = DayMonthYearField(label="Date of birth", must_be="past")
    level = forms.ChoiceField(
        label="Level", choices=[("low", "Low"), ("high", "High")], widget=forms.RadioSelect
    )
    why = forms.CharField(label="Why high?", required=False, widget=forms.Textarea)
    types = forms.MultipleChoiceField(
        label="Types",
        choices=[("criminal", "Criminal"), ("none", "None of these")],
        widget=forms.CheckboxSelectMultiple,
    )
    considered = forms.BooleanField(label="I have considered all 28")
    agency = forms.ChoiceField(label="Agency", choices=[("", "Choose"), ("school", "School")])
    weeks = forms.IntegerField(label="Weeks", required=False)

    looks = {
        "family_name": Look(width=20),
        "level": Look(called="a level", page_heading=True, reveals={"high": ("why",)}),
        "types": Look(exclusive=("none",), divider_before={"none": "or"}),
        "considered": Look(called="that you have considered all 28"),
    }


COMPLETE = {
    "family_name": "O'Nei",
    "born_day": "27",
    "born_month": "march",
    "born_year": "2012",
    "level": "high",
    "why": "first\n  second",
    "types": ["none"],
    "considered": "on",
    "agency": "school",
}


class TestForms:
    def test_valid(self) -> None:
        form = Referral(COMPLETE)

        assert form.is_valid(), form.errors
        assert form.cleaned_data["born"] == datetime.date(2012, 3, 27)

    def test_checkboxes_are_not_radios(self) -> None:
        page = Reading(str(Referral(COMPLETE)["types"]))

        assert page.attributes(value="none")["type"] == "checkbox"
        assert page.attributes(value="none")["data-behaviour"] == "exclusive"
        assert "checked" in page.attributes(value="none")
        assert "checked" not in page.attributes(value="criminal")

    def test_no_level_is_chosen_for_the_practitioner(self) -> None:
        assert "checked" not in str(Referral()["level"])

    def test_legend_as_heading_of_the_page(self) -> None:
        parts = Reading(str(Referral()["level"])).parts

        assert ("h1", [("class", "govuk-fieldset__heading")]) in parts

    def test_a_revealed_field_comes_out_once_and_inside(self) -> None:
        markup = str(Referral())

        assert markup.count('name="why"') == 1
        assert markup.index('id="conditional-id_level-2"') < markup.index('name="why"')

    @pytest.mark.parametrize(
        "typed", ["first\n  second\n\n    third", "\nfirst", "  <b>x</b>\n", "\r\nfirst"]
    )
    def test_typed_text_comes_back_as_it_was(self, typed: str) -> None:
        markup = str(Referral({**COMPLETE, "why": typed})["level"])

        control = markup.split("<textarea", 1)[1].split(">", 1)[1].split("</textarea>")[0]
        # What a browser makes of it: it drops one line break after the tag.
        shown = Template("{{ text }}").render(Context({"text": typed}))
        assert control.removeprefix("\n") == shown.removeprefix("\n") or control == "\n" + shown

    def test_browsers_do_not_validate_cut_or_remember(self) -> None:
        attributes = Reading(str(Referral()["family_name"])).attributes(name="family_name")

        assert attributes["autocomplete"] == "off"
        assert not {"required", "maxlength"} & attributes.keys()

    def test_numbers_are_typed_as_text(self) -> None:
        attributes = Reading(str(Referral()["weeks"])).attributes(name="weeks")

        assert (attributes["type"], attributes["inputmode"]) == ("text", "numeric")

    def test_hint_is_escaped_and_announced(self) -> None:
        markup = str(Referral()["family_name"])

        assert "In &lt;capitals&gt;" in markup
        assert Reading(markup).attributes(name="family_name")["aria-describedby"] == "id_family_name-hint"

    def test_extra_attributes_reach_the_control(self) -> None:
        class Saved(GovukForm):
            note = forms.CharField(
                widget=forms.Textarea(attrs={"hx-post": "/save/?a=1&b", "spellcheck": "true"})
            )

        attributes = Reading(str(Saved()["note"])).attributes(name="note")

        assert attributes["hx-post"] == "/save/?a=1&b"
        assert attributes["spellcheck"] == "true"

    def test_disabled_choice(self) -> None:
        form = Referral()
        form.fields["types"].disabled = True

        assert str(form["types"]).count(" disabled") == 2

    def test_hidden_fields(self) -> None:
        class Versioned(GovukForm):
            version = forms.IntegerField(widget=forms.HiddenInput)
            text = forms.CharField()

        page = Reading(str(Versioned(initial={"version": 3})))

        assert page.attributes(name="version")["type"] == "hidden"

    def test_formset_renders_each_form(self) -> None:
        formset = forms.formset_factory(Referral, extra=2)()

        assert str(formset).count("govuk-fieldset__heading") == 2
        assert 'name="form-TOTAL_FORMS"' in str(formset)


class TestErrors:
    def test_messages_name_the_field_and_link_to_it(self) -> None:
        found = errors_of_page({"form": Referral({})})

        assert found == [
            ErrorLink("Enter child's family name", "#id_family_name"),
            ErrorLink("Enter date of birth", "#id_born_day"),
            ErrorLink("Select a level", "#id_level"),
            ErrorLink("Select types", "#id_types"),
            ErrorLink("Select that you have considered all 28", "#id_considered"),
            ErrorLink("Select agency", "#id_agency"),
        ]

    def test_every_link_lands_on_a_control(self) -> None:
        form = Referral({})
        page = Reading(str(form))

        for error in errors_of_page({"form": form}):
            assert page.attributes(id=error.href.removeprefix("#"))["name"]

    def test_too_long(self) -> None:
        form = Referral({**COMPLETE, "family_name": "Featherstonehaugh"})

        assert form.errors["family_name"] == ["Child's family name must be 5 characters or fewer"]

    def test_a_forms_own_message_stays(self) -> None:
        class Own(GovukForm):
            name = forms.CharField(error_messages={"required": "Say who told you"})

        assert Own({}).errors["name"] == ["Say who told you"]

    def test_percent_signs_in_labels(self) -> None:
        class Attendance(GovukForm):
            rate = forms.CharField(label="Attendance in %", max_length=3)

        assert Attendance({"rate": "12345"}).errors["rate"] == [
            "Attendance in % must be 3 characters or fewer"
        ]
        assert Attendance({}).errors["rate"] == ["Enter attendance in %"]

    def test_several_errors_of_one_field_are_escaped(self) -> None:
        form = Referral(COMPLETE)
        form.add_error("agency", "<One>")
        form.add_error("agency", "Two")

        assert "&lt;One&gt;<br>Two" in str(form["agency"])

    def test_errors_of_forms_formsets_and_the_page(self) -> None:
        formset = forms.formset_factory(Referral, extra=1)(
            {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-family_name": "Anna"}
        )
        found = errors_of_page(
            {"formset": formset, "forms": [Referral({}, prefix="b")], "errors": [ErrorLink("Page", "#page")]}
        )

        assert found[0] == ErrorLink("Page", "#page")
        assert ErrorLink("Select a level", "#id_form-0-level") in found
        assert ErrorLink("Select a level", "#id_b-level") in found

    def test_error_of_the_whole_form_is_no_link(self) -> None:
        form = Referral(COMPLETE)
        form.add_error(None, "This draft was sent already")

        assert errors_of_page({"form": form}) == [ErrorLink("This draft was sent already")]

    def test_labels_inside_sentences(self) -> None:
        assert in_a_sentence("Date of birth") == "date of birth"
        assert in_a_sentence("NHS number (optional)") == "NHS number"
        assert in_a_sentence("What happened?") == "what happened"


class Born(GovukForm):
    born = DayMonthYearField(label="Date of birth", must_be="today or past")


class TestDates:
    @pytest.fixture(autouse=True)
    def _today(self) -> Iterator[None]:
        with time_machine.travel("2026-11-23 12:00:00Z", tick=False):
            yield

    @pytest.mark.parametrize(
        ("typed", "message", "boxes"),
        [
            (("27", "3", ""), "Date of birth must include a year", ["year"]),
            (("", "", "2012"), "Date of birth must include a day and a month", ["day", "month"]),
            (("31", "2", "2012"), "Date of birth must be a real date", ["day", "month", "year"]),
            (("27", "13", "2012"), "Date of birth must be a real date", ["month"]),
            (("27", "Mrz", "2012"), "Date of birth must be a real date", ["month"]),
            (("0", "3", "2012"), "Date of birth must be a real date", ["day"]),
            (("27", "3", "12"), "Year must include 4 numbers", ["year"]),
            (("27", "3", "0000"), "Date of birth must be a real date", ["day", "month", "year"]),
            (("24", "11", "2026"), "Date of birth must be today or in the past", ["day", "month", "year"]),
            (("٢٧", "3", "2012"), "Date of birth must be a real date", ["day"]),
            (("9" * 5000, "3", "2012"), "Date of birth must be a real date", ["day"]),
        ],
    )
    def test_says_what_to_mend_and_marks_the_box(
        self, typed: tuple[str, str, str], message: str, boxes: list[str]
    ) -> None:
        form = Born(dict(zip(("born_day", "born_month", "born_year"), typed, strict=True)))
        page = Reading(str(form))

        assert form.errors["born"] == [message]
        assert errors_of_page({"form": form}) == [ErrorLink(message, f"#id_born_{boxes[0]}")]
        in_error = [
            part
            for part in ("day", "month", "year")
            if "govuk-input--error" in page.attributes(id=f"id_born_{part}")["class"]
        ]
        assert in_error == boxes
        # Everything typed is kept.
        assert page.attributes(id="id_born_day")["value"] == typed[0]

    @pytest.mark.parametrize("month", ["3", "03", "mar", "March", " MARCH "])
    def test_months(self, month: str) -> None:
        form = Born({"born_day": "27", "born_month": month, "born_year": "2012"})

        assert form.is_valid()
        assert form.cleaned_data["born"] == datetime.date(2012, 3, 27)

    def test_today_is_that_of_the_clock_on_the_wall(self) -> None:
        with time_machine.travel("2026-07-01 23:30:00Z", tick=False):
            assert Born({"born_day": "2", "born_month": "7", "born_year": "2026"}).is_valid()

    def test_optional_and_empty(self) -> None:
        class Optional(GovukForm):
            born = DayMonthYearField(label="Date of birth", required=False)

        form = Optional({"born_day": " "})
        assert form.is_valid()
        assert form.cleaned_data["born"] is None

    def test_initial_value_fills_the_boxes(self) -> None:
        page = Reading(str(Born(initial={"born": datetime.date(2012, 3, 27)})))

        assert [page.attributes(id=f"id_born_{part}")["value"] for part in ("day", "month", "year")] == [
            "27",
            "3",
            "2012",
        ]

    def test_changed(self) -> None:
        initial = {"born": datetime.date(2012, 3, 27)}
        same = {"born_day": "27", "born_month": "mar", "born_year": "2012"}

        assert not Born(same, initial=initial).has_changed()
        assert Born({**same, "born_day": "28"}, initial=initial).has_changed()
        assert Born({**same, "born_day": "x"}, initial=initial).has_changed()


class TestTags:
    def write(self, template: str, form: Referral) -> str:
        return Template("{% load govuk %}" + template).render(Context({"form": form}))

    def test_field_with_a_changed_look(self) -> None:
        assert "govuk-label--m" in self.write('{% field form.agency size="m" %}', Referral())

    def test_error_prefix_and_summary(self) -> None:
        template = "{% error_prefix %}|{% error_summary %}"

        assert self.write(template, Referral()) == "|"
        assert self.write(template, Referral({})).startswith("Error: |")
        assert 'href="#id_level"' in self.write(template, Referral({}))
