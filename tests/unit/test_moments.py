"""A moment comes back from the database as it was written, on whichever engine."""

import datetime

import pytest
from django.db.models import F, Max
from django.db.models.functions import Coalesce, Now

from cre_toolkit.accounts.models import User
from tests.factories.people import UserFactory

MOMENT = datetime.datetime(2026, 3, 29, 1, 30, 5, 123456, tzinfo=datetime.UTC)


@pytest.mark.django_db
def test_a_moment_comes_back_to_the_microsecond_from_a_column_and_from_a_sum():
    UserFactory(last_login=MOMENT)
    users = User.objects.filter(last_login=MOMENT)
    found = [
        users.get().last_login,
        users.values_list("last_login", flat=True)[0],
        users.aggregate(newest=Max("last_login"))["newest"],
        users.annotate(known=Coalesce("last_login", Now()))[0].known,
        users.annotate(other=F("last_login"))[0].other,
    ]
    assert found == [MOMENT] * 5
    assert {each.utcoffset() for each in found} == {datetime.timedelta(0)}


@pytest.mark.django_db
def test_no_moment_is_none_and_the_databases_own_is_in_utc():
    UserFactory(last_login=None)
    user = User.objects.annotate(now=Now()).get()
    assert user.last_login is None
    assert user.now.utcoffset() == datetime.timedelta(0)
