"""Heads leave the service signed; `manage.py audit` links, signs and verifies."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from cre_toolkit.audit import chain, heads
from cre_toolkit.audit.models import Event, Head
from tests.unit.audit.chains import UPDATE, links, signed, written


@pytest.mark.django_db
class TestHeads:
    def test_a_head_is_signed_and_written_for_whoever_takes_it_away(self, settings, tmp_path):
        settings.AUDIT_HEADS = tmp_path / "heads"
        written(2)
        written(1, "")
        made = signed()
        assert [(head.authority, head.number) for head in made] == [("", 1), ("derby", 2)]
        names = sorted(path.name for path in settings.AUDIT_HEADS.iterdir())
        assert [name[11:] for name in names] == ["derby-2.json", "service-1.json"]
        anchor = heads.read_file((settings.AUDIT_HEADS / names[0]).read_text())
        assert anchor == heads.Anchor("derby", 2, bytes(made[1].hash).hex())

    def test_a_head_whose_file_cannot_be_written_is_not_recorded(self, settings, tmp_path):
        settings.AUDIT_HEADS = tmp_path / "a file"
        settings.AUDIT_HEADS.write_text("in the way")
        written(1)
        chain.seal()
        with pytest.raises(OSError, match="exists"), transaction.atomic():
            heads.sign_heads(by=None)
        assert not Head.objects.exists()

    @pytest.mark.parametrize("part", ["number", "hash", "authority", "at", "signature"])
    def test_a_head_with_any_part_changed_is_refused(self, settings, tmp_path, part):
        settings.AUDIT_HEADS = tmp_path
        written(1)
        said = json.loads(heads.as_file(signed()[0]))
        other = {"number": 7, "hash": "00" * 32, "authority": "x", "at": "2020-01-01T00:00:00+00:00"}
        said[part] = other.get(part, "00" * 64)
        with pytest.raises(heads.NotAHead, match="does not fit"):
            heads.read_file(json.dumps(said))

    def test_a_head_of_another_key_is_trusted_only_when_that_is_said(self, settings, tmp_path):
        settings.AUDIT_HEADS = tmp_path
        written(1)
        text = heads.as_file(signed()[0])
        former = heads.public_key()
        settings.AUDIT_SIGNING_KEY = "the key of another year"
        with pytest.raises(heads.NotAHead, match="not trusted"):
            heads.read_file(text)
        assert heads.read_file(text, [former]).number == 1

    @pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"authority": "derby"}', "not JSON"])
    def test_what_is_no_head_is_said_to_be_none(self, text):
        with pytest.raises(heads.NotAHead):
            heads.read_file(text)

    @pytest.mark.parametrize(
        "text", ["", "derby", "derby:1", "derby:1:abc", "derby:x:9f86d081884c7d65", ":::"]
    )
    def test_what_cannot_stand_on_a_document_is_refused(self, text):
        with pytest.raises(heads.NotAHead, match="such as derby:1042"):
            heads.read_short(text)

    def test_the_short_head_is_the_end_of_the_chain_and_blank_before_it_begins(self):
        assert heads.short("derby") == ""
        written(3)
        chain.seal()
        assert heads.short("derby") == f"derby:3:{bytes(links()[0].hash).hex()[:16]}"


@pytest.mark.django_db
class TestCommand:
    @pytest.fixture(autouse=True)
    def folder(self, settings, tmp_path):
        settings.AUDIT_HEADS = tmp_path

    def said(self, capsys, *words: str) -> str:
        call_command("audit", *words)
        return capsys.readouterr().out

    def test_it_seals_signs_and_verifies(self, capsys):
        written(3)
        assert "3 events linked" in self.said(capsys, "seal")
        assert "derby: 3 " in self.said(capsys, "sign")
        assert "Nothing is wrong" in self.said(capsys, "verify")
        assert Event.objects.filter(kind="audit.verified", detail={"events": 4, "wrong": 0}).exists()

    def test_it_says_how_old_the_unlinked_end_is(self, capsys):
        written(3)
        assert "derby: 0 linked" in (out := self.said(capsys, "verify"))
        assert "3 not linked yet, the oldest for 0 s" in out

    def test_it_takes_a_head_and_what_stands_on_a_document(self, capsys, tmp_path):
        written(3)
        self.said(capsys, "sign")
        (path,) = tmp_path.glob("*derby*.json")
        out = self.said(capsys, "verify", "--head", str(path), "--seen", heads.short("derby"))
        assert "only a head kept elsewhere" not in out

    def test_it_names_what_is_wrong_and_ends_with_1(self, capsys, as_owner):
        events = written(3)
        chain.seal()
        as_owner((UPDATE.format("kind"), ["child.changed", events[1].pk]))
        with pytest.raises(CommandError, match="1 thing is wrong") as ended:
            call_command("audit", "verify")
        assert ended.value.returncode == 1
        out = capsys.readouterr().out
        assert f"derby number 2, event {events[1].pk}, child.changed" in out
        assert "was changed after it was written" in out

    def test_what_is_no_head_is_said_in_one_line(self, tmp_path):
        (tmp_path / "notes.txt").write_text("milk")
        with pytest.raises(CommandError, match=r"notes\.txt: this is not a head"):
            call_command("audit", "verify", "--head", str(tmp_path / "notes.txt"))

    def test_it_gives_the_public_key(self, capsys):
        assert self.said(capsys, "key").strip() == heads.public_key()
