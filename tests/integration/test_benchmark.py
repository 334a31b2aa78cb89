"""The benchmark measures what it says: its invented records are valid, and its floor does the same work."""

from collections import Counter
from hashlib import sha256
from html import unescape

import pytest
from django.test import Client

from bench import audit_bench, cases_bench
from bench.data.copies import Loader
from bench.data.people import CASELOAD
from bench.goals import CASE_EVENTS, EVERY_WORK
from bench.works import WAYS, WHO
from cre_toolkit.accounts.models import User
from cre_toolkit.assessments.models import Assessment, Record
from cre_toolkit.assessments.record import canonical
from cre_toolkit.audit.models import Event
from cre_toolkit.audit.seals import seal_of
from cre_toolkit.casework.case.queries import due_for
from cre_toolkit.casework.models import Due
from cre_toolkit.children import queries
from cre_toolkit.children.matching import Sought
from cre_toolkit.children.models import Child

CASES = 2
CHILDREN = CASELOAD + 2
"""Two caseloads, so that the copies of a case have different workers."""


@pytest.fixture
def loaded(db):
    """Two cases, and copies of them."""
    Loader(CASES).load(CHILDREN)


def copies():
    return Child.objects.exclude(allocated_worker__email__startswith="pattern.").order_by("pk")


def test_the_audit_of_the_copies_is_valid_and_as_long_as_that_of_the_cases(loaded):
    broken = [
        event.kind
        for event in Event.objects.prefetch_related("children")
        if seal_of(event, [one.child for one in event.children.all()]) != bytes(event.seal)
    ]
    assert broken == []
    events = Counter(Event.objects.exclude(child=None).values_list("child", flat=True))
    assert len(events) == CASES + CHILDREN
    assert len(set(events.values())) <= CASES


def test_the_chain_of_the_copies_is_linked_and_verified_whole(loaded):
    """And the time that it took is that of every event."""
    linked, verified = audit_bench.measure()
    for figure in (linked, verified):
        assert f"{Event.objects.count():,} events" in figure.what


def test_a_copy_speaks_of_nobody_else(loaded):
    """Its records, its audit and its grants name its own child, author and worker."""
    assert copies().count() == CHILDREN
    for record in Record.objects.select_related("child", "author", "assessment"):
        content = record.content
        assert sha256(canonical(content)).hexdigest() == record.sha256
        assert content["reference"] == record.assessment.reference
        assert content["child"]["reference"] == record.child.reference
        assert content["child"]["name"] == record.child.name
        assert content["author"]["name"] == record.author.name
    assert len(set(Child.objects.values_list("reference", flat=True))) == CASES + CHILDREN
    pattern = User.objects.get(email="pattern.worker@example.org")
    assert not copies().filter(grants__user=pattern).exists()


def test_a_copy_is_found_by_its_name_and_has_due_what_its_events_ask_for(loaded):
    for child in copies()[:4]:
        found = queries.search(child.allocated_worker, Sought(names=(child.name,)))
        assert child.reference in {one.child.reference for one in found.found}
        assert child.records.count() == 3
        written = set(Due.objects.filter(child=child).values_list("action", flat=True))
        assert {entry.action for entry in due_for(child)} <= written


@pytest.fixture
def floor(loaded, settings):
    """The floor's pages, for whoever a request is from."""
    import bench.floor.settings as floor

    settings.ROOT_URLCONF = floor.ROOT_URLCONF
    settings.TEMPLATES = floor.TEMPLATES
    settings.MIDDLEWARE = floor.MIDDLEWARE
    settings.AUTHENTICATION_BACKENDS = floor.AUTHENTICATION_BACKENDS

    def ask(request):
        client = Client()
        client.force_login(User.objects.get(email=request.who))
        if request.data is None:
            return client.get(request.path)
        return client.post(request.path, request.data)

    return ask


def test_the_floor_does_each_work_with_one_row_of_audit(floor):
    """And shows what the page of the work is about."""
    due = Due.objects.filter(child__allocated_worker__email=WHO).order_by("sorts_at", "pk").first()
    must_show = {
        "child": lambda child: {child.family_name, child.records.first().assessment.reference},
        "list": lambda _: {due.child.family_name, due.to},
        "county": lambda _: {"Due"},
        "search": lambda child: {child.given_names, child.reference},
        "indicators": lambda _: {"missing-note", "weapons-note", "checked"},
        "home": lambda _: {due.child.family_name},
    }
    for work, goal in EVERY_WORK.items():
        if work == "send":
            continue
        subject = WAYS[work].subjects(1)[0]
        before = Event.objects.count()
        answer = floor(WAYS[work].floor(subject))
        assert answer.status_code == goal.status, work
        assert Event.objects.count() == before + 1, work
        if work in must_show:
            child = Child.objects.get(**subject) if "reference" in subject and work != "indicators" else None
            page = unescape(answer.content.decode())
            assert [word for word in must_show[work](child) if word not in page] == [], work


def test_the_floor_registers_a_child_and_sends_an_assessment(floor):
    subject = WAYS["register"].subjects(1)[0]
    floor(WAYS["register"].floor(subject))
    child = Child.objects.get(family_name=subject["family_name"])
    assert child.grants.get().user == child.created_by

    subject = WAYS["send"].subjects(1)[0]
    before = Event.objects.count()
    assert floor(WAYS["send"].floor(subject)).status_code == 302
    assert Event.objects.count() == before + 1
    sent = Assessment.objects.get(reference=subject["draft"])
    assert (sent.status, sent.record.recorded_level) == (Assessment.Status.SENT, "high")
    assert sent.record.content["weapons-note"]


def test_the_busy_case_is_of_so_many_events_and_the_contract_allows_all_of_them(loaded):
    """And what is due is thinned out to about so many, and is no copy any more."""
    one, every = cases_bench.measure()
    assert f"{CASE_EVENTS} events" in one.what
    assert "0 differ" in every.what
    before = Due.objects.count()
    assert before // 3 <= cases_bench.thin_out(before // 3) < before
