"""The cache that all processes share: what Django's own promise, and nobody readable in it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache

from cre_toolkit.accounts import shared_cache
from cre_toolkit.accounts.models import SharedEntry
from tests.databases import RealDatabase


@pytest.mark.django_db
class TestCache:
    def test_it_gives_back_what_was_put_in_until_its_time_is_over(self):
        cache.set("tries", [1.5, 2.5], timeout=60)
        assert cache.get("tries") == [1.5, 2.5]
        cache.set("tries", [3.5], timeout=60)
        assert cache.get("tries") == [3.5]
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
            assert cache.get("tries", "nothing") == "nothing"

    def test_what_is_deleted_is_gone(self):
        cache.set("tries", 1)
        assert cache.delete("tries")
        assert not cache.delete("tries")
        assert cache.get("tries") is None

    def test_adding_takes_a_place_that_is_free_or_free_again(self):
        assert cache.add("code", "y", timeout=30)
        assert not cache.add("code", "y", timeout=30)
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=31)):
            assert cache.add("code", "y", timeout=30)
            assert not cache.add("code", "y", timeout=30)

    def test_nothing_lasts_longer_than_a_day(self):
        cache.set("for ever", 1, timeout=None)
        with time_machine.travel(datetime.now(UTC) + timedelta(days=1, seconds=1)):
            assert cache.get("for ever") is None

    def test_nobodys_address_stands_in_it(self):
        cache.set("login:ip:192.0.2.7", 1)
        assert "192.0.2.7" not in SharedEntry.objects.get().pk

    def test_what_is_over_is_forgotten(self):
        cache.set("old", 1, timeout=60)
        cache.set("new", 1, timeout=600)
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=61)):
            shared_cache.forget_old()
        assert SharedEntry.objects.count() == 1


def test_of_many_who_use_one_code_at_once_one_does(real_database: RealDatabase) -> None:
    """A one-time code is taken by `add`: sent eight times at once, it opens once."""
    answers = real_database.at_once(8, lambda _: cache.add("code", "y", timeout=30))
    assert sorted(answers) == [False] * 7 + [True]
