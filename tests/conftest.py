"""Fixtures and house rules for every test. TESTING.md is the guide."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.template.response import TemplateResponse
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import DjangoDbBlocker

from tests.databases import RealDatabase, as_restricted_role, fresh_copy

# `ci`: the same examples each time, so that a failure here is a failure everywhere. `search` looks further:
# HYPOTHESIS_PROFILE=search pytest tests/rules
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("search", max_examples=5_000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# pytest-django's own ways to really commit end by emptying every table, which the audit and the sent
# assessments refuse. `real_database` is the one way here.
_EMPTIES_TABLES = {"transactional_db", "live_server", "django_db_reset_sequences"}


@pytest.hookimpl(tryfirst=True)  # before -m chooses by the marks given here
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.relative_to(item.config.rootpath).parts:
            item.add_marker(pytest.mark.browser)
        marker = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if marker is not None or "django_db_setup" in fixtures:
            item.add_marker(pytest.mark.database)
        transactional = marker is not None and marker.kwargs.get("transaction", False)
        if transactional or _EMPTIES_TABLES & fixtures:
            raise pytest.UsageError(
                f"{item.nodeid} would empty tables: use the fixture real_database (TESTING.md)"
            )


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Migrate the test database; pytest-django's own does so only for its own fixtures and mark."""
    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.fixture
def real_database(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path: Path,
) -> Iterator[RealDatabase]:
    """A database of the test's own, where what it writes is really committed.

    For threads (`real_database.at_once`), other processes (`real_database.url`), kills and `on_commit`.
    """
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("real_database stands alone: take away db or the django_db mark")
    with django_db_blocker.unblock(), fresh_copy(tmp_path) as copy:
        yield copy


@pytest.fixture
def restricted_role(db: None) -> Iterator[None]:
    """The test acts with the rights that the service has in production on PostgreSQL."""
    with as_restricted_role():
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_is_read_while_a_page_is_rendered() -> Iterator[None]:
    """A page is rendered after its view's transaction, which read what it shows and wrote down the look.

    What is read any later would not belong to that look. Text that is given back (`?held`) has a look and a
    transaction of its own.
    """
    render = TemplateResponse.render

    def refuse(execute: object, sql: str, *_: object) -> None:
        raise AssertionError(f"read it in the view, before the page is rendered: {sql}")

    def render_unread(response: TemplateResponse) -> TemplateResponse:
        if "held" in response._request.GET:
            return render(response)
        with connection.execute_wrapper(refuse):
            return render(response)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TemplateResponse, "render", render_unread)
        yield
