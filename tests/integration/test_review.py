"""A review over HTTP, as a browser without script walks it."""

import datetime
import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.assessments import queries
from cre_toolkit.assessments.answers import Places
from cre_toolkit.assessments.copying import copy_to
from cre_toolkit.assessments.models import Assessment, Section
from cre_toolkit.assessments.versions import start_review
from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.assessment.withdrawing import withdraw
from tests.factories.assessments import AssessmentFactory, write
from tests.factories.paper import paper_record
from tests.factories.people import give_access, practitioner
from tests.factories.reviews import ready_review, told_draft
from tests.integration.journeys import answer, opened, signed_in, url


@pytest.fixture
def last(db):
    """A sent assessment in which two indicators were identified."""
    draft = told_draft()
    return send(by=draft.author, assessment=draft)


@pytest.fixture
def client(last):
    return signed_in(last.author)


def begin(client, last):
    response = client.post(
        reverse("assessment-review", args=[last.child.reference]), {"form_id": str(uuid.uuid4())}
    )
    return Assessment.objects.get(previous=last.assessment), response


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def draft_of(review):
    return queries.draft(review.author, review.reference, last_time=True)


def since(review, client, **answers):
    """Answer what has become of the indicators of last time; the reasons' boxes are always sent."""
    boxes = {"gone-missing": "", "gone-weapons": ""}
    said = {f"since-{id_}": value for id_, value in answers.items()}
    return answer(client, "indicators", review, **boxes, **said, considered="on", not_known_yet="")


@pytest.mark.django_db
class TestTheWay:
    def test_danger_comes_first_and_then_what_was_said_last_time(self, client, last):
        review, response = begin(client, last)
        assert response.headers["Location"] == url("danger", review)
        response = answer(client, "danger", review, immediate_risk="no")
        assert response.headers["Location"] == url("last-time", review)

    def test_begun_already_it_leads_to_its_sections(self, client, last):
        review, _ = begin(client, last)
        answer(client, "danger", review, immediate_risk="no")
        assert begin(client, last)[1].headers["Location"] == url("", review)

    def test_on_the_childs_page_the_last_one_can_be_reviewed_or_a_new_one_begun(self, client, last):
        page = text_of(client.get(reverse("child", args=[last.child.reference])))
        assert "Review the last assessment" in page
        assert "Start a new assessment" in page

    def test_an_unfinished_assessment_that_is_no_review_is_said_to_be_none(self, client, last):
        unfinished = AssessmentFactory(child=last.child, author=last.author)
        write(unfinished, "places", locations="The bus station.")
        address = reverse("assessment-review", args=[last.child.reference])
        response = client.post(address, {"form_id": str(uuid.uuid4())}, follow=True)
        assert response.redirect_chain == [(url("", unfinished), 302)]
        assert "an unfinished assessment of this child already, and it is no review" in text_of(response)
        assert not Assessment.objects.filter(previous=last.assessment).exists()

    def test_without_anything_to_review_it_says_so(self):
        draft = told_draft()
        response = signed_in(draft.author).post(
            reverse("assessment-review", args=[draft.child.reference]),
            {"form_id": str(uuid.uuid4())},
            follow=True,
        )
        assert "There is no assessment to review" in text_of(response)

    def test_a_form_without_its_number_is_not_found(self, client, last):
        assert client.post(reverse("assessment-review", args=[last.child.reference])).status_code == 404


@pytest.mark.django_db
class TestStillRight:
    def test_one_page_shows_facts_places_and_vulnerabilities_of_last_time(self, client, last):
        review, _ = begin(client, last)
        page = text_of(client.get(url("last-time", review)))
        for said in ("The car park.", "A man in a van.", "Cares for her brother.", "Open to social care Yes"):
            assert said in page

    def test_saved_it_counts_as_said_today_with_the_one_answer_that_is_given_anew(self, client, last):
        review, _ = begin(client, last)
        response = save_last_time(client, review, persons_or_places_of_risk="no")
        assert response.headers["Location"] == url("indicators", review)
        draft = draft_of(review)
        assert set(draft.carried) == {"consultation"}
        assert draft.answers.places.locations == "The car park."
        assert draft.answers.places.persons_or_places_of_risk == "no"
        assert draft.answers.child.confirmed

    def test_changed_meanwhile_it_is_shown_again(self, client, last):
        review, _ = begin(client, last)
        hidden = versions_on(client, review)
        answer(client, "places-people", review, locations="The bus station.")
        response = client.post(
            url("last-time", review), {**hidden, "persons_or_places_of_risk": "no", "then": "continue"}
        )
        assert response.status_code == 409
        assert "The bus station." in text_of(response)
        assert "vulnerabilities" in draft_of(review).carried

    def test_what_was_copied_of_another_child_is_not_last_times_and_waits_on_its_own_page(self):
        draft = told_draft()
        write(draft, "places", persons_or_places_of_risk="no")
        last = send(by=draft.author, assessment=draft)
        client = signed_in(last.author)
        review, _ = begin(client, last)
        copy_to(
            by=last.author,
            children=[last.child],
            parts={Section.PLACES: Places(locations="The sister’s café.")},
            wanted=["places"],
            source=draft,
            form_id=uuid.uuid4(),
        )
        page = text_of(client.get(url("last-time", review)))
        assert "The sister’s café." not in page
        assert "Not said last time." in page
        save_last_time(client, review, persons_or_places_of_risk="no")
        assert draft_of(review).carried["places"] == "copied"
        assert draft_of(review).answers.places.persons_or_places_of_risk == "no"
        answer(client, "places-people", review, locations="A car park.", persons_or_places_of_risk="no")
        assert "places" not in draft_of(review).carried

    def test_each_part_can_be_changed_and_leads_back(self, client, last):
        review, _ = begin(client, last)
        for page in ("child", "places-people", "vulnerabilities"):
            assert (
                f"{url(page, review)}?return=last-time"
                in client.get(url("last-time", review)).content.decode()
            )
        response = answer(
            client, "places-people", review, query="?return=last-time", locations="The bus station."
        )
        assert response.headers["Location"] == url("last-time", review)

    def test_it_is_a_page_of_reviews_alone(self):
        draft = told_draft()
        response = signed_in(draft.author).get(url("last-time", draft))
        assert response.headers["Location"] == url("", draft)


def versions_on(client, review) -> dict[str, str]:
    page = client.get(url("last-time", review)).content.decode()
    return dict(re.findall(r'name="(version-[a-z]+)" value="(\d+)"', page))


def save_last_time(client, review, **said):
    return client.post(url("last-time", review), {**versions_on(client, review), **said, "then": "continue"})


@pytest.mark.django_db
class TestSinceLastTime:
    def test_each_indicator_stands_with_what_was_said_and_none_is_answered(self, client, last):
        review, _ = begin(client, last)
        page = client.get(url("indicators", review)).content.decode()
        assert "Three Fridays, told by her aunt." in page
        radios = re.findall(r'<input[^>]*name="since-(\w+)"[^>]*>', page)
        assert radios == ["missing"] * 3 + ["weapons"] * 3
        assert " checked" not in page

    def test_what_was_there_last_time_is_not_ticked_a_second_time(self, client, last):
        review, _ = begin(client, last)
        page = client.get(url("indicators", review)).content.decode()
        ticks = re.findall(r'name="indicator" type="checkbox" value="([\w-]+)"', page)
        assert len(ticks) == 29 - 2
        assert not {"missing", "weapons"} & set(ticks)

    def test_no_change_needs_no_rating(self, client, last):
        review, _ = begin(client, last)
        response = since(review, client, missing="no-change", weapons="no-longer-seen")
        assert response.headers["Location"] == url("consultation", review)
        assert set(draft_of(review).answers.indicators.items) == {"missing"}

    def test_what_has_changed_and_what_is_new_is_rated_and_nothing_else(self, client, last):
        review, _ = begin(client, last)
        response = since(review, client, missing="no-change", weapons="changed")
        assert response.headers["Location"] == url("rating", review)
        page = client.get(url("rating", review)).content.decode()
        assert "Heard of once." in page
        assert 'name="weapons-level"' in page
        assert 'name="missing-level"' not in page
        assert "As it was last time, and not asked again here" in page

    def test_a_new_one_is_ticked_as_usual(self, client, last):
        review, _ = begin(client, last)
        response = since(review, client, missing="no-change", weapons="no-change")
        hidden = opened(client, "indicators", review)
        response = client.post(
            url("indicators", review),
            {
                **hidden,
                "since-missing": "no-change",
                "since-weapons": "no-change",
                "gone-missing": "",
                "gone-weapons": "",
                "indicator": ["grooming"],
                "then": "continue",
            },
        )
        assert response.headers["Location"] == url("rating", review)
        assert set(draft_of(review).answers.indicators.items) == {"missing", "weapons", "grooming"}

    def test_what_was_written_comes_back_when_an_answer_is_taken_back(self, client, last):
        review, _ = begin(client, last)
        since(review, client, missing="changed", weapons="no-change")
        answer(
            client,
            "rating",
            review,
            **{"missing-note": "Every Friday now.", "missing-level": "high", "missing-for": "cce"},
        )
        since(review, client, missing="no-change", weapons="no-change")
        since(review, client, missing="changed", weapons="no-change")
        assert draft_of(review).answers.indicators.items["missing"].note == "Every Friday now."

    def test_an_answer_that_no_page_sends_is_none(self, client, last):
        review, _ = begin(client, last)
        since(review, client, missing="perhaps")
        assert draft_of(review).answers.indicators.since_last["missing"].answer == ""

    @pytest.mark.parametrize("page", ["", "last-time", "indicators", "check"])
    def test_of_a_withdrawn_assessment_the_page_says_so(self, client, last, page):
        review, _ = begin(client, last)
        assert "has been withdrawn" not in text_of(client.get(url(page, review)))
        withdraw(by=last.author, record=last, category="in-error", words="Sent too early.")
        assert "has been withdrawn" in text_of(client.get(url(page, review)))

    @pytest.mark.parametrize("page", ["", "last-time", "indicators", "check"])
    def test_of_an_assessment_that_came_after_the_page_says_so(self, client, last, page):
        review, _ = begin(client, last)
        colleague = practitioner()
        give_access(last.child, user=colleague)
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
            theirs = send(by=colleague, assessment=told_draft(last.child, colleague))
            shown = client.get(url(page, review))
        assert "Another assessment has been sent since" in text_of(shown)
        assert url("record", theirs.assessment) in shown.content.decode()


@pytest.mark.django_db
class TestSending:
    def test_it_asks_for_everything_that_was_taken_up(self, client, last):
        review, _ = begin(client, last)
        page = text_of(client.get(url("check", review)))
        assert "Select no change, changed or no longer seen for" in page
        assert "Look at ‘Vulnerability factors’ and save it" in page

    def test_what_is_asked_links_to_where_it_is_answered(self, client, last):
        review, _ = begin(client, last)
        page = client.get(url("check", review)).content.decode()
        assert f"{url('indicators', review)}?return=check#since-missing" in page
        assert f"{url('consultation', review)}?return=check#questions" in page

    def test_what_an_unchanged_indicator_lacks_is_mended_where_it_is_said_to_have_changed(self):
        # On paper, a high level may stand without its evidence.
        last = paper_record(instrument="cre-2020", completed_on="2026-06-12")
        review = ready_review(last)
        page = signed_in(last.author).get(url("check", review)).content.decode()
        (unanswered,) = re.findall(r"/indicators/\?return=check#since-([\w-]+)\"[^>]*>Write down", page)
        assert unanswered in draft_of(review).unchanged


@pytest.mark.django_db
class TestOfAPaperForm:
    """A form of 2020 that was entered from paper is reviewed like any other; a matrix of 2017 never."""

    def test_what_is_unchanged_stands_as_on_the_day_of_the_paper(self):
        last = paper_record(instrument="cre-2020", completed_on="2026-06-12")
        client = signed_in(last.author)
        review, _ = begin(client, last)
        assert "As on 12 June 2026" in text_of(client.get(url("indicators", review)))
        assert client.get(url("last-time", review)).status_code == 200
        (asked, *_) = draft_of(review).answers.indicators.since_last
        answer(
            client,
            "indicators",
            review,
            **{f"since-{asked}": "no-change", f"gone-{asked}": "", "considered": "on"},
        )
        assert draft_of(review).answers.indicators.items[asked].as_on == "2026-06-12"

    def test_what_changed_since_the_paper_is_shown(self):
        last = paper_record(instrument="cre-2020", completed_on="2026-06-12")
        review = ready_review(last, indicators={"considered": True, "items": {}}, analysis={"level": "low"})
        record = send(by=last.author, assessment=review)
        page = signed_in(last.author).get(url("changes", record.assessment))
        assert "Version 2" in text_of(page)
        assert "version 1, of 12 June 2026" in text_of(page)

    def test_a_matrix_is_not_taken_up(self):
        last = paper_record(instrument="cse-2017")
        response = signed_in(last.author).post(
            reverse("assessment-review", args=[last.child.reference]), {"form_id": str(uuid.uuid4())}
        )
        assert response.headers["Location"] == reverse("child", args=[last.child.reference])
        assert not Assessment.objects.filter(previous=last.assessment).exists()


def test_begun_eight_times_at_once_it_is_begun_once(real_database):
    draft = told_draft()
    last = send(by=draft.author, assessment=draft)
    form_id = uuid.uuid4()
    results = real_database.at_once(
        8, lambda n: start_review(by=last.author, child=last.child, form_id=form_id)
    )
    review = Assessment.objects.get(previous=last.assessment)
    assert results == [review] * 8
    assert review.sections.count() == 4
