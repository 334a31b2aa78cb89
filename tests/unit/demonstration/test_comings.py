"""The demonstration has somebody who was invited, somebody who left and somebody who is on leave."""

import pytest

from cre_toolkit.accounts import inviting
from cre_toolkit.accounts.models import Cover, User
from cre_toolkit.casework.transfer import caseload
from cre_toolkit.children import access
from cre_toolkit.demonstration.comings import load_comings_and_goings
from cre_toolkit.demonstration.people import load_people


@pytest.mark.django_db
def test_each_is_there_and_the_manager_has_something_to_do():
    users = load_people()
    load_comings_and_goings(users)
    assert inviting.awaits_answer(User.objects.get(email="nia@example.org"))
    left = User.objects.get(email="lena@example.org")
    assert not left.is_active
    standing = access.standing_of(users["manager"])
    assert caseload.children_of(standing, left).count() == caseload.left_behind(standing).count() == 2
    assert Cover.objects.get().stand_in == users["worker"]
    assert access.visible_to(users["worker"]).count() == 2
