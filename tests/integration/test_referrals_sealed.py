"""Sealed documents: who has no account gets the form, which a passphrase opens that is kept nowhere."""

import io
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PasswordType, PdfReader

from cre_toolkit.accounts.models import User
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import queries
from cre_toolkit.casework.models import Referral, ReferralStep, SealedDocument
from cre_toolkit.casework.referral import chasing, sealed
from cre_toolkit.casework.referral import queries as referral_queries
from cre_toolkit.casework.referral import referring as referrals
from cre_toolkit.casework.referral.models import Channel, How, Reason, To
from cre_toolkit.casework.referral.referring import Recipient
from cre_toolkit.casework.referral.states import NotNow, State
from cre_toolkit.jobs.models import Message
from tests.factories.assessments import ready_draft
from tests.factories.people import ChildFactory
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
CLOSED = {"send": "no", "open_to_social_care": "no", "plan": "none", "looked_after": "no"}
ELSEWHERE = Recipient(
    To.OTHER_AUTHORITY,
    How.SEALED,
    name="Invented County Council, duty team",
    channel=Channel.POST,
    address="1 Invented Street",
)


@pytest.fixture
def author() -> User:
    return ChildFactory(**CLOSED).created_by


@pytest.fixture
def prepared(author) -> Referral:
    child = ChildFactory(created_by=author, **CLOSED)
    sending.send(by=author, assessment=ready_draft(child, author, level="medium"))
    return refer(child, author, ELSEWHERE)


def refer(child, author, recipient) -> Referral:
    return referrals.refer(by=author, child=child, recipient=recipient, why="Yours", form_id=uuid.uuid4())


def due(child) -> set[str]:
    return {entry.action for entry in queries.due_for(child)}


def test_the_passphrase_is_shown_once_opens_the_form_and_is_kept_nowhere(author, prepared):
    client, form = signed_in(author), {"form_id": str(uuid.uuid4())}
    where = reverse("referral-sealed", args=[prepared.reference])
    page = client.post(where, form).content.decode()
    passphrase = re.search(r"(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}", page)[0]
    again = client.post(where, form).content.decode()
    assert passphrase not in again
    assert "made already" in again
    document = client.get(reverse("referral-sealed-pdf", args=[prepared.reference]))
    reader = PdfReader(io.BytesIO(document.content))
    assert reader.is_encrypted
    assert reader.trailer["/Encrypt"]["/V"] == 5, "AES with 256 bits"
    assert reader.decrypt("wrong") == PasswordType.NOT_DECRYPTED
    assert reader.decrypt(passphrase) != PasswordType.NOT_DECRYPTED
    assert prepared.child.family_name in "".join(page.extract_text() for page in reader.pages)
    assert prepared.child.family_name.encode() not in document.content
    assert passphrase not in str(list(ReferralStep.objects.values())) + str(list(Message.objects.values()))
    assert SealedDocument.objects.count() == 1
    assert prepared.child.family_name not in document.headers["Content-Disposition"]


def test_whoever_prepared_it_is_offered_to_make_it_or_to_send_it_elsewhere_and_every_link_opens(
    author, prepared
):
    client = signed_in(author)
    page = client.get(reverse("referral", args=[prepared.reference])).content.decode()
    offered = page[page.index("What you can do") : page.index("What has happened")]
    links = re.findall(r'href="(/[^"]+)"', offered)
    assert links == [
        reverse("referral-sealed", args=[prepared.reference]),
        reverse("referral-route", args=[prepared.reference]),
    ]
    assert [client.get(link).status_code for link in links] == [200, 200]


def test_making_and_fetching_it_need_a_fresh_sign_in(author, prepared, client):
    client.force_login(author)
    for name in ("referral-sealed", "referral-sealed-pdf"):
        sealed.keep(by=author, referral=prepared, sealed=b"%PDF-", form_id=uuid.uuid4())
        response = client.get(reverse(name, args=[prepared.reference]))
        assert response.headers["Location"].startswith("/account/confirm/")


def test_nothing_is_done_before_it_is_on_its_way_and_nothing_is_on_its_way_before_it_is_made(
    author, prepared
):
    assert {"refer-front-door", "send-to-social-care"} <= due(prepared.child)
    with pytest.raises(sealed.NotMade):
        sealed.dispatch(by=author, referral=prepared, words="By telephone", form_id=uuid.uuid4())
    sealed.keep(by=author, referral=prepared, sealed=b"%PDF-", form_id=uuid.uuid4())
    sealed.dispatch(by=author, referral=prepared, words="By telephone", form_id=uuid.uuid4())
    assert not {"refer-front-door", "send-to-social-care"} & due(prepared.child)
    sent = Referral.objects.get(pk=prepared.pk)
    assert sent.state == State.SENT
    assert sent.chase_at > timezone.now()


def test_its_receipt_is_confirmed_by_hand_and_by_nobody_elses_look(author, prepared):
    sealed.keep(by=author, referral=prepared, sealed=b"%PDF-", form_id=uuid.uuid4())
    sealed.dispatch(by=author, referral=prepared, words="By telephone", form_id=uuid.uuid4())
    signed_in(author).get(reverse("referral", args=[prepared.reference]))
    assert Referral.objects.get(pk=prepared.pk).state == State.SENT
    said = {"at": timezone.now(), "person": "Their duty team", "words": "Opened it"}
    chasing.confirm(by=author, referral=prepared, form_id=uuid.uuid4(), **said)
    found = referral_queries.of_child(prepared.child)[-1]
    assert (found.state, found.history[-1].person) == (State.ACKNOWLEDGED, "Their duty team")
    with pytest.raises(NotNow):
        chasing.confirm(by=author, referral=prepared, form_id=uuid.uuid4(), **said)


def test_an_address_that_is_not_on_the_allow_list_is_refused_at_once(author, prepared, settings):
    settings.MAIL_ALLOWED_DOMAINS = ["example.org"]
    page = reverse("child-refer", args=[prepared.child.reference])
    said = {
        "to": To.OTHER, "how": How.SEALED, "recipient": "A GP", "channel": Channel.SECURE_MAIL,
        "address": "gp@elsewhere.example", "why": "For your file", "form_id": str(uuid.uuid4()),
    }  # fmt: skip
    before = Referral.objects.count()
    response = signed_in(author).post(page, said)
    assert response.status_code == 422
    assert "not on the list of safe ones" in response.content.decode()
    assert Referral.objects.count() == before
    assert signed_in(author).post(page, said | {"address": "gp@example.org"}).status_code == 302


def test_a_child_without_an_assessment_has_nothing_to_seal(author):
    with pytest.raises(referrals.CannotReach):
        refer(ChildFactory(created_by=author, **CLOSED), author, ELSEWHERE)


def test_the_recipients_no_is_entered_by_hand(author, prepared):
    sealed.keep(by=author, referral=prepared, sealed=b"%PDF-", form_id=uuid.uuid4())
    sealed.dispatch(by=author, referral=prepared, words="By telephone", form_id=uuid.uuid4())
    form = {"reason": Reason.NOT_OURS, "words": "Ask the city", "form_id": str(uuid.uuid4())}
    signed_in(author).post(reverse("referral-step", args=[prepared.reference, "return"]), form)
    assert Referral.objects.get(pk=prepared.pk).state == State.RETURNED
    assert {"refer-front-door", "send-to-social-care"} <= due(prepared.child)


def test_every_passphrase_is_another():
    made = {sealed.new_passphrase() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", each) for each in made)
