import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cre_toolkit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assessments", "0002_append_only"),
        ("children", "0002_keys_by_bytes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("telephone-social-care", "Children's social care"),
                            ("telephone-police", "Police"),
                        ],
                        max_length=30,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("spoke", "Spoke to somebody"), ("no-answer", "No answer")], max_length=20
                    ),
                ),
                ("spoke_to", models.CharField(blank=True, max_length=200)),
                ("their_reference", models.CharField(blank=True, max_length=100)),
                ("note", models.TextField(blank=True)),
                ("entered_at", models.DateTimeField()),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="children.child"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assessment", "Assessment"),
                            ("countersign", "Manager’s answer"),
                            ("meeting", "Meeting"),
                            ("significant-incident", "Significant incident"),
                            ("immediate-risk", "Immediate risk"),
                            ("missing", "Went missing"),
                            ("returned", "Returned"),
                            ("return-interview", "Return interview"),
                            ("transfer", "Transfer to another authority"),
                            ("closed", "Case closed"),
                            ("reopened", "Case reopened"),
                            ("done", "Done"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=30,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
                ("keys", models.JSONField(default=dict)),
                ("from_authority", models.CharField(blank=True, max_length=40)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_events",
                        to="children.child",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_event",
                        to="assessments.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("action", models.CharField(max_length=40)),
                ("event", models.UUIDField(null=True)),
                ("to", models.TextField()),
                ("text", models.TextField()),
                ("due_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("sorts_at", models.DateTimeField()),
                ("shown_from", models.DateField(null=True)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="due", to="children.child"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "due",
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.TextField(verbose_name="what happened")),
                ("known_from", models.TextField(verbose_name="who saw or heard it, and when")),
                ("harm", models.TextField(blank=True, verbose_name="how the child was harmed")),
                ("others", models.TextField(blank=True, verbose_name="who else was harmed, and how")),
                (
                    "was_missing",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="missing at the time",
                    ),
                ),
                ("form_id", models.UUIDField(unique=True)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident",
                        to="casework.caseevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="InError",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("why", models.TextField(verbose_name="what was wrong")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recorded_in_error",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_error",
                        to="casework.caseevent",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(fields=["child", "at"], name="case_event_child"),
        ),
        migrations.AddIndex(
            model_name="due",
            index=models.Index(fields=["sorts_at", "id"], name="due_order"),
        ),
    ]
