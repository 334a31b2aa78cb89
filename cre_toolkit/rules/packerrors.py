"""What is wrong with a pack, said to its author in one line: where it stands, and why."""

import re
from typing import Any

from pydantic import ValidationError

from cre_toolkit.rules.packmodel import Problem

_REASONS = {"extra_forbidden": "is not a key of this table", "missing": "is missing"}
_LONGEST_QUOTE = 60
_TOML_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TOML_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")


class PackError(Exception):
    """A pack cannot be used. Its text is one line: the file, the key's path in it, and the reason.

    Args:
        file: the file or folder.
        path: the key's path in the file, blank where the whole file is meant.
        reason: what is wrong.
    """

    def __init__(self, file: object, path: str, reason: str) -> None:
        self.file, self.path, self.reason = str(file), path, " ".join(reason.split())
        line = ": ".join(part for part in (self.file, self.path, self.reason) if part)
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in line))


class UnknownPackError(PackError):
    """There is no instrument or authority of that id."""


def problems_of_shape(error: ValidationError, data: Any) -> list[Problem]:
    """What a model found wrong with the data of a pack: unknown and missing keys, wrong types and values.

    Args:
        error: as the model raised it.
        data: what it was given, for the ids that stand in the paths.
    """
    return [(_path(detail["loc"], data), _reason(dict(detail))) for detail in error.errors(include_url=False)]


def problem_of_toml(message: str, text: str) -> Problem:
    """What a file has that TOML does not allow: the key that stands twice, or else the line.

    Args:
        message: as `tomllib` says it.
        text: the file's text.
    """
    lines = text.rstrip().splitlines() or [""]
    placed = _TOML_LINE.search(message)
    number = int(placed[1]) if placed and placed[1] else len(lines)
    reason = _TOML_LINE.sub("", message)
    key = _TOML_KEY.match(lines[min(number, len(lines)) - 1])
    if key and reason == "Cannot overwrite a value":
        return key[1], f"stands twice in one table (line {number})"
    return "", f"is not TOML: {reason} (line {number})"


def _path(keys: tuple[int | str, ...], data: Any) -> str:
    """The path as an author reads it: an entry of a list by its id, or by its number, counted from one."""
    parts: list[str] = []
    for key in keys:
        if key == "[key]":
            continue
        data = _entry(data, key)
        if isinstance(key, int):
            named = data.get("id") if isinstance(data, dict) else None
            parts.append(named if isinstance(named, str) and named else f"#{key + 1}")
        else:
            parts.append(key)
    return ".".join(parts)


def _entry(data: Any, key: int | str) -> Any:
    try:
        return data[key]
    except (KeyError, IndexError, TypeError):
        return None


def _reason(detail: dict[str, Any]) -> str:
    kind = str(detail["type"])
    if kind in _REASONS:
        return _REASONS[kind]
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    reason = str(detail["msg"]).replace("Input should be", "must be").replace("Input should", "must")
    given = detail.get("input")
    if given is None or isinstance(given, str | int | float):
        quoted = repr(given)
        reason += f", not {quoted if len(quoted) <= _LONGEST_QUOTE else quoted[:_LONGEST_QUOTE] + '...'}"
    return reason
