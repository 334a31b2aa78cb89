"""Referrals under load and under the axe: two who answer at once, a process killed between two writes."""

import os
import signal
import subprocess
import sys
import textwrap
import uuid

import pytest
from django.urls import reverse

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.models import CaseEvent, Referral, ReferralStep
from cre_toolkit.casework.referral import answering
from cre_toolkit.casework.referral.states import NotNow, State
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory, front_door
from tests.integration.journeys import signed_in

CLOSED = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}


def sent() -> Referral:
    draft = ready_draft(ChildFactory(**CLOSED), level="medium")
    sending.send(by=draft.author, assessment=draft)
    return Referral.objects.get()


def test_two_officers_accept_at_once_and_one_of_them_has(real_database):
    one = front_door()
    officers = [one, front_door(one.memberships.get().team)]
    referral = sent()

    def accept(number: int) -> ReferralStep:
        officer, mine = User.objects.get(pk=officers[number].pk), Referral.objects.get(pk=referral.pk)
        return answering.accept(by=officer, referral=mine, words="Mine", form_id=uuid.uuid4())

    results = real_database.at_once(2, accept)
    assert {type(result) for result in results} == {ReferralStep, NotNow}, results
    assert ReferralStep.objects.filter(kind="accepted").count() == 1
    done = CaseEvent.objects.filter(kind="done", keys__action="refer-front-door")
    assert done.count() == 1


def test_eight_looks_at_once_receive_it_once(real_database):
    officer = front_door()
    referral = sent()
    where = reverse("referral", args=[referral.reference])
    results = real_database.at_once(8, lambda _: signed_in(officer).get(where).status_code)
    assert set(results) == {200}
    assert ReferralStep.objects.filter(kind="received").count() == 1


@pytest.mark.parametrize("before", ["tick", "_tell"])
def test_killed_while_accepting_it_is_still_waiting_and_can_be_accepted(real_database, before):
    officer = front_door()
    referral = sent()
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                """
                import os, signal, sys, uuid
                import django
                django.setup()
                from cre_toolkit.accounts.models import User
                from cre_toolkit.casework.referral import answering
                from cre_toolkit.casework.models import Referral

                def die(*args, **kwargs):
                    os.kill(os.getpid(), signal.SIGKILL)

                setattr(answering, sys.argv[2], die)
                officer = User.objects.get(pk=sys.argv[1])
                answering.accept(
                    by=officer, referral=Referral.objects.get(), words="Today", form_id=uuid.uuid4()
                )
                """
            ),
            str(officer.pk),
            before,
        ],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "cre_toolkit.settings",
            "DATABASE_URL": real_database.url,
            "DATABASE_POOL": "false",
        },
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert Referral.objects.get().state == State.SENT
    assert not ReferralStep.objects.exists()
    answering.accept(by=officer, referral=referral, words="Today", form_id=uuid.uuid4())
    assert Referral.objects.get().state == State.ACCEPTED
