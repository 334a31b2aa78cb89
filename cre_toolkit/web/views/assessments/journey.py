"""The order of the pages, what each is called, and where on them an answer stands."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Page:
    """A page that asks for a section, or for a part of one."""

    name: str
    title: str
    section: str

    def url(self, reference: str) -> str:
        return reverse(f"assessment-{self.name}", args=[reference])


PAGES: tuple[Page, ...] = (
    Page("danger", "Is the child in immediate danger?", "danger"),
    Page("child", "The child", "child"),
    Page("indicators", "Indicators of risk", "indicators"),
    Page("rating", "Level and evidence for each indicator", "indicators"),
    Page("places-people", "Places and people who pose a risk", "places"),
    Page("vulnerabilities", "Vulnerability factors", "vulnerabilities"),
    Page("consultation", "Who you have consulted", "consultation"),
    Page("analysis", "Analysis and your level", "analysis"),
    Page("level", "What the indicators point to", "level"),
    Page("actions", "Immediate actions to protect the child", "actions"),
    Page("sharing", "Sharing information", "sharing"),
)
PAGE = {page.name: page for page in PAGES}

# A page of its own between two others, for some levels only.
LOW = Page("low", "Recording low", "level")

# A review shows on one page what it took up from last time, each part with a link to the page that asks it.
LAST_TIME = Page("last-time", "Is this still right?", "places")
TAKEN_UP = ("child", "places-people", "vulnerabilities")
_REVIEW = (
    PAGE["danger"],
    LAST_TIME,
    *(page for page in PAGES if page.name not in ("danger", *TAKEN_UP)),
)

# Keys of the case file, and of the service's own findings, to the page and the control that answers them.
_PLACES = {
    "immediate_risk": ("danger", "immediate_risk"),
    "persons_or_places_of_risk": ("places-people", "persons_or_places_of_risk"),
    "analysis.level": ("analysis", "level"),
    "analysis.rationale": ("level", "rationale"),
    "analysis.threshold": ("analysis", "threshold"),
    "analysis.protective_factors": ("analysis", "protective_factors"),
    "analysis.primary_exploitation": ("analysis", "primary_exploitation"),
    "indicators.considered": ("indicators", "considered"),
    "level.look_again_on": ("level", "look_again_on_day"),
    "consultation.items": ("consultation", "questions"),
    "actions.items": ("actions", "questions"),
    "sharing.safe-to-tell-family": ("sharing", "safe_to_tell"),
    "places.carried": ("places-people", "questions"),
}
_CHILD = {"child_protection_plan": "plan", "date_of_birth": "date_of_birth_day"}


def after(page: Page, *, review: bool = False) -> str:
    """The name of the address after a page. The list of sections comes after the first question.

    A review goes on from danger to what it took up from last time, and comes back there from each part.
    """
    if review and page.name in TAKEN_UP:
        return f"assessment-{LAST_TIME.name}"
    if page.name == "danger" and not review:
        return "assessment"
    pages = _REVIEW if review else PAGES
    place = pages.index(page) + 1
    return f"assessment-{pages[place].name}" if place < len(pages) else "assessment-check"


def before(page: Page, reference: str, *, review: bool = False) -> str:
    """The address of the page before."""
    if review and page.name in TAKEN_UP:
        return LAST_TIME.url(reference)
    pages = _REVIEW if review else PAGES
    place = pages.index(page)
    return pages[place - 1].url(reference) if place else reverse("assessment", args=[reference])


def place_of(reference: str, path: str, code: str = "", unchanged: Collection[str] = ()) -> str:
    """Where on the journey a finding is answered: the page's address with the control's id.

    Args:
        reference: the assessment's.
        path: the finding's place in the case file (`indicators.missing.level`).
        code: the finding's code: a level below the floor is answered on its own page.
        unchanged: in a review, the indicators that are as they were last time: they have no card, so it is
            there that they are said to have changed.
    """
    head, *rest = path.split(".")
    if code == "below-floor":
        return LOW.url(reference) + "?return=check#thorough_assessment"
    if head == "child":
        control = _CHILD.get(rest[0], rest[0]) if rest else "questions"
        return f"{PAGE['child'].url(reference)}?return=check&ask=all#{control}"
    if path in _PLACES:
        page, control = _PLACES[path]
    elif code == "since-last":
        page, control = "indicators", f"since-{rest[-1]}"
    elif code == "carried":
        page, control = head, "questions"
    elif head == "indicators" and rest and rest[0] in unchanged:
        page, control = "indicators", f"since-{rest[0]}"
    elif head == "indicators" and rest:
        page, control = "rating", f"{rest[0]}-{rest[1] if len(rest) > 1 else 'for'}"
    else:
        page, control = "analysis", "questions"
    return f"{PAGE[page].url(reference)}?return=check#{control}"


def evidence_of(reference: str, indicator: str, unchanged: Collection[str]) -> str:
    """Where the evidence of an indicator stands, with the way back to the level (`place_of`)."""
    if indicator in unchanged:
        return f"{PAGE['indicators'].url(reference)}?return=level#since-{indicator}"
    return f"{PAGE['rating'].url(reference)}?return=level#{indicator}-note"


def address(name: str, reference: str) -> str:
    """The address of a page that belongs to an assessment, by its name in `urls`."""
    return reverse(name, args=[reference])
