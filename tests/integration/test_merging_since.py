"""Undoing a merge after more has happened: each record has what comes of what was begun on it, and no more.

Whoever goes on with something after a merge goes on with it on the record where it stands; nobody is left
with a text that they cannot reach, or with sight of a child who is not theirs.
"""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.assessments import actions, drafts, queries, versions
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.casework.assessment import calls, sending, withdrawing
from cre_toolkit.casework.case import state
from cre_toolkit.casework.ends import merging
from cre_toolkit.casework.models import Call, CaseEvent
from cre_toolkit.children import access
from cre_toolkit.children.models import Child, Merge
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import ChildFactory, front_door, give_access, practitioner
from tests.integration.merges import KNOWN, merge, two_records, undo

pytestmark = pytest.mark.django_db


def again(row):
    """A row as it stands now."""
    return type(row).objects.get(pk=row.pk)


def due(child: Child) -> set[str]:
    return {entry.id for entry in state.state_of(again(child)).due}


def telephone(user, child: Child, assessment: Assessment | None = None) -> list[Call]:
    """Both calls, as somebody logs who has reached somebody."""
    return [
        calls.log_call(
            by=user,
            child=again(child),
            to=to,
            at=timezone.now(),
            outcome=Call.Outcome.SPOKE,
            assessment=assessment and again(assessment),
            form_id=uuid.uuid4(),
        )
        for to in Call.To
    ]


@pytest.fixture
def author():
    return practitioner()


@pytest.fixture
def kept(author):
    return ChildFactory(created_by=author, **KNOWN)


@pytest.fixture
def other(author):
    return ChildFactory(created_by=author, **KNOWN)


CALLS = set(Call.To.values)


class TestWithdrawn:
    def test_what_was_withdrawn_while_they_were_merged_stays_withdrawn(self):
        rich, poor = two_records()
        done = merge(poor, rich)
        withdrawing.withdraw(
            by=rich.created_by, record=Record.objects.get(), category="in-error", words="Sent too early."
        )
        undo(done)
        assert again(rich).working_level == ""
        assert state.state_of(again(rich)).working_level is None
        assert state.state_of(again(poor)).working_level is None

    def test_danger_is_withdrawn_with_the_assessment_after_they_were_parted(self, author, kept, other):
        draft = ready_draft(other, author, immediate_risk="yes")
        done = merge(kept, other)
        calls.declare_danger(by=author, assessment=again(draft), at=timezone.now())
        undo(done)
        record = sending.send(by=author, assessment=again(draft))
        withdrawing.withdraw(
            by=author, record=again(record), category="in-error", words="Not so.", danger_too=True
        )
        assert not due(other) & CALLS


class TestDanger:
    def test_said_in_a_draft_it_goes_with_the_draft(self, author, kept, other):
        draft = AssessmentFactory(child=other, author=author)
        done = merge(kept, other)
        calls.declare_danger(by=author, assessment=again(draft), at=timezone.now())
        assert due(kept) >= CALLS
        undo(done)
        assert due(other) >= CALLS
        assert not due(kept) & CALLS

    def test_calls_that_were_made_are_not_due_again(self, author, kept, other):
        draft = AssessmentFactory(child=other, author=author)
        calls.declare_danger(by=author, assessment=draft, at=timezone.now())
        done = merge(kept, other)
        telephone(author, kept)
        undo(done)
        assert not due(other) & CALLS
        assert {call.child_id for call in Call.objects.all()} == {other.pk}

    def test_calls_logged_in_a_draft_go_with_the_draft(self, author, kept, other):
        draft = AssessmentFactory(child=other, author=author)
        done = merge(kept, other)
        made = telephone(author, kept, draft)
        undo(done)
        assert {again(call).child_id for call in made} == {other.pk}

    def test_one_call_does_what_both_records_ask_for_and_stays_done_on_both(self, author, kept, other):
        colleague = practitioner()
        give_access(other, user=colleague)
        for child, user in ((kept, author), (other, colleague)):
            draft = AssessmentFactory(child=child, author=user)
            calls.declare_danger(by=user, assessment=draft, at=timezone.now())
        done = merge(kept, other)
        telephone(author, kept)
        undo(done)
        assert not (due(kept) | due(other)) & CALLS
        ticks = CaseEvent.objects.filter(kind=CaseEvent.Kind.DONE)
        assert sorted(ticks.values_list("child", flat=True)) == sorted([kept.pk, other.pk] * len(CALLS))

    def test_a_call_of_which_the_form_is_sent_twice_across_a_merge_is_logged_once(self, author, kept, other):
        said = {"by": author, "to": Call.To.POLICE, "at": timezone.now(), "outcome": Call.Outcome.SPOKE}
        form_id = uuid.uuid4()
        first = calls.log_call(child=other, form_id=form_id, **said)
        merge(kept, other)
        assert calls.log_call(child=again(kept), form_id=form_id, **said) == first


class TestDrafts:
    def test_what_was_sent_of_one_stands_on_the_record_on_which_it_was_begun(self, author, kept, other):
        draft = ready_draft(other, author, level="high")
        done = merge(kept, other)
        record = sending.send(by=author, assessment=again(draft))
        assert again(kept).working_level == "high"
        undo(done)
        assert again(record).child_id == again(draft).child_id == other.pk
        assert (again(kept).working_level, again(other).working_level) == ("", "high")
        assert not merging.written_since(done).exists()

    def test_begun_since_by_somebody_who_sees_the_child_by_the_merge_alone_it_goes_with_their_record(
        self, kept, other
    ):
        teacher = practitioner()
        give_access(other, user=teacher)
        done = merge(kept, other)
        draft = actions.start(by=teacher, child=again(kept), form_id=uuid.uuid4())
        write(draft, "places", locations="Behind the swimming baths.")
        undo(done)
        assert queries.draft(teacher, draft.reference).child == other
        assert queries.draft(teacher, draft.reference).answers.places.locations

    def test_begun_since_by_somebody_who_saw_the_kept_record_it_stays(self, author, kept, other):
        done = merge(kept, other)
        draft = actions.start(by=author, child=again(kept), form_id=uuid.uuid4())
        undo(done)
        assert again(draft).child_id == kept.pk

    def test_by_way_of_three_records_it_comes_back_step_by_step(self, author, kept, other):
        third = ChildFactory(created_by=author, **KNOWN)
        draft = AssessmentFactory(child=other, author=author)
        first = merge(kept, other)
        second = merge(third, kept)
        calls.declare_danger(by=author, assessment=again(draft), at=timezone.now())
        where = [again(draft).child_id]
        for done in (second, first):
            undo(done)
            where.append(again(draft).child_id)
        assert where == [third.pk, kept.pk, other.pk]
        assert due(other) >= CALLS
        assert not (due(kept) | due(third)) & CALLS


class TestHandedOver:
    @pytest.fixture
    def colleague(self):
        return practitioner()

    def test_the_new_author_goes_on_with_it_before_and_after(self, author, kept, other, colleague):
        draft = ready_draft(other, author)
        done = merge(kept, other)
        drafts.hand_over(by=author, assessment=again(draft), to=colleague)
        assert queries.draft(colleague, draft.reference).child == kept
        undo(done)
        assert queries.draft(colleague, draft.reference).child == other

    def test_they_see_the_child_of_the_draft_and_not_the_other(self, author, kept, other, colleague):
        draft = ready_draft(other, author)
        done = merge(kept, other)
        drafts.hand_over(by=author, assessment=again(draft), to=colleague)
        undo(done)
        assert list(access.visible_to(colleague)) == [other]

    def test_of_three_records_too(self, author, kept, other, colleague):
        draft, third = ready_draft(other, author), ChildFactory(created_by=author, **KNOWN)
        first, second = merge(kept, other), merge(third, kept)
        drafts.hand_over(by=author, assessment=again(draft), to=colleague)
        seen = [list(access.visible_to(colleague))]
        for done in (second, first):
            undo(done)
            seen.append(list(access.visible_to(colleague)))
        assert seen == [[third], [kept], [other]]

    def test_whoever_it_was_sent_to_sees_its_child_and_not_the_other(self, author, kept, other):
        door = front_door()
        draft = ready_draft(other, author)
        Child.objects.filter(pk__in=[kept.pk, other.pk]).update(open_to_social_care="no")
        done = merge(kept, other)
        sending.send(by=author, assessment=again(draft))
        assert list(access.visible_to(door)) == [kept]
        undo(done)
        assert list(access.visible_to(door)) == [other]


class TestReviews:
    """A review shows what was said last time: of the same child, or it is not gone on with."""

    @pytest.fixture
    def two(self):
        return two_records()

    @pytest.fixture
    def reviewed(self, two):
        """The merge, and a review of what the merged record says by somebody who sees the kept one alone."""
        rich, poor = two
        stranger = practitioner()
        give_access(poor, user=stranger)
        done = merge(poor, rich)
        return done, versions.start_review(by=stranger, child=again(poor), form_id=uuid.uuid4())

    def test_undoing_waits_until_it_is_discarded_and_says_whose_it_is(self, reviewed):
        done, review = reviewed
        with pytest.raises(merging.ReviewOfTheOther) as whose:
            undo(done)
        assert list(whose.value.authors) == [review.author]
        assert Merge.objects.filter(pk=done.pk, undone_at=None).exists()
        drafts.discard(by=review.author, assessment=review)
        undo(done)

    def test_the_page_of_undoing_says_so(self, client, reviewed):
        done, review = reviewed
        client.force_login(front_door())
        address = reverse("duplicate-undo", args=[done.pair.reference])
        response = client.post(address, {"why": "Seen together."})
        page = response.content.decode()
        assert response.status_code == 409
        assert f"{review.author.name} has an unfinished review" in page
        assert "Seen together." in page

    def test_discarded_it_is_not_restored_onto_another_child(self, reviewed):
        done, review = reviewed
        drafts.discard(by=review.author, assessment=review)
        undo(done)
        assert not queries.discarded_by(review.author).exists()
        with pytest.raises(actions.NotADraft):
            drafts.restore(by=review.author, assessment=review)

    def test_of_somebody_who_has_left_it_is_discarded_for_them(self, reviewed):
        done, review = reviewed
        type(review.author).objects.filter(pk=review.author_id).update(is_active=False)
        undo(done)
        assert again(review).status == Assessment.Status.DISCARDED

    def test_an_empty_draft_of_the_merged_record_that_became_a_review_of_the_kept_one_too(self, two):
        rich, poor = two
        teacher = practitioner()
        give_access(poor, user=teacher)
        AssessmentFactory(child=poor, author=teacher)
        done = merge(rich, poor)
        versions.start_review(by=teacher, child=again(rich), form_id=uuid.uuid4())
        with pytest.raises(merging.ReviewOfTheOther):
            undo(done)

    def test_one_that_was_begun_before_the_merge_goes_back_with_its_record(self, two):
        rich, poor = two
        review = versions.start_review(by=rich.created_by, child=rich, form_id=uuid.uuid4())
        undo(merge(poor, rich))
        assert again(review).child_id == rich.pk
        assert queries.draft(rich.created_by, review.reference, last_time=True).last_time
