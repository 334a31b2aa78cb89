import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import cre_toolkit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Child",
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
                ("authority", models.CharField(max_length=40, verbose_name="responsible authority")),
                ("given_names", models.CharField(blank=True, max_length=200, verbose_name="first names")),
                ("family_name", models.CharField(blank=True, max_length=200, verbose_name="last name")),
                ("known_as", models.CharField(blank=True, max_length=200, verbose_name="also known as")),
                ("date_of_birth", models.DateField(blank=True, null=True)),
                ("estimated_age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("estimated_on", models.DateField(blank=True, null=True)),
                ("gender", models.CharField(blank=True, max_length=60)),
                ("nhs_number", models.CharField(blank=True, max_length=10, verbose_name="NHS number")),
                ("address", models.TextField(blank=True)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("telephone", models.CharField(blank=True, max_length=40)),
                ("school", models.CharField(blank=True, max_length=200, verbose_name="school or college")),
                ("first_language", models.CharField(blank=True, max_length=100)),
                (
                    "needs_interpreter",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="needs an interpreter",
                    ),
                ),
                (
                    "ethnicity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("white-british", "English, Welsh, Scottish, Northern Irish or British"),
                            ("white-irish", "Irish"),
                            ("gypsy-traveller", "Gypsy or Irish Traveller"),
                            ("roma", "Roma"),
                            ("white-other", "Any other White background"),
                            ("mixed-caribbean", "White and Black Caribbean"),
                            ("mixed-african", "White and Black African"),
                            ("mixed-asian", "White and Asian"),
                            ("mixed-other", "Any other Mixed or multiple ethnic background"),
                            ("indian", "Indian"),
                            ("pakistani", "Pakistani"),
                            ("bangladeshi", "Bangladeshi"),
                            ("chinese", "Chinese"),
                            ("asian-other", "Any other Asian background"),
                            ("caribbean", "Caribbean"),
                            ("african", "African background"),
                            ("black-other", "Any other Black, Black British or Caribbean background"),
                            ("arab", "Arab"),
                            ("other", "Any other ethnic group"),
                            ("not-recorded", "Not recorded"),
                        ],
                        max_length=30,
                    ),
                ),
                ("ethnicity_not_recorded_why", models.CharField(blank=True, max_length=300)),
                (
                    "send",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="special educational needs, a disability or a learning disability",
                    ),
                ),
                ("disabilities", models.TextField(blank=True)),
                (
                    "open_to_social_care",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="open to children's social care",
                    ),
                ),
                (
                    "plan",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "No plan"),
                            ("early-help", "Early help plan"),
                            ("child-in-need", "Child in need plan"),
                            ("child-protection", "Child protection plan"),
                            ("not-known", "Not known"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "looked_after",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="looked after",
                    ),
                ),
                (
                    "worker_name",
                    models.CharField(blank=True, max_length=200, verbose_name="allocated worker"),
                ),
                (
                    "worker_contact",
                    models.CharField(blank=True, max_length=300, verbose_name="worker's contact details"),
                ),
                ("wishes", models.TextField(blank=True, verbose_name="what the child says they want")),
                ("own_words", models.TextField(blank=True, verbose_name="the child's own words")),
                ("working_level", models.CharField(blank=True, max_length=10)),
                ("died_on", models.DateField(editable=False, null=True)),
                ("restricted", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("form_id", models.UUIDField(default=cre_toolkit.ids.new_id, unique=True)),
                (
                    "stands_for",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce("merged_into", "id"),
                        output_field=models.UUIDField(),
                    ),
                ),
                (
                    "allocated_worker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocated_children",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_children",
                        to="children.child",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "children",
            },
        ),
        migrations.CreateModel(
            name="BreakGlass",
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
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("danger", "A child may be in danger now"),
                            ("out-of-hours", "A safeguarding enquiry out of hours"),
                            ("court", "A court, or another legal duty with a time limit"),
                            ("other", "Another reason"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "asked",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="break_glass_to_review",
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
                        related_name="broken_glass",
                        to="children.child",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "broken glass",
            },
        ),
        migrations.CreateModel(
            name="AgencyInvolved",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agency", models.CharField(max_length=200)),
                ("person", models.CharField(blank=True, max_length=200)),
                ("contact", models.CharField(blank=True, max_length=300)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agencies",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccessGrant",
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
                            ("added", "added the child to the service"),
                            ("allocated", "is the allocated worker"),
                            ("network", "is in the child's network of practitioners"),
                            ("assessed", "began an assessment of the child"),
                            ("handed-over", "was handed an unfinished assessment of the child"),
                            ("sent", "was sent an assessment or a referral"),
                            ("merged", "could see a record that was merged into this one"),
                            ("named", "is one of the people to whom this record is restricted"),
                            ("cover", "stands in for a colleague who is on leave"),
                            ("break-glass", "broke the glass"),
                        ],
                        max_length=20,
                    ),
                ),
                ("source", models.UUIDField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("taken_on_at", models.DateTimeField(null=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_grants",
                        to="accounts.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FamilyMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("relationship", models.CharField(blank=True, max_length=100)),
                (
                    "parental_responsibility",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Yes"), ("no", "No"), ("not-known", "Not known")],
                        max_length=10,
                        verbose_name="parental responsibility",
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=300)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="family",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LastLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="last_looks",
                        to="children.child",
                    ),
                ),
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
            name="LockOut",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "conflict",
                    models.CharField(
                        choices=[
                            ("relative", "They are related to the child or the family"),
                            ("knows", "They know the child or the family in private life"),
                            ("involved", "They are themselves part of what is being looked into"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
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
                        related_name="lock_outs",
                        to="children.child",
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
            name="MatchKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("a", "NHS_NUMBER"),
                            ("b", "BORN"),
                            ("n", "NAME"),
                            ("p", "PAIR"),
                            ("s", "SOUND"),
                            ("z", "POSTCODE"),
                        ],
                        max_length=1,
                    ),
                ),
                ("value", models.CharField(max_length=60)),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="match_keys",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("changed", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_why", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="children.child",
                    ),
                ),
                (
                    "merged",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="children.child"
                    ),
                ),
                (
                    "undone_by",
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
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("page", models.CharField(blank=True, max_length=60)),
                ("page_of", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "child",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="children.child",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PossibleDuplicate",
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
                ("reasons", models.JSONField(default=list)),
                ("points", models.SmallIntegerField(default=0)),
                ("found_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To decide"),
                            ("later", "Left for later"),
                            ("different", "Different children"),
                            ("same", "Merged"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("why", models.TextField(blank=True)),
                (
                    "because_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="children.merge",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="possible_duplicates",
                        to="children.child",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="children.child"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="merge",
            name="pair",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merges",
                to="children.possibleduplicate",
            ),
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cre_toolkit.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("why", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
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
                        related_name="restrictions",
                        to="children.child",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BreakGlassReview",
            fields=[
                (
                    "break_glass",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="review",
                        serialize=False,
                        to="children.breakglass",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("justified", "It was justified"),
                            ("not-justified", "It was not justified"),
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
            ],
        ),
        migrations.AddIndex(
            model_name="child",
            index=models.Index(fields=["authority", "working_level"], name="child_authority_level"),
        ),
        migrations.AddIndex(
            model_name="child",
            index=models.Index(fields=["stands_for"], name="child_stands_for"),
        ),
        migrations.AddIndex(
            model_name="child",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="child_merged_into",
            ),
        ),
        migrations.AddConstraint(
            model_name="child",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="child_not_merged_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="child",
            constraint=models.CheckConstraint(
                condition=models.Q(("family_name", ""), ("given_names", ""), ("known_as", ""), _negated=True),
                name="child_has_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="child",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ethnicity", "not-recorded"), ("ethnicity_not_recorded_why", ""), _negated=True
                ),
                name="ethnicity_not_recorded_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="child",
            constraint=models.CheckConstraint(
                condition=models.Q(("estimated_age", None), ("estimated_on__isnull", False), _connector="OR"),
                name="estimated_age_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="break_glass_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglass",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked", models.F("by")), _negated=True),
                name="break_glass_is_reviewed_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="accessgrant",
            index=models.Index(fields=["user", "child"], name="grant_user"),
        ),
        migrations.AddIndex(
            model_name="accessgrant",
            index=models.Index(fields=["team", "child"], name="grant_team"),
        ),
        migrations.AddConstraint(
            model_name="accessgrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("team__isnull", False), ("user", None)),
                    models.Q(("team", None), ("user__isnull", False)),
                    _connector="OR",
                ),
                name="grant_to_a_user_or_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessgrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None), ("user__isnull", False)),
                fields=("child", "user", "reason"),
                name="grant_to_a_user_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="accessgrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("team__isnull", False), ("until", None)),
                fields=("child", "team", "reason"),
                name="grant_to_a_team_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="lastlook",
            constraint=models.UniqueConstraint(fields=("user", "child"), name="last_look_once"),
        ),
        migrations.AddConstraint(
            model_name="lockout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("child", "user"),
                name="locked_out_once_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="matchkey",
            index=models.Index(fields=["kind", "value", "child"], name="match_key"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["user", "-at"], name="notice_of_user"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("read_at", None)), fields=["user"], name="notice_unread"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at__isnull", False)), fields=["read_at"], name="notice_read"
            ),
        ),
        migrations.AddIndex(
            model_name="possibleduplicate",
            index=models.Index(fields=["state", "-points", "id"], name="pair_work_list"),
        ),
        migrations.AddConstraint(
            model_name="possibleduplicate",
            constraint=models.UniqueConstraint(fields=("child", "other"), name="pair_found_once"),
        ),
        migrations.AddConstraint(
            model_name="possibleduplicate",
            constraint=models.CheckConstraint(
                condition=models.Q(("child__lt", models.F("other"))), name="pair_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="possibleduplicate",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "different"), ("why", ""), _negated=True),
                name="different_children_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone_at", None)), fields=("merged",), name="merged_into_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undone_at", None), models.Q(("undone_why", ""), _negated=True), _connector="OR"
                ),
                name="undone_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="restriction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("child",), name="restricted_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="breakglassreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="break_glass_review_says_why"
            ),
        ),
    ]
