"""How a record's bytes are made small: deflated (RFC 1950) with a dictionary.

Most of a record is the names of its parts and the words of the edition and the authority, which are the same
in every record. The dictionary holds such words once: `record-1.dictionary`, a blank record and the actions
of two authorities as plain text. It takes a record of the benchmark to 1.1 kB rather than 2.9. It need not be
complete or up to date: what is not in it is written out.

Without it a record cannot be read. So it never changes (a test holds its hash). A better one is a new file
beside it, and each record names by a checksum the one it was written with.
"""

import zlib
from pathlib import Path

_DICTIONARY = Path(__file__).with_name("record-1.dictionary").read_bytes()
# Reading the dictionary in takes longer than a record does: a copy of this has read it already.
_READY = zlib.compressobj(level=6, zdict=_DICTIONARY)


def deflated(plain: bytes) -> bytes:
    """The bytes as a row stores them."""
    stream = _READY.copy()
    return stream.compress(plain) + stream.flush()


def inflated(stored: bytes | memoryview) -> bytes:
    """The bytes that were stored, with the dictionary or without one.

    Raises:
        zlib.error: they are not all there, or not as they were.
    """
    stream = zlib.decompressobj(zdict=_DICTIONARY)
    plain = stream.decompress(stored) + stream.flush()
    if not stream.eof:  # the checksum, which stands at the end, was not looked at
        raise zlib.error("the end of the record is missing")
    return plain
