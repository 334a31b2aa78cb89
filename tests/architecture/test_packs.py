"""Published editions never change: `packs/published.lock` names each with the SHA-256 of its file.

A change is a new edition or a new dated pack, and `cre publish` adds its line. Whoever must change a line
that stands there already is about to change what was recorded under it.
"""

import hashlib

from cre_toolkit.rules.loading import BUILT_IN, published


def test_every_edition_is_published_and_as_it_was() -> None:
    editions = [*BUILT_IN.glob("instruments/*/*.toml"), *BUILT_IN.glob("authorities/*/*.toml")]
    digests = {
        path.relative_to(BUILT_IN).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in editions
    }
    assert published() == digests


def test_nothing_else_stands_among_the_packs() -> None:
    """Content, not code; one file to an edition."""
    known = {"instruments/*/instrument.toml", "authorities/*/*.toml", "guidance/*.md", "published.lock"}
    known |= {"retention/schedule.toml"}
    expected = {path for pattern in known for path in BUILT_IN.glob(pattern)}
    assert {path for path in BUILT_IN.rglob("*") if path.is_file()} == expected
