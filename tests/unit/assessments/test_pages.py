"""The small parts of the pages: prepared markup, telephone numbers, rows of answers, where findings lead."""

import pytest
from django.template import engines

from cre_toolkit.assessments.answers import from_sections, read
from cre_toolkit.rules.loading import load_instrument
from cre_toolkit.web.prepared import Prepared
from cre_toolkit.web.templatetags.journey import digits, with_numbers
from cre_toolkit.web.views.assessments import journey, sheets
from cre_toolkit.web.views.assessments.describe import describe, differences

INSTRUMENT = load_instrument("cre-2020")


class TestPrepared:
    def test_every_indicator_has_a_card_without_any_answer(self):
        for indicator in INSTRUMENT.indicators:
            markup = sheets.card(INSTRUMENT, indicator.id).filled({})
            assert " checked" not in markup
            assert f'id="{indicator.id}-note"' in markup
            assert "\x02" not in markup

    def test_what_is_filled_in_is_escaped(self):
        markup = sheets.card(INSTRUMENT, "missing").filled({"note": '</textarea><script>"x"</script>'})
        assert "<script>" not in markup
        assert "&lt;script&gt;" in markup

    def test_it_is_made_once_for_an_edition(self):
        assert sheets.ticks(INSTRUMENT) is sheets.ticks(INSTRUMENT)

    def test_a_first_line_that_is_empty_stays(self):
        """HTML drops a line break right after the opening tag: the template has one of its own."""
        assert ">\n\nx</textarea>" in sheets.card(INSTRUMENT, "missing").filled({"note": "\nx"})

    def test_a_template_with_no_hole(self):
        assert Prepared("assessments/_factors.html", {"factors": []}).filled({"x": "y"}).strip() == ""


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("First Contact Team, 01332 641172, or 999", ["01332641172", "999"]),
        ("NSPCC 0808 800 5000", ["08088005000"]),
        ("within 24 hours, page 999a, CRE 2020", []),
    ],
)
def test_numbers_can_be_called(text, numbers):
    linked = with_numbers(text)
    for number in numbers:
        assert f'href="tel:{number}"' in linked
    assert linked.count("<a ") == len(numbers)


def test_text_around_numbers_is_escaped():
    assert (
        with_numbers("<b>999</b>")
        == '&lt;b&gt;<a class="govuk-link app-nowrap" href="tel:999">999</a>&lt;/b&gt;'
    )


def test_digits():
    assert digits("+44 (0)1332 641172") == "+4401332641172"


class TestDescribing:
    def test_every_section_can_be_described_empty_and_full(self):
        empty = from_sections({})
        for section in type(empty).model_fields:
            describe(section, empty.section(section), INSTRUMENT)

    def test_indicators_stand_in_the_toolkits_order_with_level_link_and_evidence(self):
        said = {"items": {"grooming": {"level": "high", "cse": True, "note": "Seen"}, "missing": {}}}
        rows = describe("indicators", read("indicators", said, INSTRUMENT), INSTRUMENT)
        assert [row.label for row in rows[:2]] == [
            "2. Regularly missing from home, care or education",
            "21. Evidence of grooming",
        ]
        assert rows[1].text == "High. Sexual exploitation.\nSeen"
        assert rows[0].text == "No level yet.\nNo evidence written down."

    def test_only_what_differs_is_compared(self):
        mine = read("places", {"locations": "Park", "persons": "A man"}, INSTRUMENT)
        theirs = read("places", {"locations": "Station", "persons": "A man"}, INSTRUMENT)
        found = differences(*(describe("places", part, INSTRUMENT) for part in (theirs, mine)))
        assert [(each.label, each.theirs, each.mine) for each in found] == [("Locations", "Station", "Park")]

    def test_what_one_of_them_lacks_is_said_in_words_that_are_right_for_a_text_too(self):
        mine = read("indicators", {"items": {"missing": {"level": "low"}}}, INSTRUMENT)
        theirs = read("indicators", {}, INSTRUMENT)
        found = differences(*(describe("indicators", part, INSTRUMENT) for part in (theirs, mine)))
        assert found[0].theirs == "Nothing"


class TestWhereAFindingLeads:
    @pytest.mark.parametrize(
        ("path", "code", "place"),
        [
            ("immediate_risk", "", "danger/?return=check#immediate_risk"),
            ("indicators.missing.level", "", "indicators/all/?return=check#missing-level"),
            ("indicators.missing.note", "", "indicators/all/?return=check#missing-note"),
            ("indicators.fgm", "", "indicators/all/?return=check#fgm-for"),
            ("analysis.level", "level-needed", "analysis/?return=check#level"),
            ("analysis.level", "below-floor", "level/low/?return=check#thorough_assessment"),
            ("analysis.rationale", "", "level/?return=check#rationale"),
            ("child.send", "", "child/?return=check&ask=all#send"),
            ("child.child_protection_plan", "", "child/?return=check&ask=all#plan"),
            ("child", "", "child/?return=check&ask=all#questions"),
            ("something.new", "", "analysis/?return=check#questions"),
        ],
    )
    def test_on_the_page_that_asks(self, path, code, place):
        assert journey.place_of("7Q4K-2M9XAB", path, code) == f"/assessments/7Q4K-2M9XAB/{place}"


def test_the_pages_own_words_hold_no_blame():
    """service.md, "Words": our own text never says what blames."""
    blaming = ("putting themselves at risk", "lifestyle choice", "refuses to engage", "promiscuous")
    folder = engines["django"].template_dirs[0] / "assessments"
    for template in folder.glob("*.html"):
        text = template.read_text().lower()
        assert not [words for words in blaming if words in text], template.name
