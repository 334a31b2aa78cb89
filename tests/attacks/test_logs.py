"""A name and a password that stand nowhere else are looked for wherever they must not be."""

import json
import logging
import tempfile

import pytest
from django.core import mail as outbox
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from cre_toolkit.assessments import actions
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import PASSWORD, ChildFactory, front_door, practitioner
from tests.integration.journeys import signed_in, url

pytestmark = pytest.mark.django_db
NAME, WORDS = "Quizzamandra", "the yellow hut behind Brackenlow"
SECRET = "a canary that is a pass phrase"


@pytest.fixture
def everything_logged(caplog):
    """Every logger at its most talkative."""
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def scratch(tmp_path, monkeypatch, settings):
    """The folder of whatever is written for a moment."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path


def stands_in_no_row_of(model, *canaries: str) -> bool:
    rows = json.dumps(list(model.objects.values()), default=str)
    return not [canary for canary in canaries if canary in rows]


def test_a_name_and_what_was_written_stand_in_the_record_alone(
    everything_logged, scratch, client, monkeypatch
):
    front_door()
    child = ChildFactory(
        given_names=NAME, send="no", open_to_social_care="yes", plan="none", looked_after="no"
    )
    draft = ready_draft(child, places={"locations": WORDS, "persons_or_places_of_risk": "no"})
    client = signed_in(draft.author)
    client.post(reverse("search"), {"name": NAME})
    client.get(f"{reverse('home')}?name={NAME}")
    client.post(reverse("child-new"), {"given_names": NAME, "own_words": WORDS})
    client.get(url("", draft))
    client.post(reverse("assessment", args=["0000-000000"]), {"locations": WORDS})
    with monkeypatch.context() as broken:
        broken.setattr(actions, "save_section", lambda **_: 1 / 0)
        client.raise_request_exception = False
        page = client.post(url("places-people", draft), {"version": "1", "locations": WORDS})
        assert page.status_code == 500
    record = sending.send(by=draft.author, assessment=draft).assessment
    for page in ("pdf", "docx"):
        b"".join(client.get(url(page, record)))
    assert "Internal Server Error" in everything_logged.text, "what went wrong is logged"
    for canary in (NAME, WORDS):
        assert canary not in everything_logged.text
        assert not [
            file for file in scratch.rglob("*") if file.is_file() and canary.encode() in file.read_bytes()
        ]
    for model in (Event, Message, DBTaskResult):
        assert stands_in_no_row_of(model, NAME, WORDS), model
    assert not outbox.outbox


def test_a_password_stands_nowhere(everything_logged, client):
    user = practitioner()
    sign_in = reverse("account_login")
    client.post(sign_in, {"login": user.email, "password": SECRET})
    client.post(sign_in, {"login": SECRET, "password": SECRET})
    client.post(sign_in, {"login": user.email, "password": PASSWORD})
    new = {"oldpassword": PASSWORD, "password1": SECRET, "password2": SECRET}
    client.post(reverse("account_change_password"), new)
    user.refresh_from_db()
    assert user.check_password(SECRET), "it is the password now"
    assert SECRET not in everything_logged.text
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            assert SECRET not in str(cursor.fetchall()), table


@pytest.mark.parametrize(
    "path", ["/x%0d%0aERROR forged/", "/children/%1b[2J%0aERROR/", "/x%e2%80%a8ERROR forged/"]
)
def test_an_address_makes_no_line_of_its_own_in_the_log(everything_logged, path):
    signed_in(practitioner()).get(path)
    said = [record.getMessage() for record in everything_logged.records if record.name == "django.request"]
    assert said
    for line in said:
        assert line.isprintable(), line
