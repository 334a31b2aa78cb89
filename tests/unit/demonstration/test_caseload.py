"""The invented caseload: the same from the same seed, of every kind, and made by the service's own acts."""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments.models import Assessment, Record, Withdrawal
from cre_toolkit.casework.models import CaseEvent, Due
from cre_toolkit.children.models import Child, Merge, PossibleDuplicate
from cre_toolkit.demonstration.caseload import clock
from cre_toolkit.demonstration.caseload.load import live
from cre_toolkit.demonstration.caseload.plan import STORY, Planned, plan
from cre_toolkit.demonstration.caseload.staff import COLLEAGUES, STAFF
from cre_toolkit.demonstration.people import PEOPLE, load_people
from cre_toolkit.jobs.models import Message

TODAY = datetime.date(2026, 11, 26)


def caseload(seed: int = 2020, number: int = 300) -> list[Planned]:
    return plan(seed, number, TODAY, STAFF)


class TestThePlan:
    def test_the_same_seed_gives_the_same_caseload_and_another_another(self):
        assert caseload() == caseload()
        assert caseload() != caseload(seed=2021)

    def test_it_has_every_level_both_forms_both_authorities_and_every_kind_of_story(self):
        children = caseload()
        told = [each for child in children for each in child.told]
        assert len(children) == 300
        assert {each.kind for each in told} == {"sent", "danger", "draft", "review", "paper"}
        levels = Counter(each.answers["analysis"]["level"] for each in told if each.kind != "paper")
        assert set(levels) == {"low", "medium", "high"}
        assert min(levels.values()) > 20
        assert {child.authority for child in children} == {"derby", "derbyshire"}
        assert any(not child.told for child in children)
        assert any(each.withdrawn for each in told)
        assert len({each.by for each in told}) > 10

    def test_a_worker_has_as_many_children_as_workers_have(self):
        of_each = Counter(child.worker for child in caseload() if child.worker)
        assert 15 <= of_each["worker"] <= 30

    def test_some_are_brothers_and_sisters_and_some_were_added_twice(self):
        children = caseload()
        homes = Counter((child.details["family_name"], child.details["address"]) for child in children)
        births = Counter((child.details["family_name"], child.details["date_of_birth"]) for child in children)
        assert max(homes.values()) > 1
        assert max(births.values()) > 1

    def test_forms_of_both_editions_were_entered_from_paper_and_two_records_merged(self):
        children = caseload(number=12)
        entered = {each.instrument for child in caseload() for each in child.told if each.kind == "paper"}
        assert entered == {"cse-2017", "cre-2020"}
        assert any(each.kind == "paper" for child in children for each in child.told)
        (again,) = (child for child in children if child.merged_into is not None)
        kept = children[again.merged_into]
        assert again.added_on > kept.added_on
        assert again.details["date_of_birth"] == kept.details["date_of_birth"]

    def test_nothing_is_told_of_tomorrow_or_of_before_the_story(self):
        for child in caseload():
            days = [child.added_on, *(each.on for each in child.told)]
            assert days == sorted(days)
            assert days[0] > TODAY - STORY
            assert days[-1] < TODAY

    def test_there_is_somebody_to_sign_in_as_for_each_role(self):
        assert {role for person in PEOPLE for role in person.roles} == set(Role)

    def test_everybody_is_marked_as_invented(self):
        assert all(person.email.endswith("@example.org") for person in COLLEAGUES)
        assert all(person.name.endswith(" Pretend") for person in COLLEAGUES)
        for child in caseload():
            assert "(invented)" in child.details["school"]
            assert "Invented" in child.details["address"]
            assert child.details["postcode"].startswith("ZZ")


@pytest.mark.django_db
class TestLivingThroughIt:
    @pytest.fixture
    def lived(self) -> list[Planned]:
        today = timezone.localdate()
        with clock.at(timezone.now() - STORY):
            users = load_people((*PEOPLE, *COLLEAGUES))
        children = plan(2020, 12, today, STAFF)
        live(children, users)
        return children

    def test_each_step_of_the_plan_is_on_the_record(self, lived: list[Planned]):
        told = Counter(each.kind for child in lived for each in child.told)
        assert Child.objects.count() == 12  # the house rule is about the service's code
        assert Assessment.objects.filter(status=Assessment.Status.DRAFT).count() == told["draft"]
        assert Record.objects.count() == told.total() - told["draft"]
        assert Assessment.objects.filter(transcribed=True).count() == told["paper"]
        assert CaseEvent.objects.filter(kind=CaseEvent.Kind.IMMEDIATE_RISK).count() == told["danger"]
        assert Withdrawal.objects.count() == sum(each.withdrawn for child in lived for each in child.told)
        assert Due.objects.exists()

    def test_it_happened_when_it_is_told_to_have_happened(self, lived: list[Planned]):
        days = sorted(
            each.on for child in lived for each in child.told if each.kind in ("sent", "danger", "review")
        )
        records = Record.objects.filter(assessment__transcribed=False).order_by("completed_at")
        assert [timezone.localdate(record.completed_at) for record in records] == days

    def test_nothing_of_it_is_mailed_today(self, lived: list[Planned]):
        assert not Message.objects.filter(status=Message.Status.WAITING).exists()

    def test_two_records_of_one_child_were_merged_by_the_front_door(self, lived: list[Planned]):
        (merged,) = Merge.objects.select_related("kept", "by", "pair")
        assert merged.by.email == "frontdoor@example.org"
        assert "speak of one child (invented)" in merged.pair.why
        assert merged.undone_at is None

    def test_a_child_added_again_is_found(self, lived: list[Planned]):
        assert PossibleDuplicate.objects.exists()
