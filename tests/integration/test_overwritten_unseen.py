"""Whatever a page says in between, nobody overwrites a text that they were not shown.

A form that comes back (a mistake in it, one row more, held while its author signed in again) goes with what
it was typed over: its versions are those of its first page, never the newest.
"""

import pytest
from django.test import Client
from django.urls import reverse

from cre_toolkit.assessments.models import Assessment
from cre_toolkit.casework.case.facts import change_facts
from cre_toolkit.casework.models import CaseEvent
from cre_toolkit.children.models import Child
from tests.factories.assessments import AssessmentFactory, ready_draft, write
from tests.factories.people import ChildFactory, give_access, practitioner
from tests.integration.childforms import hidden
from tests.integration.htmlforms import forms_in

pytestmark = pytest.mark.django_db

KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def as_it_stands(child: Child) -> Child:
    return Child.objects.get(pk=child.pk)


def colleague_writes(child: Child) -> None:
    """Somebody else saves the same part of the record meanwhile."""
    colleague = practitioner()
    give_access(child, user=colleague)
    now = as_it_stands(child)
    changes = {"plan": "child-protection", "disabilities": "Hears little on the left."}
    change_facts(by=colleague, child=now, version=now.version, changes=changes)


def controls(html: bytes) -> dict[str, str]:
    return dict(hidden(html.decode()))


def test_after_a_mistake_a_part_of_the_record_is_not_overwritten(client: Client):
    worker = practitioner()
    child = ChildFactory(created_by=worker, **KNOWN)
    client.force_login(worker)
    url = reverse("child-edit", args=[child.reference, "care"])
    opened = controls(client.get(url).content)
    colleague_writes(child)
    wrong = client.post(url, opened | KNOWN | {"plan": "nonsense", "disabilities": ""})
    answer = client.post(url, controls(wrong.content) | KNOWN | {"disabilities": ""})
    assert answer.status_code == 409
    assert "Hears little on the left." in answer.content.decode()
    assert as_it_stands(child).plan == "child-protection"


def test_after_one_row_more_a_part_of_the_record_is_not_overwritten(client: Client):
    worker = practitioner()
    child = ChildFactory(created_by=worker, **KNOWN)
    client.force_login(worker)
    url = reverse("child-more", args=[child.reference])
    opened = forms_in(client.get(url).content.decode())[-1].filled_in()
    colleague_writes(child)
    more = client.post(url, opened | KNOWN | {"then": "add-family"})
    longer = forms_in(more.content.decode())[-1].filled_in()
    assert longer["family-rows"] > opened["family-rows"]
    answer = client.post(url, longer | KNOWN | {"then": "save"})
    assert answer.status_code == 409
    assert as_it_stands(child).plan == "child-protection"


def test_after_a_mistake_the_childs_facts_are_not_overwritten_from_an_assessment(client: Client):
    worker = practitioner()
    child = ChildFactory(created_by=worker, **KNOWN)
    draft = AssessmentFactory(child=child, author=worker)
    client.force_login(worker)
    url = reverse("assessment-child", args=[draft.reference]) + "?ask=all"
    opened = controls(client.get(url).content)
    colleague_writes(child)
    born = {"date_of_birth_day": "9", "date_of_birth_month": "1", "date_of_birth_year": "2011"}
    wrong = client.post(url, opened | KNOWN | born | {"date_of_birth_day": "99"})
    assert wrong.status_code == 422
    answer = client.post(url, controls(wrong.content) | KNOWN | born)
    assert answer.status_code == 409
    assert as_it_stands(child).plan == "child-protection"


def test_what_was_answered_about_the_child_is_kept_beside_what_somebody_else_answered(client: Client):
    worker = practitioner()
    child = ChildFactory(created_by=worker, date_of_birth=None)
    draft = AssessmentFactory(child=child, author=worker)
    client.force_login(worker)
    url = reverse("assessment-child", args=[draft.reference])
    opened = controls(client.get(url).content)
    colleague_writes(child)
    born = {"date_of_birth_day": "9", "date_of_birth_month": "1", "date_of_birth_year": "2012"}
    mine = born | {"plan": "none", "send": "yes", "then": "continue"}
    shown = client.post(url, opened | mine)
    page = shown.content.decode()
    assert shown.status_code == 409
    assert 'value="2012"' in page
    assert "Child protection plan" in page
    assert page.count(" checked") == 2
    again = client.post(url, controls(shown.content) | mine)
    assert again.status_code == 302
    stands = as_it_stands(child)
    assert (stands.plan, stands.send, stands.date_of_birth.year) == ("none", "yes", 2012)


def test_a_low_level_below_the_floor_shows_each_text_that_was_changed_elsewhere(client: Client):
    worker = practitioner()
    child = ChildFactory(created_by=worker, **(KNOWN | {"send": "yes"}))
    draft = ready_draft(child, worker, level="low", rated="low")
    client.force_login(worker)
    url = reverse("assessment-low", args=[draft.reference])
    opened = controls(client.get(url).content)
    elsewhere(draft, "analysis", "protective-factors", "Sees her aunt each day.")
    elsewhere(draft, "level", "rationale", "Two colleagues agree.")
    mine = {"protective_factors": "Mine", "thorough_assessment": "on", "then": "continue"}
    seen = client.post(url, opened | mine)
    texts = seen.content.decode()
    again = client.post(url, controls(seen.content) | mine)
    texts += again.content.decode()
    assert (seen.status_code, again.status_code) == (409, 409)
    assert "Sees her aunt each day." in texts
    stands = draft.sections.get(section="analysis").answers
    assert stands["protective-factors"] == "Sees her aunt each day."


def elsewhere(draft: Assessment, section: str, key: str, text: str) -> None:
    """Another tab saves one section."""
    write(draft, section, **(draft.sections.get(section=section).answers | {key: text}))


def test_leaving_out_what_was_held_of_the_danger_page_says_no_danger(client: Client):
    worker = practitioner()
    draft = AssessmentFactory(child=ChildFactory(created_by=worker), author=worker)
    client.force_login(worker)
    url = reverse("assessment-danger", args=[draft.reference])
    opened = controls(client.get(url).content)
    client.logout()
    typed = {"immediate_risk": "yes", "what": "Typed on the wrong child."}
    client.post(url, opened | typed | {"then": "continue"})
    client.force_login(worker)
    given_back = controls(client.get(url + "?held=1").content)
    client.post(url + "?held=1", given_back | typed | {"then": "leave-out"})
    assert not CaseEvent.objects.exists()
    assert "Typed on the wrong child." not in client.get(url + "?held=1").content.decode()
