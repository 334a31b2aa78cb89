"""Break-glass pressed many times at once is one; so is its review."""

from cre_toolkit.audit.models import Event
from cre_toolkit.children import break_glass
from cre_toolkit.children.models import AccessGrant, BreakGlass, BreakGlassReview
from cre_toolkit.jobs.models import Message
from tests.factories.people import ChildFactory, broken_glass, child_protection_manager, practitioner


def test_eight_presses_at_once_are_one_break_glass(real_database):
    child, chair, stranger = ChildFactory(), child_protection_manager(), practitioner()
    results = real_database.at_once(8, lambda number: broken_glass(child, by=stranger).pk)
    assert set(results) == {BreakGlass.objects.get().pk}
    assert AccessGrant.objects.filter(user=stranger).count() == 1
    assert Event.objects.filter(kind="break-glass.broken").count() == 1
    assert [message.to for message in Message.objects.all()] == [chair.email]


def test_of_two_reviews_at_once_one_stands_and_the_other_is_told(real_database):
    chairs = [child_protection_manager(), child_protection_manager()]
    broken = broken_glass(ChildFactory())
    outcomes = ("justified", "not-justified")
    results = real_database.at_once(
        2,
        lambda number: (
            break_glass.review(
                by=chairs[number], broken=broken, outcome=outcomes[number], words="I asked."
            ).outcome
        ),
    )
    stands = BreakGlassReview.objects.get()
    assert sum(result == stands.outcome for result in results) == 1
    assert sum(isinstance(result, break_glass.ReviewedAlready) for result in results) == 1
