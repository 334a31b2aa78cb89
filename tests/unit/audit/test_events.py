"""The audit trail: in the act's own transaction, sealed, and never changed."""

import uuid

import pytest
from django.db import DatabaseError, transaction

from cre_toolkit.audit import actions as audit
from cre_toolkit.audit.models import Event


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
        by=None, kind="child.edited", authority="derby", child=child, subject_kind="child", subject=record
    )
    event = Event.objects.get()
    assert (event.kind, event.authority, event.child, event.subject) == (
        "child.edited",
        "derby",
        child,
        record,
    )


@pytest.mark.django_db
def test_the_seal_is_over_every_field_and_needs_the_key(settings):
    event = audit.record(by=None, kind="child.viewed", child=uuid.uuid4(), detail={"level": "high"})
    stored = Event.objects.get()
    assert bytes(stored.seal) == audit.seal_of(stored) == event.seal
    for field, value in (
        ("kind", "child.edited"),
        ("child", uuid.uuid4()),
        ("actor", uuid.uuid4()),
        ("authority", "derbyshire"),
        ("subject", uuid.uuid4()),
        ("subject_kind", "call"),
        ("detail", {"level": "low"}),
        ("at", stored.at.replace(year=2000)),
    ):
        forged = Event.objects.get()
        setattr(forged, field, value)
        assert audit.seal_of(forged) != bytes(stored.seal), field
    settings.AUDIT_KEY = "another"
    assert audit.seal_of(stored) != bytes(stored.seal)


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
