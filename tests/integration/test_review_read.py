"""A review that was sent, as it is read: what it says, what changed, and which version it is."""

import re

import pytest
from django.urls import reverse

from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.assessment.withdrawing import withdraw
from tests.factories.people import give_access, practitioner
from tests.factories.reviews import ready_review, told_draft
from tests.integration.journeys import signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def last():
    """A sent assessment in which two indicators were identified."""
    draft = told_draft()
    return send(by=draft.author, assessment=draft)


@pytest.fixture
def client(last):
    return signed_in(last.author)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


class TestWhatItSays:
    def test_the_record_says_what_has_become_of_each(self, client, last):
        review = ready_review(last)
        record = send(by=last.author, assessment=review)
        page = text_of(client.get(reverse("assessment-record", args=[review.reference])))
        assert "No change, as on" in page
        assert "Version 2" in page
        assert record.recorded_level == "medium"

    def test_what_changed_is_shown_word_by_word(self, client, last):
        review = ready_review(
            last,
            places={"locations": "The old car park.", "persons_or_places_of_risk": "yes"},
        )
        send(by=last.author, assessment=review)
        page = client.get(reverse("assessment-changes", args=[review.reference])).content.decode()
        assert "<ins" in page
        assert "put in:" in page
        assert "old " in page

    @pytest.mark.parametrize("page", ["record", "changes", "print"])
    def test_that_what_it_reviewed_was_withdrawn_since_is_said(self, client, last, page):
        review = ready_review(last)
        send(by=last.author, assessment=review)
        words = ("The assessment that this one reviewed has been withdrawn", "reviewed was WITHDRAWN on")
        assert not any(each in text_of(client.get(url(page, review))) for each in words)
        withdraw(by=last.author, record=last, category="wrong-child", words="Two records open.")
        assert any(each in text_of(client.get(url(page, review))) for each in words)

    def test_the_first_version_has_nothing_to_compare(self, client, last):
        page = client.get(reverse("assessment-changes", args=[last.assessment.reference]))
        assert "nothing to compare it with" in text_of(page)


class TestVersions:
    @pytest.fixture
    def second(self, last):
        review = ready_review(last)
        return send(by=last.author, assessment=review)

    def test_the_list_has_each_with_its_number(self, client, last, second):
        page = text_of(client.get(reverse("assessment-versions", args=[last.assessment.reference])))
        assert page.index("Version 2") < page.index("Version 1")

    def test_a_number_leads_to_that_version(self, client, last, second):
        response = client.get(reverse("assessment-version", args=[second.assessment.reference, 1]))
        assert response.headers["Location"] == url("record", last.assessment)

    def test_a_number_that_is_not_there_is_not_found(self, client, second):
        assert (
            client.get(reverse("assessment-version", args=[second.assessment.reference, 7])).status_code
            == 404
        )

    def test_two_reviews_of_one_lead_to_the_list(self, client, last):
        # Both begun before either was sent.
        colleague = practitioner()
        give_access(last.child, user=colleague)
        mine, theirs = ready_review(last), ready_review(last, colleague)
        send(by=last.author, assessment=mine)
        send(by=colleague, assessment=theirs)
        response = client.get(reverse("assessment-version", args=[mine.reference, 2]))
        assert response.headers["Location"] == url("versions", mine)
