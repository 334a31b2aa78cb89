"""A mail about an assessment gives its reference and nothing else: the search leads from there to it."""

import pytest
from django.urls import reverse

from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment.sending import send
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    give_access,
    police_referral,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
UNKNOWN = "ZZZZ-ZZZZZZ"


def search(user, **typed):
    return signed_in(user).post(reverse("search"), typed)


def heading(response):
    return response.content.decode().split("<h1")[1].split("</h1>")[0]


@pytest.mark.parametrize("field", ["name", "reference"])
@pytest.mark.parametrize("written", [str, str.lower, lambda reference: reference.replace("-", "")])
def test_of_a_sent_assessment_leads_to_it(field, written):
    reference = "7Q4K-2M9XAB"
    draft = ready_draft()
    Assessment.objects.filter(pk=draft.pk).update(reference=reference)
    record = send(by=draft.author, assessment=draft)
    found = search(record.author, **{field: written(reference)})
    assert found.url == reverse("assessment-record", args=[reference])
    assert Event.objects.filter(kind="child.searched", detail={"by": [field]}).exists()


def test_of_ones_own_draft_leads_to_its_sections():
    draft = AssessmentFactory()
    assert search(draft.author, reference=draft.reference).url == reverse(
        "assessment", args=[draft.reference]
    )


@pytest.mark.parametrize("make", [practitioner, team_manager])
def test_is_found_through_ones_teams_too(make):
    """Several teams, of which one was given access."""
    record = send(by=(draft := ready_draft()).author, assessment=draft)
    teams = [TeamFactory(), TeamFactory()]
    user = team_manager(*teams) if make is team_manager else practitioner(teams=teams)
    assert "Nobody found" in heading(search(user, reference=draft.reference))
    give_access(record.child, team=teams[1])
    found = search(user, reference=draft.reference)
    assert found.url == reverse("assessment-record", args=[draft.reference])


def test_of_a_child_finds_the_child_also_in_the_box_for_names():
    child = ChildFactory()
    page = search(child.created_by, name=child.reference).content.decode()
    assert "1 possible match" in page
    assert reverse("child", args=[child.reference]) in page


def test_one_that_may_not_be_seen_is_answered_like_one_that_does_not_exist():
    draft = ready_draft()
    somebody = practitioner()
    unknown = search(somebody, reference=UNKNOWN)
    assert unknown.status_code == 200
    for act in (lambda: None, lambda: send(by=draft.author, assessment=draft)):
        act()
        hidden = search(somebody, reference=draft.reference)
        assert hidden.status_code == 200
        assert heading(hidden) == heading(unknown)


def test_somebody_elses_draft_is_not_found_by_a_colleague_who_sees_the_child():
    draft = AssessmentFactory()
    give_access(draft.child, user=(colleague := practitioner()))
    assert search(colleague, reference=draft.reference).status_code == 200


def test_a_name_that_could_be_a_reference_is_still_a_name():
    child = ChildFactory(given_names="Mary-Rebeca", family_name="")
    assert (
        reverse("child", args=[child.reference])
        in search(child.created_by, name="Mary-Rebeca").content.decode()
    )


def test_who_may_not_add_a_child_is_not_offered_it():
    assert "Add a new child" in search(practitioner(), name="Nobody Here").content.decode()
    assert "Add a new child" not in search(police_referral(), name="Nobody Here").content.decode()
