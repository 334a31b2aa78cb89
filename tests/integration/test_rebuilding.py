"""What is stored of a case is a copy: `manage.py rebuild_actions` proves that it is right, or makes it so."""

import datetime
import os
import re
import signal

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.case import in_error, pack_days, rebuilding
from cre_toolkit.casework.models import CaseEvent, Due, PackRebuild
from cre_toolkit.children.models import Child
from tests.factories.assessments import ready_draft
from tests.factories.events import incident_on
from tests.factories.people import ChildFactory, practitioner, team_manager
from tests.integration.merges import merge, two_records

KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def rebuild(*args, capsys=None):
    """The command's last line, or what it fails with; and before it what it says of single cases."""
    try:
        call_command("rebuild_actions", *args)
    except CommandError as error:
        return str(error), (capsys.readouterr().out if capsys else "")
    said = capsys.readouterr().out.splitlines() if capsys else [""]
    return said[-1], "\n".join(said[:-1])


def differing(**options):
    """The references of the cases that differ from what is stored, and of those that cannot be worked out."""
    looked = list(rebuilding.look(rebuilding.cases(**options), mend=False))
    return [one.reference for one in looked if one.differs or one.error]


@pytest.fixture
def case(db):
    """A child assessed at high."""
    child = ChildFactory(**KNOWN)
    send(by=child.created_by, assessment=ready_draft(child, level="high"))
    return Child.objects.get(pk=child.pk)


class TestComparing:
    def test_after_every_act_there_is_nothing_to_change(self, case, capsys):
        in_error.withdraw(by=case.created_by, entered=incident_on(case).event, why="Another child.")
        incident_on(case)
        ChildFactory()
        assert rebuild("--check", capsys=capsys) == (
            "2 cases: 0 differ, 0 cannot be worked out.", ""
        )  # fmt: skip

    @pytest.mark.parametrize("damage", ["a row too few", "a row too many", "another time", "level"])
    def test_each_case_that_differs_is_named_and_nothing_is_changed_by_looking(self, case, capsys, damage):
        right = ChildFactory()
        self.damage(case, damage)
        before = list(Due.objects.order_by("pk").values()), list(Child.objects.order_by("pk").values())
        for _ in range(2):
            told, named = rebuild("--check", capsys=capsys)
            assert told == "2 cases: 1 differ, 0 cannot be worked out."
            assert case.reference in named
            assert right.reference not in named
        assert (
            list(Due.objects.order_by("pk").values()),
            list(Child.objects.order_by("pk").values()),
        ) == before
        assert rebuild(capsys=capsys)[0].startswith("2 cases: 1 written anew")
        assert differing() == []

    @staticmethod
    def damage(child, how):
        of_child = Due.objects.filter(child=child)
        match how:
            case "a row too few":
                of_child.first().delete()
            case "a row too many":
                of_child.create(action="reassess", to="-", text="-", sorts_at=timezone.now(), child=child)
            case "another time":
                of_child.filter(due_on=None).update(sorts_at=timezone.now())
            case "level":
                Child.objects.filter(pk=child.pk).update(working_level="")

    def test_one_case_that_cannot_be_worked_out_is_named_with_the_reason_and_the_rest_go_on(
        self, case, capsys
    ):
        broken, other = ChildFactory(), ChildFactory()
        moment = {"at": timezone.now(), "entered_at": timezone.now(), "by": broken.created_by}
        CaseEvent.objects.create(child=broken, kind="returned", **moment)
        Child.objects.filter(pk=other.pk).update(working_level="high")
        told, named = rebuild(capsys=capsys)
        assert told == "3 cases: 1 written anew, 1 cannot be worked out."
        assert re.search(f'{broken.reference} cannot be worked out: .*comes without "missing"', named)
        assert differing() == [broken.reference]

    def test_it_goes_on_after_a_record_and_looks_at_some_alone(self, case, capsys):
        others = [ChildFactory() for _ in range(3)]
        Child.objects.update(working_level="low")
        _, second, third = (each.reference for each in others)
        assert differing(after=second) == [third]
        assert differing(references=[case.reference, third]) == [case.reference, third]
        assert "1 written anew" in rebuild("--children", third, capsys=capsys)[0]
        assert "3 written anew" in rebuild(capsys=capsys)[0]
        assert "0000-000000" in rebuild("--after", "0000-000000")[0]

    def test_merged_records_are_one_case(self, db):
        rich, poor = two_records()
        merge(rich, poor)
        assert differing() == []
        Child.objects.filter(pk=poor.pk).update(working_level="low")
        assert differing(references=[poor.reference]) == [rich.reference]

    def test_time_alone_makes_nothing_wrong(self, db):
        """What was written before a birthday is still right after it, and so is what is overdue by then."""
        with time_machine.travel("2026-02-01 09:00+00:00", tick=False):
            child = ChildFactory(date_of_birth=datetime.date(2009, 3, 10), **KNOWN)
            send(by=child.created_by, assessment=ready_draft(child, level="high"))
        for now in ("2026-03-09 22:00+00:00", "2026-03-10 00:00+00:00", "2027-03-11 09:00+00:00"):
            with time_machine.travel(now, tick=False):
                assert differing() == [], now

    def test_many_cases_take_no_more_queries_than_few(self, case, monkeypatch):
        def queries():
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert differing() == []
            return len(asked)

        few = queries()
        for _ in range(5):
            ChildFactory()
        assert queries() == few
        monkeypatch.setattr(rebuilding, "BATCH", 2)
        assert differing() == [], "and in several batches they are all the same"


# --- Killed between two writes ------------------------------------------------------------------------------


def killed_before_write(number, act):
    """Do an act in a process that is killed after so many of its writes; whether there were so many."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        written = 0

        def count(execute, sql, params, many, context):
            nonlocal written
            if re.match(r"INSERT|UPDATE|DELETE", sql):
                if written == number:
                    os.kill(os.getpid(), signal.SIGKILL)
                written += 1
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(count):
                act()
        finally:
            # Neither pytest nor anything else of the parent's ends here a second time.
            os._exit(written == 0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), "it failed by itself"
    return status == signal.SIGKILL


ACTS = {
    "an assessment is sent": lambda child, draft: send(by=draft.author, assessment=draft),
    "an incident is recorded": lambda child, draft: incident_on(child),
    "an incident is withdrawn": lambda child, draft: in_error.withdraw(
        by=child.created_by, entered=CaseEvent.objects.get(kind="significant-incident"), why="Another child."
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_killed_between_any_two_writes_of_an_act_nothing_is_left_to_change(real_database, act):
    """A real kill: the process tidies nothing up, and the database has all of the act or nothing."""
    manager = team_manager()
    author = practitioner(teams=[manager.memberships.get().team])
    child = ChildFactory(created_by=author, allocated_worker=practitioner(), **KNOWN)
    send(by=author, assessment=ready_draft(child, level="medium"))
    draft = ready_draft(child, level="high")
    if "withdrawn" in act:
        incident_on(child)
    before = CaseEvent.objects.count()
    for number in range(60):
        killed = killed_before_write(number, lambda: ACTS[act](child, draft))
        assert differing() == [], number
        if not killed:
            break
        assert CaseEvent.objects.count() == before, "all or nothing"
    assert number > 3, "so many writes were there at least"
    assert CaseEvent.objects.count() > before


class TestANewPack:
    """On the first day of a pack every case is worked out by it, without anybody asking for it."""

    @pytest.fixture
    def cases(self, db):
        pack_days.rebuild()
        assert PackRebuild.objects.get().finished_at
        return [send(by=draft.author, assessment=draft).child for draft in map(ready_draft, _known(2))]

    def test_every_case_is_worked_out_by_it_once(self, cases, monkeypatch, django_assert_num_queries):
        Due.objects.update(text="As the pack before had it")
        pack_days.rebuild()
        assert differing(), "the packs in force are those of the last time"
        monkeypatch.setattr(pack_days, "packs_in_force", lambda: "derby 2026-12-01")
        pack_days.rebuild()
        assert not differing()
        assert PackRebuild.objects.latest("pk").finished_at
        with django_assert_num_queries(1):
            pack_days.rebuild()

    def test_it_is_done_in_pieces_and_goes_on_where_it_was(self, cases, monkeypatch):
        monkeypatch.setattr(pack_days, "packs_in_force", lambda: "derby 2026-12-01")
        monkeypatch.setattr(pack_days, "SECONDS", 0)
        Due.objects.update(text="As the pack before had it")
        for left in (1, 0):
            pack_days.rebuild()
            assert len(differing()) == left
        pack_days.rebuild()
        assert PackRebuild.objects.latest("pk").finished_at

    def test_a_record_destroyed_meanwhile_does_not_stop_it(self, cases, monkeypatch):
        monkeypatch.setattr(pack_days, "packs_in_force", lambda: "derby 2026-12-01")
        PackRebuild.objects.create(packs="derby 2026-12-01", begun_at=timezone.now(), after="2222-222222")
        Due.objects.update(text="As the pack before had it")
        pack_days.rebuild()
        assert not differing()

    def test_the_packs_are_told_apart_by_their_first_days(self):
        assert pack_days.packs_in_force() == "derby 2019-05-01, derbyshire 2019-05-01"


def _known(number):
    return [ChildFactory(**KNOWN) for _ in range(number)]
