"""The audit trail: in the act's own transaction, sealed, and never changed."""

import ast
import uuid
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit import kinds
from cre_toolkit.audit.gathering import together
from cre_toolkit.audit.models import Event
from cre_toolkit.audit.seals import seal_of
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.casework.referral.states import Step
from cre_toolkit.web.views.documents import FORMATS
from tests.architecture.source import modules

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "audit-events.md"


@pytest.mark.django_db
def test_an_event_is_gone_when_its_act_is_undone():
    with transaction.atomic():
        audit.record(by=None, kind="child.viewed")
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_whom():
    child, record = uuid.uuid4(), uuid.uuid4()
    audit.record(
        by=None, kind="child.changed", authority="derby", child=child, subject_kind="child", subject=record
    )
    event = Event.objects.get()
    assert (event.kind, event.authority, event.child, event.subject) == (
        "child.changed",
        "derby",
        child,
        record,
    )


@pytest.mark.django_db
def test_the_seal_is_over_every_field_and_needs_the_key(settings):
    event = audit.record(by=None, kind="child.viewed", child=uuid.uuid4(), detail={"level": "high"})
    stored = Event.objects.get()
    assert bytes(stored.seal) == seal_of(stored) == event.seal
    for field, value in (
        ("kind", "child.changed"),
        ("child", uuid.uuid4()),
        ("actor", uuid.uuid4()),
        ("authority", "derbyshire"),
        ("subject", uuid.uuid4()),
        ("subject_kind", "call"),
        ("detail", {"level": "low"}),
        ("id", stored.id + 1),
    ):
        forged = Event.objects.get()
        setattr(forged, field, value)
        assert seal_of(forged) != bytes(stored.seal), field
    assert seal_of(stored, [uuid.uuid4()]) != bytes(stored.seal), "a child put into a list afterwards"
    settings.AUDIT_KEY = "another"
    assert seal_of(stored) != bytes(stored.seal)


@pytest.mark.django_db
def test_the_seal_is_over_every_child_of_a_list():
    children = [uuid.uuid4() for _ in range(3)]
    event = audit.record(by=None, kind="home.viewed", children=children)
    stored = [row.child for row in Event.objects.get().children.all()]
    assert sorted(stored) == sorted(children)
    assert seal_of(event, stored) == event.seal
    assert seal_of(event, stored[:2]) != event.seal, "one taken away"
    assert seal_of(event, [*stored[:2], uuid.uuid4()]) != event.seal, "one put in another's place"


@pytest.mark.django_db
def test_a_list_costs_two_inserts_however_long_and_one_of_one_child_costs_one(django_assert_num_queries):
    with django_assert_num_queries(2):
        audit.record(by=None, kind="home.viewed", children=[uuid.uuid4() for _ in range(100)])
    with django_assert_num_queries(1):
        audit.record(by=None, kind="home.viewed", children=[uuid.uuid4()] * 2)
    with django_assert_num_queries(1):
        audit.record(by=None, kind="home.viewed")


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_remove_an_event(act):
    audit.record(by=None, kind="child.viewed")
    attempts = {
        "update": lambda: Event.objects.update(kind="nothing.happened"),
        "delete": lambda: Event.objects.all()._raw_delete("default"),
    }
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attempts[act]()
    assert Event.objects.get().kind == "child.viewed"


def test_an_event_outside_a_transaction_is_a_defect(real_database):
    with pytest.raises(audit.NotInTransaction):
        audit.record(by=None, kind="child.viewed")


def test_a_block_that_gathers_events_outside_their_transaction_is_a_defect(real_database):
    """`@together()` above `@transaction.atomic` would write them after the act was committed."""

    @together()
    @transaction.atomic
    def act():
        audit.record(by=None, kind="child.viewed")

    with pytest.raises(audit.NotInTransaction):
        act()
    assert not Event.objects.exists()


@pytest.mark.django_db
class TestTogether:
    """The events of an act that is made of others are written with one statement, and with the act."""

    def test_all_are_there_at_the_end_sealed_and_in_their_order(self, django_assert_num_queries):
        children = [uuid.uuid4(), uuid.uuid4()]
        with django_assert_num_queries(2), together():
            audit.record(by=None, kind="child.searched", children=children)
            with together():
                audit.record(by=None, kind="child.viewed", child=children[0])
        events = list(Event.objects.order_by("pk"))
        assert [event.kind for event in events] == ["child.searched", "child.viewed"]
        for event in events:
            of_a_list = event.children.values_list("child", flat=True)
            assert bytes(event.seal) == seal_of(event, of_a_list)

    def test_an_error_in_the_act_leaves_none(self):
        @transaction.atomic
        @together()
        def act():
            audit.record(by=None, kind="child.viewed")
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            act()
        assert not Event.objects.exists()
        audit.record(by=None, kind="child.viewed")
        assert Event.objects.count() == 1, "and the next is written by itself"


@pytest.mark.django_db
def test_an_event_of_a_kind_that_nobody_listed_is_a_defect():
    with pytest.raises(audit.UnknownKind, match=r"child\.looked-at is not listed"):
        audit.record(by=None, kind="child.looked-at")
    assert not Event.objects.exists()


def test_the_page_of_the_reference_is_what_the_list_prints():
    assert PAGE.read_text() == kinds.page(), (
        "run: .venv/bin/python -m cre_toolkit.audit.kinds > docs/reference/audit-events.md"
    )


# Put together where they are written: the case's from its own kinds, a referral's from its steps, a
# document's from its format.
PUT_TOGETHER = {f"case.{kind}" for kind in CaseEvent.Kind} | {f"referral.{step}" for step in Step}
PUT_TOGETHER |= {
    f"{noun}.{extension}-downloaded"
    for noun in ("assessment", "family-sheet", "minutes")
    for extension in FORMATS
}


def test_every_kind_is_written_somewhere():
    written = {
        node.value
        for module in modules()
        if module.name != kinds.__name__
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
    }
    assert set(kinds.KINDS) - PUT_TOGETHER - written == set()
    assert set(kinds.KINDS) >= PUT_TOGETHER
