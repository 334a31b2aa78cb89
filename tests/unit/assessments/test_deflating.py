"""A record's bytes are made small, and are read whatever they were made small with."""

import hashlib
import zlib

import pytest

from cre_toolkit.assessments import deflating
from cre_toolkit.assessments.deflating import deflated, inflated


@pytest.mark.parametrize(
    "plain", [b"", b"{}", "Zoë, £60, 李".encode(), b"x" * 50_000, bytes(range(256)) * 300]
)
def test_what_was_deflated_is_inflated_to_the_byte(plain: bytes):
    assert inflated(deflated(plain)) == plain


def test_what_was_deflated_without_a_dictionary_is_read_too():
    assert inflated(zlib.compress(b"{}")) == b"{}"


@pytest.mark.parametrize("left", [0, 5, -1])
def test_a_record_of_which_the_end_is_missing_is_refused(left: int):
    with pytest.raises(zlib.error, match="missing"):
        inflated(deflated(b'{"level":"high"}')[:left])


def test_the_dictionary_never_changes():
    """With another one no record of before could be read: a better one is a new file."""
    digest = hashlib.sha256(deflating._DICTIONARY).hexdigest()
    assert digest == "b9fb1a9b9005aa762852836591f899881825cee14cb22c43b5105b75f8a5a1d5"


def test_words_of_the_edition_take_next_to_nothing():
    said = (
        b"Refer the child to the Police Referral Unit within 24 hours: a child who is exploited, or at risk"
    )
    assert len(deflated(said)) < 20 < len(zlib.compress(said))
