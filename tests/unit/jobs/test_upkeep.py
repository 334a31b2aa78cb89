"""What comes back by itself: each app's own upkeep, called by the worker."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string

from cre_toolkit.jobs import upkeep

done = []


def well() -> None:
    done.append("well")


def badly() -> None:
    raise RuntimeError("this one fails")


@pytest.fixture(autouse=True)
def nothing_done_yet():
    done.clear()


@pytest.mark.parametrize("path", settings.UPKEEP)
def test_each_is_there_and_can_be_done_twice(path, db):
    for _ in range(2):
        import_string(path)()


def test_one_that_fails_is_logged_and_the_others_go_on(settings, caplog):
    settings.UPKEEP = [f"{__name__}.badly", f"{__name__}.well"]
    upkeep.keep_up(settings.UPKEEP)
    assert done == ["well"]
    assert f"upkeep failed: {__name__}.badly" in caplog.text


def test_the_worker_does_it(settings, real_database):
    settings.UPKEEP = [f"{__name__}.well"]
    call_command("worker", "--once")
    assert done == ["well"]
