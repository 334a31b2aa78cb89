"""Two managers who hand on one person’s children at the same moment: neither fails, none goes over twice."""

import threading

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.transfer import handing_on
from cre_toolkit.children.models import Child
from tests.factories.people import ChildFactory, TeamFactory, practitioner, team_manager

# So long each stays where they have handed on the first child, for the other to get as far if they can.
PAUSE = 0.5


def test_shared_out_crosswise_neither_waits_for_the_other_for_ever(real_database, monkeypatch):
    team = TeamFactory()
    managers = [team_manager(team) for _ in range(2)]
    worker, *colleagues = (practitioner(teams=[team]) for _ in range(3))
    children = [ChildFactory(created_by=worker, allocated_worker=worker) for _ in range(2)]
    begun = threading.Barrier(2)
    allocate = handing_on._allocate

    def allocate_and_pause(**given):
        allocate(**given)
        try:
            begun.wait(PAUSE)
        except threading.BrokenBarrierError:
            return

    monkeypatch.setattr(handing_on, "_allocate", allocate_and_pause)

    def share_out(number: int) -> int:
        crosswise = children if number == 0 else reversed(children)
        done = handing_on.hand_on_each(
            by=User.objects.get(pk=managers[number].pk),
            worker=User.objects.get(pk=worker.pk),
            shares={to: [child.reference] for to, child in zip(colleagues, crosswise, strict=True)},
        )
        return sum(one.children for one in done.values())

    assert sorted(real_database.at_once(2, share_out), key=str) == [0, 2]
    assert set(Child.objects.values_list("allocated_worker", flat=True)) == {each.pk for each in colleagues}
