"""Names of every script: found, listed, printed and in Word as written, and in no address or title."""

import io
from collections.abc import Callable

import pytest
from docx import Document
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages.children import Search
from tests.browser.pages.clerk import Clerk, invented_name
from tests.browser.pages.hand import Hand
from tests.browser.pages.journey import address

NAMES = [
    # First names, last name, both as they are written together, and what somebody types who looks for them.
    ("Siân", "Ŵyn", "Siân Ŵyn", "sian wyn"),
    ("Minh", "Nguyễn", "Minh Nguyễn", "nguyen"),
    ("Caitlin", "O'Neill", "Caitlin O'Neill", "oneill"),
    ("小龙", "李", "李小龙", "李小龙"),
    ("عائشة", "الخيالية", "عائشة الخيالية", "عائشة"),
]


@pytest.mark.parametrize(("given", "family", "name", "sought"), NAMES, ids=[each[2] for each in NAMES])
def test_a_name_of_any_script(
    open_page: OpenPage, clerk: Callable[..., Clerk], given: str, family: str, name: str, sought: str
) -> None:
    at_desk = clerk()
    child = at_desk.child(given_names=given, family_name=family)
    page = open_page(who="worker")
    hand = Hand(page, never=(given, family))
    search = Search(hand)
    search.look_for(sought)
    result = page.locator(f"a[href='{child.path}']")
    expect(result).to_have_text(name)

    hand.press(result)
    expect(page.locator(".app-identity__name")).to_have_text(name)
    draft = at_desk.sent(child)
    for shown in ("sent", "record"):
        hand.opens(address(draft, shown))
    expect(page.locator(".app-identity__name")).to_have_text(name)

    hand.opens(address(draft, "print"))
    page.emulate_media(media="print")
    expect(page.get_by_role("main")).to_contain_text(name)

    word = page.request.get(address(draft, "docx"))
    assert name in "".join(Document(io.BytesIO(word.body())).element.body.itertext())
    assert draft in word.headers["content-disposition"]


def test_brothers_and_sisters_are_listed_by_name_whatever_their_accents(
    open_page: OpenPage, clerk: Callable[..., Clerk]
) -> None:
    at_desk = clerk()
    home = {"address": f"7 {invented_name('street')}", "postcode": "ZZ1 7ZZ"}
    family_names = ["Zed", "Öztürk", "amon", "Ŵyn", "O'Neill"]
    written = {name: at_desk.child(given_names="Kim", family_name=name, **home) for name in family_names}
    draft = at_desk.sent(at_desk.child(**home))
    page = open_page(address(draft, "also-for"), who="worker")
    shown = page.get_by_role("main").inner_text()
    places = [shown.index(written[name].name) for name in ("amon", "O'Neill", "Öztürk", "Ŵyn", "Zed")]
    assert places == sorted(places)
