"""Those who are asked to a meeting: the page says whom no message reaches (toolkit.md, B5)."""

import pytest
from django.urls import reverse

from cre_toolkit.casework.models import Meeting
from tests.factories.meetings import planned_meeting
from tests.factories.people import ChildFactory
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


def test_who_has_no_address_is_to_be_told_by_whoever_planned_it_for_as_long_as_it_is_planned():
    asked = (("Dr Pretend, GP", ""), ("Ann Pretend, nurse", "ann@example.org"))
    meeting = planned_meeting(ChildFactory(), others=asked)
    client, address = signed_in(meeting.chair), reverse("meeting", args=[meeting.reference])
    page = client.get(address).content.decode()
    assert "Dr Pretend, GP (no e-mail address: tell them yourself)" in page
    assert "Ann Pretend, nurse (" not in page
    Meeting.objects.filter(pk=meeting.pk).update(status=Meeting.Status.CANCELLED)
    assert "tell them yourself" not in client.get(address).content.decode()
