"""The demonstration has each end of a case to look at, made by the acts themselves."""

import datetime

import pytest
import time_machine

from cre_toolkit.casework.ends import transitions
from cre_toolkit.casework.models import Closing
from cre_toolkit.casework.transfer import queries as transfers
from cre_toolkit.casework.transfer import taking_on
from cre_toolkit.children import access
from cre_toolkit.demonstration.ends import load_ends
from cre_toolkit.demonstration.people import load_people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [datetime.date(2026, 11, 26), datetime.date(2028, 2, 29)])
def test_there_is_somebody_at_each_end(day):
    with time_machine.travel(datetime.datetime.combine(day, datetime.time(12), datetime.UTC), tick=False):
        users = load_people()
        load_ends(users)
        manager, worker = access.standing_of(users["manager"]), access.standing_of(users["worker"])
        assert [row.step for row in transitions.turning(manager, day)] == ["begun"]
        assert Closing.objects.count() == 1
        assert transfers.not_received(manager).count() == 1
        assert transfers.to_receive(access.standing_of(users["startingpoint"])).count() == 1
        assert taking_on.to_take_on(worker).count() == taking_on.to_be_taken_on(manager).count() == 1
