"""Loading packs: strict, once, from our folder and an operator's own, and never an edited edition."""

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest

from cre_toolkit.rules import loading
from cre_toolkit.rules.loading import (
    BUILT_IN,
    authority_ids,
    check_authority,
    check_instrument,
    instrument_ids,
    load_authority,
    load_instrument,
    publish,
)
from cre_toolkit.rules.packerrors import PackError, UnknownPackError

INSTRUMENT = BUILT_IN / "instruments" / "cre-2020" / "instrument.toml"
DERBY = BUILT_IN / "authorities" / "derby" / "2019-05-01.toml"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An operator's own folder of packs, empty."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("CRE_PACKS", str(folder))
    return folder


def put(folder: Path, name: str, source: Path, *changes: tuple[str, str]) -> Path:
    """A copy of one of our files, changed, at a place of its own."""
    text = source.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class TestOurOwn:
    def test_there_are_two_instruments_and_two_authorities(self) -> None:
        assert instrument_ids() == ("cre-2020", "cse-2017")
        assert authority_ids() == ("derby", "derbyshire")

    def test_each_is_built_once(self) -> None:
        assert load_instrument("cre-2020") is load_instrument("cre-2020")
        assert load_authority("derby") is load_authority("derby")

    def test_each_carries_the_hash_of_its_file(self) -> None:
        assert load_instrument("cre-2020").sha256 == hashlib.sha256(INSTRUMENT.read_bytes()).hexdigest()
        pack = load_authority("derby").on(date(2026, 1, 1))
        assert pack.sha256 == hashlib.sha256(DERBY.read_bytes()).hexdigest()

    @pytest.mark.parametrize("id_", ["nowhere", "", "../derby", "derby/2019-05-01.toml", "Derby"])
    def test_an_unknown_one_is_refused_and_the_known_are_named(self, id_: str) -> None:
        with pytest.raises(UnknownPackError, match="derby, derbyshire"):
            load_authority(id_)
        with pytest.raises(UnknownPackError, match="cre-2020, cse-2017"):
            load_instrument(id_)

    def test_nothing_in_a_pack_can_be_changed(self) -> None:
        with pytest.raises(ValueError, match="frozen"):
            load_instrument("cre-2020").title = "Another"  # type: ignore[misc]


class TestAnOperatorsOwnFolder:
    def test_a_third_authority_is_a_new_file(self, own: Path) -> None:
        """Row F6 of toolkit.md."""
        put(own, "authorities/rutland/2027-01-01.toml", DERBY, *renamed("derby", "rutland", "2027-01-01"))
        assert authority_ids() == ("derby", "derbyshire", "rutland")
        assert load_authority("rutland").packs[0].from_ == date(2027, 1, 1)

    def test_a_new_edition_of_an_instrument_is_a_new_file(self, own: Path) -> None:
        """Row A9 of toolkit.md."""
        new = (('id = "cre-2020"', 'id = "cre-2027"'), ("published = 2019-05-01", "published = 2027-09-01"))
        replacing = ('replaces = "cse-2017"', 'replaces = "cre-2020"')
        put(own, "instruments/cre-2027/instrument.toml", INSTRUMENT, *new, replacing)
        assert instrument_ids() == ("cre-2020", "cre-2027", "cse-2017")
        assert load_instrument("cre-2027").replaced_on is None
        old = load_instrument("cre-2020")
        assert (old.replaced_on, old.replaced_by) == (date(2027, 9, 1), "cre-2027")
        assert old.sha256 == hashlib.sha256(INSTRUMENT.read_bytes()).hexdigest()

    def test_an_edition_that_cannot_be_used_replaces_none(self, own: Path) -> None:
        replacing = ('replaces = "cse-2017"', 'replaces = "cre-2020"')
        put(own, "instruments/cre-2027/instrument.toml", INSTRUMENT, replacing)
        assert load_instrument("cre-2020").replaced_on is None
        with pytest.raises(PackError):
            load_instrument("cre-2027")

    def test_a_later_pack_joins_the_series(self, own: Path) -> None:
        put(own, "authorities/derby/2028-04-01.toml", DERBY, *renamed("derby", "derby", "2028-04-01"))
        series = load_authority("derby")
        assert [str(pack.from_) for pack in series.packs] == ["2019-05-01", "2028-04-01"]
        assert series.on(date(2028, 3, 31)).from_ == date(2019, 5, 1)
        assert series.on(date(2028, 4, 1)).from_ == date(2028, 4, 1)

    def test_before_the_first_pack_the_first_holds(self) -> None:
        assert load_authority("derby").on(date(2018, 6, 1)).from_ == date(2019, 5, 1)

    def test_an_instrument_of_ours_is_never_replaced(self, own: Path) -> None:
        path = put(own, "instruments/cre-2020/instrument.toml", INSTRUMENT)
        with pytest.raises(PackError, match=r"the instrument 'cre-2020' stands in .* already") as error:
            load_instrument("cre-2020")
        assert str(error.value).startswith(f"{path}: ")

    def test_a_pack_of_ours_is_never_replaced(self, own: Path) -> None:
        put(own, "authorities/derby/2019-05-01.toml", DERBY)
        with pytest.raises(PackError, match=r"the pack of that day stands in .* already"):
            load_authority("derby")

    def test_packs_that_overlap_are_refused(self, own: Path) -> None:
        until = ("from = 2027-01-01", "from = 2027-01-01\nuntil = 2028-12-31")
        first, second = "authorities/rutland/2027-01-01.toml", "authorities/rutland/2028-04-01.toml"
        put(own, first, DERBY, *renamed("derby", "rutland", "2027-01-01"), until)
        put(own, second, DERBY, *renamed("derby", "rutland", "2028-04-01"))
        with pytest.raises(PackError, match=r"2028-04-01\.from: overlaps the pack of 2027-01-01"):
            load_authority("rutland")

    def test_a_pack_is_named_after_its_first_day_and_its_authority(self, own: Path) -> None:
        path = put(own, "authorities/rutland/2027-01-01.toml", DERBY)
        assert [str(problem) for problem in check_authority(path)] == [
            f"{path}: id: is 'derby', and the folder 'rutland'",
            f"{path}: from: is 2019-05-01, and the file is named 2027-01-01.toml",
        ]
        with pytest.raises(PackError, match=r"id: is 'derby', and the folder 'rutland' \(and 1 more\)"):
            load_authority("rutland")

    def test_an_instrument_stands_in_the_folder_of_its_name(self, own: Path) -> None:
        path = put(own, "instruments/cre-2027/instrument.toml", INSTRUMENT)
        with pytest.raises(PackError, match="id: is 'cre-2020', and the folder 'cre-2027'"):
            load_instrument("cre-2027")
        assert len(check_instrument(path)) == 1

    def test_what_is_wrong_is_refused_at_loading_with_file_key_and_reason(self, own: Path) -> None:
        path = put(
            own,
            "instruments/cre-2031/instrument.toml",
            INSTRUMENT,
            ('id = "cre-2020"', 'id = "cre-2031"\ncolour = "red"'),
            ("adult_age = 18", ""),
        )
        with pytest.raises(PackError) as error:
            load_instrument("cre-2031")
        assert str(error.value) == f"{path}: scope.adult_age: is missing (and 1 more)"

    def test_the_folder_may_be_handed_over(self, tmp_path: Path) -> None:
        put(tmp_path, "instruments/cre-2028/instrument.toml", INSTRUMENT, ('"cre-2020"', '"cre-2028"'))
        assert load_instrument("cre-2028", tmp_path).id == "cre-2028"
        assert "cre-2028" in instrument_ids(tmp_path)
        assert "cre-2028" not in instrument_ids()

    def test_our_own_folder_again_is_no_collision(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CRE_PACKS", str(BUILT_IN))
        assert load_instrument("cre-2020").id == "cre-2020"

    def test_a_folder_that_is_none_is_refused(self, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CRE_PACKS", str(own / "nowhere"))
        with pytest.raises(PackError, match=r"is not a folder .*CRE_PACKS"):
            authority_ids()


class TestPublishedEditions:
    """`published.lock`: what was published is never edited; a change is a new edition."""

    def test_publishing_adds_what_is_new_and_nothing_else(self, own: Path) -> None:
        path = put(own, "instruments/cre-2027/instrument.toml", INSTRUMENT, ('"cre-2020"', '"cre-2027"'))
        assert publish(own) == ["instruments/cre-2027/instrument.toml"]
        put(own, "authorities/rutland/2027-01-01.toml", DERBY, *renamed("derby", "rutland", "2027-01-01"))
        assert publish(own) == ["authorities/rutland/2027-01-01.toml"]
        assert publish(own) == []
        first = (own / "published.lock").read_text().splitlines()[0]
        assert (
            first == f"{hashlib.sha256(path.read_bytes()).hexdigest()}  instruments/cre-2027/instrument.toml"
        )

    def test_an_edited_edition_is_refused(self, own: Path) -> None:
        path = put(own, "instruments/cre-2029/instrument.toml", INSTRUMENT, ('"cre-2020"', '"cre-2029"'))
        publish(own)
        put(path.parent, path.name, path, ("Young carer", "Young Carer"))
        with pytest.raises(PackError, match=r"was changed after it was published"):
            load_instrument("cre-2029")
        with pytest.raises(PackError, match=r"was changed after it was published"):
            publish(own)

    def test_an_edited_pack_is_refused(self, own: Path) -> None:
        path = put(
            own, "authorities/rutland/2029-01-01.toml", DERBY, *renamed("derby", "rutland", "2029-01-01")
        )
        publish(own)
        put(path.parent, path.name, path, ("01332 641172", "01332 641173"))
        with pytest.raises(PackError, match=r"was changed after it was published"):
            load_authority("rutland")

    def test_an_edition_that_is_gone_is_missed(self, own: Path) -> None:
        path = put(own, "instruments/cre-2027/instrument.toml", INSTRUMENT, ('"cre-2020"', '"cre-2027"'))
        publish(own)
        shutil.rmtree(path.parent)
        with pytest.raises(PackError, match="is published and gone"):
            publish(own)

    def test_what_cannot_be_used_is_not_published(self, own: Path) -> None:
        put(own, "instruments/cre-2027/instrument.toml", INSTRUMENT)
        with pytest.raises(PackError, match="and the folder"):
            publish(own)
        put(own, "instruments/cre-2027/instrument.toml", INSTRUMENT, ('"cre-2020"', '"cre-2027"'))
        put(own, "authorities/rutland/2027-01-01.toml", DERBY)
        with pytest.raises(PackError, match="and the folder"):
            publish(own)
        assert not (own / "published.lock").exists()

    def test_a_damaged_lock_is_refused(self, own: Path) -> None:
        put(own, "instruments/cre-2030/instrument.toml", INSTRUMENT, ('"cre-2020"', '"cre-2030"'))
        (own / "published.lock").write_text("abc\n")
        with pytest.raises(PackError, match="line 1: is not a SHA-256 and a file"):
            load_instrument("cre-2030")

    def test_a_folder_that_cannot_be_written_to_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(PackError, match="cannot be written"):
            publish(tmp_path / "nowhere")


def renamed(id_: str, new_id: str, first_day: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (f'id = "{id_}"', f'id = "{new_id}"'), ("from = 2019-05-01", f"from = {first_day}")


def test_what_the_project_ships_is_found_beside_the_rules() -> None:
    assert Path(loading.__file__).parent.parent / "packs" == BUILT_IN
