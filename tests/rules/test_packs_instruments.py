"""The instruments: the toolkit's own words and order, and the parameters that the rules read.

The ids are the assessment contract's, in its order ("Identifiers"); the wording is that of the two documents.
"""

import re
from collections.abc import Iterator

import pytest

from cre_toolkit.rules.instrument import Field, Indicator, Instrument
from cre_toolkit.rules.loading import load_instrument


def words(text: str) -> list[str]:
    return text.split()


CRE_INDICATORS = words("""
    online-activity missing abused-by-adult change-of-contact drugs-alcohol self-image peer-abuse
    cars-with-adults associating-known-risk arranging-to-meet withdrawn-complaint unexplained-injuries
    unsafe-places out-of-area unaccounted-money-goods need-for-money self-harm offending gangs-extremism
    coerced-sexual-activity grooming abduction modern-slavery pregnancy-sti weapons forced-marriage fgm
    radicalisation other
""")

CRE_VULNERABILITIES = words("""
    care-experience family-conflict abuse-neglect young-carer homelessness mental-health
    substance-misuse capacity-learning-disability discrimination family-criminality bereavement-illness
    financially-unsupported lack-of-love-security new-arrival-asylum social-exclusion
    previous-exploitation
""")

CSE_INDICATORS = {
    "low": words("""
        late-or-missing sexualised-dress sexualised-risk-taking unknown-adults associating-at-risk-peers
        reduced-contact sti drugs-alcohol poor-self-image eating-disorder superficial-self-harm
        peer-issues
    """),
    "medium": words("""
        cars-with-unknown-adults associating-known-risk groomed offering-sex-then-running
        assault-complaint-withdrawn hotspots controlling-partner not-in-school out-overnight
        placement-breakdown unaccounted-money-goods multiple-stis self-harm-treated repeat-offending
        gangs
    """),
    "high": words("""
        under-13-sexual-activity inciting-under-16 street-homeless-with-adult under-16-exchange
        peer-abuse-recruiting licensed-premises serious-sexual-assault abduction disappeared trafficked
        multiple-miscarriages serious-self-harm
    """),
}

CSE_VULNERABILITIES = words("""
    domestic-violence care-history family-abuse-neglect homelessness mental-health substance-misuse
    learning-disability homophobia breaks-in-relationships bereavement-illness financially-unsupported
    family-conflict lack-of-love-security adult-soliciting-at-home new-community-asylum low-self-esteem
    social-exclusion other
""")

EXPLOITATION_TYPES = words("""
    sexual criminal county-lines modern-slavery radicalisation online fgm honour-based forced-marriage
    serious-violence financial debt trafficking cuckooing missing other unclear
""")

MODELS = words("""
    peer-on-peer adult-on-child gang party-scene boyfriend-girlfriend constrained-choices trafficking
    internet
""")

THRESHOLDS = ["early-help", "section-17", "section-47", "complex-abuse"]

# The twelve of pages 11 to 13.
WITH_EXAMPLES = {
    "missing": "CRE 2020, page 11",
    "online-activity": "CRE 2020, page 11",
    "abused-by-adult": "CRE 2020, page 11",
    "peer-abuse": "CRE 2020, pages 11 and 12",
    "offending": "CRE 2020, page 12",
    "gangs-extremism": "CRE 2020, page 12",
    "coerced-sexual-activity": "CRE 2020, page 12",
    "grooming": "CRE 2020, page 12",
    "abduction": "CRE 2020, page 12",
    "modern-slavery": "CRE 2020, pages 12 and 13",
    "weapons": "CRE 2020, page 13",
    "out-of-area": "CRE 2020, page 13",
}


@pytest.fixture(scope="module")
def cre() -> Instrument:
    return load_instrument("cre-2020")


@pytest.fixture(scope="module")
def cse() -> Instrument:
    return load_instrument("cse-2017")


@pytest.fixture(params=["cre-2020", "cse-2017"])
def instrument(request: pytest.FixtureRequest) -> Instrument:
    return load_instrument(request.param)


def flagged(instrument: Instrument, flag: str) -> set[str]:
    return {indicator.id for indicator in instrument.indicators if getattr(indicator, flag)}


class TestTheContractsIdentifiers:
    def test_of_the_joint_toolkit(self, cre: Instrument) -> None:
        assert list(cre.indicator_by_id) == CRE_INDICATORS
        assert list(cre.vulnerability_by_id) == CRE_VULNERABILITIES
        assert list(cre.exploitation_type_by_id) == EXPLOITATION_TYPES
        assert list(cre.threshold_by_id) == THRESHOLDS

    def test_of_the_matrix_of_2017(self, cse: Instrument) -> None:
        assert list(cse.indicator_by_id) == [id_ for tier in CSE_INDICATORS.values() for id_ in tier]
        assert list(cse.vulnerability_by_id) == CSE_VULNERABILITIES
        assert list(cse.model_by_id) == MODELS
        assert list(cse.threshold_by_id) == THRESHOLDS

    @pytest.mark.parametrize("tier", ["low", "medium", "high"])
    def test_each_indicator_of_the_matrix_stands_in_its_tier(self, cse: Instrument, tier: str) -> None:
        of_tier = [indicator for indicator in cse.indicators if indicator.tier == tier]
        assert [indicator.id for indicator in of_tier] == CSE_INDICATORS[tier]
        assert [indicator.number for indicator in of_tier] == list(range(1, len(of_tier) + 1))

    def test_the_joint_toolkit_numbers_its_indicators_in_its_order(self, cre: Instrument) -> None:
        assert [indicator.number for indicator in cre.indicators] == list(range(1, 30))


class TestParametersOfRules:
    def test_scope(self, cre: Instrument, cse: Instrument) -> None:
        assert (cre.scope.adult_age, cre.scope.send_until_age, cre.scope.youngest_age) == (18, 25, None)
        assert (cse.scope.adult_age, cse.scope.send_until_age, cse.scope.youngest_age) == (18, 25, 10)

    def test_only_the_joint_toolkit_has_an_exception_to_the_floor(
        self, cre: Instrument, cse: Instrument
    ) -> None:
        assert (cre.floor.under_age, cre.floor.level, cre.floor.exception) == (13, "medium", True)
        assert (cse.floor.under_age, cse.floor.level, cse.floor.exception) == (13, "medium", False)

    def test_superseded(self, cre: Instrument, cse: Instrument) -> None:
        assert cre.replaced_on is None
        assert (str(cse.replaced_on), cse.replaced_by) == ("2019-05-01", "cre-2020")

    def test_where_the_indicated_level_comes_from(self, cre: Instrument, cse: Instrument) -> None:
        assert (cre.levels_from, cse.levels_from) == ("rating", "tier")

    def test_unlikely_rating(self, cre: Instrument) -> None:
        unlikely = {i.id: i.unlikely_levels for i in cre.indicators if i.unlikely_levels}
        assert unlikely == {"abused-by-adult": ("low",), "abduction": ("low", "medium")}

    def test_person_or_place_missing(self, cre: Instrument) -> None:
        asking = {"grooming", "abused-by-adult", "unsafe-places", "abduction"}
        assert flagged(cre, "needs_person_or_place") == asking

    def test_family_may_not_be_safe(self, cre: Instrument) -> None:
        assert flagged(cre, "family_may_not_be_safe") == {"forced-marriage", "fgm"}

    def test_consider_nrm(self, cre: Instrument) -> None:
        assert flagged(cre, "consider_nrm") == {"modern-slavery"}

    def test_describe_other(self, cre: Instrument) -> None:
        assert flagged(cre, "describe") == {"other"}

    def test_age_does_not_fit(self, cre: Instrument, cse: Instrument) -> None:
        assert flagged(cre, "age_below") == set()
        assert {i.id: i.age_below for i in cse.indicators if i.age_below} == {
            "under-13-sexual-activity": 13,
            "inciting-under-16": 16,
            "under-16-exchange": 16,
        }

    def test_rules_of_the_joint_toolkit_alone(self, cse: Instrument) -> None:
        for flag in (
            "unlikely_levels",
            "needs_person_or_place",
            "family_may_not_be_safe",
            "consider_nrm",
            "describe",
        ):
            assert flagged(cse, flag) == set()

    def test_send_may_apply(self, cre: Instrument, cse: Instrument) -> None:
        assert [v.id for v in cre.vulnerabilities if v.suggests_send] == ["capacity-learning-disability"]
        assert [v.id for v in cse.vulnerabilities if v.suggests_send] == ["learning-disability"]


class TestExamples:
    def test_twelve_indicators_have_them_and_name_their_page(self, cre: Instrument) -> None:
        assert {i.id: i.examples.source for i in cre.indicators if i.examples} == WITH_EXAMPLES

    def test_each_level_has_some(self, cre: Instrument) -> None:
        for indicator in cre.indicators:
            if indicator.examples:
                assert indicator.examples.low, indicator.id
                assert indicator.examples.medium, indicator.id
                assert indicator.examples.high, indicator.id

    def test_the_matrix_of_2017_gives_none(self, cse: Instrument) -> None:
        assert [indicator.id for indicator in cse.indicators if indicator.examples] == []

    def test_each_is_a_sentence(self, cre: Instrument) -> None:
        for indicator in cre.indicators:
            for example in examples_of(indicator):
                assert re.fullmatch(r"[A-Z].*\.", example), example


class TestLabels:
    """The toolkit's own words."""

    @pytest.mark.parametrize(
        ("id_", "label"),
        [
            ("online-activity", "Concern re: online activity"),
            ("abused-by-adult", "Being abused on or off line by an adult /or targeted by an adult"),
            ("unsafe-places", "Going to unsafe places i.e. known houses or places identified as a risk"),
            ("fgm", "Suspected Female Genital Mutilation (FGM) or known culture of this within the family"),
            ("radicalisation", "Child shows/family interest in radicalisation or extremism"),
            ("other", "Other"),
        ],
    )
    def test_verbatim_but_for_broken_lines_and_one_misprint(
        self, cre: Instrument, id_: str, label: str
    ) -> None:
        assert cre.indicator_by_id[id_].label == label

    def test_what_the_document_adds_under_a_label(self, cre: Instrument) -> None:
        added = {i.id: len(i.considerations) for i in cre.indicators if i.considerations}
        assert added == {"gangs-extremism": 3}

    @pytest.mark.parametrize(
        "id_", ["withdrawn-complaint", "arranging-to-meet", "cars-with-adults", "offending", "unsafe-places"]
    )
    def test_one_that_reads_as_blaming_has_todays_wording_beside_it(self, cre: Instrument, id_: str) -> None:
        assert cre.indicator_by_id[id_].wording_note

    def test_every_row_names_its_page(self, instrument: Instrument) -> None:
        pattern = rf"{instrument.source}, pages? [0-9]+.*"
        sources = [row.source for row in instrument.indicators]
        sources += [row.source for row in instrument.vulnerabilities]
        sources += [row.source for row in instrument.sections]
        assert [source for source in sources if not re.fullmatch(pattern, source)] == []


class TestForm:
    def test_the_joint_form_is_whole_and_in_its_order(self, cre: Instrument) -> None:
        """Rows A2, A3 and A5 of toolkit.md; level and threshold stand twice on the form."""
        assert {section: ids(fields) for section, fields in cre.fields_by_section.items()} == {
            "header": [
                "name",
                "age-or-date-of-birth",
                "address",
                "responsible-authority",
                "allocated-worker",
                "worker-contact",
                "earlier-assessment",
                "disabilities",
            ],
            "indicators": ["expand-indicators"],
            "indicators-summary": ["indicators-level", "indicators-threshold"],
            "concerns": ["locations", "environments", "persons", "other-risk"],
            "vulnerabilities": ["other-information"],
            "analysis": [
                "level",
                "primary-exploitation",
                "immediate-concerns",
                "action-taken",
                "protective-factors",
                "contextual-analysis",
                "immediate-actions",
                "family-aware",
                "barriers",
                "practitioner-risks",
                "threshold",
                "date-completed",
                "date-referred-social-care",
                "date-referred-police",
                "practitioner",
                "date-signed",
                "agency",
            ],
        }

    def test_what_the_service_asks_besides_is_marked(self, cre: Instrument) -> None:
        assert [field.id for field in cre.fields if field.added] == ["not-known-yet", "safe-to-tell-family"]

    def test_what_the_form_prints_twice_is_asked_once(self, cre: Instrument) -> None:
        answers = [field.answered_by for field in cre.fields]
        assert answers.count("analysis.level") == 2
        assert answers.count("analysis.threshold") == 2

    def test_the_matrix_of_2017_is_whole_and_in_its_order(self, cse: Instrument) -> None:
        """Row A7 of toolkit.md: both counts, the category, the models, the analysis, the review date."""
        assert {section: ids(fields) for section, fields in cse.fields_by_section.items()} == {
            "header": ["name", "date-of-birth"],
            "indicators": [],
            "vulnerabilities": [],
            "analysis": [
                "risk-count",
                "level",
                "evidenced-count",
                "models",
                "immediate-concerns",
                "persons-places",
                "protective-factors",
                "analysis",
                "immediate-action",
                "other-actions",
                "information-shared",
                "practitioner",
                "date-completed",
                "review-date",
            ],
        }

    def test_a_few_fieldsets_hold_every_indicator_once(self, cre: Instrument, cse: Instrument) -> None:
        assert len(cre.groups) == 6
        assert len(cse.groups) == 3
        for instrument in (cre, cse):
            grouped = [i.id for members in instrument.indicators_by_group.values() for i in members]
            assert sorted(grouped) == sorted(instrument.indicator_by_id)

    def test_fields_are_found_by_id(self, cre: Instrument) -> None:
        assert cre.field_by_id["locations"].label == "Locations"


class TestWords:
    """Our own words beside the toolkit's: the child is harmed, the adult acts (service.md, "Words")."""

    BLAMING = re.compile(
        r"putting (themselves|himself|herself) at risk|lifestyle|refus|promiscuous|prostitut|choos(e|es) to"
        r"|streetwise|attention.seeking|\bsafe now\b",
        re.IGNORECASE,
    )

    def test_blame_nobody_who_is_harmed(self, instrument: Instrument) -> None:
        assert [text for text in own_words(instrument) if self.BLAMING.search(text)] == []

    def test_are_sentences(self, instrument: Instrument) -> None:
        for text in own_words(instrument):
            assert re.fullmatch(r"[A-Z].*[.?]", text), text


def ids(fields: tuple[Field, ...]) -> list[str]:
    return [field.id for field in fields if not field.added]


def examples_of(indicator: Indicator) -> Iterator[str]:
    if indicator.examples:
        yield from (*indicator.examples.low, *indicator.examples.medium, *indicator.examples.high)


def own_words(instrument: Instrument) -> Iterator[str]:
    """Every text of an instrument that is ours and not the document's."""
    yield instrument.floor.text
    for indicator in instrument.indicators:
        yield from examples_of(indicator)
        if indicator.explanation:
            yield indicator.explanation.text
    yield from filter(None, (indicator.wording_note for indicator in instrument.indicators))
    yield from filter(None, (factor.wording_note for factor in instrument.vulnerabilities))
    yield from filter(None, (field.wording_note for field in instrument.fields))
    yield from filter(None, (field.hint for field in instrument.fields))
    yield from filter(None, (group.hint for group in instrument.groups))
    yield from filter(None, (choice.hint for choice in instrument.exploitation_types))
