import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cre_toolkit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("children", "0003_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptUntil",
            fields=[
                (
                    "child",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="children.child",
                    ),
                ),
                ("until", models.DateField(null=True)),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["until", "child"], name="kept_until")],
            },
        ),
        migrations.CreateModel(
            name="RetentionReview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("keep_until", models.DateField()),
                ("why", models.TextField()),
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
                        related_name="retention_reviews",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SubjectAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=cre_toolkit.ids.new_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                ("received_on", models.DateField()),
                ("asked_by", models.TextField()),
                ("extended_why", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("lines", models.JSONField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("form_id", models.UUIDField(unique=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subject_accesses",
                        to="children.child",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "subject accesses",
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("words", models.TextField(blank=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("others", "It is about somebody else"),
                            ("harm", "It would be likely to cause serious harm"),
                            ("child-abuse", "It is about abuse, and not in the child’s interest"),
                            ("crime", "It would be likely to prejudice an investigation"),
                            ("privilege", "It is legal advice"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.TextField()),
                ("at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="records.subjectaccess",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Destruction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        default=cre_toolkit.ids.new_reference, editable=False, max_length=20, unique=True
                    ),
                ),
                ("authority", models.CharField(max_length=40)),
                ("child", models.UUIDField()),
                ("child_reference", models.CharField(max_length=20)),
                ("classes", models.JSONField()),
                ("kept_until", models.DateField()),
                ("proposed_at", models.DateTimeField()),
                ("why", models.TextField()),
                ("approved_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("refused_why", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("contents", models.JSONField(default=dict)),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="destruction_by_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at", None), ("approved_by__isnull", False), _connector="OR"
                        ),
                        name="destruction_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None),
                            models.Q(("approved_at__isnull", False), ("refused_at", None)),
                            _connector="OR",
                        ),
                        name="destroyed_after_approval",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("refused_at", None)), fields=("child",), name="destroyed_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("why", models.TextField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.TextField(blank=True)),
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
                        related_name="legal_holds",
                        to="children.child",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("child",), name="on_hold_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="subjectaccess",
            index=models.Index(fields=["approved_at", "received_on"], name="subject_access_open"),
        ),
        migrations.AddConstraint(
            model_name="subjectaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("by")), _negated=True),
                    _connector="OR",
                ),
                name="subject_access_by_two",
            ),
        ),
    ]
