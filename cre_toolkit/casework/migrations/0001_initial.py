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
            name="Awaiting",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="awaiting",
                        serialize=False,
                        to="assessments.record",
                    ),
                ),
                ("since", models.DateTimeField(db_index=True)),
                ("danger", models.BooleanField()),
            ],
            options={
                "verbose_name_plural": "awaiting",
            },
        ),
        migrations.CreateModel(
            name="PackRebuild",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("packs", models.CharField(max_length=1000)),
                ("begun_at", models.DateTimeField()),
                ("after", models.CharField(blank=True, max_length=11)),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
        ),
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
                    "entered_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="done_with_it",
                        to="casework.caseevent",
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
            name="Closing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("safer", "The risk has gone down, and others go on supporting the child"),
                            ("ended", "The exploitation has been stopped"),
                            ("adult", "Adult services protect and support them now"),
                            ("moved", "Another authority is responsible, which has confirmed it"),
                            ("in-error", "It was opened in error"),
                            ("other", "Something else"),
                            ("died", "The child has died"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
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
                        related_name="closings",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closing",
                        to="casework.caseevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Countersignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("agreed", "Countersigned: I agree with the level"),
                            ("returned", "Returned: something is missing or must be looked at again"),
                            ("set-level", "Another level set"),
                        ],
                        max_length=10,
                    ),
                ),
                ("level", models.CharField(blank=True, max_length=10)),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
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
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="countersignature",
                        to="casework.caseevent",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="countersignatures",
                        to="assessments.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Death",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("died_on", models.DateField()),
                (
                    "known",
                    models.CharField(
                        choices=[
                            ("exactly", "This is the day"),
                            ("about", "The day is not known exactly; this is about when"),
                        ],
                        max_length=10,
                    ),
                ),
                ("told_by", models.CharField(max_length=300)),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
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
                        related_name="deaths",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeathTakenBack",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("why", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "death",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken_back",
                        to="casework.death",
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
                ("clock", models.CharField(blank=True, max_length=120)),
                ("agreed_level", models.CharField(blank=True, max_length=10)),
                ("assessed_level", models.CharField(blank=True, max_length=10)),
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
                (
                    "danger_now",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="in danger when recorded",
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
        migrations.CreateModel(
            name="Lead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="who leads")),
                ("why", models.TextField(verbose_name="why it is this person")),
                (
                    "drawn_in",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="adults draw the child into selling sex, or into bringing in others",
                    ),
                ),
                (
                    "goes_on",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="and it goes on",
                    ),
                ),
                ("at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leads", to="children.child"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Meeting",
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
                ("kind", models.CharField(max_length=30)),
                (
                    "status",
                    models.CharField(
                        choices=[("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when it begins")),
                ("minutes_long", models.PositiveSmallIntegerField(default=60)),
                (
                    "place",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="where, and how to join online"
                    ),
                ),
                ("chair_words", models.CharField(blank=True, max_length=200, verbose_name="who chairs")),
                ("planned_at", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=1000)),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_id", models.UUIDField(unique=True)),
                (
                    "chair",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chaired_meetings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="children.child",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invited",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=200, verbose_name="who, and of which agency"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="address")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invited",
                        to="casework.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "invited",
            },
        ),
        migrations.CreateModel(
            name="Minutes",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("held_at", models.DateTimeField()),
                ("level", models.CharField(blank=True, max_length=10, verbose_name="level that was agreed")),
                ("content", models.JSONField()),
                ("why", models.TextField(blank=True)),
                ("entered_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="casework.caseevent",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="minutes",
                        to="casework.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "minutes",
            },
        ),
        migrations.CreateModel(
            name="MeetingAction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.TextField(verbose_name="what is to be done")),
                ("owner_words", models.CharField(blank=True, max_length=200, verbose_name="who does it")),
                ("due_on", models.DateField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_how", models.TextField(blank=True, verbose_name="what was done")),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_actions",
                        to="children.child",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="casework.minutes",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MinutesDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("typed", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="casework.meeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MissingEpisode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("about", models.BooleanField(default=False, verbose_name="the time is not known exactly")),
                (
                    "last_seen_where",
                    models.TextField(blank=True, verbose_name="where the child was last seen"),
                ),
                (
                    "last_seen_with",
                    models.TextField(blank=True, verbose_name="with whom the child was last seen"),
                ),
                ("source", models.TextField(blank=True, verbose_name="who saw or said it, and when")),
                (
                    "police_told",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")], max_length=10
                    ),
                ),
                ("police_told_at", models.DateTimeField(null=True)),
                ("police_reference", models.CharField(blank=True, max_length=100)),
                (
                    "who_knows",
                    models.TextField(blank=True, verbose_name="who knows that the child is missing"),
                ),
                ("entered_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missing_episodes",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missing",
                        to="casework.caseevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MissingPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agreed_on", models.DateField()),
                ("triggers", models.TextField()),
                ("lines", models.JSONField(default=list)),
                (
                    "if_missing",
                    models.TextField(verbose_name="what each does at once if the child is missing again"),
                ),
                ("child_view", models.TextField(blank=True, verbose_name="what the child says would help")),
                ("shared_with", models.TextField(verbose_name="with whom the plan is shared")),
                ("group_on", models.DateField(null=True)),
                ("review_on", models.DateField()),
                ("changed", models.TextField(blank=True)),
                ("entered_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missing_plans",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MissingReturn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("about", models.BooleanField(default=False, verbose_name="the time is not known exactly")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("by-themselves", "The child came back by themselves"),
                            ("family", "Family, carers or friends found the child"),
                            ("police", "The police found the child"),
                            ("other", "Somebody else found the child"),
                            ("not-missing", "The child was not missing after all"),
                            ("not-known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                ("where", models.TextField(blank=True, verbose_name="where the child was")),
                ("with_whom", models.TextField(blank=True, verbose_name="with whom the child was")),
                ("source", models.TextField(blank=True, verbose_name="who saw or said it, and when")),
                (
                    "harmed",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")], max_length=10
                    ),
                ),
                ("harm", models.TextField(blank=True, verbose_name="how the child was harmed")),
                (
                    "significant",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")], max_length=10
                    ),
                ),
                ("entered_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missing_returns",
                        to="children.child",
                    ),
                ),
                (
                    "episode",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ended",
                        to="casework.missingepisode",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="came_back",
                        to="casework.caseevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
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
                            ("discussion", "Discussion"),
                            ("decision", "Decision"),
                            ("intervention", "Intervention"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "said",
                    models.TextField(blank=True, verbose_name="what was said, or is done for the child"),
                ),
                (
                    "colleagues",
                    models.JSONField(default=list, verbose_name="people of the network who were there"),
                ),
                ("others", models.TextField(blank=True, verbose_name="who else was there")),
                ("decision", models.TextField(blank=True, verbose_name="what was decided")),
                ("reason", models.TextField(blank=True, verbose_name="why it was decided")),
                ("decided_by", models.CharField(blank=True, max_length=200, verbose_name="who decided it")),
                (
                    "service",
                    models.CharField(blank=True, max_length=200, verbose_name="which service does it"),
                ),
                ("action", models.CharField(blank=True, max_length=40)),
                ("did", models.JSONField(default=list)),
                ("entered_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="children.child"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoteInError",
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
                    "note",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_error",
                        to="casework.note",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Referral",
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
                        default=cre_toolkit.ids.new_reference, editable=False, max_length=11, unique=True
                    ),
                ),
                ("authority", models.CharField(max_length=40)),
                (
                    "to",
                    models.CharField(
                        choices=[
                            ("front-door", "The front door of children’s social care"),
                            ("worker", "The allocated worker"),
                            ("police", "The Police Referral Unit"),
                            ("other-authority", "Children’s social care of another council"),
                            ("other", "Somebody else who has no account here"),
                            ("nobody", "Nobody yet"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("service", "In this service"),
                            ("telephone", "By telephone"),
                            ("sealed", "As a sealed document"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "recipient",
                    models.CharField(blank=True, max_length=200, verbose_name="recipient in words"),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("secure-mail", "Secure e-mail"),
                            ("portal", "Their own website for referrals"),
                            ("post", "Recorded post"),
                            ("by-hand", "By hand"),
                        ],
                        max_length=20,
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="where it is sent")),
                ("why", models.TextField(blank=True, verbose_name="what is asked for")),
                ("at", models.DateTimeField()),
                ("ticked", models.JSONField(default=list)),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("no-route", "Reaches nobody yet"),
                            ("prepared", "Not on its way yet"),
                            ("sent", "Sent"),
                            ("received", "Received"),
                            ("acknowledged", "Acknowledged"),
                            ("accepted", "Accepted"),
                            ("allocated", "Allocated to a worker"),
                            ("returned", "Returned"),
                            ("withdrawn", "Recorded in error"),
                        ],
                        max_length=20,
                    ),
                ),
                ("chase_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
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
                        related_name="referrals",
                        to="children.child",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="assessments.record",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="accounts.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReferralStep",
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
                            ("taken", "Taken on, to find a route"),
                            ("tried", "Tried"),
                            ("routed", "A route was found"),
                            ("prepared", "Somebody without an account is to get it"),
                            ("sealed", "Sealed document made"),
                            ("dispatched", "On its way"),
                            ("received", "Received"),
                            ("late", "Not acknowledged in time"),
                            ("chased", "Chased"),
                            ("acknowledged", "Acknowledged"),
                            ("confirmed", "Receipt confirmed"),
                            ("accepted", "Accepted"),
                            ("allocated", "Allocated"),
                            ("returned", "Returned"),
                            ("withdrawn", "The assessment was withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
                ("person", models.CharField(blank=True, max_length=200, verbose_name="whom they spoke to")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not-ours", "It is not for us"),
                            ("more-needed", "We need to know more"),
                            ("known", "We know the child, and it adds nothing new"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="what was said")),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="casework.referral",
                    ),
                ),
                (
                    "worker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
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
                            ("digest", "The list of a morning"),
                            ("before", "Due soon"),
                            ("after", "Overdue"),
                        ],
                        max_length=10,
                    ),
                ),
                ("about", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
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
                        related_name="reopenings",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopening",
                        to="casework.caseevent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnInterview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("offered", "Offered; there is no answer yet"),
                            ("held", "Held"),
                            ("declined", "Declined by the child"),
                            ("not-possible", "Not possible"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "provider",
                    models.CharField(
                        choices=[
                            ("independent", "An independent return interview service"),
                            ("voluntary", "A voluntary organisation"),
                            ("social-care", "Children’s social care"),
                            ("education", "School or college"),
                            ("health", "Health"),
                            ("youth", "Youth service or youth justice"),
                            ("police", "Police"),
                            ("other", "Somebody else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("interviewer", models.CharField(max_length=200, verbose_name="who talks with the child")),
                (
                    "independent",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")], max_length=10
                    ),
                ),
                (
                    "trusted",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="the child trusts them",
                    ),
                ),
                ("why_them", models.TextField(blank=True, verbose_name="why this person")),
                ("said", models.TextField(blank=True, verbose_name="what the child said, in their words")),
                ("learnt", models.TextField(blank=True, verbose_name="what was learnt about risk")),
                ("opinion", models.TextField(blank=True, verbose_name="what the interviewer makes of it")),
                ("told", models.TextField(blank=True, verbose_name="who is told")),
                (
                    "reason",
                    models.TextField(
                        blank=True, verbose_name="why it was declined or not possible, as far as it is known"
                    ),
                ),
                ("entered_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_interviews",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="return_interview",
                        to="casework.caseevent",
                    ),
                ),
                (
                    "returned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interviews",
                        to="casework.missingreturn",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SealedDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("at", models.DateTimeField()),
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
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sealed",
                        to="casework.referral",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskingMeeting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("authority", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("day", models.DateField()),
                ("entered_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskingCase",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.CharField(max_length=10)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasking_cases",
                        to="children.child",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasking_case",
                        to="casework.caseevent",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="casework.taskingmeeting",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskingRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked", models.TextField(verbose_name="what is asked")),
                ("of_whom", models.CharField(max_length=300)),
                ("asked_on", models.DateField()),
                ("by_when", models.DateField(null=True)),
                ("entered_at", models.DateTimeField()),
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
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasking_requests",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskingAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("under-way", "Under way"),
                            ("done", "Done"),
                            ("not-done", "It will not be done"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField()),
                ("entered_at", models.DateTimeField()),
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
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="casework.taskingrequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for the other authority"),
                            ("received", "Received"),
                            ("declined", "Declined by the other authority"),
                            ("taken-back", "Taken back by whoever asked"),
                        ],
                        default="asked",
                        max_length=12,
                    ),
                ),
                ("from_authority", models.CharField(max_length=40)),
                ("to", models.CharField(blank=True, max_length=40)),
                ("to_whom", models.CharField(blank=True, max_length=300)),
                ("how", models.CharField(blank=True, max_length=300)),
                ("why", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("chased_at", models.DateTimeField(null=True)),
                ("chased", models.PositiveSmallIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_words", models.TextField(blank=True)),
                ("took", models.JSONField(default=dict)),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
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
                        related_name="transfers",
                        to="children.child",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TransitionStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "birthday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (18, "The 18th birthday"),
                            (25, "The 25th birthday (with special educational needs or a disability)"),
                        ]
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("begun", "Begun: Adult Safeguarding knows, and nothing is agreed yet"),
                            ("agreed", "Agreed: it is settled who protects and supports them, and from when"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("who", models.CharField(max_length=300)),
                ("agreed", models.TextField(blank=True)),
                ("starts_on", models.DateField(null=True)),
                ("wants", models.TextField(blank=True)),
                (
                    "shared",
                    models.CharField(
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")], max_length=10
                    ),
                ),
                ("shared_why", models.TextField()),
                ("at", models.DateTimeField()),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
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
                        related_name="transition_steps",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(fields=["child", "at"], name="case_event_child"),
        ),
        migrations.AddConstraint(
            model_name="countersignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "agreed"), models.Q(("words", ""), _negated=True), _connector="OR"
                ),
                name="answer_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="countersignature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "set-level"), models.Q(("level", ""), _negated=True)),
                    models.Q(models.Q(("outcome", "set-level"), _negated=True), ("level", "")),
                    _connector="OR",
                ),
                name="level_where_one_is_set",
            ),
        ),
        migrations.AddIndex(
            model_name="death",
            index=models.Index(fields=["child", "at"], name="death_child"),
        ),
        migrations.AddIndex(
            model_name="due",
            index=models.Index(fields=["sorts_at", "id"], name="due_order"),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(fields=["child", "-at"], name="lead_child"),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["child", "-at"], name="meeting_child"),
        ),
        migrations.AddConstraint(
            model_name="invited",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", False)), fields=("meeting", "user"), name="invited_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="minutes",
            constraint=models.UniqueConstraint(fields=("meeting", "version"), name="minutes_version"),
        ),
        migrations.AddIndex(
            model_name="meetingaction",
            index=models.Index(fields=["child", "due_on"], name="meeting_action_child"),
        ),
        migrations.AddConstraint(
            model_name="minutesdraft",
            constraint=models.UniqueConstraint(fields=("meeting", "by"), name="one_draft_of_minutes_each"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["child", "-at"], name="note_child"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["team", "state", "at"], name="referral_inbox"),
        ),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(fields=["state", "chase_at"], name="referral_to_chase"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("person", "kind", "about"), name="reminded_once"),
        ),
        migrations.AddConstraint(
            model_name="taskingmeeting",
            constraint=models.UniqueConstraint(fields=("authority", "day"), name="one_tasking_meeting_a_day"),
        ),
        migrations.AddConstraint(
            model_name="taskingcase",
            constraint=models.UniqueConstraint(
                fields=("meeting", "child"), name="a_case_once_on_a_tasking_list"
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["to"], name="transfer_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("child",), name="one_transfer_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("to", ""), ("to_whom", ""), _connector="XOR"),
                name="transfer_to_one_authority",
            ),
        ),
        migrations.AddIndex(
            model_name="transitionstep",
            index=models.Index(fields=["child", "at"], name="transition_child"),
        ),
        migrations.AddConstraint(
            model_name="transitionstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("step", "agreed"), _negated=True),
                    models.Q(("starts_on__isnull", False), models.Q(("agreed", ""), _negated=True)),
                    _connector="OR",
                ),
                name="agreed_says_what_and_from_when",
            ),
        ),
    ]
