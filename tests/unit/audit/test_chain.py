"""The chain: every event gets its place, once, whoever seals; and whatever was done to the trail is named."""

import datetime
import hashlib
import json
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit import chain, heads
from cre_toolkit.audit.models import Event, EventChild, Head, Link
from cre_toolkit.audit.seals import canonical, seal_of
from cre_toolkit.audit.verifying import Wrong, verify


def written(count: int, authority: str = "derby", **given) -> list[Event]:
    """So many events, committed as far as the test sees."""
    with transaction.atomic():
        given |= {"by": None, "kind": "child.viewed", "authority": authority}
        return [audit.record(**given) for _ in range(count)]


def signed() -> list[Head]:
    chain.seal()
    return heads.sign_heads(by=None)


def findings(authority: str = "derby", anchors=()) -> list[tuple[Wrong, int | None, uuid.UUID | None]]:
    (found,) = verify([authority], lambda _: anchors)
    return [(finding.wrong, finding.number, finding.event) for finding in found.findings]


@pytest.fixture
def as_owner(db):
    """Statements as the owner of the database could give them, past the triggers."""

    def tamper(*statements: tuple[str, list]) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            else:
                cursor.execute("SET LOCAL session_replication_role = replica")
            for statement, values in statements:
                cursor.execute(statement, [_stored(value) for value in values])

    yield tamper
    # What is left would rightly fail the check of foreign keys at the test's end.
    transaction.set_rollback(True)


def _stored(value):
    return value.hex if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value


@pytest.mark.django_db
class TestSealing:
    def test_each_authority_has_a_chain_of_its_own_numbered_without_a_gap(self):
        for authority in ("derby", "derbyshire", "derby", ""):
            written(2, authority)
        assert chain.seal() == 8
        assert [
            list(Link.objects.filter(authority=authority).order_by("number").values_list("number", flat=True))
            for authority in ("derby", "derbyshire", "")
        ] == [[1, 2, 3, 4], [1, 2], [1, 2]]

    def test_what_is_linked_is_not_linked_again(self):
        written(3)
        assert [chain.seal(), chain.seal(), chain.seal(everything=True)] == [3, 0, 0]

    def test_the_hash_is_over_the_one_before_and_the_event(self):
        first, second = written(2)
        chain.seal()
        before = bytes(32)
        for event in (first, second):
            whole = {
                "id": str(event.pk),
                "at": event.at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
                "kind": "child.viewed",
                "actor": None,
                "authority": "derby",
                "child": None,
                "children": [],
                "subject_kind": "",
                "subject": None,
                "detail": {},
            }
            content = json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()
            before = hashlib.sha256(b"\x01" + before + hashlib.sha256(b"\x00" + content).digest()).digest()
            assert bytes(Link.objects.get(event=event).hash) == before

    def test_more_than_a_batch_is_linked_to_the_last(self, monkeypatch):
        monkeypatch.setattr(chain, "BATCH", 3)
        written(10)
        assert chain.seal() == 10
        assert findings() == []

    def test_an_event_committed_late_is_linked_and_one_from_a_clock_put_right_with_the_days_head(self):
        now = timezone.now().timestamp()
        late, far_off = (
            Event(at=timezone.now(), kind="child.viewed", authority="derby", pk=_id_at(now - seconds))
            for seconds in (60, 86_400)
        )
        written(1)
        chain.seal()
        for event in (late, far_off):
            event.seal = seal_of(event)
            event.save(force_insert=True)
        assert chain.seal() == 1
        assert chain.seal(everything=True) == 1
        assert findings() == []

    def test_nothing_to_seal_costs_two_looks_and_no_write(self, django_assert_num_queries):
        written(1)
        chain.seal()
        with django_assert_num_queries(2) as asked:
            assert chain.seal() == 0
        assert all(query["sql"].startswith("SELECT") for query in asked)


def _id_at(seconds: float) -> uuid.UUID:
    return uuid.UUID(int=(int(seconds * 1000) << 80) | (uuid.uuid4().int & ((1 << 80) - 1)))


def test_sealers_and_writers_at_once_give_one_chain(real_database):
    def act(number: int) -> int:
        if number % 2:
            return chain.seal()
        for _ in range(5):
            written(1)
        return 0

    results = real_database.at_once(8, act)
    assert [result for result in results if isinstance(result, Exception)] == []
    chain.seal(everything=True)
    assert list(Link.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 21))
    assert findings() == []


UPDATE = "UPDATE audit_event SET {} = %s WHERE id = %s"
TAKE = (("DELETE FROM audit_link WHERE event_id = %s"), ("DELETE FROM audit_event WHERE id = %s"))


class TestTampering:
    """What the owner of the database does without the key is found and named."""

    @pytest.fixture
    def events(self, db) -> list[Event]:
        made = written(5, child=uuid.uuid4())
        chain.seal()
        assert findings() == []
        return made

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("kind", "child.changed"),
            ("authority", "derbyshire"),
            ("subject_kind", "call"),
            ("detail", '{"level":"low"}'),
            ("child", uuid.uuid4()),
            ("actor", uuid.uuid4()),
            ("subject", uuid.uuid4()),
            ("at", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)),
        ],
    )
    def test_a_changed_event_is_named_and_no_other(self, events, as_owner, column, value):
        as_owner((UPDATE.format(column), [value, events[2].pk]))
        assert findings() == [(Wrong.CHANGED, 3, events[2].pk)]

    def test_a_removed_event_is_named(self, events, as_owner):
        as_owner((TAKE[1], [events[2].pk]))
        assert findings() == [(Wrong.REMOVED, 3, events[2].pk)]

    def test_the_last_event_removed_is_named(self, events, as_owner):
        as_owner((TAKE[1], [events[4].pk]))
        assert findings() == [(Wrong.REMOVED, 5, events[4].pk)]

    def test_an_event_removed_with_its_link_is_named_by_its_number(self, events, as_owner):
        as_owner(*((statement, [events[2].pk]) for statement in TAKE))
        # The next one no longer follows what stands before it.
        assert findings()[0] == (Wrong.REMOVED, 3, None)

    def test_numbering_the_rest_anew_hides_nothing(self, events, as_owner):
        as_owner(
            *((statement, [events[2].pk]) for statement in TAKE),
            ("UPDATE audit_link SET number = 3 WHERE event_id = %s", [events[3].pk]),
            ("UPDATE audit_link SET number = 4 WHERE event_id = %s", [events[4].pk]),
        )
        assert (Wrong.MOVED, 3, events[3].pk) in findings()

    def test_nor_does_working_out_the_hashes_anew(self, events, as_owner):
        before = bytes(Link.objects.get(event=events[1]).hash)
        renumbered = []
        for number, event in ((3, events[3]), (4, events[4])):
            before = chain.hash_after(before, canonical(event))
            renumbered.append(
                (
                    "UPDATE audit_link SET number = %s, hash = %s WHERE event_id = %s",
                    [number, before, event.pk],
                )
            )
        as_owner(*((statement, [events[2].pk]) for statement in TAKE), *renumbered)
        assert findings() == [(Wrong.RENUMBERED, 3, events[3].pk), (Wrong.RENUMBERED, 4, events[4].pk)]

    def test_an_event_put_in_without_the_key_is_named_before_and_after_it_is_linked(self, events):
        forged = Event(at=timezone.now(), kind="child.viewed", authority="derby", seal=bytes(32))
        forged.save(force_insert=True)
        assert findings() == [(Wrong.INSERTED, None, forged.pk)]
        chain.seal()
        assert findings() == [(Wrong.INSERTED, 6, forged.pk)]

    def test_two_events_that_changed_places_are_named(self, events, as_owner):
        one, other = events[1].pk, events[3].pk
        as_owner(
            ("UPDATE audit_link SET number = 99 WHERE event_id = %s", [one]),
            ("UPDATE audit_link SET number = 2 WHERE event_id = %s", [other]),
            ("UPDATE audit_link SET number = 4 WHERE event_id = %s", [one]),
        )
        assert {(Wrong.MOVED, 2, other), (Wrong.MOVED, 4, one)} <= set(findings())
        assert all(wrong is Wrong.MOVED for wrong, _, _ in findings())

    def test_a_child_taken_from_a_list_is_named(self, as_owner):
        (event,) = written(1, children=[uuid.uuid4() for _ in range(3)])
        chain.seal()
        child = EventChild.objects.filter(event=event).first().child
        as_owner(("DELETE FROM audit_eventchild WHERE event_id = %s AND child = %s", [event.pk, child]))
        assert findings() == [(Wrong.CHANGED, 1, event.pk)]

    def test_a_number_from_nowhere_does_not_hold_up_the_check(self, events, as_owner):
        as_owner(("UPDATE audit_link SET number = 900000000000 WHERE event_id = %s", [events[4].pk]))
        assert len(findings()) <= 1_001

    def test_a_cut_end_is_found_by_a_head_that_was_kept_or_stands_on_a_document(self, events, as_owner):
        kept = heads.read_file(heads.as_file(signed()[0]))
        printed = heads.read_short(heads.short("derby"))
        chain.seal()
        as_owner(
            ("DELETE FROM audit_head", []),
            ("DELETE FROM audit_link WHERE number > 3 AND authority = %s", ["derby"]),
            *((TAKE[1], [event.pk]) for event in Event.objects.exclude(pk__in=[e.pk for e in events[:3]])),
        )
        assert findings() == [], "nothing that is left shows it"
        assert findings(anchors=[kept]) == [(Wrong.CUT, 5, None)]
        assert findings(anchors=[printed]) == [(Wrong.CUT, 5, None)]

    def test_a_chain_written_anew_with_a_stolen_key_is_found_by_a_head(self, events, as_owner):
        kept = heads.read_file(heads.as_file(signed()[0]))
        as_owner(("DELETE FROM audit_link", []), *((TAKE[1], [event.pk]) for event in events[:2]))
        written(2)
        chain.seal(everything=True)
        assert findings() == []
        (found,) = findings(anchors=[kept])
        assert found[:2] == (Wrong.REWRITTEN, 5)

    def test_the_heads_that_the_database_keeps_are_looked_at_without_being_asked_for(self, events, as_owner):
        signed()
        as_owner(("DELETE FROM audit_link", []), *((TAKE[1], [event.pk]) for event in events[:2]))
        chain.seal(everything=True)
        with pytest.raises(CommandError, match="1 thing is wrong"):
            call_command("audit", "verify", "--authority", "derby")


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
        assert heads.short("derby") == f"derby:3:{bytes(Link.objects.get(number=3).hash).hex()[:16]}"


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
