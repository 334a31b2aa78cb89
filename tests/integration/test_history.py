"""The history of a child's assessments: all forms and versions on one page, the newest first."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cre_toolkit.assessments.models import Withdrawal
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment.sending import send
from cre_toolkit.casework.assessment.withdrawing import withdraw
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.paper import paper_begun, paper_record
from tests.factories.people import ChildFactory, give_access, practitioner
from tests.factories.reviews import ready_review, recorded, told_draft
from tests.integration.journeys import signed_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return ChildFactory(
        date_of_birth=datetime.date(2010, 5, 6),
        send="no",
        open_to_social_care="yes",
        plan="none",
        looked_after="no",
    )


def shown(child, user=None, query=""):
    address = reverse("child-assessments", args=[child.reference]) + query
    return signed_in(user or child.created_by).get(address).content.decode()


def sent(child):
    draft = ready_draft(child)
    return send(by=draft.author, assessment=draft)


def test_every_form_stands_in_it_the_newest_first_by_completion(child):
    live = sent(child)
    matrix = paper_record(child, completed_on="2018-06-05")
    rated = paper_record(child, instrument="cre-2020", completed_on="2020-03-09")
    page = shown(child)
    places = [page.index(url("record", record.assessment)) for record in (live, rated, matrix)]
    assert places == sorted(places)
    for words in ("CSE matrix 2017, April 2017", "CRE risk assessment, Joint Version, May 2019"):
        assert words in page


def test_each_says_its_level_who_made_it_and_who_entered_it(child):
    paper_record(child, completed_on="2018-06-05", paper={"author": "Ann Exemplar"})
    page = shown(child)
    assert "5 June 2018" in page
    assert "12:00" not in page, "a time that the paper does not give is not made up"
    assert 'app-level--medium">Medium' in page
    assert "Ann Exemplar, Example Academy" in page
    assert f"by {child.created_by.name}" in page


def test_a_form_without_a_name_says_so(child):
    paper_record(child, paper={"author": "", "agency": ""})
    assert "The form does not say" in shown(child)


def test_drafts_are_shown_to_their_author_alone(child):
    mine, paper = AssessmentFactory(child=child), paper_begun(child)
    colleague = practitioner()
    give_access(child, user=colleague)
    for draft in (mine, paper):
        assert f'href="{url("", draft)}"' in shown(child)
        assert draft.reference not in shown(child, colleague)


def test_with_nothing_in_it_it_says_so_and_how_to_add_something(child):
    page = shown(child)
    assert "No assessment of this child is on this service yet." in page
    assert reverse("paper-start", args=[child.reference]) in page


def test_a_long_one_can_be_read_form_by_form(child):
    for year in range(2008, 2018):
        paper_record(child, completed_on=f"{year + 3}-06-05")
    rated = paper_record(child, instrument="cre-2020", completed_on="2021-03-09")
    assert "All forms (11)" in shown(child)
    page = shown(child, query="?form=cre-2020")
    assert page.count("Read it") == 1
    assert url("record", rated.assessment) in page
    assert shown(child, query="?form=nonsense").count("Read it") == 11


def test_a_short_one_offers_no_choice(child):
    paper_record(child)
    paper_record(child, instrument="cre-2020")
    assert "All forms" not in shown(child)


def test_a_look_is_on_the_audit_trail_of_the_child(child):
    shown(child)
    assert Event.objects.filter(kind="child.history-viewed", child=child.pk).exists()


def test_costs_eight_queries_at_most_however_long_it_is(child):
    client, address = signed_in(child.created_by), reverse("child-assessments", args=[child.reference])
    costs = []
    for year in range(2012, 2018):
        paper_record(child, completed_on=f"{year}-06-05")
        with CaptureQueriesContext(
            connection,
        ) as made:
            client.get(address)
        costs.append(len(made))
    assert len(set(costs)) == 1
    assert costs[0] <= 8, "\n".join(query["sql"] for query in made)


def test_what_was_withdrawn_says_so(child):
    record = paper_record(child)
    withdraw(
        by=child.created_by, record=record, category=Withdrawal.Category.WRONG_CHILD, words="Another Amy."
    )
    page = shown(child)
    assert "Withdrawn" in page
    assert f"by {child.created_by.name}" in page


def test_a_review_says_which_version_it_is_and_shows_what_changed(child):
    first = recorded(told_draft(child))
    second = recorded(ready_review(first))
    page = shown(child)
    assert "Version 2" in page
    assert url("changes", second.assessment) in page
    assert url("changes", first.assessment) not in page
