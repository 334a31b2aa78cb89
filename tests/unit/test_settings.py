"""Production refuses to start where a setting is missing or careless, and every setting is documented."""

import ast
import os
import re
import runpy
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from cre_toolkit.audit import actions as audit
from tests.databases import APPEND_ONLY

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "cre_toolkit" / "settings.py"
PAGE = (ROOT / "docs" / "reference" / "settings.md").read_text()


def careful() -> dict[str, str]:
    """What production asks for."""
    return {
        "CRE_ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "AUDIT_KEY": secrets.token_urlsafe(50),
        "AUDIT_SIGNING_KEY": secrets.token_urlsafe(50),
        "SECOND_FACTOR_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "cre.example.org",
        "SERVICE_ADDRESS": "https://cre.example.org",
        "DATABASE_URL": "sqlite:///:memory:",
    }


@pytest.fixture
def start(monkeypatch, tmp_path):
    """The settings as a new process would read them with these variables, and no others."""

    def read(**given: str):
        for name in list(os.environ):
            if name in documented():
                monkeypatch.delenv(name)
        monkeypatch.setenv("CRE_VAR", str(tmp_path))
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))

    return read


def test_production_starts_when_it_has_what_it_asks_for(start, tmp_path):
    settings = start(**careful())
    assert settings["PRODUCTION"]
    assert not settings["DEMONSTRATION"]
    assert list(tmp_path.iterdir()) == [], "makes no key of its own"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "", "SECRET_KEY must be set"),
        ("SECRET_KEY", "short", "50 random characters"),
        ("AUDIT_KEY", "", "AUDIT_KEY must be set"),
        ("AUDIT_KEY", "x" * 49, "50 random characters"),
        ("AUDIT_SIGNING_KEY", "", "AUDIT_SIGNING_KEY must be set"),
        ("SECOND_FACTOR_KEY", "", "SECOND_FACTOR_KEY must be set"),
        ("OIDC_PROVIDER_URL", "https://issuer.example.org", "needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        ("ALLOWED_HOSTS", "", "must name the service's hosts"),
        ("ALLOWED_HOSTS", "*", "must name the service's hosts"),
        ("ALLOWED_HOSTS", "cre.example.org,*", "must name the service's hosts"),
        ("SERVICE_ADDRESS", "", "SERVICE_ADDRESS must be set"),
        ("SERVICE_ADDRESS", "http://cre.example.org", "SERVICE_ADDRESS must be set"),
        ("DEBUG", "true", "DEBUG must be off"),
        ("CRE_ENVIRONMENT", "prod", "demonstration or production"),
        ("CRE_ENVIRONMENT", "", "demonstration or production"),
    ],
)
def test_production_does_not_start_and_says_why(start, name, value, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        start(**careful() | {name: value})


def test_production_does_not_start_with_one_key_for_two_purposes(start):
    one = secrets.token_urlsafe(50)
    with pytest.raises(ImproperlyConfigured, match="must not be the SECRET_KEY"):
        start(**careful() | {"SECRET_KEY": one, "AUDIT_KEY": one})
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        with pytest.raises(ImproperlyConfigured, match="AUDIT_SIGNING_KEY must be a key of its own"):
            start(**careful() | {name: one, "AUDIT_SIGNING_KEY": one})
        with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR_KEY must be a key of its own"):
            start(**careful() | {name: one, "SECOND_FACTOR_KEY": one})


def test_a_provider_of_single_sign_on_is_reached_over_https_and_its_origin_alone_takes_forms(start):
    given = careful() | {"OIDC_CLIENT_ID": "cre-toolkit", "OIDC_CLIENT_SECRET": "invented"}
    with pytest.raises(ImproperlyConfigured, match="https://"):
        start(**given | {"OIDC_PROVIDER_URL": "http://issuer.example.org"})
    settings = start(**given | {"OIDC_PROVIDER_URL": "https://issuer.example.org/tenant/v2.0"})
    policy = settings["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["form-action"] == ["'self'", "https://issuer.example.org"]


def test_everybody_needs_a_second_step_in_production(start):
    assert start(**careful())["SECOND_FACTOR_ROLES"] == ["all"]
    assert start()["SECOND_FACTOR_ROLES"] == []


def test_cookies_in_production_are_for_this_host_over_https_and_no_script(start):
    settings = start(**careful())
    for cookie in ("SESSION", "CSRF"):
        assert settings[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert settings[f"{cookie}_COOKIE_SECURE"]
        assert settings[f"{cookie}_COOKIE_HTTPONLY"]
        assert settings[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
        # What a browser asks of a __Host- cookie.
        assert not settings.get(f"{cookie}_COOKIE_DOMAIN")
        assert settings.get(f"{cookie}_COOKIE_PATH", "/") == "/"
    assert settings["SECURE_HSTS_SECONDS"] >= 365 * 24 * 60 * 60
    assert settings["SECURE_SSL_REDIRECT"]


def test_a_proxys_word_is_taken_only_where_there_is_one(start):
    names = {"SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT"}
    assert not names & set(start(**careful()))
    assert names <= set(start(**careful() | {"BEHIND_PROXY": "true"}))


def test_a_demonstration_makes_its_own_keys_for_its_owner_alone(start, tmp_path):
    settings = start()
    assert settings["DEMONSTRATION"]
    assert settings["SECRET_KEY"] != settings["AUDIT_KEY"]
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "secret_key": 0o600,
        "audit_key": 0o600,
        "audit_signing_key": 0o600,
        "second_factor_key": 0o600,
    }
    assert start()["SECRET_KEY"] == settings["SECRET_KEY"], "the same the next time"


def test_django_finds_nothing_to_warn_of_in_production(tmp_path):
    ours = {*documented(), "DJANGO_ALLOW_ASYNC_UNSAFE"}  # which the tests' settings set for Playwright
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= careful() | {"CRE_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


# --- The page of the reference ------------------------------------------------------------------------------


def documented() -> set[str]:
    """The variables in the first column of the tables."""
    return set(re.findall(r"^\| `([A-Z_]+)`", PAGE, re.MULTILINE))


def read_from_the_environment() -> set[str]:
    """The variables that the service and `make run` read, by their own source."""
    sources = [*(ROOT / "cre_toolkit").rglob("*.py"), ROOT / "scripts" / "serve.py"]
    return {
        call.args[0].value
        for path in sources
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and re.fullmatch(r"env\.\w+|_secret|os\.environ\.get|os\.getenv", ast.unparse(call.func))
    }


def test_every_setting_is_documented_and_every_one_documented_is_read():
    assert documented() == read_from_the_environment()


if connection.vendor == "postgresql":

    @pytest.mark.django_db
    def test_the_rights_on_the_page_leave_the_service_what_it_needs_and_no_more():
        given, logged = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
        with connection.cursor() as cursor:
            cursor.execute("CREATE ROLE cre_app")
            cursor.execute(given.replace("%", "%%"), [])
            cursor.execute(logged)
            cursor.execute("SET LOCAL ROLE cre_app")
        with transaction.atomic():
            audit.record(by=None, kind="child.viewed")
        for table in APPEND_ONLY:
            for act in ("DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE"):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(act.format(table))
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
