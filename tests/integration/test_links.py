"""No page offers a way that is refused: whoever follows every link, from home on, meets no closed door."""

import re
from html import unescape

import pytest
from django.utils import timezone

from cre_toolkit.accounts.models import Role
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.assessment.calls import declare_danger
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import ChildFactory, give_access, make_user, practitioner
from tests.factories.relationships import at_level
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
KNOWN = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}
# Signing out would end the walk; files are not pages.
NOT_FOLLOWED = re.compile(r"^/static/|^/account/sign-out/|/(pdf|docx)/$")


def links(response) -> set[str]:
    """Where the page's links lead within the service, without the place on the page."""
    if "text/html" not in response.headers["Content-Type"]:
        return set()
    found = re.findall(r'<a [^>]*href="([^"#]+)', response.content.decode())
    return {unescape(path) for path in found if path.startswith("/") and not NOT_FOLLOWED.search(path)}


@pytest.mark.parametrize("role", Role)
def test_every_link_that_a_role_is_offered_leads_somewhere(role):
    user, author = make_user(role), practitioner()
    child = ChildFactory(created_by=author, **KNOWN)
    sending.send(by=author, assessment=ready_draft(child, author, indicators=2))
    draft = AssessmentFactory(child=child, author=author)
    declare_danger(by=author, assessment=draft, at=timezone.now())
    give_access(child, user=user)
    at_level(child, "high")
    client = signed_in(user)
    to_visit, seen, closed = ["/"], set(), {}
    while to_visit:
        path = to_visit.pop()
        seen.add(path)
        response = client.get(path)
        if response.status_code not in (200, 302):
            closed[path] = response.status_code
        to_visit += sorted(links(response) - seen - set(to_visit))
    assert closed == {}
    assert len(seen) > 5
