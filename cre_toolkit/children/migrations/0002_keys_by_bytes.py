"""On PostgreSQL the keys are compared byte by byte, as on SQLite: the index then finds the beginning of a name."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def _collate(schema_editor: BaseDatabaseSchemaEditor, collation: str) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f'ALTER TABLE children_matchkey ALTER COLUMN value TYPE varchar(60) COLLATE "{collation}"'
        )


def by_bytes(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _collate(schema_editor, "C")


def by_language(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _collate(schema_editor, "default")


class Migration(migrations.Migration):
    dependencies = (("children", "0001_initial"),)
    operations = (migrations.RunPython(by_bytes, by_language),)
