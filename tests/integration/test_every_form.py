"""What holds for every form in which somebody types, found on the pages that the URLconf names.

A new form is tried by itself. Enter in a box saves or sends, and text that is sent when the session has ended
comes back to its author, without script too (service.md, "The assessment", the last point).
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern, reverse

from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import HeldText
from cre_toolkit.casework.assessment import sending
from cre_toolkit.children.models import AccessGrant, Child
from cre_toolkit.web.forms.children.parts import PARTS
from cre_toolkit.web.urls import urlpatterns
from tests.factories.assessments import ready_draft
from tests.factories.events import incident_on, note_on
from tests.factories.keeping import access_request, keeper, proposed_end, record_whose_time_is_over
from tests.factories.meetings import action_on, planned_meeting
from tests.factories.paper import paper_draft
from tests.factories.people import (
    ChildFactory,
    MembershipFactory,
    administrator,
    broken_glass,
    child_protection_manager,
    front_door,
    give_access,
    locked_out,
    noted_pair,
    practitioner,
    restricted_to,
    team_manager,
)
from tests.factories.referrals import referral_on
from tests.integration.htmlforms import Form, forms_in
from tests.integration.journeys import signed_in
from tests.integration.merges import KNOWN, merge
from tests.integration.test_nobody_else import (
    OF_A_MEETING,
    OF_A_PAIR,
    OF_A_REFERRAL,
    OF_ANSWERING,
    OF_KEEPING,
    OF_PEOPLE,
    OF_THE_QUEUE,
    parameters,
)

pytestmark = pytest.mark.django_db

TEXT = "She said: he waits at the station"
# Of those who keep the network, restrict a record or lock somebody out.
OF_CLOSING = ("child-network", "child-restriction", "child-lock-out")
# What addresses of an assessment ask for besides its reference.
OTHERS = {"group": "missing-and-places", "number": "1"}
SAFE = {"safe-to-tell-family": "yes", "safe_to_tell_why": "They asked for it."}
# For those who make pages: its forms are looked at, and not sent.
SAVES_NOTHING = {"components"}


def pages(pattern: URLPattern) -> Iterator[tuple[User, str]]:
    """Who may look at what is under an address: drafts, what was sent, forms from paper, records, pairs."""
    author = practitioner()
    child = ChildFactory(created_by=author, **KNOWN)
    asked = parameters(pattern)
    if pattern.name in OF_PEOPLE:
        yield from pages_of_people(pattern)
    elif not asked:
        yield front_door() if pattern.name == "duplicates" else author, reverse(pattern.name)
    elif "reference" not in asked:
        return  # what is only read
    elif pattern.name in OF_A_PAIR:
        pair = noted_pair(child, other := ChildFactory())
        if pattern.name == "duplicate-undo":
            merge(child, other)
        query = f"?keep={child.reference}" if pattern.name == "duplicate-merge" else ""
        yield front_door(), reverse(pattern.name, args=[pair.reference]) + query
    elif pattern.name in OF_KEEPING:
        kept = record_whose_time_is_over()
        reference = proposed_end(kept).reference if pattern.name == "records-destruction" else kept.reference
        yield keeper(), reverse(pattern.name, args=[reference])
    elif pattern.name in OF_ANSWERING:
        request = access_request(child)
        others = {"line": 1} if "line" in asked else {}
        yield request.by, reverse(pattern.name, kwargs={"reference": request.reference, **others})
    elif pattern.name in OF_A_REFERRAL | OF_THE_QUEUE:
        others = {"step": "tried"} if "step" in asked else {}
        yield author, reverse(pattern.name, kwargs={"reference": referral_on(child).reference, **others})
    elif pattern.name in OF_A_MEETING | {"child-meeting-new"}:
        yield from pages_of_a_meeting(pattern, child)
    elif pattern.name == "break-glass-open":
        yield practitioner(), reverse(pattern.name, args=[child.reference])
    elif pattern.name == "break-glass":
        yield child_protection_manager(), reverse(pattern.name, args=[broken_glass(child).reference])
    elif pattern.name.startswith(OF_CLOSING):
        manager = team_manager()
        give_access(child, user=manager)
        if "grant" in asked or "lift" in pattern.name:
            restricted_to(child, manager, author)
        of_record = {"restriction": AccessGrant.Reason.NAMED}.get(pattern.name.split("-")[1])
        grant = child.grants.filter(user=author, reason=of_record or AccessGrant.Reason.ADDED).first()
        named = {"grant": grant and grant.pk, "reference": child.reference}
        if "lock_out" in asked:
            named["lock_out"] = locked_out(child, practitioner()).pk
        yield manager, reverse(pattern.name, kwargs={name: named[name] for name in asked})
    elif str(pattern.pattern).startswith("children/"):
        for part in PARTS if "part" in asked else [None]:
            named = {"part": part.name if part else "", "action": "tell-manager"}
            others = {name: value for name, value in named.items() if name in asked}
            if "note" in asked:
                others["note"] = note_on(child).pk
            if "event" in asked:
                others["event"] = incident_on(child).event.pk
            yield author, reverse(pattern.name, kwargs={"reference": child.reference, **others})
    else:
        sent = sending.send(by=author, assessment=ready_draft(child, author, sharing=SAFE)).assessment
        other = ChildFactory(created_by=author, **(KNOWN | {"send": "yes"}))
        drafts = [ready_draft(other, author, level="low", rated="low"), sent]
        if "paper" in pattern.name:
            drafts = [paper_draft(other, instrument=instrument) for instrument in ("cse-2017", "cre-2020")]
        for draft in drafts:
            kwargs = {name: OTHERS.get(name, draft.reference) for name in asked}
            yield draft.author, reverse(pattern.name, kwargs=kwargs)


def pages_of_a_meeting(pattern: URLPattern, child: Child) -> Iterator[tuple[User, str]]:
    """For whoever chairs it: one that is planned, or something that was agreed in one that was held."""
    meeting = planned_meeting(child)
    named = {"reference": child.reference if pattern.name == "child-meeting-new" else meeting.reference}
    if "action" in parameters(pattern):
        agreed = action_on(child)
        named = {"reference": agreed.minutes.meeting.reference, "action": agreed.pk}
    assert meeting.chair
    yield meeting.chair, reverse(pattern.name, kwargs=named)


def pages_of_people(pattern: URLPattern) -> Iterator[tuple[User, str]]:
    """An administrator's pages about somebody, or those of the manager of somebody's team."""
    manager = team_manager()
    member = MembershipFactory(team=manager.memberships.get().team, user=practitioner())
    known = {"person": member.user_id, "team": member.team_id, "row": member.pk}
    if "cover_id" in parameters(pattern):
        return  # a button alone
    kwargs = {name: known[name] for name in parameters(pattern)}
    of_team = str(pattern.pattern).startswith("team/")
    yield manager if of_team else administrator(), reverse(pattern.name, kwargs=kwargs)


def forms(pattern: URLPattern) -> Iterator[tuple[User, str, Form]]:
    """Every form of the pages of an address that is sent by a POST, and in which somebody types."""
    for user, path in pages(pattern):
        response = signed_in(user).get(path)
        if response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
            for form in forms_in(response.content.decode()):
                if form.method == "post" and (form.boxes or form.areas):
                    yield user, path, form


ALL = pytest.mark.parametrize("pattern", urlpatterns, ids=lambda pattern: pattern.name)


@ALL
def test_enter_in_a_box_saves_or_sends_and_never_removes_adds_or_leaves_out(pattern):
    """A browser presses the first button of the form for whoever presses Enter."""
    for _, path, form in forms(pattern):
        if form.boxes and form.submits:
            _, does = form.submits[0]
            assert not does.startswith(("add-", "remove-", "leave-out", "change")), (path, does)


@ALL
def test_text_that_is_sent_too_late_comes_back_to_its_author_and_is_saved_by_nobody_else(pattern):
    for user, path, form in forms(pattern):
        if pattern.name in SAVES_NOTHING or not form.areas:
            continue
        client = signed_in(user)
        client.logout()
        typed = {name: f"{TEXT} {number}" for number, name in enumerate(form.areas)}
        sent = form.filled_in() | typed | dict(form.submits[:1])
        late = client.post(form.action.partition("#")[0] or path, sent)
        assert late.status_code == 302, path
        kept = HeldText.objects.get()
        client = signed_in(user)
        page = client.get(f"{kept.path}?held=1").content.decode()
        assert "This is what you typed" in page, path
        stands = [area for each in forms_in(page) for area in each.areas.values()]
        for text in typed.values():
            assert any(text in area for area in stands), (path, text)
        client.post(kept.path, {"held": kept.pk, "then": "leave-out"})
        assert not HeldText.objects.exists()


def asks_for_words(pattern: URLPattern) -> bool:
    """Whether a page of this address has such a form. What it takes to open it is made for it alone."""
    with transaction.atomic():
        asks = any(form.areas for *_, form in forms(pattern))
        transaction.set_rollback(True)
    return asks


def test_there_are_such_forms_in_every_part_of_the_service():
    """The two tests above find forms at all."""
    found = {pattern.name for pattern in urlpatterns if asks_for_words(pattern)}
    assert found >= {
        "assessment-analysis",
        "assessment-calls",
        "assessment-family",
        "assessment-withdraw",
        "assessment-paper-summary",
        "break-glass",
        "break-glass-open",
        "child-calls",
        "child-edit",
        "child-event-in-error",
        "child-incident-new",
        "child-lead",
        "child-note",
        "child-more",
        "child-new",
        "child-refer",
        "duplicate",
        "duplicate-undo",
        "meeting-action",
        "meeting-cancel",
        "meeting-change",
        "meeting-record",
        "referral-route",
        "referral-step",
    }
