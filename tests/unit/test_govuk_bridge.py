"""The bridge renders what GOV.UK renders, and escapes what people type."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString

from cre_toolkit.web.govuk.components import UnknownComponent, names, render
from cre_toolkit.web.govuk.shapes import UnsafeHtml
from tests.reading import Reading

FIXTURES = Path(__file__).parents[2] / "node_modules/govuk-frontend/dist/govuk/components"


def marked_safe(value: Any, key: str = "") -> Any:
    """GOV.UK's own parameters, whose HTML is trusted."""
    if isinstance(value, dict):
        if key == "slots":
            return {name: SafeString(html) for name, html in value.items()}
        return {name: marked_safe(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [marked_safe(each) for each in value]
    if isinstance(value, str) and (key in {"html", "attributes"} or key.endswith("Html")):
        return SafeString(value)
    return value


def gov_uk_fixtures() -> list[Any]:
    return [
        pytest.param(component, fixture["options"], fixture["html"], id=f"{component}: {fixture['name']}")
        for path in sorted(FIXTURES.glob("*/fixtures.json"))
        for component, fixtures in [(path.parent.name, json.loads(path.read_text())["fixtures"])]
        for fixture in fixtures
    ]


class TestFixtures:
    def test_all_of_govuk_frontend_6_3_are_here(self) -> None:
        package = json.loads((FIXTURES.parents[2] / "package.json").read_text())

        assert package["version"] == "6.3.0"
        assert len(gov_uk_fixtures()) == 657

    @pytest.mark.parametrize(("component", "options", "expected"), gov_uk_fixtures())
    def test_identical(self, component: str, options: dict[str, Any], expected: str) -> None:
        first = render(component, marked_safe(options))
        from_its_shape = render(component, marked_safe(options))

        assert Reading(first).parts == Reading(expected).parts
        assert from_its_shape == first


class TestEscaping:
    @pytest.mark.parametrize(
        ("component", "params"),
        [
            ("button", {"html": "<b>Send</b>"}),
            ("error-summary", {"titleHtml": "<b>Problem</b>"}),
            ("radios", {"name": "a", "items": [{"value": "1", "html": "<b>One</b>"}]}),
            ("radios", {"name": "a", "items": [{"value": "1", "text": "1", "conditional": {"html": "<p>"}}]}),
            ("service-navigation", {"slots": {"start": "<b>"}}),
            ("button", {"text": "Send", "attributes": " onclick='alert(1)'"}),
        ],
    )
    def test_refuses_html_that_nobody_marked_safe(self, component: str, params: dict[str, Any]) -> None:
        with pytest.raises(UnsafeHtml, match=component):
            render(component, params)

    def test_escapes_text_also_from_a_known_shape(self) -> None:
        render("button", {"text": "Send"})

        markup = render("button", {"text": "<script>alert('1')</script>"})

        assert "<script" not in markup
        assert "&lt;script&gt;" in markup

    def test_shapes_do_not_mix_safe_and_unsafe(self) -> None:
        safe = render("tag", {"text": "a", "classes": SafeString("a&b")})
        unsafe = render("tag", {"text": "a", "classes": "a&b"})

        assert 'a&b"' in safe
        assert 'a&amp;b"' in unsafe

    @pytest.mark.parametrize("value", ["\x02", "\x020\x03", "\\1", "{0}", "%s", "{{ 7 }}"])
    def test_takes_any_text(self, value: str) -> None:
        markup = render("input", {"name": "a", "id": "a", "label": {"text": value}, "value": value})

        assert Reading(markup).attributes(id="a")["value"] == value.strip()

    def test_unknown_component(self) -> None:
        with pytest.raises(UnknownComponent, match="crown"):
            render("crown", {})

    def test_knows_every_component(self) -> None:
        assert {path.parent.name for path in FIXTURES.glob("*/fixtures.json")} == names()


class TestTags:
    def write(self, template: str, **context: Any) -> str:
        return Template("{% load govuk page %}" + template).render(Context(context))

    def test_options_become_parameters(self) -> None:
        markup = self.write(
            '{% govuk "input" name="q" id="q" label__text=label form_group__classes="c"'
            ' attributes__data_of_what="x" %}',
            label="<b>",
        )

        assert "&lt;b&gt;" in markup
        assert Reading(markup).attributes(id="q")["data-of-what"] == "x"
        assert "govuk-form-group c" in markup

    def test_a_variable_is_no_html(self) -> None:
        with pytest.raises(UnsafeHtml):
            self.write('{% govuk "inset-text" html=words %}', words="<b>typed</b>")

    def test_a_block_is_escaped_by_the_template(self) -> None:
        markup = self.write(
            '{% govuk_block "inset-text" %}<p>{{ words }}</p>{% endgovuk_block %}', words="<b>typed</b>"
        )

        assert "<p>&lt;b&gt;typed&lt;/b&gt;</p>" in markup

    @pytest.mark.parametrize(
        ("value", "word"),
        [
            ("low", "Low"),
            ("medium", "Medium"),
            ("high", "High"),
            (None, "Not recorded"),
            ("x", "Not recorded"),
        ],
    )
    def test_level_is_a_word(self, value: str | None, word: str) -> None:
        assert word in Reading(self.write("{% level value %}", value=value)).parts

    def test_danger_is_never_folded_away(self) -> None:
        alerts = [{"kind": "School", "text": str(number)} for number in range(3)]
        alerts += [{"kind": "Danger", "text": "now", "grave": True}] * 4
        markup = self.write('{% include "_components/alerts.html" %}', alerts=alerts)

        shown, folded = markup.split("<details")
        assert shown.count("Danger:") == 4
        assert "and 3 more" in folded

    def test_table_cells_say_their_heading(self) -> None:
        markup = self.write(
            '{% cards_table "Due" heads rows %}',
            heads=["Due", "Child"],
            rows=[["Today", ("O'Neill <b>", "/children/x/")], [None, "Siân"]],
        )

        assert (
            'data-label="Child"><a class="govuk-link" href="/children/x/">O&#x27;Neill &lt;b&gt;</a>'
            in markup
        )
