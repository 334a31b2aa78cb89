"""Events and calls are facts: the database itself refuses to change or remove one."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = (
    "casework_caseevent",
    "casework_call",
    "casework_referralstep",
    "casework_sealeddocument",
    "casework_missingepisode",
    "casework_missingreturn",
    "casework_returninterview",
    "casework_missingplan",
    "casework_taskingcase",
    "casework_taskingrequest",
    "casework_taskinganswer",
    "casework_taskingmeeting",
    "casework_note",
    "casework_lead",
    "casework_noteinerror",
    "casework_minutes",
    "casework_incident",
    "casework_inerror",
    "casework_closing",
    "casework_reopening",
    "casework_death",
    "casework_deathtakenback",
    "casework_transitionstep",
    "casework_countersignature",
)


def forbid(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for act in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
            )


def allow(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "sqlite":
            for act in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{act}")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            schema_editor.execute(f"DROP FUNCTION {table}_append_only()")


class Migration(migrations.Migration):
    dependencies = (("casework", "0001_initial"),)
    operations = (migrations.RunPython(forbid, allow),)
