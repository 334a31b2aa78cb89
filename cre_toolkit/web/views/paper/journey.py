"""The pages of each kind of paper form, in the form's own order, and where on them an answer stands."""

from django.urls import reverse

from cre_toolkit.assessments.queries import Draft
from cre_toolkit.rules.instrument import Instrument
from cre_toolkit.web.views.assessments.journey import Page

DETAILS = Page("paper", "About the paper form", "paper")
RATINGS = Page("paper-indicators", "Indicators", "indicators")
PLACES = Page("paper-places", "Places and people who pose a risk", "places")
VULNERABILITIES = Page("paper-vulnerabilities", "Vulnerability factors", "vulnerabilities")
ANALYSIS = Page("paper-analysis", "Analysis and summary", "analysis")
ACTIONS = Page("paper-actions", "Immediate actions", "actions")
ENGAGEMENT = Page("paper-engagement", "Child, family and practitioners", "sharing")
MARKS = Page("paper-marks", "Indicators", "marks")
FACTORS = Page("paper-factors", "Vulnerability factors", "factors")
SUMMARY = Page("paper-summary", "Analysis and summary", "summary")

_PAGES = {
    "rating": (DETAILS, RATINGS, PLACES, VULNERABILITIES, ANALYSIS, ACTIONS, ENGAGEMENT),
    "tier": (DETAILS, MARKS, FACTORS, SUMMARY),
}

# Keys of the case file to the page and the control that answers them, for either kind of form.
_PLACES = {
    "paper.completed_on": (DETAILS, "completed_on_day"),
    "instrument": (DETAILS, "completed_on_day"),
    "child.send": (DETAILS, "send"),
    "persons_or_places_of_risk": (PLACES, "persons_or_places_of_risk"),
    "analysis.level": (ANALYSIS, "level"),
    "analysis.threshold": (ANALYSIS, "threshold"),
    "analysis.protective_factors": (ANALYSIS, "protective_factors"),
    "analysis.primary_exploitation": (ANALYSIS, "primary_exploitation"),
}
# The same question on the matrix.
_OF_TIERS = {RATINGS: MARKS, ANALYSIS: SUMMARY}


def pages(instrument: Instrument) -> tuple[Page, ...]:
    """The pages of a form: that of an edition that rates indicators, or of one that ticks three tiers."""
    return _PAGES[instrument.levels_from]


def before(page: Page, draft: Draft) -> str:
    """The address of the page before; before the first, the child's page."""
    order = pages(draft.instrument)
    place = order.index(page)
    if not place:
        return reverse("child", args=[draft.child.reference])
    return order[place - 1].url(draft.assessment.reference)


def after(page: Page, draft: Draft) -> str:
    """The address of the page after; after the last, the one on which everything is checked."""
    order = pages(draft.instrument)
    place = order.index(page) + 1
    reference = draft.assessment.reference
    return order[place].url(reference) if place < len(order) else check(reference)


def check(reference: str) -> str:
    """The address of the page that shows the whole form, and records it."""
    return reverse("assessment-paper-check", args=[reference])


def place_of(draft: Draft, path: str) -> str:
    """Where a finding is answered; blank where the paper form has no such question.

    Args:
        draft: the paper form.
        path: the finding's place in the case file (`indicators.missing.level`).
    """
    head, *rest = path.split(".")
    if head == "indicators" and rest:
        control = rest[1] if len(rest) > 1 else "risk" if draft.instrument.levels_from == "tier" else "cce"
        page, anchor = RATINGS, f"{rest[0]}-{control}"
    elif path == "child.date_of_birth":
        return reverse("child-edit", args=[draft.child.reference, "identity"]) + "#date_of_birth_day"
    elif path in _PLACES:
        page, anchor = _PLACES[path]
    else:
        return ""
    order = pages(draft.instrument)
    if page not in order:
        page = _OF_TIERS.get(page, page)
    asked = page in order and (path != "child.send" or asks_for_send(draft.instrument))
    return f"{page.url(draft.assessment.reference)}?return=check#{anchor}" if asked else ""


def asks_for_send(instrument: Instrument) -> bool:
    """Whether the form itself asks about disabilities."""
    return any(field.answered_by == "child.send" for field in instrument.fields)
