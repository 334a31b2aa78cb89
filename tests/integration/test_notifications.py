"""What somebody is told in the service, beside the mail; what is new on their children since they looked."""

import ast
import datetime
import re
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.audit.models import Event
from cre_toolkit.casework.assessment import calls, sending
from cre_toolkit.children import lock_outs, notices, restriction
from cre_toolkit.children.models import LastLook, LockOut, Notice
from cre_toolkit.children.signed_in import find_user
from cre_toolkit.children.telling import tell
from cre_toolkit.jobs.models import Message
from cre_toolkit.web.urls import urlpatterns
from tests.architecture.source import modules
from tests.factories.assessments import AssessmentFactory, ready_draft
from tests.factories.people import (
    ChildFactory,
    TeamFactory,
    administrator,
    child_protection_manager,
    give_access,
    locked_out,
    practitioner,
    team_manager,
)
from tests.integration.journeys import signed_in

pytestmark = pytest.mark.django_db
ADDRESS = "/notifications/"
FACTS = {"send": "no", "open_to_social_care": "yes", "plan": "none", "looked_after": "no"}


def text_of(response) -> str:
    """A page's words without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(response.content.decode())).split())


@pytest.fixture
def child(db):
    return ChildFactory(given_names="Siân", family_name="Ŵyn", **FACTS)


@pytest.fixture
def reader(child):
    user = practitioner()
    give_access(child, user=user)
    return user


@pytest.fixture
def client(reader):
    return signed_in(reader)


def told(child, *people, subject="The record {} has news", **more):
    tell(
        by=child.created_by,
        child=child,
        people={person.pk: person.email for person in people},
        subject=subject.format(child.reference),
        body="Sign in.",
        cause=child.pk,
        **more,
    )


def unread(user):
    return find_user(user.pk).unread or 0


class TestTelling:
    def test_by_mail_and_in_the_service_in_as_many_statements_for_twenty_as_for_two(self, child):
        def asked(number):
            people = [practitioner() for _ in range(number)]
            with CaptureQueriesContext(connection) as statements:
                told(child, *people)
            return len(statements)

        assert asked(2) == asked(20)
        assert (Notice.objects.count(), Message.objects.count()) == (22, 22)

    def test_nobody_is_told_of_what_they_did_themselves(self, child):
        told(child, child.created_by)
        assert not Notice.objects.exists()
        assert not Message.objects.exists()

    def test_it_says_a_reference_and_no_name(self, child):
        manager = team_manager(TeamFactory())
        author = practitioner(teams=[manager.memberships.get().team])
        give_access(child, user=author)
        sending.send(by=author, assessment=ready_draft(child, author))
        notice = Notice.objects.get(user=manager)
        assert child.family_name not in notice.text
        assert notice.text == Message.objects.get(to=manager.email).subject


class TestThePage:
    def test_what_is_unread_comes_first_and_the_header_counts_it_on_every_page(self, client, child, reader):
        told(child, reader, subject="First, {}")
        notices.mark_read(by=reader)
        told(child, reader, subject="Second, {}")
        told(child, reader, subject="Third, {}")
        page = text_of(client.get(ADDRESS))
        order = ["Third,", "Second,", "Read First,"]
        assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
        assert "Notifications , 2 not read" in text_of(client.get("/guidance/"))

    def test_the_count_takes_no_statement_of_its_own(self, client, child, reader):
        def asked():
            with CaptureQueriesContext(connection) as statements:
                client.get("/guidance/")
            return len(statements)

        before = asked()
        told(child, reader)
        assert asked() == before

    def test_opening_one_marks_it_as_read_and_leads_to_its_page(self, client, child, reader):
        told(child, reader)
        response = client.post(ADDRESS, {"open": str(Notice.objects.get().pk)})
        assert response.headers["Location"] == reverse("child", args=[child.reference])
        assert unread(reader) == 0

    def test_one_or_all_are_marked_as_read(self, client, child, reader):
        for number in range(3):
            told(child, reader, subject=f"{number}, {{}}")
        client.post(ADDRESS, {"read": str(Notice.objects.first().pk)})
        assert unread(reader) == 2
        client.post(ADDRESS, {"all": "yes"})
        assert unread(reader) == 0

    @pytest.mark.parametrize("sent", ["no id", "00000000-0000-0000-0000-000000000000"])
    def test_what_is_no_notice_of_theirs_changes_nothing(self, client, child, sent):
        other = practitioner()
        told(child, other)
        for pressed in (sent, str(Notice.objects.get().pk)):
            client.post(ADDRESS, {"open": pressed})
        assert unread(other) == 1

    def test_every_page_that_a_notice_leads_to_is_there(self, client, reader, child):
        draft = AssessmentFactory(child=child, author=reader)
        for page, of in (("due", ""), ("home", ""), ("assessment", draft.reference), (None, "")):
            told(child, reader, page=page, page_of=of)
            response = client.post(ADDRESS, {"open": str(Notice.objects.latest("at").pk)}, follow=True)
            assert response.status_code == 200

    def test_of_a_record_that_was_closed_to_them_nothing_is_shown_nor_counted(self, client, child, reader):
        told(child, reader)
        other = ChildFactory()
        give_access(other, user=reader)
        told(other, reader)
        chief = child_protection_manager()
        conflict = LockOut.Conflict.RELATIVE
        lock_outs.lock_out(by=chief, child=child, user=reader, conflict=conflict, why="His uncle.")
        restriction.restrict(by=chief, child=other, named=[other.created_by], why="A colleague’s child.")
        assert not Notice.objects.filter(read_at=None).exists()
        page = text_of(client.get(ADDRESS))
        assert child.reference not in page
        assert other.reference not in page
        assert unread(reader) == 0

    def test_without_any_it_says_so(self, client):
        page = text_of(client.get(ADDRESS))
        assert "You have read everything that you were told." in page
        assert "Nothing that colleagues entered" in page


def test_every_page_that_somebody_is_told_of_is_one_of_the_service():
    calls_of_tell = [
        call
        for module in modules()
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "tell"
    ]
    named = {
        keyword.value.value
        for call in calls_of_tell
        for keyword in call.keywords
        if keyword.arg == "page" and isinstance(keyword.value, ast.Constant)
    }
    assert len(calls_of_tell) > 10
    assert named - {pattern.name for pattern in urlpatterns} <= {None, ""}


def test_whoever_sees_no_child_has_the_page_and_no_news_on_it(child):
    page = text_of(signed_in(administrator()).get(ADDRESS))
    assert "You have read everything that you were told." in page


def test_what_was_read_long_ago_is_removed_and_what_was_not_read_stays(child, reader):
    long_ago = timezone.now() - notices.KEPT_FOR - datetime.timedelta(days=1)
    with time_machine.travel(long_ago):
        told(child, reader, subject="Read, {}")
        notices.mark_read(by=reader)
        told(child, reader, subject="Not read, {}")
    told(child, reader, subject="Read lately, {}")
    Notice.objects.filter(text__startswith="Read lately").update(read_at=timezone.now())
    assert notices.remove_old() == 1
    assert sorted(Notice.objects.values_list("text", flat=True)) == [
        f"Not read, {child.reference}",
        f"Read lately, {child.reference}",
    ]


class TestNews:
    def enter(self, child, by=None):
        """Something that a colleague enters on a child's case."""
        author = by or child.created_by
        return calls.declare_danger(
            by=author, assessment=AssessmentFactory(child=child, author=author), at=timezone.now()
        )

    def test_what_colleagues_entered_since_they_last_opened_the_childs_page(self, client, child):
        self.enter(child)
        page = text_of(client.get(ADDRESS))
        assert "Siân Ŵyn Said to be in immediate danger" in page
        client.get(reverse("child", args=[child.reference]))
        assert "Siân" not in text_of(client.get(ADDRESS))

    def test_what_they_entered_themselves_is_no_news(self, client, child, reader):
        self.enter(child, reader)
        assert "Siân" not in text_of(client.get(ADDRESS))

    def test_a_child_of_a_team_that_they_manage_is_among_them(self, child):
        manager = team_manager(TeamFactory())
        member = practitioner(teams=[manager.memberships.get().team])
        give_access(child, user=member)
        self.enter(child)
        assert "Siân" in text_of(signed_in(manager).get(ADDRESS))

    def test_one_who_is_closed_to_them_is_not(self, client, child, reader):
        self.enter(child)
        locked_out(child, reader)
        assert "Siân" not in text_of(client.get(ADDRESS))

    def test_the_names_on_it_are_a_look_at_each_child(self, client, child):
        self.enter(child)
        client.get(ADDRESS)
        viewed = Event.objects.get(kind="notices.viewed")
        assert {each.child for each in viewed.children.all()} | {viewed.child} >= {child.pk}

    def test_the_mark_is_moved_only_where_there_is_something_new_to_see(self, client, child, reader):
        address = reverse("child", args=[child.reference])
        client.get(address)
        assert not LastLook.objects.exists()
        self.enter(child)
        client.get(address)
        first = LastLook.objects.get(user=reader).at
        client.get(address)
        assert LastLook.objects.get(user=reader).at == first
        self.enter(child, practitioner())
        client.get(address)
        assert LastLook.objects.get(user=reader).at > first
