"""The chain: every event gets its place, once, whoever seals; and whatever was done to the trail is named."""

import datetime
import hashlib
import json
import uuid

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from cre_toolkit.audit import chain, heads
from cre_toolkit.audit.models import Event, EventChild
from cre_toolkit.audit.moments import first_id, new_id_at
from cre_toolkit.audit.seals import canonical, seal_of
from cre_toolkit.audit.verifying import Wrong
from tests.unit.audit.chains import TAKE, UPDATE, findings, links, signed, written


@pytest.mark.django_db
class TestSealing:
    def test_each_authority_has_a_chain_of_its_own_numbered_without_a_gap(self):
        for authority in ("derby", "derbyshire", "derby", ""):
            written(2, authority)
        assert chain.seal() == 8
        assert [
            [(link.number, len(chain.unpacked(link.events))) for link in links(authority)]
            for authority in ("derby", "derbyshire", "")
        ] == [[(4, 4)], [(2, 2)], [(2, 2)]]
        written(3)
        chain.seal()
        assert [link.number for link in links("derby")] == [4, 7]

    def test_what_is_linked_is_not_linked_again(self):
        written(3)
        assert [chain.seal(), chain.seal(), chain.seal(everything=True)] == [3, 0, 0]

    def test_the_hash_is_over_the_one_before_and_the_event(self):
        first, second = written(2)
        chain.seal()
        before = bytes(32)
        for event in (first, second):
            content = json.dumps(as_json(event), sort_keys=True, separators=(",", ":")).encode()
            before = hashlib.sha256(b"\x01" + before + hashlib.sha256(b"\x00" + content).digest()).digest()
        (link,) = links()
        assert bytes(link.hash) == before
        assert chain.unpacked(link.events) == (first.pk, second.pk)

    def test_the_canonical_form_is_what_an_encoder_of_json_gives(self):
        child, subject = uuid.uuid4(), uuid.uuid4()
        (event,) = written(
            1,
            child=child,
            subject_kind='a "kind"',
            subject=subject,
            detail={"z": ["é\n", None], "a": {"b": 1}},
        )
        said = as_json(event)
        assert (
            canonical(event)
            == json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        )

    def test_more_than_a_batch_is_linked_to_the_last(self, monkeypatch):
        monkeypatch.setattr(chain, "BATCH", 3)
        written(10)
        assert chain.seal() == 10
        assert findings() == []

    def test_an_event_committed_late_is_linked_and_one_from_a_clock_put_right_with_the_days_head(self):
        now = timezone.now()
        late, far_off = (
            Event(
                pk=first_id(now - datetime.timedelta(seconds=seconds)), kind="child.viewed", authority="derby"
            )
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

    def test_what_was_committed_late_is_found_linked_though_newer_events_share_its_link(self):
        now = timezone.now()
        for seconds in (0, 200, 100):
            moment = now - datetime.timedelta(seconds=seconds)
            event = Event(pk=first_id(moment), kind="child.viewed", authority="derby")
            event.seal = seal_of(event)
            event.save(force_insert=True)
            assert chain.seal() == 1
        assert chain.seal(everything=True) == 0

    def test_nothing_to_seal_costs_three_looks_and_no_write(self, django_assert_num_queries):
        written(1)
        chain.seal()
        with django_assert_num_queries(3) as asked:
            assert chain.seal() == 0
        assert all(query["sql"].startswith("SELECT") for query in asked)


def as_json(event: Event) -> dict:
    """The event's canonical form, as docs/explanation/audit.md has it."""
    return {
        "id": event.pk,
        "kind": event.kind,
        "actor": None,
        "authority": event.authority,
        "child": event.child.hex if event.child else None,
        "children": [],
        "subject_kind": event.subject_kind,
        "subject": event.subject.hex if event.subject else None,
        "detail": event.detail,
    }


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
    ids = [id_ for link in links() for id_ in chain.unpacked(link.events)]
    assert (len(ids), len(set(ids)), links()[-1].number) == (20, 20, 20)
    assert findings() == []


OF_LINK = "UPDATE audit_link SET {} = %s WHERE number = %s"


class TestTampering:
    """What the owner of the database does without the key is found and named."""

    @pytest.fixture
    def events(self, db) -> list[Event]:
        """Five, of which the second two share a link, as do the first."""
        made = []
        for count in (2, 2, 1):
            made += written(count, child=uuid.uuid4())
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
        ],
    )
    def test_a_changed_event_is_named_and_no_other(self, events, as_owner, column, value):
        as_owner((UPDATE.format(column), [value, events[2].pk]))
        assert findings() == [(Wrong.CHANGED, 3, events[2].pk)]

    def test_a_removed_event_is_named(self, events, as_owner):
        as_owner((TAKE, [events[2].pk]))
        assert findings() == [(Wrong.REMOVED, 3, events[2].pk)]

    def test_the_last_event_removed_is_named(self, events, as_owner):
        as_owner((TAKE, [events[4].pk]))
        assert findings() == [(Wrong.REMOVED, 5, events[4].pk)]

    def test_one_whose_moment_was_changed_is_missed_and_the_other_is_not_linked(self, events, as_owner):
        as_owner(("UPDATE audit_event SET id = %s WHERE id = %s", [events[2].pk - 7, events[2].pk]))
        assert findings() == [(Wrong.REMOVED, 3, events[2].pk), (Wrong.INSERTED, None, events[2].pk - 7)]

    def test_events_removed_with_their_link_are_named_by_their_numbers(self, events, as_owner):
        as_owner(
            ("DELETE FROM audit_link WHERE number = %s", [4]),
            *((TAKE, [event.pk]) for event in events[2:4]),
        )
        assert findings() == [(Wrong.REMOVED, 3, None), (Wrong.REMOVED, 4, None)]

    def test_an_event_left_out_of_its_link_is_named_by_its_number_and_so_is_the_link(self, events, as_owner):
        left = chain.packed([events[3].pk])
        as_owner((TAKE, [events[2].pk]), (OF_LINK.format("events"), [left, 4]))
        assert findings() == [(Wrong.REMOVED, 3, None), (Wrong.RENUMBERED, 4, None)]

    def test_numbering_the_rest_anew_hides_nothing(self, events, as_owner):
        as_owner(
            ("DELETE FROM audit_link WHERE number = %s", [4]),
            *((TAKE, [event.pk]) for event in events[2:4]),
            (OF_LINK.format("number"), [3, 5]),
        )
        assert findings() == [(Wrong.RENUMBERED, 3, None)]

    def test_nor_does_working_out_the_hashes_anew(self, events, as_owner):
        left, made = chain.packed([events[3].pk]), bytes(links()[0].hash)
        made = chain.hash_after(made, canonical(events[3]))
        last = chain.hash_after(made, canonical(events[4]))
        as_owner(
            (TAKE, [events[2].pk]),
            ("UPDATE audit_link SET number = 3, events = %s, hash = %s WHERE number = 4", [left, made]),
            ("UPDATE audit_link SET number = 4, hash = %s WHERE number = 5", [last]),
        )
        assert findings() == [(Wrong.RENUMBERED, 3, None), (Wrong.RENUMBERED, 4, None)]

    def test_a_link_that_is_hidden_from_the_sealer_is_named(self, events, as_owner):
        as_owner((OF_LINK.format("newest"), [0, 4]))
        assert (Wrong.RENUMBERED, 4, None) in findings()

    def test_what_no_longer_follows_what_stands_before_it_is_named(self, events, as_owner):
        as_owner((OF_LINK.format("hash"), [bytes(32), 2]))
        assert findings() == [(Wrong.RENUMBERED, 2, None), (Wrong.MOVED, 4, None)]

    def test_an_event_put_in_without_the_key_is_named_before_and_after_it_is_linked(self, events):
        forged = Event(pk=new_id_at(timezone.now()), kind="child.viewed", authority="derby", seal=bytes(32))
        forged.save(force_insert=True)
        assert findings() == [(Wrong.INSERTED, None, forged.pk)]
        chain.seal()
        assert findings() == [(Wrong.INSERTED, 6, forged.pk)]

    def test_two_events_that_changed_places_are_named_by_their_link(self, events, as_owner):
        as_owner((OF_LINK.format("events"), [chain.packed([events[3].pk, events[2].pk]), 4]))
        assert findings() == [(Wrong.RENUMBERED, 4, None)]

    def test_a_child_taken_from_a_list_is_named(self, as_owner):
        (event,) = written(1, children=[uuid.uuid4() for _ in range(3)])
        chain.seal()
        child = EventChild.objects.filter(event=event).first().child
        as_owner(("DELETE FROM audit_eventchild WHERE event_id = %s AND child = %s", [event.pk, child]))
        assert findings() == [(Wrong.CHANGED, 1, event.pk)]

    def test_one_that_claims_a_moment_before_2020_is_named_before_and_after_it_is_linked(self, events):
        moment = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        forged = Event(pk=first_id(moment), kind="child.viewed", authority="derby", seal=bytes(32))
        forged.save(force_insert=True)
        assert findings() == [(Wrong.INSERTED, None, forged.pk)]
        assert chain.seal(everything=True) == 1
        assert findings() == [(Wrong.INSERTED, 6, forged.pk)]

    def test_a_link_whose_ids_were_cut_is_named(self, events, as_owner):
        cut = chain.packed([events[2].pk, events[3].pk])[:-1]
        as_owner((OF_LINK.format("events"), [cut, 4]))
        assert (Wrong.RENUMBERED, 4, None) in findings()

    def test_a_number_from_nowhere_does_not_hold_up_the_check(self, events, as_owner):
        as_owner((OF_LINK.format("number"), [900_000_000_000, 5]))
        assert len(findings()) <= 1_001

    def test_a_cut_end_is_found_by_a_head_that_was_kept_or_stands_on_a_document(self, events, as_owner):
        kept = heads.read_file(heads.as_file(signed()[0]))
        printed = heads.read_short(heads.short("derby"))
        chain.seal()
        as_owner(
            ("DELETE FROM audit_head", []),
            ("DELETE FROM audit_link WHERE number > 2 AND authority = %s", ["derby"]),
            *((TAKE, [event.pk]) for event in Event.objects.exclude(pk__in=[e.pk for e in events[:2]])),
        )
        assert findings() == [], "nothing that is left shows it"
        assert findings(anchors=[kept]) == [(Wrong.CUT, 5, None)]
        assert findings(anchors=[printed]) == [(Wrong.CUT, 5, None)]

    def test_a_chain_written_anew_with_a_stolen_key_is_found_by_a_head(self, events, as_owner):
        kept = heads.read_file(heads.as_file(signed()[0]))
        as_owner(("DELETE FROM audit_link", []), *((TAKE, [event.pk]) for event in events[:2]))
        written(2)
        chain.seal(everything=True)
        assert findings() == []
        (found,) = findings(anchors=[kept])
        assert found[:2] == (Wrong.REWRITTEN, 5)

    def test_a_chain_that_is_gone_altogether_is_missed_by_the_heads_that_the_database_keeps(
        self, events, as_owner
    ):
        signed()
        as_owner(("DELETE FROM audit_link", []), ("DELETE FROM audit_event", []))
        with pytest.raises(CommandError, match="1 thing is wrong"):
            call_command("audit", "verify")

    def test_the_heads_that_the_database_keeps_are_looked_at_without_being_asked_for(self, events, as_owner):
        signed()
        as_owner(("DELETE FROM audit_link", []), *((TAKE, [event.pk]) for event in events[:2]))
        chain.seal(everything=True)
        with pytest.raises(CommandError, match="1 thing is wrong"):
            call_command("audit", "verify", "--authority", "derby")


@pytest.mark.django_db
class TestFormerKeys:
    """The key is changed: what was sealed with the former one stays, and nobody can use that any more."""

    @pytest.fixture(autouse=True)
    def changed(self, settings):
        settings.AUDIT_KEY = "the key of another year"
        written(2)
        chain.seal()
        self.waiting = written(1)
        settings.AUDIT_FORMER_KEYS, settings.AUDIT_KEY = ["the key of another year"], "today's"

    def test_what_was_sealed_with_it_is_as_it_was(self):
        assert findings() == []
        written(1)
        assert chain.seal() == 2
        assert findings() == []

    def test_without_it_everything_from_before_is_named(self, settings):
        settings.AUDIT_FORMER_KEYS = []
        assert [wrong for wrong, _, _ in findings()] == [
            Wrong.INSERTED,
            Wrong.INSERTED,
            Wrong.RENUMBERED,
            Wrong.INSERTED,
        ]

    def test_what_is_sealed_with_it_afterwards_is_named(self, settings):
        chain.seal()
        assert findings() == []
        settings.AUDIT_KEY, key = "the key of another year", settings.AUDIT_KEY
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=10)):
            (forged,) = written(1)
        settings.AUDIT_KEY = key
        assert findings() == [(Wrong.INSERTED, None, forged.pk)]
        chain.seal()
        assert findings() == [(Wrong.INSERTED, 4, forged.pk)]

    def test_dating_it_back_to_before_the_change_hides_nothing(self, settings):
        written(1)
        chain.seal()
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=10)):
            written(1)
            chain.seal()
        assert findings() == []
        settings.AUDIT_KEY, key = "the key of another year", settings.AUDIT_KEY
        with time_machine.travel(timezone.now() - datetime.timedelta(days=1)):
            (forged,) = written(1)
        settings.AUDIT_KEY = key
        assert findings() == [(Wrong.INSERTED, None, forged.pk)]
        assert chain.seal(everything=True) == 1
        assert findings() == [(Wrong.INSERTED, 6, forged.pk)]

    def test_a_link_that_is_sealed_with_it_afterwards_is_named(self, settings):
        chain.seal()
        settings.AUDIT_KEY, key = "the key of another year", settings.AUDIT_KEY
        written(1)
        chain.seal()
        settings.AUDIT_KEY = key
        assert (Wrong.RENUMBERED, 4, None) in findings()
