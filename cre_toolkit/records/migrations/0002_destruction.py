"""What was recorded may go in one case: two people have approved that this child's record is destroyed.

Takes the place of the triggers that refuse every DELETE on what was recorded about a child. UPDATE and TRUNCATE
stay refused. The certificate itself never changes once the destruction has been carried out.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# How each table's row leads to its child.
OF_CHILD = {
    "assessments_record": "OLD.child_id",
    "assessments_withdrawal": "(SELECT child_id FROM assessments_record WHERE id = OLD.record_id)",
    "assessments_familysheet": "(SELECT child_id FROM assessments_record WHERE id = OLD.record_id)",
    "casework_caseevent": "OLD.child_id",
    "casework_call": "OLD.child_id",
    "casework_referralstep": "(SELECT child_id FROM casework_referral WHERE id = OLD.referral_id)",
    "casework_sealeddocument": "(SELECT child_id FROM casework_referral WHERE id = OLD.referral_id)",
    "casework_missingepisode": "OLD.child_id",
    "casework_missingreturn": "OLD.child_id",
    "casework_returninterview": "OLD.child_id",
    "casework_missingplan": "OLD.child_id",
    "casework_taskingcase": "OLD.child_id",
    "casework_taskingrequest": "OLD.child_id",
    "casework_taskinganswer": "(SELECT child_id FROM casework_taskingrequest WHERE id = OLD.request_id)",
    "casework_note": "OLD.child_id",
    "casework_lead": "OLD.child_id",
    "casework_noteinerror": "(SELECT child_id FROM casework_note WHERE id = OLD.note_id)",
    "casework_minutes": "OLD.child_id",
    "casework_incident": "OLD.child_id",
    "casework_inerror": "OLD.child_id",
    "casework_closing": "OLD.child_id",
    "casework_reopening": "OLD.child_id",
    "casework_death": "OLD.child_id",
    "casework_deathtakenback": "(SELECT child_id FROM casework_death WHERE id = OLD.death_id)",
    "casework_transitionstep": "OLD.child_id",
    "casework_countersignature": "(SELECT child_id FROM assessments_record WHERE id = OLD.record_id)",
    "children_breakglass": "OLD.child_id",
    "children_breakglassreview": "(SELECT child_id FROM children_breakglass WHERE id = OLD.break_glass_id)",
}
APPROVED = """EXISTS (
    SELECT 1 FROM records_destruction destruction
    JOIN children_child child ON child.stands_for = destruction.child
    WHERE child.id = {child} AND destruction.approved_at IS NOT NULL
    AND destruction.refused_at IS NULL AND destruction.done_at IS NULL
)"""


def forbid(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run = schema_editor.execute
    if schema_editor.connection.vendor == "sqlite":
        for table, child in OF_CHILD.items():
            run(f"DROP TRIGGER {table}_no_delete")
            run(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"WHEN NOT {APPROVED.format(child=child)} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        run(
            "CREATE TRIGGER records_destruction_no_update BEFORE UPDATE ON records_destruction "
            "WHEN OLD.done_at IS NOT NULL "
            "BEGIN SELECT RAISE(ABORT, 'a certificate does not change'); END"
        )
        run(
            "CREATE TRIGGER records_destruction_no_delete BEFORE DELETE ON records_destruction "
            "BEGIN SELECT RAISE(ABORT, 'a certificate does not go'); END"
        )
        return
    for table, child in OF_CHILD.items():
        run(f"DROP TRIGGER {table}_append_only ON {table}")
        run(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )
        run(
            f"CREATE FUNCTION {table}_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NOT {APPROVED.format(child=child)} THEN RAISE EXCEPTION '{table} is append-only'; END IF; "
            f"RETURN OLD; END $$"
        )
        run(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_no_delete()"
        )
    run(
        "CREATE FUNCTION records_destruction_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'UPDATE' THEN IF OLD.done_at IS NULL THEN RETURN NEW; END IF; END IF; "
        "RAISE EXCEPTION 'a certificate does not change'; END $$"
    )
    run(
        "CREATE TRIGGER records_destruction_stays BEFORE UPDATE OR DELETE ON records_destruction "
        "FOR EACH ROW EXECUTE FUNCTION records_destruction_stays()"
    )


def allow(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Back to the triggers of the apps' own migrations, which refuse every DELETE."""
    run = schema_editor.execute
    if schema_editor.connection.vendor == "sqlite":
        run("DROP TRIGGER records_destruction_no_update")
        run("DROP TRIGGER records_destruction_no_delete")
        for table in OF_CHILD:
            run(f"DROP TRIGGER {table}_no_delete")
            run(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    run("DROP TRIGGER records_destruction_stays ON records_destruction")
    run("DROP FUNCTION records_destruction_stays()")
    for table in OF_CHILD:
        run(f"DROP TRIGGER {table}_no_delete ON {table}")
        run(f"DROP FUNCTION {table}_no_delete()")
        run(f"DROP TRIGGER {table}_append_only ON {table}")
        run(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
        )


class Migration(migrations.Migration):
    dependencies = (
        ("records", "0001_initial"),
        ("assessments", "0002_append_only"),
        ("casework", "0002_append_only"),
        ("children", "0003_append_only"),
    )
    operations = (migrations.RunPython(forbid, allow),)
