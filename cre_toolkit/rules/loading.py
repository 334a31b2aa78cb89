"""Reading packs: the one place of the rules core that touches files and the environment.

The packs of the project stand in `cre_toolkit/packs`. An operator's own folder, of the same shape, is named
by the environment variable `CRE_PACKS` and searched beside it: it may add instruments, authorities, and later
packs to an authority's series; it may not replace anything.
"""

import hashlib
import json
import os
import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from cre_toolkit.rules.authority import AuthorityPack, AuthoritySeries
from cre_toolkit.rules.consistency import inconsistencies
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.rules.packerrors import PackError, UnknownPackError, problem_of_toml, problems_of_shape
from cre_toolkit.rules.strictjson import CaseFileError, read_json

BUILT_IN = Path(__file__).resolve().parent.parent / "packs"
INSTRUMENT_FILE = "instrument.toml"
LOCK_FILE = "published.lock"

Pack = TypeVar("Pack", Instrument, AuthorityPack, AuthoritySeries)


def load_instrument(instrument_id: str, folder: Path | None = None) -> Instrument:
    """The instrument of that id, read once.

    Args:
        instrument_id: `cre-2020`.
        folder: an operator's own folder of packs; without it the one that `CRE_PACKS` names.

    Raises:
        UnknownPackError: there is none of that id.
        PackError: its file cannot be used.
    """
    return _load_instrument(instrument_id, folder or own_folder())


def load_authority(authority_id: str, folder: Path | None = None) -> AuthoritySeries:
    """The dated packs of the authority of that id, read once.

    Args:
        authority_id: `derby`.
        folder: as in `load_instrument`.

    Raises:
        UnknownPackError: there is none of that id.
        PackError: a file of it cannot be used, or two of them hold on one day.
    """
    return _load_authority(authority_id, folder or own_folder())


def instrument_ids(folder: Path | None = None) -> tuple[str, ...]:
    """The ids of all instruments, in the alphabet's order."""
    return tuple(_instrument_files(folder or own_folder()))


def authority_ids(folder: Path | None = None) -> tuple[str, ...]:
    """The ids of all authorities, in the alphabet's order."""
    return tuple(_authority_files(folder or own_folder()))


def own_folder() -> Path | None:
    """The operator's own folder of packs, or None.

    Raises:
        PackError: `CRE_PACKS` names something that is not a folder.
    """
    named = os.environ.get("CRE_PACKS", "")
    if not named:
        return None
    if not Path(named).is_dir():
        raise PackError(named, "", "is not a folder (the environment variable CRE_PACKS names it)")
    return Path(named)


def check_instrument(path: Path) -> list[PackError]:
    """Everything that is wrong with an instrument's file, TOML or JSON; empty when nothing is."""
    instrument, errors = _read(path, Instrument)
    if instrument is not None and path.name == INSTRUMENT_FILE:
        errors += _misnamed_instrument(path, instrument)
    return errors


def check_authority(path: Path) -> list[PackError]:
    """Everything that is wrong with an authority's file, TOML or JSON: a pack, or a series under `packs`."""
    try:
        data = _parsed(path, _bytes_of(path))
    except PackError as error:
        return [error]
    if "packs" in data:
        return _read(path, AuthoritySeries)[1]
    pack, errors = _read(path, AuthorityPack)
    if pack is not None and path.parent.parent.name == "authorities":
        errors += _misnamed_pack(path, pack)
    return errors


def published(root: Path = BUILT_IN) -> dict[str, str]:
    """The SHA-256 of each published edition, by its file's place under the folder of packs."""
    lock = root / LOCK_FILE
    if not lock.exists():
        return {}
    lines = [line.split() for line in _bytes_of(lock).decode("utf-8", "replace").splitlines()]
    for number, line in enumerate(lines, start=1):
        if len(line) != 2:
            raise PackError(lock, f"line {number}", "is not a SHA-256 and a file")
    return {name: digest for digest, name in lines}


def publish(root: Path = BUILT_IN) -> list[str]:
    """Add each edition that is not yet published to `published.lock`, and return their files.

    Raises:
        PackError: an edition cannot be used, or a published one is gone or changed; nothing is added then.
    """
    known = published(root)
    files = {path.relative_to(root).as_posix(): path for path in _editions(root)}
    for name in known:
        if name not in files:
            raise PackError(root / name, "", "is published and gone: put it back")
        _refuse_edit(files[name], root)
    added = [name for name in sorted(files) if name not in known]
    for name in added:
        _refuse((check_instrument if name.endswith(INSTRUMENT_FILE) else check_authority)(files[name]))
    try:
        with (root / LOCK_FILE).open("a", encoding="utf-8", newline="\n") as lock:
            lock.writelines(f"{_sha256(_bytes_of(files[name]))}  {name}\n" for name in added)
    except OSError as error:
        raise PackError(root / LOCK_FILE, "", f"cannot be written: {_said(error)}") from error
    return added


@lru_cache(maxsize=64)
def _load_instrument(instrument_id: str, folder: Path | None) -> Instrument:
    files = _instrument_files(folder)
    if instrument_id not in files:
        raise UnknownPackError(
            f"There is no instrument {instrument_id!r}", "", f"there are {', '.join(files)}"
        )
    instrument = _instrument_in(*files[instrument_id])
    others = [_form_or_none(*place) for id_, place in files.items() if id_ != instrument_id]
    later = [other for other in others if other is not None and other.replaces == instrument_id]
    if not later:
        return instrument
    successor = min(later, key=lambda other: other.published)
    return instrument.model_copy(update={"replaced_on": successor.published, "replaced_by": successor.id})


@lru_cache(maxsize=64)
def _instrument_in(root: Path, path: Path) -> Instrument:
    _refuse_edit(path, root)
    instrument = _usable(path, Instrument)
    _refuse(_misnamed_instrument(path, instrument))
    return instrument


def _form_or_none(root: Path, path: Path) -> Instrument | None:
    """Another instrument, as far as it can be used: a form that cannot be used takes nobody's place."""
    try:
        return _instrument_in(root, path)
    except PackError:
        return None


@lru_cache(maxsize=64)
def _load_authority(authority_id: str, folder: Path | None) -> AuthoritySeries:
    files = _authority_files(folder)
    if authority_id not in files:
        raise UnknownPackError(f"There is no authority {authority_id!r}", "", f"there are {', '.join(files)}")
    packs = []
    for root, path in files[authority_id]:
        _refuse_edit(path, root)
        pack = _usable(path, AuthorityPack)
        _refuse(_misnamed_pack(path, pack))
        packs.append(pack)
    series = AuthoritySeries(id=authority_id, packs=tuple(sorted(packs, key=lambda pack: pack.from_)))
    _refuse([PackError(path.parent, where, reason) for where, reason in inconsistencies(series)])
    return series


def _roots(folder: Path | None) -> tuple[Path, ...]:
    return (BUILT_IN,) if folder is None or folder.resolve() == BUILT_IN else (BUILT_IN, folder)


@lru_cache(maxsize=8)
def _instrument_files(folder: Path | None) -> dict[str, tuple[Path, Path]]:
    """The folder of packs and the file of each instrument."""
    found: dict[str, tuple[Path, Path]] = {}
    for root in _roots(folder):
        for path in sorted((root / "instruments").glob(f"*/{INSTRUMENT_FILE}")):
            name = path.parent.name
            if name in found:
                raise PackError(path, "", f"the instrument {name!r} stands in {found[name][1]} already")
            found[name] = (root, path)
    return dict(sorted(found.items()))


@lru_cache(maxsize=8)
def _authority_files(folder: Path | None) -> dict[str, list[tuple[Path, Path]]]:
    """The folder of packs and the file of each pack of each authority."""
    found: dict[str, list[tuple[Path, Path]]] = {}
    for root in _roots(folder):
        for path in sorted((root / "authorities").glob("*/*.toml")):
            packs = found.setdefault(path.parent.name, [])
            for _, other in packs:
                if other.name == path.name:
                    raise PackError(path, "", f"the pack of that day stands in {other} already")
            packs.append((root, path))
    return dict(sorted(found.items()))


def _editions(root: Path) -> list[Path]:
    return [*(root / "instruments").glob(f"*/{INSTRUMENT_FILE}"), *(root / "authorities").glob("*/*.toml")]


def _read(path: Path, model: type[Pack]) -> tuple[Pack | None, list[PackError]]:
    """The pack in a file, or None; and everything that is wrong with it."""
    try:
        raw = _bytes_of(path)
        data = _parsed(path, raw)
    except PackError as error:
        return None, [error]
    try:
        # By way of JSON, whose lists are tuples and whose dates are text also to a strict model.
        text = json.dumps(data, default=_date_as_text)
        pack = model.model_validate_json(text, context={"sha256": _sha256(raw)})
    except ValidationError as error:
        return None, [PackError(path, where, reason) for where, reason in problems_of_shape(error, data)]
    except TypeError as error:
        return None, [PackError(path, "", str(error))]
    return pack, [PackError(path, where, reason) for where, reason in inconsistencies(pack)]


def _date_as_text(value: object) -> str:
    if type(value) is date:
        return value.isoformat()
    raise TypeError(f"{value!s} is a time: packs hold dates alone")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PackError(path, "", f"cannot be read: {_said(error)}") from error


def _said(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _parsed(path: Path, raw: bytes) -> dict[str, Any]:
    """The file's content: JSON where it begins with a brace, else TOML."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PackError(path, "", f"is not UTF-8 (line {line})") from error
    is_json = path.suffix == ".json" or text.lstrip().startswith("{")
    try:
        data = read_json(text) if is_json else tomllib.loads(text)
    except CaseFileError as error:
        raise PackError(path, error.path, error.reason) from error
    except tomllib.TOMLDecodeError as error:
        raise PackError(path, *problem_of_toml(str(error), text)) from error
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise PackError(path, "", f"is not TOML: {reason}") from error
    if not isinstance(data, dict):
        raise PackError(path, "", "is not a table of keys and values")
    return data


def _sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _refuse_edit(path: Path, root: Path) -> None:
    digest = published(root).get(path.relative_to(root).as_posix())
    if digest is not None and digest != _sha256(_bytes_of(path)):
        raise PackError(
            path, "", f"was changed after it was published in {LOCK_FILE}: make a new edition instead"
        )


def _misnamed_instrument(path: Path, instrument: Instrument) -> list[PackError]:
    if path.resolve().parent.name == instrument.id:
        return []
    return [PackError(path, "id", f"is {instrument.id!r}, and the folder {path.resolve().parent.name!r}")]


def _misnamed_pack(path: Path, pack: AuthorityPack) -> list[PackError]:
    errors = []
    if path.resolve().parent.name != pack.id:
        errors.append(PackError(path, "id", f"is {pack.id!r}, and the folder {path.resolve().parent.name!r}"))
    if path.stem != pack.from_.isoformat():
        errors.append(PackError(path, "from", f"is {pack.from_}, and the file is named {path.name}"))
    return errors


def _usable(path: Path, model: type[Pack]) -> Pack:
    pack, errors = _read(path, model)
    if pack is None or errors:
        raise _summed_up(errors)
    return pack


def _refuse(errors: list[PackError]) -> None:
    if errors:
        raise _summed_up(errors)


def _summed_up(errors: list[PackError]) -> PackError:
    """The first of several errors, and how many more there are."""
    first, more = errors[0], len(errors) - 1
    return PackError(first.file, first.path, first.reason + (f" (and {more} more)" if more else ""))
