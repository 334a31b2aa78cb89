"""The worked examples of the two contracts, as they stand: the executable specification.

The examples are without texts, so texts, recipients and sources are taken out of what is compared.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from cre_toolkit.rules.assess import assess
from cre_toolkit.rules.casefile import parse_case_file
from cre_toolkit.rules.casestate import case_state
from cre_toolkit.rules.loading import authority_ids, load_authority, load_instrument
from cre_toolkit.rules.record import parse_record

EXAMPLES = Path(__file__).parent / "examples"
ASSESSMENTS: dict[str, Any] = json.loads((EXAMPLES / "assessments.json").read_text(encoding="utf-8"))
CASES: dict[str, Any] = json.loads((EXAMPLES / "cases.json").read_text(encoding="utf-8"))


def without_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: without_texts(inner)
            for key, inner in value.items()
            if key not in ("text", "to", "by", "source")
        }
    return [without_texts(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_assessment(name: str) -> None:
    case_file = parse_case_file(json.dumps(ASSESSMENTS[name]["case"]))
    outcome = assess(load_instrument(case_file.instrument), load_authority(case_file.authority), case_file)
    assert without_texts(outcome.as_dict()) == ASSESSMENTS[name]["outcome"], ASSESSMENTS[name]["why"]


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    record = parse_record(json.dumps(CASES[name]["record"]))
    assert record.at is not None
    state = case_state({id_: load_authority(id_) for id_ in authority_ids()}, record, record.at)
    assert without_texts(state.as_dict()) == CASES[name]["state"], CASES[name]["why"]


def sentences(value: Any) -> list[str]:
    """Every text of an outcome."""
    if isinstance(value, dict):
        own = [value["text"]] if "text" in value else []
        return own + [text for inner in value.values() for text in sentences(inner)]
    return [text for inner in value for text in sentences(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_every_text_is_a_full_sentence(name: str) -> None:
    case_file = parse_case_file(ASSESSMENTS[name]["case"])
    outcome = assess(load_instrument(case_file.instrument), load_authority(case_file.authority), case_file)
    found = sentences(outcome.as_dict())
    assert found
    for text in found:
        assert text[0].isupper() or text[0] == "'", text
        assert text.endswith("."), text
