"""Every column of the database is classified: a new one fails here until somebody has said what it holds."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from cre_toolkit.records import classification
from cre_toolkit.records.classification import FieldClass

MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "data.md"


def columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.local_fields if field.column}


def test_every_model_is_classified_and_no_other():
    assert set(classification.classes()) == set(MODELS), "mend cre_toolkit/records/fields.toml"


@pytest.mark.parametrize("label", sorted(MODELS))
def test_every_column_of_a_model_is_classified_and_no_other(label):
    named = set(classification.classes().get(label, {}))
    assert named == columns(MODELS[label]), f"mend {label} in cre_toolkit/records/fields.toml"


def test_what_people_type_is_free_text():
    """A text column without a limit is where people write: it is free text, or it says why not here."""
    # Set by the service, from codes and opaque references; an address is not a narrative.
    ours = {
        ("jobs.Message", "body"),
        ("jobs.Message", "calendar"),
        ("accounts.Session", "data"),
        ("socialaccount.SocialToken", "token"),
        ("socialaccount.SocialToken", "token_secret"),
        ("casework.Due", "text"),
        ("casework.Due", "to"),
        ("django_tasks_database.DBTaskResult", "task_path"),
        ("children.Child", "address"),
        ("django_tasks_database.DBTaskResult", "exception_class_path"),
    }
    typed = {
        (label, field.name)
        for label, model in MODELS.items()
        for field in model._meta.local_fields
        if type(field) is models.TextField
    }
    table = classification.classes()
    assert {(label, name) for label, name in typed if table[label][name] != FieldClass.FREE_TEXT} <= ours


def test_each_class_says_what_it_means():
    assert set(classification.MEANING) == set(FieldClass)


def test_the_reference_is_printed_from_the_table():
    assert REFERENCE.read_text("utf-8") == classification.page(), (
        "run: .venv/bin/python -m cre_toolkit.records.classification > docs/reference/data.md"
    )


def test_a_field_that_stands_twice_is_refused(tmp_path, monkeypatch):
    table = tmp_path / "fields.toml"
    table.write_text('["a.B"]\npersonal = ["name"]\ntechnical = ["name"]\n', "utf-8")
    monkeypatch.setattr(classification, "_TABLE", table)
    with pytest.raises(ValueError, match=r"a\.B\.name stands twice"):
        classification.classes.__wrapped__()
