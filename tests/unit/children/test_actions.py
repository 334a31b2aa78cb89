"""Adding and changing a child: once per form, never over somebody else's change, fields named, not quoted."""

import datetime
import json
import uuid

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.children import access, actions, duplicates, queries
from cre_toolkit.children.access import NotAllowed
from cre_toolkit.children.matching import Key
from cre_toolkit.children.models import AccessGrant, Child, PossibleDuplicate
from cre_toolkit.rules.packerrors import UnknownPackError
from tests.factories.people import ChildFactory, administrator, front_door, give_access, practitioner

pytestmark = pytest.mark.django_db
BORN = datetime.date(2011, 5, 14)


def add(by=None, form_id=None, **details):
    said = {"authority": "derby", "given_names": "Amy", "family_name": "Invented"} | details
    return actions.add_child(by=by or practitioner(), form_id=form_id or uuid.uuid4(), **said)


def change(child, by=None, version=None, **changes):
    return actions.update_child(
        by=by or child.created_by, child=child, version=version or child.version, changes=changes
    )


def keys(child):
    return set(child.match_keys.values_list("kind", "value"))


class TestAdding:
    def test_who_adds_sees_the_record_and_it_can_be_found(self):
        user = practitioner()
        child = add(user, date_of_birth=BORN)
        assert list(access.visible_to(user)) == [child]
        assert (Key.NAME, "invented") in keys(child)
        assert (Key.BORN, "2011-05-14") in keys(child)

    def test_the_audit_names_the_fields_and_quotes_none(self):
        child = add(given_names="Zebedee", wishes="To be left in peace", school="")
        event = Event.objects.get(kind="child.added")
        assert (event.child, event.actor, event.authority) == (child.pk, child.created_by.pk, "derby")
        assert event.detail == {"fields": ["authority", "family_name", "given_names", "wishes"]}
        written = json.dumps(list(Event.objects.values_list("detail", flat=True)))
        assert "Zebedee" not in written
        assert "peace" not in written

    def test_the_same_form_twice_adds_one(self):
        user, form_id = practitioner(), uuid.uuid4()
        first, second = (add(user, form_id, date_of_birth=BORN) for _ in range(2))
        assert first == second
        assert Child.objects.count() == 1
        assert Event.objects.filter(kind="child.added").count() == 1

    def test_a_form_of_somebody_else_adds_nothing_and_shows_nothing(self):
        form_id = uuid.uuid4()
        add(form_id=form_id)
        with pytest.raises(IntegrityError):
            add(form_id=form_id, given_names="Zoe", family_name="Other")

    def test_whoever_does_not_work_with_children_adds_none(self):
        with pytest.raises(NotAllowed):
            add(administrator())
        assert not Child.objects.exists()

    @pytest.mark.parametrize("name", ["given_names", "family_name", "known_as"])
    def test_one_name_is_enough(self, name: str):
        blank = {"given_names": "", "family_name": "", "known_as": ""}
        assert add(**(blank | {name: "Nobody"})).name == "Nobody"

    def test_a_name_there_must_be(self):
        with pytest.raises(IntegrityError):
            add(given_names="", family_name="")

    def test_ethnicity_not_recorded_needs_the_reason(self):
        with pytest.raises(IntegrityError):
            add(ethnicity="not-recorded")

    @pytest.mark.parametrize("field", ["working_level", "reference", "created_at", "is_staff"])
    def test_what_is_no_detail_is_refused(self, field: str):
        with pytest.raises(TypeError, match=field):
            add(**{field: "high"})
        child = ChildFactory()
        with pytest.raises(TypeError, match=field):
            change(child, **{field: "high"})

    def test_an_authority_that_nobody_knows_is_refused(self):
        with pytest.raises(UnknownPackError):
            add(authority="atlantis")

    def test_the_allocated_worker_sees_the_record(self):
        worker = practitioner()
        child = add(allocated_worker=worker)
        assert list(access.visible_to(worker)) == [child]
        assert AccessGrant.objects.get(user=worker).reason == AccessGrant.Reason.ALLOCATED


class TestEstimatedAge:
    def test_has_its_day_and_is_carried_forward(self):
        with time_machine.travel(datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)):
            child = add(estimated_age=14)
        assert child.estimated_on == datetime.date(2026, 3, 1)
        assert child.age_on(datetime.date(2027, 3, 1)) == 15

    def test_saved_again_as_it_is_shown_stays_as_it_was(self):
        with time_machine.travel(datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)):
            child = add(estimated_age=14)
        with time_machine.travel(datetime.datetime(2027, 4, 1, 12, tzinfo=datetime.UTC)):
            changed = change(child, estimated_age=15, school="Invented Academy")
        assert (changed.estimated_age, changed.estimated_on) == (14, datetime.date(2026, 3, 1))

    def test_a_new_estimate_has_a_new_day(self):
        child = add(estimated_age=14)
        with time_machine.travel(timezone.now() + datetime.timedelta(days=30)):
            changed = change(child, estimated_age=16)
            assert (changed.estimated_age, changed.estimated_on) == (16, timezone.localdate())

    def test_a_date_of_birth_ends_an_estimate_and_an_estimate_can_end(self):
        child = add(estimated_age=14)
        known = change(child, date_of_birth=BORN, estimated_age=14)
        assert (known.estimated_age, known.estimated_on) == (None, None)
        estimated = change(known, date_of_birth=None, estimated_age=15)
        assert estimated.estimated_on == timezone.localdate()
        assert change(estimated, estimated_age=None).estimated_on is None


class TestMaybeOnRecord:
    def test_a_record_that_the_user_sees_stops_adding_until_they_say_that_it_is_another(self):
        user = practitioner()
        first = add(user, given_names="Siân", family_name="Ŵyn")
        with pytest.raises(actions.MaybeOnRecord) as maybe:
            add(user, given_names="Shaun", family_name="Wynn")
        assert [found.child.reference for found in maybe.value.found] == [first.reference]
        assert Child.objects.count() == 1
        second = add(user, given_names="Shaun", family_name="Wynn", not_these=[first.reference])
        noted = PossibleDuplicate.objects.get()
        assert {noted.child, noted.other} == {second, first}
        assert noted.reasons == ["sounds-like"]

    def test_a_record_that_they_do_not_see_stops_nothing_and_is_noted_in_silence(self):
        hidden = ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=BORN)
        child = add(given_names="Shaun", family_name="Wynn", date_of_birth=BORN)
        noted = PossibleDuplicate.objects.get()
        assert {noted.child, noted.other} == {child, hidden}
        assert noted.reasons == ["sounds-like", "born"]
        assert Event.objects.get(kind="child.duplicates-noted").detail == {"pairs": 1}

    def test_without_a_likeness_nothing_is_noted(self):
        ChildFactory(given_names="Siân", family_name="Ŵyn")
        add()
        assert not PossibleDuplicate.objects.exists()
        assert not Event.objects.filter(kind="child.duplicates-noted").exists()

    def test_what_a_child_is_known_as_counts_as_a_name(self):
        user = practitioner()
        add(user, given_names="Mohammed", family_name="Khan", known_as="Mo")
        with pytest.raises(actions.MaybeOnRecord):
            add(user, given_names="Unknown", known_as="Mo", family_name="Khan")

    def test_a_change_of_name_is_looked_at_again(self):
        hidden = ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=BORN)
        child = add(date_of_birth=BORN)
        assert not PossibleDuplicate.objects.exists()
        change(child, given_names="Sian", family_name="Wyn")
        noted = PossibleDuplicate.objects.get()
        assert {noted.child, noted.other} == {child, hidden}

    def test_a_corrected_name_takes_a_pair_off_the_list_unless_it_was_decided(self):
        ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=BORN)
        child = add(given_names="Sian", family_name="Wyn", date_of_birth=BORN)
        assert PossibleDuplicate.objects.exists()
        child = change(child, given_names="Zoe", family_name="Other", date_of_birth=BORN.replace(year=2014))
        assert not PossibleDuplicate.objects.exists()
        child = change(child, given_names="Sian", family_name="Wyn", date_of_birth=BORN)
        pair = PossibleDuplicate.objects.get()
        duplicates.say_different(by=front_door(), pair=pair, why="Both were seen on one day.")
        change(child, given_names="Zoe", family_name="Other", date_of_birth=BORN.replace(year=2014))
        assert PossibleDuplicate.objects.get().state == PossibleDuplicate.State.DIFFERENT

    def test_a_child_of_another_authority_is_not_noted_for_a_front_door_that_may_not_see_it(self):
        ChildFactory(given_names="Siân", family_name="Ŵyn", date_of_birth=BORN, authority="derbyshire")
        child = add(given_names="Sian", family_name="Wyn", date_of_birth=BORN)
        assert not PossibleDuplicate.objects.exists()
        change(child, authority="derbyshire")
        assert PossibleDuplicate.objects.exists()


class TestChanging:
    def test_writes_counts_up_and_names_the_fields(self):
        child = ChildFactory(school="Old School")
        changed = change(child, school="New School", wishes="", send="yes")
        stands = Child.objects.get(pk=child.pk)
        assert (stands.school, stands.send, stands.version) == ("New School", "yes", 2)
        assert changed.version == 2
        assert Event.objects.get(kind="child.changed").detail == {"fields": ["school", "send"]}

    def test_nothing_changed_writes_nothing(self):
        child = ChildFactory(school="Old School")
        change(child, school="Old School")
        assert Child.objects.get(pk=child.pk).version == 1
        assert not Event.objects.filter(kind="child.changed").exists()

    def test_nobody_overwrites_what_somebody_else_saved(self):
        child = ChildFactory()
        change(Child.objects.get(pk=child.pk), school="Theirs")
        with pytest.raises(actions.Changed) as conflict:
            change(child, school="Mine")
        assert conflict.value.child.school == "Theirs"
        assert Child.objects.get(pk=child.pk).school == "Theirs"

    def test_a_form_that_was_opened_before_is_told_so_even_where_the_row_is_fresh(self):
        child = ChildFactory()
        change(child, school="Theirs")
        with pytest.raises(actions.Changed):
            change(Child.objects.get(pk=child.pk), version=1, school="Mine")

    def test_keys_follow_the_name(self):
        child = ChildFactory(given_names="Amy", family_name="Invented")
        change(child, family_name="O'Neill", nhs_number="9990000018")
        assert {(Key.NAME, "oneill"), (Key.NAME, "neill"), (Key.NHS_NUMBER, "9990000018")} <= keys(child)
        assert (Key.NAME, "invented") not in keys(child)

    def test_another_worker_sees_the_record_and_the_former_no_longer(self):
        child, former, next_one = ChildFactory(), practitioner(), practitioner()
        change(child, allocated_worker=former)
        change(child, allocated_worker=next_one)
        assert child not in access.visible_to(former)
        assert child in access.visible_to(next_one)
        change(child, allocated_worker=None, worker_name="Somebody Outside")
        assert child not in access.visible_to(next_one)
        assert Child.objects.get(pk=child.pk).worker_name == "Somebody Outside"

    def test_is_for_those_who_work_with_children(self):
        child, user = ChildFactory(), administrator()
        give_access(child, user=user)
        for act in (
            lambda: change(child, by=user, school="x"),
            lambda: actions.set_rows(by=user, child=child, table="family", rows=[{"name": "x"}]),
            lambda: actions.set_rows(by=user, child=child, table="agencies", rows=[{"agency": "x"}]),
        ):
            with pytest.raises(NotAllowed):
                act()


MOTHER = {"name": "Anna Invented", "relationship": "Mother", "parental_responsibility": "yes", "contact": ""}
FATHER = MOTHER | {"name": "Father, name not known", "parental_responsibility": "not-known"}


class TestFamilyAndAgencies:
    def test_family_stands_in_the_order_in_which_it_was_said(self):
        child = ChildFactory()
        actions.set_rows(by=child.created_by, child=child, table="family", rows=[MOTHER, FATHER])
        assert queries.family_of(child) == [MOTHER, FATHER]
        actions.set_rows(by=child.created_by, child=child, table="family", rows=[FATHER])
        assert queries.family_of(child) == [FATHER]
        assert [event.detail for event in Event.objects.filter(kind="child.changed")] == [
            {"fields": ["family"]}
        ] * 2

    def test_the_same_family_again_writes_nothing(self):
        child = ChildFactory()
        for _ in range(2):
            actions.set_rows(by=child.created_by, child=child, table="family", rows=[MOTHER])
        assert child.version == 2
        assert Event.objects.filter(kind="child.changed").count() == 1

    def test_agencies_likewise(self):
        child = ChildFactory()
        school = {"agency": "Invented Academy", "person": "Tara Pretend", "contact": "01632 960001"}
        for _ in range(2):
            actions.set_rows(
                by=child.created_by, child=child, table="agencies", rows=[school, {"agency": "Clinic"}]
            )
        assert queries.agencies_of(child) == [school, {"agency": "Clinic", "person": "", "contact": ""}]
        assert Event.objects.get(kind="child.changed").detail == {"fields": ["agencies"]}

    def test_nobody_overwrites_what_somebody_else_saved(self):
        child = ChildFactory()
        actions.set_rows(by=child.created_by, child=child, table="family", rows=[MOTHER], version=1)
        for act in (
            lambda: actions.set_rows(
                by=child.created_by, child=child, table="family", rows=[FATHER], version=1
            ),
            lambda: actions.set_rows(
                by=child.created_by, child=child, table="agencies", rows=[{"agency": "x"}], version=1
            ),
        ):
            with pytest.raises(actions.Changed):
                act()
        assert queries.family_of(child) == [MOTHER]
