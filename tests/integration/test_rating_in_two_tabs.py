"""Evidence typed on a card is never dropped, whatever another tab has done with its indicator meanwhile."""

import uuid
from typing import Any

import pytest
from django.test import Client

from cre_toolkit.assessments.models import Assessment
from cre_toolkit.assessments.versions import start_review
from cre_toolkit.casework.assessment.sending import send
from tests.factories.assessments import AssessmentFactory, write
from tests.factories.reviews import told_draft
from tests.integration.journeys import answer, opened, signed_in, url

pytestmark = pytest.mark.django_db

NEW = "Seen again on Friday, by her aunt."
ON_THE_CARD = {"missing-note": NEW, "missing-level": "high", "missing-for": "cce", "then": "continue"}


def stored(draft: Assessment) -> dict[str, Any]:
    return draft.sections.get(section="indicators").answers


@pytest.fixture
def draft() -> Assessment:
    draft = AssessmentFactory()
    write(draft, "indicators", considered=True, items={"missing": {"note": "Old."}, "grooming": {}})
    return draft


@pytest.fixture
def client(draft: Assessment) -> Client:
    return signed_in(draft.author)


def cards(client: Client, draft: Assessment) -> dict[str, Any]:
    """The page of the cards as it is opened: what its form would send."""
    notes = {"missing-note": "Old.", "grooming-note": "", "expand_indicators": ""}
    return opened(client, "rating", draft) | notes | {"then": "continue"}


def untick_missing(client: Client, draft: Assessment) -> None:
    answer(client, "indicators", draft, indicator=["grooming"], considered="on", not_known_yet="")


class TestUntickedElsewhere:
    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["button", "typing"])
    def test_what_was_typed_since_is_shown_beside_it_and_not_called_saved(
        self, client: Client, draft: Assessment, headers: dict[str, str]
    ) -> None:
        sent = cards(client, draft) | ON_THE_CARD
        untick_missing(client, draft)
        response = client.post(url("rating", draft), sent, headers=headers)
        assert response.status_code == 409
        assert response.headers.get("X-Autosave") == ("changed" if headers else None)
        assert NEW in response.content.decode()
        assert "missing" not in stored(draft)["items"]

    def test_saved_again_it_counts_and_is_ticked(self, client: Client, draft: Assessment) -> None:
        sent = cards(client, draft) | ON_THE_CARD
        untick_missing(client, draft)
        client.post(url("rating", draft), sent)
        now = opened(client, "rating", draft)
        assert client.post(url("rating", draft), sent | now).status_code == 302
        said = stored(draft)
        assert said["items"]["missing"] == {"note": NEW, "level": "high", "cce": True}
        assert "set_aside" not in said

    def test_it_stays_on_the_page_with_a_mistake_on_it(self, client: Client, draft: Assessment) -> None:
        sent = cards(client, draft) | ON_THE_CARD | {"missing-level": "enormous"}
        untick_missing(client, draft)
        response = client.post(url("rating", draft), sent)
        assert response.status_code == 422
        assert NEW in response.content.decode()

    def test_a_card_on_which_nothing_was_typed_follows_the_other_tab(
        self, client: Client, draft: Assessment
    ) -> None:
        sent = cards(client, draft)
        untick_missing(client, draft)
        assert client.post(url("rating", draft), sent).status_code == 302
        assert set(stored(draft)["items"]) == {"grooming"}
        assert stored(draft)["set_aside"]["missing"]["note"] == "Old."

    def test_where_none_is_ticked_any_more_it_is_kept_too(self, client: Client, draft: Assessment) -> None:
        sent = cards(client, draft) | ON_THE_CARD
        answer(client, "indicators", draft, considered="on", not_known_yet="")
        response = client.post(url("rating", draft), sent)
        assert response.status_code == 409
        assert NEW in response.content.decode()


@pytest.mark.parametrize("became", ["no-change", "no-longer-seen"])
def test_in_a_review_what_another_tab_says_of_last_time_drops_nothing(became: str) -> None:
    first = told_draft()
    last = send(by=first.author, assessment=first)
    client = signed_in(first.author)
    review = start_review(by=first.author, child=last.child, form_id=uuid.uuid4())
    said = {
        "since-missing": "changed", "since-weapons": "changed", "gone-missing": "", "gone-weapons": "",
        "considered": "on", "not_known_yet": "",
    }  # fmt: skip
    answer(client, "indicators", review, **said)
    sent = opened(client, "rating", review) | ON_THE_CARD | {"weapons-note": "Heard of once."}
    answer(client, "indicators", review, **said | {"since-missing": became})
    response = client.post(url("rating", review), sent)
    assert response.status_code == 409
    assert NEW in response.content.decode()
    now = opened(client, "rating", review)
    assert client.post(url("rating", review), sent | now).status_code == 302
    stands = stored(review)
    assert stands["items"]["missing"] == {"note": NEW, "level": "high", "cce": True}
    assert stands["since_last"]["missing"]["answer"] == "changed"
