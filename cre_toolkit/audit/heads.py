"""Signed heads: the end of each chain, once a day, signed and taken out of the service.

Whoever owns the database and has the audit key can cut a chain's end off, or write the whole anew, and seals
and links will fit. A head that somebody else keeps does not fit any more. It is signed (Ed25519), so that
whoever keeps it can show that it is this service's; to check that takes the public key alone.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cre_toolkit.audit import chain
from cre_toolkit.audit.actions import Actor, record
from cre_toolkit.audit.models import Head

OF_THE_SERVICE = "service"
"""How the chain of what belongs to no authority is called where a name is needed."""

SHORT = 16
"""So many hexadecimal digits of a hash stand on a document: 64 bits, which nobody can make fit."""


_ON_A_DOCUMENT = re.compile(
    rf"(?P<name>[a-z0-9-]+):(?P<number>[0-9]{{1,18}}):(?P<hash>[0-9a-f]{{{SHORT},64}})"
)


class NotAHead(ValueError):
    """What was given as a head is none, or not signed by a key that is trusted; the message says which."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What somebody outside the service knows of a chain: that its link of a number had this hash."""

    authority: str
    number: int
    hash: str
    """In hexadecimal; its beginning is enough."""


def public_key() -> str:
    """The key by which anybody can check this service's signatures, in hexadecimal."""
    return _signing_key(settings.AUDIT_SIGNING_KEY).public_key().public_bytes_raw().hex()


def statement(authority: str, number: int, hash_: bytes, at: datetime.datetime) -> bytes:
    """What is signed: JSON with sorted keys, UTC, no spaces."""
    said = {
        "service": "CRE Toolkit audit head",
        "authority": authority,
        "number": number,
        "hash": hash_.hex(),
        "at": at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@transaction.atomic(savepoint=False)
def sign_heads(*, by: Actor | None) -> list[Head]:
    """Sign the end of every chain, and write each into the folder it is taken away from (`AUDIT_HEADS`).

    Args:
        by: who asks for it; None for the service itself.

    Raises:
        OSError: the folder cannot be written to. Nothing is recorded then, so that it is tried again.
    """
    now = timezone.now()
    made = []
    for last in filter(None, map(chain.newest, list(chain.linked_authorities()))):
        said = statement(last.authority, last.number, bytes(last.hash), now)
        head = Head(
            authority=last.authority,
            number=last.number,
            hash=bytes(last.hash),
            at=now,
            key=public_key(),
            signature=_signing_key(settings.AUDIT_SIGNING_KEY).sign(said),
        )
        head.save(force_insert=True)
        record(
            by=by, kind="audit.head-signed", authority=last.authority, subject_kind="head", subject=head.pk
        )
        made.append(head)
    for head in made:
        _write(head)
    return made


def due() -> bool:
    """Whether a day has gone by since heads were signed."""
    newest = Head.objects.order_by("-at").values_list("at", flat=True).first()
    return newest is None or timezone.now() - newest >= datetime.timedelta(days=1)


def as_file(head: Head) -> str:
    """A head as it leaves the service: what was signed, the key and the signature, as JSON."""
    said = json.loads(statement(head.authority, head.number, bytes(head.hash), head.at))
    whole = said | {"key": head.key, "signature": bytes(head.signature).hex()}
    return json.dumps(whole, indent=2, sort_keys=True) + "\n"


def read_file(text: str, trusted: Collection[str] = ()) -> Anchor:
    """The head that a file holds, if it is signed by this service or by another trusted key.

    Args:
        text: what `as_file` gave.
        trusted: public keys besides this service's own, in hexadecimal: those of former years.

    Raises:
        NotAHead: it is no head, or its signature does not fit.
    """
    try:
        said = json.loads(text)
        authority, number, hash_ = said["authority"], int(said["number"]), bytes.fromhex(said["hash"])
        at = datetime.datetime.fromisoformat(said["at"])
        key, signature = said["key"], bytes.fromhex(said["signature"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotAHead("this is not a head as the service writes it") from error
    if key not in {public_key(), *trusted}:
        raise NotAHead(f"signed with the key {key}, which is not trusted: give it with --key if it is yours")
    if not _fits(key, signature, statement(authority, number, hash_, at)):
        raise NotAHead("the signature does not fit: the file was changed, or is not this service's")
    return Anchor(authority, number, hash_.hex())


def anchors(authority: str) -> list[Anchor]:
    """The heads of a chain that the database keeps itself and that carry this service's signature."""
    own = public_key()
    return [
        Anchor(head.authority, head.number, bytes(head.hash).hex())
        for head in Head.objects.filter(authority=authority, key=own)
        if _fits(
            own,
            bytes(head.signature),
            statement(head.authority, head.number, bytes(head.hash), head.at),
        )
    ]


def short(authority: str) -> str:
    """A chain's end as it stands on a document, `derby:1042:9f86d081884c7d65`; blank before it begins."""
    last = chain.newest(authority)
    return f"{name_of(authority)}:{last.number}:{bytes(last.hash).hex()[:SHORT]}" if last else ""


def read_short(text: str) -> Anchor:
    """What stands on a document, as an anchor.

    Raises:
        NotAHead: it is not of that form, or shorter.
    """
    printed = _ON_A_DOCUMENT.fullmatch(text.strip())
    if not printed:
        raise NotAHead("give what stands on the document, such as derby:1042:9f86d081884c7d65")
    return Anchor(of_name(printed["name"]), int(printed["number"]), printed["hash"])


def name_of(authority: str) -> str:
    """A chain's name: the authority's, or the service's own."""
    return authority or OF_THE_SERVICE


def of_name(name: str) -> str:
    """The authority of a chain's name."""
    return "" if name == OF_THE_SERVICE else name


def _write(head: Head) -> None:
    folder = Path(settings.AUDIT_HEADS)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{head.at:%Y-%m-%d}-{name_of(head.authority)}-{head.number}.json").write_text(as_file(head))


def _fits(key: str, signature: bytes, said: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, said)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=4)
def _signing_key(secret: str) -> Ed25519PrivateKey:
    """The key that a secret from the environment stands for: its SHA-256 is the seed."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest())
