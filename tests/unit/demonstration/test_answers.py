"""The demonstration has an assessment that was countersigned, and others that wait."""

import pytest

from cre_toolkit.casework.countersigning import queue as countersign_queue
from cre_toolkit.casework.models import Countersignature
from cre_toolkit.children import access
from cre_toolkit.demonstration.answers import load_answers
from cre_toolkit.demonstration.children import load_children
from cre_toolkit.demonstration.people import load_people


@pytest.mark.django_db
def test_a_manager_has_answered_one_and_something_waits():
    users = load_people()
    load_children(users)
    load_answers(users)
    assert {each.by for each in Countersignature.objects.all()} == {users["manager"], users["county.manager"]}
    waiting = [
        countersign_queue.queue(access.standing_of(users[name])).count()
        for name in ("manager", "county.manager", "protection")
    ]
    assert any(waiting)
