"""The child, their family and the practitioners around them; who may see the record: `access_models.py`."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce

from cre_toolkit.children.access_models import AccessGrant as AccessGrant
from cre_toolkit.children.access_models import LockOut as LockOut
from cre_toolkit.children.access_models import Restriction as Restriction
from cre_toolkit.children.ages import age_on
from cre_toolkit.children.break_glass_models import BreakGlass as BreakGlass
from cre_toolkit.children.break_glass_models import BreakGlassReview as BreakGlassReview
from cre_toolkit.children.matching import Key
from cre_toolkit.children.names import in_full
from cre_toolkit.children.notice_models import LastLook as LastLook
from cre_toolkit.children.notice_models import Notice as Notice
from cre_toolkit.ids import new_id, new_reference


class YesNoUnknown(models.TextChoices):
    """Three answers, and a fourth, blank: not asked yet. Not known is an answer; blank is none."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not-known", "Not known"


def three_valued(verbose_name: str) -> models.CharField:
    return models.CharField(verbose_name, max_length=10, choices=YesNoUnknown, blank=True)


class Child(models.Model):
    """A child, or a young adult with SEND, about whom somebody is worried."""

    class Ethnicity(models.TextChoices):
        """The groups of the Census 2021 for England and Wales (Office for National Statistics)."""

        WHITE_BRITISH = "white-british", "English, Welsh, Scottish, Northern Irish or British"
        WHITE_IRISH = "white-irish", "Irish"
        GYPSY_TRAVELLER = "gypsy-traveller", "Gypsy or Irish Traveller"
        ROMA = "roma", "Roma"
        WHITE_OTHER = "white-other", "Any other White background"
        MIXED_CARIBBEAN = "mixed-caribbean", "White and Black Caribbean"
        MIXED_AFRICAN = "mixed-african", "White and Black African"
        MIXED_ASIAN = "mixed-asian", "White and Asian"
        MIXED_OTHER = "mixed-other", "Any other Mixed or multiple ethnic background"
        INDIAN = "indian", "Indian"
        PAKISTANI = "pakistani", "Pakistani"
        BANGLADESHI = "bangladeshi", "Bangladeshi"
        CHINESE = "chinese", "Chinese"
        ASIAN_OTHER = "asian-other", "Any other Asian background"
        CARIBBEAN = "caribbean", "Caribbean"
        AFRICAN = "african", "African background"
        BLACK_OTHER = "black-other", "Any other Black, Black British or Caribbean background"
        ARAB = "arab", "Arab"
        OTHER = "other", "Any other ethnic group"
        NOT_RECORDED = "not-recorded", "Not recorded"

    class Plan(models.TextChoices):
        """The plan the child is on, where there is one."""

        NONE = "none", "No plan"
        EARLY_HELP = "early-help", "Early help plan"
        CHILD_IN_NEED = "child-in-need", "Child in need plan"
        CHILD_PROTECTION = "child-protection", "Child protection plan"
        NOT_KNOWN = "not-known", "Not known"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    authority = models.CharField("responsible authority", max_length=40)

    # At least one of the three: a first name may not be known yet.
    given_names = models.CharField("first names", max_length=200, blank=True)
    family_name = models.CharField("last name", max_length=200, blank=True)
    known_as = models.CharField("also known as", max_length=200, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    # Where the date is not known: an age as somebody judged it, on a day.
    estimated_age = models.PositiveSmallIntegerField(null=True, blank=True)
    estimated_on = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=60, blank=True)
    nhs_number = models.CharField("NHS number", max_length=10, blank=True)

    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    school = models.CharField("school or college", max_length=200, blank=True)
    first_language = models.CharField(max_length=100, blank=True)
    needs_interpreter = three_valued("needs an interpreter")
    ethnicity = models.CharField(max_length=30, choices=Ethnicity, blank=True)
    ethnicity_not_recorded_why = models.CharField(max_length=300, blank=True)

    send = three_valued("special educational needs, a disability or a learning disability")
    disabilities = models.TextField(blank=True)
    open_to_social_care = three_valued("open to children's social care")
    plan = models.CharField(max_length=20, choices=Plan, blank=True)
    looked_after = three_valued("looked after")

    allocated_worker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="allocated_children",
        null=True,
        blank=True,
    )
    # As said, where the worker is not a user of the service.
    worker_name = models.CharField("allocated worker", max_length=200, blank=True)
    worker_contact = models.CharField("worker's contact details", max_length=300, blank=True)

    wishes = models.TextField("what the child says they want", blank=True)
    own_words = models.TextField("the child's own words", blank=True)

    # A copy of what `case_state` says, written by `casework` alone, so that access and lists can ask for it.
    working_level = models.CharField(max_length=10, blank=True)
    # The day of their death, a copy of what `casework/ends/death.py` holds, so that lists can say it.
    died_on = models.DateField(null=True, editable=False)
    # Whether a `Restriction` holds now: the same on every record that stands for the child.
    restricted = models.BooleanField(default=False, editable=False)

    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # Counts the changes, so that two people who edit at once are shown it.
    version = models.PositiveIntegerField(default=1)
    # The form mints it: the same form sent twice makes one child.
    form_id = models.UUIDField(unique=True, default=new_id)

    # Two records of one child (docs/adr/0005): this one was merged into another, which was kept. What was
    # written on a record stays on it, and is asked for by `stands_for`: the kept record's id, or its own.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="merged_children",
        null=True,
        editable=False,
        db_index=False,
    )
    stands_for = models.GeneratedField(
        expression=Coalesce("merged_into", "id"), output_field=models.UUIDField(), db_persist=True
    )

    class Meta:
        verbose_name_plural = "children"
        indexes = (
            models.Index(fields=["authority", "working_level"], name="child_authority_level"),
            models.Index(fields=["stands_for"], name="child_stands_for"),
            # Of merged records alone: an index that holds all the others under "none" is taken by a planner
            # that looks for those that are not merged, and leads to every child there is.
            models.Index(
                fields=["merged_into"],
                name="child_merged_into",
                condition=models.Q(merged_into__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="child_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=~models.Q(given_names="", family_name="", known_as=""), name="child_has_a_name"
            ),
            models.CheckConstraint(
                condition=~models.Q(ethnicity="not-recorded", ethnicity_not_recorded_why=""),
                name="ethnicity_not_recorded_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(estimated_age=None) | models.Q(estimated_on__isnull=False),
                name="estimated_age_has_its_day",
            ),
        )

    def __str__(self) -> str:
        # A reference, not a name: this text ends up in logs.
        return self.reference

    @property
    def name(self) -> str:
        return in_full(self.given_names, self.family_name) or self.known_as

    @property
    def kept(self) -> "Child":
        """The record that stands for this child: itself, or the one that it was merged into."""
        return self.merged_into or self

    def age_on(self, day: datetime.date) -> int | None:
        """Whole years on that day: by the date of birth, else by the estimate carried forward, else None."""
        return age_on(
            day,
            date_of_birth=self.date_of_birth,
            estimated_age=self.estimated_age,
            estimated_on=self.estimated_on,
        )


class FamilyMember(models.Model):
    """Somebody in the child's family or household, and whether they have parental responsibility."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="family")
    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=100, blank=True)
    parental_responsibility = three_valued("parental responsibility")
    contact = models.CharField(max_length=300, blank=True)
    # In the order in which they were written down.
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.pk)


class AgencyInvolved(models.Model):
    """An agency that works with the child, and its person, whether or not they use the service."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="agencies")
    agency = models.CharField(max_length=200)
    person = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=300, blank=True)
    # In the order in which they were written down.
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.pk)


class MatchKey(models.Model):
    """One way to find a child (`matching.keys_of`): a copy, rebuilt whenever a name or a number changes."""

    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="match_keys")
    kind = models.CharField(max_length=1, choices=[(kind.value, kind.name) for kind in Key])
    value = models.CharField(max_length=60)

    class Meta:
        indexes = (models.Index(fields=["kind", "value", "child"], name="match_key"),)

    def __str__(self) -> str:
        return str(self.pk)


class PossibleDuplicate(models.Model):
    """Two records that may be of one child, and what the front door has said of them."""

    class State(models.TextChoices):
        """Whether it is one child; only `open` and `later` still ask."""

        OPEN = "open", "To decide"
        LATER = "later", "Left for later"
        DIFFERENT = "different", "Different children"
        SAME = "same", "Merged"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    # In the order of their ids, so that a pair is one row whichever of the two brought it up.
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="possible_duplicates")
    other = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    # Codes of `matching.Why`, most telling first, and how much they say together.
    reasons = models.JSONField(default=list)
    points = models.SmallIntegerField(default=0)
    found_at = models.DateTimeField()
    # Where it arose only because one of the two took the place of a record that was merged into it.
    because_of = models.ForeignKey("Merge", on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    why = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["state", "-points", "id"], name="pair_work_list"),)
        constraints = (
            models.UniqueConstraint(fields=["child", "other"], name="pair_found_once"),
            models.CheckConstraint(condition=models.Q(child__lt=models.F("other")), name="pair_in_order"),
            models.CheckConstraint(
                condition=~models.Q(state="different", why=""), name="different_children_says_why"
            ),
        )

    def __str__(self) -> str:
        return self.reference


class Merge(models.Model):
    """One record of a child was merged into another, and perhaps parted from it again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pair = models.ForeignKey(PossibleDuplicate, on_delete=models.PROTECT, related_name="merges")
    kept = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # What it changed on the kept record, by the name of the detail: what stood there before, and after.
    changed = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    undone_why = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="merged_into_one"
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at=None) | ~models.Q(undone_why=""), name="undone_says_why"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
