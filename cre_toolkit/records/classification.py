"""What each column of the database holds, as the law on data sees it: read from `fields.toml`.

Retention, subject access and whoever scrubs a copy of the database ask here. The page of the reference is

    python -m cre_toolkit.records.classification > docs/reference/data.md
"""

import enum
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("fields.toml")


class FieldClass(enum.StrEnum):
    """The classes, strictest first: of several that fit a column, the strictest is named."""

    FREE_TEXT = "free-text"
    OFFENCE = "offence"
    SPECIAL_CATEGORY = "special-category"
    PERSONAL = "personal"
    TECHNICAL = "technical"


MEANING: dict[FieldClass, str] = {
    FieldClass.FREE_TEXT: (
        "Words that somebody typed, or a form of them. Anything may stand there, so it is handled as all of"
        " the classes below at once, and about others than the child too."
    ),
    FieldClass.OFFENCE: (
        "Of criminal offences, suspected ones and their victims (UK GDPR, article 10; Data Protection Act"
        " 2018, section 11): levels of exploitation, going missing, what the police were told."
    ),
    FieldClass.SPECIAL_CATEGORY: (
        "Ethnic origin, health, disability, sex life, and what gives them away (UK GDPR, article 9)."
    ),
    FieldClass.PERSONAL: "About somebody who can be recognised: a child, family, a practitioner (article 4).",
    FieldClass.TECHNICAL: "Keys, counts, states and fingerprints: about nobody by themselves.",
}


@cache
def classes() -> dict[str, dict[str, FieldClass]]:
    """The class of every column, by model (`children.Child`) and field.

    Raises:
        ValueError: a class that there is not, or a field that stands twice; it says which.
    """
    table: dict[str, dict[str, FieldClass]] = {}
    for model, groups in tomllib.loads(_TABLE.read_text("utf-8")).items():
        table[model] = {}
        for name, fields in groups.items():
            for field in fields:
                if field in table[model]:
                    raise ValueError(f"{_TABLE.name}: {model}.{field} stands twice: leave the strictest")
                table[model][field] = FieldClass(name)
    return table


def fields_of(model: str, *wanted: FieldClass) -> list[str]:
    """The fields of a model that are in one of these classes, in the order of the table."""
    return [field for field, its_class in classes()[model].items() if its_class in wanted]


# --- The page of the reference ------------------------------------------------------------------------------

_HEAD = """\
# What the database holds

Printed by `python -m cre_toolkit.records.classification` from `cre_toolkit/records/fields.toml`; not written
by hand. A test fails on a column that is not in that table.

| class | what it means |
|---|---|"""


def page() -> str:
    """The reference page: the classes, and each model's columns under them."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    yield from (f"| {its_class} | {MEANING[its_class]} |" for its_class in FieldClass)
    for model in classes():
        yield f"\n## {model}\n\n| class | columns |\n|---|---|"
        for its_class in FieldClass:
            if named := fields_of(model, its_class):
                yield f"| {its_class} | {', '.join(f'`{field}`' for field in named)} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(page())
