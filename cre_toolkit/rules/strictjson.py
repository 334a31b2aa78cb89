"""Strict JSON: what a case file may be written in, and how each of its values is read and named.

Nothing is guessed and nothing ignored: a key that stands twice, a key nobody knows, a value of another
type, each is an error that names its place in the file and says how to mend it.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any, NoReturn, TypeGuard, TypeVar

Read = TypeVar("Read")

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,80}")
_TYPE_NAMES = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}


class CaseFileError(ValueError):
    """A file cannot be read as a case file, or as a case record. Its text is one line.

    Args:
        path: the key's place in the file, `indicators.missing.level`; blank where the whole file is meant.
        reason: what is wrong, and how to mend it.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}" if path else reason)


class _Flaw:
    """Stands in the parsed file where something is not strict JSON, until its place is known."""

    def __init__(self, key: str | None, reason: str) -> None:
        self.key, self.reason = key, reason


def read_json(data: str | bytes) -> Any:
    """Parse a whole JSON text.

    Args:
        data: the text, or its bytes in UTF-8.

    Raises:
        CaseFileError: it is not UTF-8, not JSON, holds a key twice, or NaN, or is nested beyond all reason.
    """
    flaws: list[_Flaw] = []

    def flaw(key: str | None, reason: str) -> _Flaw:
        flaws.append(_Flaw(key, reason))
        return flaws[-1]

    def pairs(items: list[tuple[str, Any]]) -> Any:
        found = dict(items)
        if len(found) == len(items):
            return found
        counts = Counter(key for key, _ in items)
        twice = next(key for key in counts if counts[key] > 1)
        return flaw(twice, "stands twice: keep one of them")

    def constant(name: str) -> _Flaw:
        return flaw(None, f"{name} is not JSON: use null where nothing is known")

    def integer(digits: str) -> Any:
        try:
            return int(digits)
        except ValueError:
            return flaw(None, "is a number of too many digits")

    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        parsed = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=integer)
    except UnicodeDecodeError as error:
        raise CaseFileError("", f"is not UTF-8: byte {error.start + 1} cannot be read") from None
    except json.JSONDecodeError as error:
        raise CaseFileError("", _not_json(error)) from None
    except RecursionError:
        raise CaseFileError("", "is nested too deeply to be a case file") from None
    if flaws:
        _refuse_flaw(parsed)
    return parsed


def _not_json(error: json.JSONDecodeError) -> str:
    if error.doc.startswith("\ufeff"):
        return "is not JSON: it begins with a byte order mark; save it as UTF-8 without one"
    return f"is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"


def _refuse_flaw(parsed: Any) -> NoReturn:
    """Find the first flaw in the file and name its place. Not recursive: the file may be deep."""
    waiting: list[tuple[str, Any]] = [("", parsed)]
    while True:
        path, value = waiting.pop()
        if isinstance(value, _Flaw):
            raise CaseFileError(path if value.key is None else join(path, value.key), value.reason)
        if isinstance(value, dict):
            waiting.extend(reversed([(join(path, key), inner) for key, inner in value.items()]))
        elif isinstance(value, list):
            waiting.extend(reversed([(f"{path}[{place}]", inner) for place, inner in enumerate(value)]))


def join(path: str, key: object) -> str:
    """The path of a key inside the object at a path. An odd key is quoted: a path is always one line."""
    name = _key_name(key) if isinstance(key, str) else shown(key)
    return f"{path}.{name}" if path else name


@lru_cache(maxsize=1024)
def _key_name(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else shown(key)


def shown(value: object) -> str:
    """A value as an error may repeat it: short, quoted, one line, printable anywhere."""
    try:
        text = json.dumps(value, ensure_ascii=True)
    except (TypeError, ValueError, RecursionError):
        return type(value).__name__
    return text if len(text) <= 60 else f"{text[:57]}..."


class JsonObject:
    """An object of the file, with its place, from which the keys are read one by one.

    Paths are put together where an error needs one: a case of 200 events has thousands of keys.

    Args:
        value: what stands there.
        path: where; the key alone, for an object within another.
        within: that other one.

    Raises:
        CaseFileError: it is no object.
    """

    __slots__ = ("_key", "_within", "value")

    def __init__(self, value: Any, path: str, within: "JsonObject | None" = None) -> None:
        self._key, self._within = path, within
        if not isinstance(value, dict):
            raise CaseFileError(self.path, f"must be an object, not {kind_of(value)}")
        self.value: dict[str, Any] = value

    @property
    def path(self) -> str:
        """Its place in the file."""
        return self._within.at(self._key) if self._within else self._key

    def only(self, keys: Collection[str]) -> "JsonObject":
        """The same object, if it has no other keys than these: an unknown key is an error, never ignored."""
        for key in self.value:
            if key not in keys:
                raise CaseFileError(self.at(key), f"is not known here; known are {', '.join(keys)}")
        return self

    def at(self, key: str) -> str:
        """The path of one of its keys."""
        return join(self.path, key)

    def given(self, key: str) -> bool:
        """Whether the key is there and not null: a key left out is the same as null."""
        return self.value.get(key) is not None

    def needed(self, key: str) -> Any:
        """A value that may be neither left out nor null."""
        value = self.value.get(key)
        if value is None:
            raise CaseFileError(self.at(key), "is missing")
        return value

    def inner(self, key: str) -> "JsonObject":
        """An object; left out or null, an empty one."""
        value = self.value.get(key)
        return JsonObject({} if value is None else value, key, self)

    def inner_needed(self, key: str) -> "JsonObject":
        """An object that may not be left out."""
        return JsonObject(self.needed(key), key, self)

    def text(self, key: str) -> str:
        """Text; left out or null, blank."""
        value = self.value.get(key)
        if value is None:
            return ""
        # What is plain text needs no place to complain of.
        return value if is_plain(value) else text_at(value, self.at(key))

    def text_needed(self, key: str) -> str:
        """Text that may not be left out."""
        value = self.needed(key)
        return value if is_plain(value) else text_at(value, self.at(key))

    def flag(self, key: str) -> bool:
        """True or false; left out or null, false."""
        return self.known(key) or False

    def known(self, key: str) -> bool | None:
        """True, false, or null: not known."""
        value = self.value.get(key)
        if value is None or value is True or value is False:
            return value
        raise CaseFileError(self.at(key), f"must be true, false or null, not {kind_of(value)}")

    def whole_number(self, key: str) -> int | None:
        """A whole number from 0 on, or null. True and false are no numbers here."""
        value = self.value.get(key)
        if value is None:
            return None
        if type(value) is not int:
            raise CaseFileError(self.at(key), f"must be a whole number, not {kind_of(value)}")
        if value < 0:
            raise CaseFileError(self.at(key), "must not be below 0")
        return value

    def choice(self, key: str, choices: Collection[str]) -> str | None:
        """One word of a closed list, or null."""
        value = self.value.get(key)
        return None if value is None else self._chosen(key, value, choices)

    def choice_needed(self, key: str, choices: Collection[str]) -> str:
        """One word of a closed list, which may not be left out."""
        return self._chosen(key, self.needed(key), choices)

    def _chosen(self, key: str, value: Any, choices: Collection[str]) -> str:
        if isinstance(value, str) and value in choices:
            return value
        return choice_at(value, self.at(key), choices)

    def choice_or_blank(self, key: str, choices: Collection[str]) -> str:
        """One word of a closed list; left out, null or white space, blank."""
        value = self.value.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            return ""
        return self._chosen(key, value, choices)

    def choices(self, key: str, choices: Collection[str]) -> tuple[str, ...]:
        """A list of words of a closed list; left out or null, an empty one."""
        words = enumerate(self.list_of(key))
        return tuple(choice_at(word, f"{self.at(key)}[{place}]", choices) for place, word in words)

    def list_of(self, key: str) -> list[Any]:
        """A list of anything; left out or null, an empty one."""
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise CaseFileError(self.at(key), f"must be a list, not {kind_of(value)}")
        return value

    def parsed(self, key: str, parse: Callable[[str], Read]) -> Read | None:
        """Text that means something else, an instant or a date; or null."""
        return self.parsed_needed(key, parse) if self.given(key) else None

    def parsed_needed(self, key: str, parse: Callable[[str], Read]) -> Read:
        """The same, where it may not be left out."""
        text = self.text_needed(key)
        try:
            return parse(text)
        except ValueError as error:
            raise CaseFileError(self.at(key), f"{error} ({shown(text)})") from None


def kind_of(value: object) -> str:
    """What a value is, for an error."""
    name = _TYPE_NAMES.get(type(value))
    return name if name and not isinstance(value, str | bool) else shown(value)


def is_plain(value: Any) -> TypeGuard[str]:
    """Whether it is text of ASCII alone, which is always right."""
    return isinstance(value, str) and value.isascii()


def text_at(value: Any, path: str) -> str:
    """A value that must be text, and text that can be written down.

    Raises:
        CaseFileError: it is no text, or holds half a character (a lone surrogate).
    """
    if not isinstance(value, str):
        raise CaseFileError(path, f"must be text, not {kind_of(value)}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise CaseFileError(path, "holds half a character (a lone surrogate), which no text may") from None
    return value


def choice_at(value: Any, path: str, choices: Collection[str]) -> str:
    """A value that must be one word of a closed list.

    Raises:
        CaseFileError: it is not.
    """
    if isinstance(value, str) and value in choices:
        return value
    raise CaseFileError(path, f"must be one of {', '.join(choices)}, not {shown(value)}")
