import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cre_toolkit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("children", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
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
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("instrument", models.CharField(max_length=40)),
                ("transcribed", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("sent", "Sent"), ("discarded", "Discarded")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("discarded_at", models.DateTimeField(blank=True, null=True)),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "begun_on",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="children.child"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="children.child",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="assessments.assessment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftSection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("danger", "Immediate danger"),
                            ("child", "The child"),
                            ("indicators", "Indicators of risk"),
                            ("places", "Places and persons who pose a risk"),
                            ("vulnerabilities", "Vulnerability factors"),
                            ("consultation", "Who was consulted"),
                            ("analysis", "Analysis"),
                            ("level", "Level"),
                            ("actions", "Immediate actions"),
                            ("sharing", "Information sharing"),
                            ("paper", "About the paper form"),
                            ("marks", "Indicators of the matrix"),
                            ("factors", "Vulnerability factors of the matrix"),
                            ("summary", "Analysis of the matrix"),
                        ],
                        max_length=20,
                    ),
                ),
                ("answers", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                ("by_button", models.BooleanField(default=True)),
                (
                    "carried",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("last-time", "From last time"),
                            ("copied", "Copied from another child's assessment"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "saved_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EarlierAuthor",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("until", models.DateTimeField()),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="earlier_authors",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HeldText",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=200)),
                ("posted", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("authority", models.CharField(max_length=40)),
                ("instrument", models.CharField(max_length=40)),
                ("edition_sha256", models.CharField(max_length=64)),
                ("completed_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField()),
                ("recorded_level", models.CharField(blank=True, max_length=10)),
                ("indicated_level", models.CharField(blank=True, max_length=10)),
                ("sha256", models.CharField(max_length=64)),
                ("deflated", models.BinaryField()),
                (
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="record",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "author",
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
                        related_name="records",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FamilySheet",
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
                ("at", models.DateTimeField()),
                ("content", models.JSONField()),
                ("form_id", models.UUIDField(unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="family_sheets",
                        to="assessments.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("wrong-child", "It is about another child"),
                            ("in-error", "It was recorded in error"),
                            ("duplicate", "It was sent twice"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="assessments.record",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["author", "status", "-changed_at"], name="assessment_author"),
        ),
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(fields=["child", "status"], name="assessment_child"),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft"), ("transcribed", False)),
                fields=("child", "author"),
                name="one_draft_of_a_child_by_an_author",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftsection",
            constraint=models.UniqueConstraint(fields=("assessment", "section"), name="section_once"),
        ),
        migrations.AddIndex(
            model_name="heldtext",
            index=models.Index(fields=["user", "path", "at"], name="held_for"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["child", "-completed_at"], name="record_child"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["-sent_at"], name="record_newest"),
        ),
    ]
