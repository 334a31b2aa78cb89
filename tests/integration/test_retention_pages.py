"""The pages of those who keep records: lists by reference, one record's time, and its end by two people."""

import datetime

import pytest
from django.urls import reverse

from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.children.models import Child, LockOut
from cre_toolkit.records import destroying, keeping, reviewing
from cre_toolkit.records.models import Destruction, LegalHold, RetentionReview
from tests.factories.keeping import keeper, proposed_end, record_whose_time_is_over
from tests.factories.people import ChildFactory, locked_out, practitioner
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return record_whose_time_is_over()


@pytest.fixture
def client():
    return signed_in(keeper())


def listed(client, show: str = "") -> str:
    keeping.count_next()
    return client.get(reverse("records"), {"show": show} if show else {}).content.decode()


def test_whose_time_is_over_is_listed_by_reference_and_not_by_name(client, child):
    young = ChildFactory()
    page = listed(client)
    assert child.reference in page
    assert child.family_name not in page
    assert young.reference not in page


def test_what_cannot_be_counted_has_a_list_of_its_own(client):
    unknown = ChildFactory(date_of_birth=None, estimated_age=None, estimated_on=None)
    assert unknown.reference not in listed(client)
    assert unknown.reference in listed(client, "unknown")


def test_a_list_is_a_look_at_each_of_its_records(client, child):
    listed(client)
    assert audit.of_child(child.pk).filter(kind="records.listed").exists()


def test_another_authoritys_records_are_not_listed_nor_found(child):
    elsewhere = signed_in(keeper("derbyshire"))
    assert child.reference not in listed(elsewhere)
    assert elsewhere.get(reverse("records-child", args=[child.reference])).status_code == 404


def test_a_restricted_record_is_not_there_for_a_keeper_who_is_not_named(client, child):
    Child.objects.filter(pk=child.pk).update(restricted=True)
    assert child.reference not in listed(client)
    assert client.get(reverse("records-child", args=[child.reference])).status_code == 404


def test_whoever_is_locked_out_does_not_hear_of_the_record(child):
    user = keeper()
    locked_out(child, user)
    assert LockOut.objects.exists()
    client = signed_in(user)
    assert child.reference not in listed(client)
    assert client.get(reverse("records-child", args=[child.reference])).status_code == 404
    assert client.get(reverse("records-destruction", args=[proposed_end(child).reference])).status_code == 404


def test_the_page_says_what_keeps_a_record_and_until_when(client):
    page = client.get(reverse("records-child", args=[ChildFactory().reference])).content.decode()
    assert "Every child on record" in page
    assert "the authority decides" in page


def test_a_record_whose_time_is_not_over_asks_nothing(client):
    child = ChildFactory()
    page = client.get(reverse("records-child", args=[child.reference]))
    assert "What is to become of this record?" not in page.content.decode()
    said = {"decision": "destroy", "why": "Over"}
    assert client.post(reverse("records-child", args=[child.reference]), said).status_code == 422
    assert not Destruction.objects.exists()


def test_a_keeper_keeps_a_record_for_longer(client, child):
    said = {"decision": "keep", "until_day": "1", "until_month": "1", "until_year": "2999", "why": "A claim"}
    assert client.post(reverse("records-child", args=[child.reference]), said).status_code == 302
    assert RetentionReview.objects.get(child=child).keep_until == datetime.date(2999, 1, 1)
    assert child.reference not in listed(client)


def test_longer_needs_a_day(client, child):
    said = {"decision": "keep", "why": "A claim"}
    response = client.post(reverse("records-child", args=[child.reference]), said)
    assert response.status_code == 422
    assert "Enter the day until which it is kept" in response.content.decode()


def test_two_people_on_two_sign_ins_and_the_certificate(client, child):
    said = {"decision": "destroy", "why": "No claim is open"}
    client.post(reverse("records-child", args=[child.reference]), said)
    proposed = Destruction.objects.get()
    end = reverse("records-destruction", args=[proposed.reference])
    assert "somebody else approves it" in client.get(end).content.decode()
    assert client.post(end, {"decision": "approve"}).status_code == 422
    second = signed_in(keeper())
    assert second.post(end, {"decision": "approve"}).status_code == 302
    assert "Both have agreed" in second.get(end).content.decode()
    destroying.destroy(by=None, destruction=proposed)
    page = second.get(end).content.decode()
    assert "Certificate of destruction" in page
    assert "children.Child: 1" in page
    assert child.family_name not in page
    assert proposed.reference in listed(second, "done") or child.reference in listed(second, "done")


def test_approving_needs_a_fresh_sign_in(client, child):
    proposed = proposed_end(child)
    end = reverse("records-destruction", args=[proposed.reference])
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 600
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()
    response = client.post(end, {"decision": "approve"})
    assert response.status_code == 302
    assert reverse("account_reauthenticate") in response.headers["Location"]
    assert not Destruction.objects.get().approved_at


def test_stopping_needs_words(client, child):
    end = reverse("records-destruction", args=[proposed_end(child).reference])
    assert client.post(end, {"decision": "refuse"}).status_code == 422
    assert client.post(end, {"decision": "refuse", "why": "A sister asks"}).status_code == 302
    assert Destruction.objects.get().refused_why == "A sister asks"


def test_a_legal_hold_is_put_on_and_ended_with_words(client, child):
    hold = reverse("records-hold", args=[child.reference])
    assert client.post(hold, {"shown": ""}).status_code == 422
    client.post(hold, {"shown": "", "why": "An inquiry"})
    assert "An inquiry" in client.get(hold).content.decode()
    assert child.reference in listed(client, "held")
    assert child.reference not in listed(client)
    client.post(hold, {"shown": "held", "why": "It has reported"})
    assert LegalHold.objects.get().ended_why == "It has reported"


def test_the_second_of_two_tabs_does_not_end_the_hold_of_the_first(client, child):
    hold = reverse("records-hold", args=[child.reference])
    client.post(hold, {"shown": "", "why": "An inquiry"})
    again = client.post(hold, {"shown": "", "why": "An inquiry, typed in the second tab"})
    assert again.status_code == 409
    assert LegalHold.objects.get().ended_at is None
    assert "typed in the second tab" in again.content.decode()


def test_what_somebody_decided_meanwhile_is_said(client, child):
    proposed = proposed_end(child)
    reviewing.refuse(by=keeper(), destruction=proposed, why="No")
    end = reverse("records-destruction", args=[proposed.reference])
    assert client.post(end, {"decision": "approve"}).status_code == 422


def test_a_reason_that_comes_too_late_is_shown_to_be_copied(client, child):
    proposed = proposed_end(child)
    said = {"decision": "keep", "why": "Her brother asks"}
    assert "Her brother asks" in client.post(reverse("records-child", args=[child.reference]), said).text
    reviewing.refuse(by=keeper(), destruction=proposed, why="No")
    said = {"decision": "refuse", "why": "She asks herself"}
    page = client.post(reverse("records-destruction", args=[proposed.reference]), said).text
    assert "She asks herself" in page


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "²"])
def test_no_page_is_the_first(client, number):
    keeping.count_next()
    response = client.get(reverse("records"), {"page": number})
    assert response.status_code == 200


def test_a_practitioner_has_no_such_list():
    assert signed_in(practitioner()).get(reverse("records")).status_code == 403
    assert not Event.objects.filter(kind="records.listed").exists()
