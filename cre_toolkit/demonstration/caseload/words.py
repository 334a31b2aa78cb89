"""The words of the invented caseload, from `words.toml`."""

import tomllib
from pathlib import Path
from typing import Any, Final

_WORDS: Final[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
)

GIVEN: Final[list[tuple[str, str]]] = [
    (name, gender) for gender, names in _WORDS["given"].items() for name in names
]
FAMILY: Final[list[str]] = _WORDS["caseload"]["family"]
SCHOOLS: Final[list[str]] = _WORDS["caseload"]["schools"]
SOURCES: Final[list[str]] = _WORDS["caseload"]["sources"]
PROTECTS: Final[list[str]] = _WORDS["caseload"]["protects"]
CONTEXTS: Final[list[str]] = _WORDS["caseload"]["contexts"]
ACTIONS: Final[list[list[str]]] = _WORDS["caseload"]["actions"]
FACTORS: Final[list[tuple[str, str]]] = list(_WORDS["factors"].items())
LOWER: Final[dict[str, Any]] = _WORDS["lower"]
HIGHER: Final[dict[str, Any]] = _WORDS["higher"]
THEMES: Final[dict[str, dict[str, list[str]]]] = _WORDS["themes"]
NOTICED: Final[dict[str, dict[str, list[str]]]] = _WORDS["noticed"]
