import django.db.models.deletion
from django.db import migrations, models

import cre_toolkit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigIntegerField(editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=60)),
                ("actor", models.UUIDField(null=True)),
                ("authority", models.CharField(blank=True, max_length=40)),
                ("child", models.UUIDField(null=True)),
                ("subject_kind", models.CharField(blank=True, max_length=40)),
                ("subject", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict)),
                ("seal", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["child"], name="audit_child"),
                    models.Index(fields=["actor"], name="audit_actor"),
                    models.Index(fields=["kind"], name="audit_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("authority", models.CharField(blank=True, max_length=40)),
                ("number", models.PositiveBigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("key", models.CharField(max_length=64)),
                ("signature", models.BinaryField(max_length=64)),
            ],
            options={
                "indexes": [models.Index(fields=["authority", "-number"], name="audit_head_number")],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "authority", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("authority", models.CharField(blank=True, max_length=40)),
                ("number", models.PositiveBigIntegerField()),
                ("events", models.BinaryField()),
                ("newest", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
                ("seal", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [models.Index(fields=["newest"], name="audit_link_newest")],
            },
        ),
        migrations.CreateModel(
            name="EventChild",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "event_id", "child", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("child", models.UUIDField()),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="audit.event",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["child", "event"], name="audit_child_of_event")],
            },
        ),
    ]
