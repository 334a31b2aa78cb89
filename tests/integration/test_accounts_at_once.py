"""What several administrators, or one who presses twice, do to accounts at the same time."""

from cre_toolkit.accounts import administering, inviting
from cre_toolkit.accounts.models import Role, RoleHeld
from cre_toolkit.accounts.refusals import NotAllowed
from tests.factories.people import administrator, practitioner


def held(user):
    return RoleHeld.objects.get(user=user, role=Role.ADMINISTRATOR)


def test_of_two_administrators_who_end_each_others_role_one_is_left(real_database):
    first, second = administrator(), administrator()
    pairs = [(first, held(second)), (second, held(first))]
    results = real_database.at_once(2, lambda n: administering.end_role(by=pairs[n][0], held=pairs[n][1]))
    assert sum(isinstance(result, NotAllowed) for result in results) == 1
    assert RoleHeld.objects.filter(role=Role.ADMINISTRATOR, until=None).count() == 1


def test_an_invitation_that_is_answered_eight_times_sets_one_password(real_database):
    user = practitioner()
    user.set_unusable_password()
    user.save()
    token = inviting.new_link(by=administrator(), user=user)
    passwords = [f"correct horse battery {n}" for n in range(8)]
    results = real_database.at_once(8, lambda n: inviting.answer(token=token, password=passwords[n]))
    good = [n for n, result in enumerate(results) if result == user]
    assert len(good) == 1
    assert sum(isinstance(result, inviting.NotGood) for result in results) == 7
    user.refresh_from_db()
    assert user.check_password(passwords[good[0]])
