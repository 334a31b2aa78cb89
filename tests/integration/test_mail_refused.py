"""Whoever does something that tells people by mail learns at once where no mail may go."""

import uuid

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.jobs.actions import mail
from cre_toolkit.jobs.aloud import hearing
from cre_toolkit.jobs.models import Message
from tests.factories.people import TeamFactory, practitioner, team_manager
from tests.integration.journeys import signed_in

PARTS = ("day", "month", "year")


def test_whoever_causes_mail_that_may_not_go_is_told_on_the_next_page(real_database):
    manager = team_manager(TeamFactory())
    team = manager.memberships.get().team
    absent, stand_in = practitioner(teams=[team]), practitioner(email="kit@elsewhere.example.com")
    today = timezone.localdate()
    answer = signed_in(manager).post(
        reverse("team-cover", args=[absent.pk]),
        {"stand_in": stand_in.pk, "form_id": uuid.uuid4()}
        | {f"{end}_{part}": getattr(today, part) for end in ("first", "last") for part in PARTS},
        follow=True,
    )
    text = answer.content.decode()
    assert "The message to kit@elsewhere.example.com could not go" in text
    assert "Telephone them" in text
    assert Message.objects.get().status == "refused"
    assert "1 message did not arrive" in signed_in(manager).get("/").content.decode()
    assert (
        "Not sent: the domain is not on the authority’s list"
        in signed_in(manager).get(reverse("mail")).content.decode()
    )


def test_a_refusal_of_what_came_to_nothing_is_not_said(real_database):
    with hearing() as refused:
        with transaction.atomic():
            mail(by=None, to="kit@elsewhere.example.com", subject="S", body="B")
            transaction.set_rollback(True)
        assert refused == []
        mail(by=None, to="kit@elsewhere.example.com", subject="S", body="B")
        assert refused == ["kit@elsewhere.example.com"]
