"""Every page of a child's record for everybody who may see it, and not found for everybody who may not."""

import pytest
from django.urls import reverse

from cre_toolkit.audit.models import Event
from cre_toolkit.children import access
from tests.factories.no_relationships import DO_NOT_SEE
from tests.factories.people import ChildFactory
from tests.factories.relationships import SEE
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
PARTS = ("identity", "contact", "family", "language", "care", "workers", "voice")


def to_read(child) -> list[str]:
    return [reverse("child", args=[child.reference]), reverse("child-access", args=[child.reference])]


def to_change(child) -> list[str]:
    return [
        reverse("child-more", args=[child.reference]),
        *(reverse("child-edit", args=[child.reference, part]) for part in PARTS),
    ]


def addresses(child) -> list[str]:
    return to_read(child) + to_change(child)


@pytest.mark.parametrize("relationship", SEE, ids=lambda relationship: relationship.__name__)
def test_whoever_may_see_the_child_finds_every_page(relationship):
    child = ChildFactory(given_names="Siân")
    user = relationship(child)
    client = signed_in(user)
    theirs, not_theirs = to_read(child), to_change(child)
    if access.may(access.standing_of(user), access.Act.EDIT_CHILD):
        theirs, not_theirs = theirs + not_theirs, []
    for address in theirs:
        assert client.get(address).status_code == 200, address
    for address in not_theirs:
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "Siân" not in answer.content.decode()
    looks = Event.objects.filter(kind__in=["child.viewed", "child.access-viewed"], child=child.pk)
    assert looks.count() == len(theirs)
    assert Event.objects.filter(kind="access.not-allowed", child=child.pk).count() == len(not_theirs)
    assert "Siân" in client.post(reverse("search"), {"reference": child.reference}).content.decode()


@pytest.mark.parametrize("relationship", DO_NOT_SEE, ids=lambda relationship: relationship.__name__)
def test_for_anybody_else_there_is_no_such_child(relationship):
    child = ChildFactory(given_names="Siân", family_name="Ŵyn")
    client = signed_in(relationship(child))
    for address in addresses(child):
        for answer in (client.get(address), client.post(address, {"then": "save", "version": "1"})):
            # Whoever was deactivated is not signed in at all.
            assert answer.status_code in (404, 405) or answer.url.startswith("/account/"), address
            assert "Siân" not in answer.content.decode()
    found = client.post(reverse("search"), {"reference": child.reference})
    assert "Siân" not in found.content.decode()
    child.refresh_from_db()
    assert child.version == 1
    assert not Event.objects.filter(kind="child.viewed").exists()
