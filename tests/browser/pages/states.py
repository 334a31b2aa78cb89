"""Every page of the service, in every state that it can be in: how to bring it there.

A new address needs an entry here (`test_every_page.py`). A state is a function that brings a window to it.
"""

from collections.abc import Callable, Mapping

from playwright.sync_api import Locator, Page

from cre_toolkit.web.forms.children.parts import PARTS
from cre_toolkit.web.views.knowledge import GUIDANCE
from tests.browser.pages import typing
from tests.browser.pages.journey import SAVE, SEND, address
from tests.browser.pages.made import Made
from tests.browser.pages.story import INDICATORS

State = Callable[[Page, Made], None]


def at(path: str | Callable[[Made], str]) -> State:
    """The page as it opens."""

    def state(page: Page, made: Made) -> None:
        page.goto(path if isinstance(path, str) else path(made))

    return state


def after(
    path: str | Callable[[Made], str], button: str, fill: Mapping[str, str] | None = None, choose: str = ""
) -> State:
    """The page that answers when its form was filled in (by the ids of its controls) and a button pressed."""

    def state(page: Page, made: Made) -> None:
        at(path)(page, made)
        for control, text in (fill or {}).items():
            page.locator(f"[id='{control}']").fill(text)
        if choose:
            page.locator(f"[id='{choose}']").check()
        press(page, page.get_by_role("main").get_by_role("button", name=button, exact=True))

    return state


def press(page: Page, control: Locator) -> None:
    with page.expect_event("domcontentloaded"):
        control.click()


def of(draft: str, page: str = "", query: str = "") -> Callable[[Made], str]:
    """The address of a page of one of the drafts or sent assessments of `Made`."""
    return lambda made: address(getattr(made, draft), page) + query


def changed_elsewhere(name: str, control: str) -> State:
    """A page of a draft that was saved in another tab after it was opened here."""

    def state(page: Page, made: Made) -> None:
        path = address(made.begin(made.clerk.child()), name)
        page.goto(path)
        box = page.locator(f"[id='{control}']")
        here = box.input_value() + " Typed here."
        made.clerk.fill_in(path, {box.get_attribute("name") or "": here + " Saved there.", "then": "later"})
        box.fill(here)
        press(page, page.get_by_role("button", name=SAVE))
        assert page.get_by_role("heading", name="Changed elsewhere").is_visible()

    return state


def forged_level(page: Page, made: Made) -> None:
    """A level that no browser sends by itself: the card's own error."""
    page.goto(address(made.ready, "indicators/all"))
    first = page.locator(f"[id='{INDICATORS[0].id}-level']")
    first.evaluate("radio => { radio.value = 'extreme'; radio.checked = true }")
    press(page, page.get_by_role("button", name=SAVE))


def record_changed(page: Page, made: Made) -> None:
    """The child's record was changed by somebody else."""
    path = f"{made.new.path}edit/voice/"
    page.goto(path)
    made.clerk.fill_in(path, {"wishes": "Saved there.", "own_words": "", "then": "save"})
    page.locator("#wishes").fill("Typed here.")
    press(page, page.get_by_role("button", name="Save", exact=True))
    assert page.get_by_role("heading", name="Changed elsewhere").is_visible()


def family_sheet_made(page: Page, made: Made) -> None:
    """A sheet for the family was looked at and made."""
    typed = {"worries": "Somebody waits at the gate.", "ring": "Ring Sam."}
    after(of("sent", "family"), "Look at the sheet", fill=typed, choose="for_whom")(page, made)
    press(page, page.get_by_role("button", name="Make the sheet"))
    assert page.get_by_role("heading", name="Made already").is_visible()


def maybe_on_record(page: Page, made: Made) -> None:
    """A child of the same name and birthday is on the record."""
    page.goto("/children/new/")
    made.clerk.open(made.new.path)
    page.get_by_label("First names").fill(made.new.given_names)
    page.get_by_label("Last name").fill(made.new.family_name)
    page.get_by_role("radio", name="Derby", exact=True).check()
    press(page, page.get_by_role("button", name=SAVE))
    assert page.get_by_role("heading", name="Is the child one of these?").is_visible()


NOT_A_DATE = {"day": "31", "month": "2", "year": "2030"}


def not_a_date(field: str) -> dict[str, str]:
    return {f"{field}_{part}": value for part, value in NOT_A_DATE.items()}


def child(part: str = "") -> Callable[[Made], str]:
    return lambda made: made.new.path + part


SOCIAL_CARE = "telephone-social-care"

# By the names of the addresses. Who looks: `worker` where nothing else is said.
PAGES: dict[str, dict[str, State]] = {
    "home": {"the worker's": at("/"), "admin: no children": at("/")},
    "mail": {"the worker's": at("/mail/"), "admin: ": at("/mail/")},
    "due": {"the worker's": at("/due/"), "teacher: ": at("/due/"), "no such page": at("/due/?page=99")},
    "account": {"": at("/account/")},
    "audit": {
        "auditor: the newest": at("/audit/"),
        "auditor: errors": after("/audit/", "Search", {"email": "nobody@example.org", **not_a_date("since")}),
        "auditor: nothing found": at("/audit/?kind=child.parted"),
        "manager: ": at("/audit/"),
    },
    "account_login": {
        "nobody: ": at("/account/sign-in/"),
        "nobody: nothing typed": after("/account/sign-in/", "Sign in"),
        "nobody: wrong": after(
            "/account/sign-in/", "Sign in", {"id_login": "nobody@example.org", "id_password": "x"}
        ),
    },
    "account_logout": {"": at("/account/sign-out/")},
    "account_inactive": {"nobody: ": at("/account/inactive/")},
    "account_change_password": {
        "": at("/account/password/"),
        "nothing typed": after("/account/password/", "Change password"),
    },
    "account_reauthenticate": {
        "": at("/account/confirm/"),
        "wrong": after("/account/confirm/", "Confirm", {"id_password": "x"}),
    },
    "search": {
        "": at("/search/"),
        "nothing typed": after("/search/", "Search"),
        "nobody found": after("/search/", "Search", {"name": "Zyxwvut"}),
        "found": after("/search/", "Search", {"name": "Siân Ŵyn"}),
    },
    "child-new": {
        "": at("/children/new/"),
        "errors": after(
            "/children/new/", SAVE, {"nhs_number": "999 000 0019", **not_a_date("date_of_birth")}
        ),
        "maybe on record": maybe_on_record,
    },
    "child": {
        "new": at(child()),
        "assessed": lambda page, made: at(f"{made.sent and made.assessed.path}")(page, made),
        "in danger": at(lambda made: made.endangered.path),
    },
    "child-access": {"": at(child("access/"))},
    "child-calls": {
        "": at(lambda made: f"{made.endangered.path}calls/"),
        "errors": after(
            lambda made: f"{made.endangered.path}calls/",
            "Log the call to social care",
            {f"{SOCIAL_CARE}-time": "late"},
        ),
    },
    "child-incident-new": {
        "": at(child("incidents/new/")),
        "errors": after(child("incidents/new/"), "Record the incident", {"time": "late"}),
    },
    "child-more": {
        "": at(child("edit/more/")),
        "errors": after(child("edit/more/"), "Save", {"family-0-relationship": "Mother"}),
    },
    "child-edit": {
        **{part.name: at(child(f"edit/{part.name}/")) for part in PARTS},
        "no name": after(child("edit/identity/"), "Save", {"given_names": "", "family_name": ""}),
        "no worker": after(child("edit/workers/"), "Save", choose="worker-3"),
        "changed elsewhere": record_changed,
        "held": typing.held_words,
    },
    "assessment": {"begun": at(of("begun")), "ready": at(of("ready"))},
    "assessment-danger": {"begun": at(of("begun", "danger")), "yes": at(of("endangered_draft", "danger"))},
    "assessment-calls": {
        "": at(of("endangered_draft", "danger/calls")),
        "errors": after(
            of("endangered_draft", "danger/calls"),
            "Log the call to social care",
            {f"{SOCIAL_CARE}-time": "late"},
        ),
    },
    "assessment-child": {
        "not known yet": at(of("begun", "child")),
        "known": at(of("ready", "child")),
        "all asked": at(of("ready", "child", "?ask=all")),
        "errors": after(of("ageless", "child"), SAVE, not_a_date("date_of_birth")),
    },
    "assessment-indicators": {
        "review": at(of("in_review", "indicators")),
        "begun": at(of("begun", "indicators")),
        "changed elsewhere": changed_elsewhere("indicators", "not_known_yet"),
    },
    "assessment-rating": {
        "two": at(of("begun", "indicators/all")),
        "eight": at(of("ready", "indicators/all")),
        "every one": at(of("full", "indicators/all")),
        "forged": forged_level,
        "changed elsewhere": changed_elsewhere("indicators/all", "missing-note"),
    },
    "assessment-rating-group": {"": at(of("ready", "indicators/missing-and-places"))},
    "assessment-places-people": {
        "": at(of("ready", "places-people")),
        "changed elsewhere": changed_elsewhere("places-people", "persons"),
        "saved while typing": typing.saved,
        "signed out while typing": typing.signed_out,
        "held": typing.held,
        "discarded meanwhile": typing.sent_late,
    },
    "drafts": {
        "": lambda page, made: at(f"{made.begun and typing.discarded(made) and '/drafts/'}")(page, made),
        "county.worker: none": at("/drafts/"),
    },
    "assessment-discard": {
        "": at(of("begun", "discard")),
        "danger was said": at(of("endangered_draft", "discard")),
        "already discarded": at(lambda made: address(typing.discarded(made), "discard")),
    },
    "assessment-hand-over": {
        "": at(of("begun", "hand-over")),
        "nobody chosen": after(of("begun", "hand-over"), "Hand over"),
    },
    "assessment-vulnerabilities": {
        "": at(of("ready", "vulnerabilities")),
        "changed elsewhere": changed_elsewhere("vulnerabilities", "young-carer-note"),
    },
    "assessment-consultation": {
        "": at(of("ready", "consultation")),
        "one more": after(of("ready", "consultation"), "Add somebody else"),
    },
    "assessment-analysis": {
        "": at(of("begun", "analysis")),
        "held, and discarded meanwhile": typing.held_to_copy,
        "changed elsewhere": changed_elsewhere("analysis", "immediate_concerns"),
    },
    "assessment-level": {
        "differs": at(of("ready", "level")),
        "low": at(of("low", "level")),
        "errors": after(of("low", "level"), SAVE, not_a_date("look_again_on")),
    },
    "assessment-low": {"": at(of("low", "level/low"))},
    "assessment-actions": {
        "": at(of("begun", "actions")),
        "one more": after(of("ready", "actions"), "Add another action"),
    },
    "assessment-sharing": {
        "with a warning": at(of("begun", "sharing")),
        "one more": after(of("ready", "sharing"), "Add another"),
    },
    "assessment-check": {
        "ready": at(of("ready", "check")),
        "not yet": at(of("begun", "check")),
        "errors": after(of("begun", "check"), SEND),
        "every indicator": after(of("full", "check"), SEND),
        "out of scope": at(of("grown_up", "check")),
        "already sent": at(of("sent", "check")),
    },
    "assessment-sent": {"": at(of("sent", "sent")), "in danger": at(of("sent_in_danger", "sent"))},
    "assessment-record": {
        "": at(of("sent", "record")),
        "of a review": at(of("reviewed", "record")),
        "withdrawn": at(of("withdrawn", "record")),
    },
    "assessment-last-time": {"": at(of("in_review", "last-time"))},
    "assessment-changes": {
        "": at(of("reviewed", "changes")),
        "nothing to compare": at(of("sent", "changes")),
    },
    "assessment-versions": {"": at(of("reviewed", "versions"))},
    "assessment-withdraw": {
        "": at(of("sent", "withdraw")),
        "in danger": at(of("sent_in_danger", "withdraw")),
        "nothing said": after(of("sent", "withdraw"), "Withdraw the assessment"),
        "withdrawn": at(of("withdrawn", "withdraw")),
    },
    "assessment-also-for": {
        "": at(of("with_brother", "also-for")),
        "nobody found": after(of("with_brother", "also-for"), "Search", {"name": "Zyxwvut"}),
        "nothing chosen": after(of("with_brother", "also-for"), "Make the drafts"),
        "from one that was sent": at(of("reviewed", "also-for")),
    },
    "assessment-right-child": {
        "": at(of("withdrawn", "right-child")),
        "nobody chosen": after(of("withdrawn", "right-child"), "Make the draft"),
    },
    "assessment-print": {"": at(of("sent", "print"))},
    "assessment-family": {
        "": at(of("sent", "family")),
        "errors": after(of("sent", "family"), "Look at the sheet"),
        "looked at": after(
            of("sent", "family"),
            "Look at the sheet",
            fill={"worries": "You are at risk of CSE.", "ring": "Ring Sam."},
            choose="for_whom",
        ),
        "made": family_sheet_made,
        "not safe": at(of("unsafe", "family")),
    },
    "guidance": {"": at("/guidance/")},
    "guidance-page": {path.stem: at(f"/guidance/{path.stem}/") for path in sorted(GUIDANCE.glob("*.md"))},
    "contacts": {"": at("/contacts/")},
    "blank-forms": {"": at("/blank-form/")},
    "accessibility": {"": at("/accessibility/"), "nobody: ": at("/accessibility/")},
    "components": {"": at("/components/"), "errors": at("/components/?errors=1")},
}

# Addresses that show no page of their own: what they do instead.
NO_PAGE = {
    "assessment-restore": "takes up a discarded draft again and leads to it: test_never_lose_a_word.py",
    "assessment-start": "begins an assessment and leads to its first page",
    "assessment-review": "begins a review and leads to its first page",
    "assessment-version": "leads to the record of that version",
    "assessment-pdf": "is a PDF: test_journey.py reads it",
    "assessment-docx": "is a Word file: test_documents.py reads it",
    "assessment-family-pdf": "is a PDF: test_family_sheet.py reads it",
    "assessment-family-docx": "is a Word file: test_family_sheet.py reads it",
    "single-sign-on": "is there where a provider is: test_single_sign_on.py",
    "openid_connect_callback": "comes back from a provider: test_single_sign_on.py",
    "session": "says how long the session lasts: test_session_limits.py",
    "session-stay": "notes that somebody is there: test_session_limits.py",
    "administration-second-step": "asks as administration-close does: test_second_factor.py",
    "invitation-link": "keeps what the link carries and leads to the form: test_administration.py",
    "meeting-ics": "is a file for a calendar: test_meeting_pages.py reads it",
    "meeting-pdf": "is a PDF: test_meeting_pages.py reads it",
    "meeting-docx": "is a Word file: test_meeting_pages.py reads it",
    "missing-csv": "is a CSV file: test_missing_list.py reads it",
    "tasking-csv": "is a CSV file: test_tasking.py reads it",
    "tasking-docx": "is a Word file: test_tasking.py reads it",
    "referral-sealed-pdf": "is a PDF: test_referrals_sealed.py reads it",
    "request-pdf": "is a PDF: test_subject_access.py reads it",
    "audit-csv": "is a CSV file: test_audit_trail.py reads it",
    "blank-form-pdf": "is a PDF: test_blank_form.py reads it",
    "blank-form-docx": "is a Word file: test_blank_form.py reads it",
}
