"""The demonstration shows break-glass: one that was reviewed, and one that waits for its review."""

import pytest

from cre_toolkit.children import access, break_glass_queries
from cre_toolkit.children.models import BreakGlass
from cre_toolkit.demonstration.children import load_children
from cre_toolkit.demonstration.emergencies import load_break_glass
from cre_toolkit.demonstration.people import load_people


@pytest.mark.django_db
def test_one_was_reviewed_and_one_waits_for_the_manager():
    users = load_people()
    load_children(users)
    load_break_glass(users)
    assert BreakGlass.objects.filter(review__by=users["manager"]).count() == 1
    (waits,) = break_glass_queries.waiting(access.standing_of(users["manager"]))
    assert waits.to_review
    assert waits.broken.by == users["police"]
