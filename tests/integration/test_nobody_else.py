"""Nobody sees a child that the policy does not give them: every address, read from the URLconf.

A new address that names a record is tried by itself; one that names none must be listed here as open to all
who sign in, or to everybody.
"""

import pytest
from django.urls import URLPattern, reverse

from cre_toolkit.accounts.models import Role
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.audit import queries as audit
from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import sending
from cre_toolkit.children.permissions import ROLES_FOR, Act
from cre_toolkit.web.urls import urlpatterns
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.events import incident_on, note_on
from tests.factories.keeping import access_request, proposed_end
from tests.factories.meetings import action_on, meeting_on
from tests.factories.people import ChildFactory, broken_glass, locked_out, make_user, noted_pair, practitioner
from tests.factories.referrals import referral_on

pytestmark = pytest.mark.django_db

OPEN_TO_EVERYBODY = {
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "single-sign-on",
    "openid_connect_callback",
    "account_login",
    "account_logout",
    "account_inactive",
    "accessibility",
    "components",
    "invitation",
    "invitation-link",
}
OPEN_TO_ALL_WHO_SIGN_IN = {
    "referrals",
    "referrals-sent",
    "no-route",
    "transitions",
    "transfers",
    "taking-on",
    "missing",
    "missing-csv",
    "tasking",
    "tasking-csv",
    "tasking-docx",
    "tasking-meeting",
    "tasking-held",
    "home",
    "audit",
    "audit-csv",
    "access-reviews",
    "due",
    "mail",
    "notifications",
    "meetings",
    "countersign",
    "search",
    "drafts",
    "duplicates",
    "records",
    "requests",
    "child-new",
    "account",
    "lock",
    "session",
    "session-stay",
    "sessions",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_remove",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "guidance",
    "guidance-page",
    "contacts",
    "blank-forms",
    "blank-form-pdf",
    "blank-form-docx",
}


def parameters(pattern: URLPattern) -> set[str]:
    return set(pattern.pattern.converters)


# Whoever may break the glass is told that there is a record, and no more (test_break_glass.py).
TOLD_THAT_THERE_IS_ONE = {"break-glass-open"}
# Of people and teams, for administrators and managers: test_administration.py and test_team.py.
OF_PEOPLE = {
    pattern.name for pattern in urlpatterns if str(pattern.pattern).startswith(("administration/", "team/"))
}
# Of a pair of records: for those whose duty it is to compare them, whether or not they see either.
OF_A_PAIR = {"duplicate", "duplicate-merge", "duplicate-undo"}
# For those who see to it that records are kept, by their references alone.
OF_KEEPING = {"records-child", "records-hold", "records-destruction"}
# For those who answer whoever asks what is held about a child.
OF_ANSWERING = {"request", "request-line", "request-check", "request-pdf"}
# An entry of the queue of what reaches nobody: for those whose duty it is, by its reference alone.
OF_THE_QUEUE = {"no-route-entry"}
OF_A_REFERRAL = {pattern.name for pattern in urlpatterns if str(pattern.pattern).startswith("referrals/<")}
# A meeting that is planned, or that was held: of that there are minutes, and something agreed.
OF_A_MEETING = {pattern.name for pattern in urlpatterns if str(pattern.pattern).startswith("meetings/<")}
OF_A_MEETING_HELD = {"meeting-action", "meeting-pdf", "meeting-docx"}
OF_A_RECORD = [pattern for pattern in urlpatterns if "reference" in parameters(pattern)]


def address(pattern: URLPattern, child, draft: Assessment) -> str:
    """The pattern's address for this child or draft; other parameters take a value that exists."""
    reference = draft.reference if str(pattern.pattern).startswith("assessments/") else child.reference
    if pattern.name == "break-glass":
        reference = broken_glass(child).reference
    if pattern.name in OF_A_PAIR:
        reference = noted_pair(child, ChildFactory()).reference
    if pattern.name == "records-destruction":
        reference = proposed_end(child).reference
    if pattern.name in OF_A_REFERRAL | OF_THE_QUEUE:
        reference = referral_on(child).reference
    if pattern.name in OF_ANSWERING:
        reference = access_request(child).reference
    if pattern.name in OF_A_MEETING - OF_A_MEETING_HELD:
        reference = meeting_on(child).reference
    others = {"group": "missing", "number": "1", "line": 1, "part": "identity", "action": "tell-manager"}
    others["step"] = "tried"
    if pattern.name in OF_A_MEETING_HELD:
        agreed = action_on(child)
        reference, others["action"] = agreed.minutes.meeting.reference, agreed.pk
    others["grant"] = child.grants.first().pk
    if pattern.name == "child-note-in-error":
        others["note"] = note_on(child).pk
    if pattern.name == "child-event-in-error":
        others["event"] = incident_on(child).event.pk
    if pattern.name == "child-lock-out-end":
        others["lock_out"] = locked_out(child, practitioner()).pk
    return reverse(pattern.name, kwargs={key: others.get(key, reference) for key in parameters(pattern)})


@pytest.fixture
def others(pattern):
    """People of every role in the child's authority, and of another: none has been given access."""
    theirs = {Role.CHILD_PROTECTION_MANAGER} | ({Role.FRONT_DOOR} if pattern.name in OF_A_PAIR else set())
    if pattern.name in OF_KEEPING:
        theirs = ROLES_FOR[Act.KEEP_RECORDS]
    if pattern.name in OF_ANSWERING:
        theirs = ROLES_FOR[Act.ANSWER_SUBJECT_ACCESS]
    if pattern.name in OF_THE_QUEUE:
        theirs = ROLES_FOR[Act.FIND_ROUTE]
    if pattern.name in TOLD_THAT_THERE_IS_ONE:
        theirs = ROLES_FOR[Act.BREAK_GLASS]
    return [make_user(role) for role in Role if role not in theirs] + [
        practitioner(authority="derbyshire"),
        make_user(Role.FRONT_DOOR, authority="derbyshire"),
        make_user(Role.CHILD_PROTECTION_MANAGER, authority="derbyshire"),
    ]


def test_every_address_is_either_of_a_record_or_listed_as_open():
    assert {pattern.name for pattern in urlpatterns} == (
        {pattern.name for pattern in OF_A_RECORD} | OF_PEOPLE | OPEN_TO_EVERYBODY | OPEN_TO_ALL_WHO_SIGN_IN
    )


@pytest.mark.parametrize("pattern", OF_A_RECORD, ids=lambda pattern: pattern.name)
class TestOfARecord:
    @pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
    def test_whoever_is_not_signed_in_is_asked_to(self, client, pattern, method):
        child = ChildFactory()
        draft = AssessmentFactory(child=child)
        response = getattr(client, method)(address(pattern, child, draft))
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/account/sign-in/")

    def test_for_everybody_else_it_is_not_found_and_nothing_is_written(self, client, others, pattern):
        child = ChildFactory(given_names="Siân", family_name="Ŵyn")
        draft = ready_draft(child)
        for user in others:
            client.force_login(user)
            for method in (client.get, client.post):
                response = method(address(pattern, child, draft))
                assert response.status_code in (404, 405), (user, method)
                assert "Siân" not in response.content.decode()
        draft.refresh_from_db()
        assert draft.status == "draft"
        assert Assessment.objects.count() == 1

    def test_the_same_when_it_has_been_sent(self, client, others, pattern):
        child = ChildFactory(
            given_names="Siân", send="no", open_to_social_care="yes", plan="none", looked_after="no"
        )
        draft = ready_draft(child)
        sending.send(by=draft.author, assessment=draft)
        for user in others:
            client.force_login(user)
            response = client.get(address(pattern, child, draft))
            assert response.status_code in (404, 405), user

    def test_a_refusal_is_on_the_audit_trail(self, client, pattern):
        child = ChildFactory()
        draft = AssessmentFactory(child=child)
        client.force_login(practitioner())
        response = client.get(address(pattern, child, draft))
        refused = list(Event.objects.filter(kind="access.not-visible"))
        assert len(refused) == (1 if response.status_code == 404 else 0)
        for event in refused:
            assert event in audit.of_child(child.pk), "found by who asks about this child"
            assert event.detail["route"] == pattern.name
            assert event.detail["reference"] in response.request["PATH_INFO"]
