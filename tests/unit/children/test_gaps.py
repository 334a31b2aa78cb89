"""What is not known: not asked, asked and not known, and no are three different answers."""

import datetime

from cre_toolkit.children.ages import age_on
from cre_toolkit.children.gaps import gaps
from cre_toolkit.children.models import Child

MOTHER = {"parental_responsibility": "yes"}


def of(child: Child, *family):
    return {gap.detail: gap.asked for gap in gaps(child, family)}


def test_a_child_of_whom_only_the_name_is_known():
    found = of(Child(given_names="Amy"))
    assert list(found)[:3] == ["date_of_birth", "open_to_social_care", "send"]
    assert not any(found.values())


def test_not_known_is_a_gap_that_was_asked_about_and_no_is_none():
    found = of(Child(send="not-known", looked_after="no", plan="none", ethnicity="not-recorded"))
    assert found["send"]
    assert found["ethnicity"]
    assert "looked_after" not in found
    assert "plan" not in found


def test_parental_responsibility_is_known_where_somebody_has_it():
    assert "parental_responsibility" in of(Child(), {"parental_responsibility": "no"})
    assert "parental_responsibility" not in of(Child(), {"parental_responsibility": "no"}, MOTHER)


def test_a_worker_outside_the_service_is_a_worker():
    assert "allocated_worker" in of(Child())
    assert "allocated_worker" not in of(Child(worker_name="Somebody Outside"))


def test_ages_count_birthdays():
    leap = {"date_of_birth": datetime.date(2012, 2, 29), "estimated_age": None, "estimated_on": None}
    assert age_on(datetime.date(2026, 2, 28), **leap) == 13
    assert age_on(datetime.date(2026, 3, 1), **leap) == 14
    nothing = {"date_of_birth": None, "estimated_age": None, "estimated_on": None}
    assert age_on(datetime.date(2026, 3, 1), **nothing) is None
