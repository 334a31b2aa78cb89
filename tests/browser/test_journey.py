"""The main job, end to end: a child is searched for, added, assessed, and what happens next is known."""

import datetime
import io
from collections.abc import Callable
from dataclasses import astuple

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cre_toolkit.documents.model import MARKING
from tests.browser.conftest import OpenPage, Site
from tests.browser.pages.children import Search
from tests.browser.pages.clerk import Clerk, invented_name
from tests.browser.pages.hand import Effort, Hand
from tests.browser.pages.journey import Journey, address
from tests.browser.pages.story import FACTORS, INDICATORS

# service.md, "The journeys and their budget".
BUDGET = Effort(pages=15, clicks=96, keys=72)


def whole(journey: Journey) -> None:
    """From the child's page to the confirmation, as an expert goes, without an error."""
    journey.begin()
    journey.danger("No")
    journey.sections()
    journey.child(
        ("Does the child have special educational needs", "No"),
        ("Is the child open to children's social care?", "Yes"),
        ("Is the child on a plan?", "Child in need plan"),
        ("Is the child looked after?", "No"),
    )
    journey.tick(INDICATORS)
    journey.rate(INDICATORS)
    journey.places("Yes")
    journey.vulnerabilities(FACTORS)
    journey.consultation(
        ("Children's social care", "Contacted", "Duty worker", "Today"),
        ("Police", "Pending: still to be contacted", "", ""),
        ("Health", "Not needed", "", ""),
        ("Education", "Contacted", "Form tutor", "Monday"),
        ("Specialist exploitation services", "Pending: still to be contacted", "", ""),
    )
    journey.analysis("Medium")
    journey.level("Protective factors and the child's resilience")
    journey.actions("Meet her at the gate on Fridays", "Her aunt", "This Friday")
    journey.sharing("What was seen at the gate", "Form tutor", "Phone", "Monday")
    journey.send()


@pytest.mark.parametrize(
    ("viewport", "javascript"),
    [("desktop", True), ("desktop", False), ("phone", True)],
    ids=["desktop", "without-javascript", "phone"],
)
def test_a_child_is_assessed(
    site: Site,
    open_page: OpenPage,
    record_property: Callable[[str, object], None],
    viewport: str,
    javascript: bool,
) -> None:
    """From signing in to the plan: what to do, by when, the completed form, and the child's page."""
    given, family = invented_name("a"), invented_name("ham")
    page = open_page("/account/sign-in/", viewport=viewport, javascript=javascript)
    site.sign_in(page, "worker")
    hand = Hand(page, never=(given, family))
    Search(hand).add_a_new_child(given, family)
    expect(page.get_by_role("main")).to_contain_text("Not assessed yet")

    hand.begin()
    journey = Journey(hand)
    whole(journey)

    hand.sees("Assessment sent")
    if (viewport, javascript) == ("desktop", True):
        record_property("effort", hand.report())
    for spent, allowed in zip(astuple(hand.effort), astuple(BUDGET), strict=True):
        assert spent <= allowed, hand.report()
    what_to_do_and_by_when(page)
    look_at_the_form(page, journey.reference, f"{given} {family}")

    hand.link("The child's page")
    hand.sees("Child’s record")
    main = page.get_by_role("main")
    expect(main.locator(".app-card", has_text="Latest assessed")).to_contain_text("Medium")
    expect(main.locator(".app-due")).to_contain_text("Refer the child to the Police Referral Unit")


def what_to_do_and_by_when(page: Page) -> None:
    """Medium, where the indicators point to high, in Derby: the manager is told, the police within a day."""
    main = page.get_by_role("main")
    expect(main).to_contain_text("Assessed as Medium")
    now, then = main.locator("ol.app-steps"), main.locator("ul.app-steps").first
    expect(now.get_by_role("listitem").first).to_contain_text("Tell your manager now")
    tomorrow = date_format(timezone.localdate() + datetime.timedelta(days=1), "j F Y")
    for step in then.get_by_role("listitem").all():
        expect(step).to_contain_text(f"By {tomorrow}")
    expect(then).to_contain_text("Refer the child to the Police Referral Unit within 24 hours")
    expect(then).to_contain_text("Operation Liberty")
    in_six_weeks = date_format(timezone.localdate() + datetime.timedelta(weeks=6), "j F Y")
    expect(main).to_contain_text(f"By {in_six_weeks}: Multi-agency CRE review meeting")


def look_at_the_form(page: Page, reference: str, name: str) -> None:
    """The completed form as a PDF: tagged, marked on every page, the child and the author in it."""
    link = page.get_by_role("link", name="PDF", exact=True)
    response = page.request.get(link.get_attribute("href") or "")
    assert response.headers["content-disposition"] == f'attachment; filename="assessment-{reference}.pdf"'
    reader = PdfReader(io.BytesIO(response.body()))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    texts = [sheet.extract_text() for sheet in reader.pages]
    for number, text in enumerate(texts, 1):
        for running in (MARKING, reference, f"Page {number} of {len(texts)}"):
            assert running in text, f"page {number} does not say {running}"
    whole_text = " ".join(" ".join(texts).split())
    for said in (name, "Sam Pretend", *(seen.evidence for seen in INDICATORS)):
        assert said in whole_text
    assert name not in str(reader.metadata)


def test_danger_comes_first_from_any_page(
    open_page: OpenPage, clerk: Callable[..., Clerk], javascript: bool
) -> None:
    """Half-way through the ratings: whom to telephone, the calls logged, and back to what was written."""
    at_desk = clerk()
    child = at_desk.child()
    draft = at_desk.draft(child, until="rating")
    page = open_page(address(draft, "indicators/all"), who="worker", viewport="phone", javascript=javascript)
    hand = Hand(page, never=(child.given_names, child.family_name))
    hand.link("A child is in immediate danger: what to do now")
    telephone = page.get_by_role("main").get_by_role("link", name="999")
    expect(telephone.first).to_have_attribute("href", "tel:999")
    Journey(hand).danger("Yes")

    hand.sees("Telephone now")
    for region, button in (
        ("Call to the police", "Log the call to the police"),
        ("Call to social care", "Log the call to social care"),
    ):
        call = page.get_by_role("region", name=region)
        call.get_by_role("radio").first.check()
        call.get_by_label("Who you spoke to (name, role)").fill("Duty officer")
        hand.button(button)
        expect(page.get_by_role("region", name=region)).to_contain_text("Logged:")
    hand.opens(child.path)
    expect(page.locator("body")).to_contain_text("danger")
