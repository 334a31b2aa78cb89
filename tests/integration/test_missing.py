"""A child is missing: the pages, from the report to the plan, and what they bring to an assessment."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from cre_toolkit.assessments.answers import from_sections
from cre_toolkit.assessments.models import Assessment
from cre_toolkit.assessments.queries import answers
from cre_toolkit.casework.assessment import sending
from cre_toolkit.casework.case import in_error, queries
from cre_toolkit.casework.missing import episodes as missing
from cre_toolkit.casework.missing import told as missing_told
from cre_toolkit.casework.models import MissingEpisode, MissingPlan, ReturnInterview
from tests.factories.assessments import NOTE, ready_draft
from tests.factories.missing import ago, came_back, gone, talked, was_missing
from tests.factories.people import ChildFactory
from tests.integration.childforms import page
from tests.integration.journeys import answer, start
from tests.integration.merges import KNOWN, merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return ChildFactory()


@pytest.fixture
def worker(client, child):
    client.force_login(child.created_by)
    return client


def address(name, child):
    return reverse(f"child-missing{name}", args=[child.reference])


def moment(at: datetime.datetime, prefix="") -> dict[str, object]:
    local = timezone.localtime(at)
    said = {"day_day": local.day, "day_month": local.month, "day_year": local.year, "time": f"{local:%H:%M}"}
    return {f"{prefix}{name}": value for name, value in said.items()}


def report(at, **said):
    return {
        **moment(at),
        "form_id": str(uuid.uuid4()),
        "police_told": "no",
        "last_seen_where": "At the gate",
    } | said


def returned(at, **said):
    return {
        **moment(at),
        "form_id": str(uuid.uuid4()),
        "how": "police",
        "harmed": "not-known",
        "significant": "no",
    } | said


def test_from_the_report_to_the_interview(worker, child):
    typed = report(ago(hours=7))
    for _ in range(2):
        assert worker.post(address("-report", child), typed).status_code == 302
    listed = page(worker.get(address("", child)))
    assert "The child has been missing since" in listed
    assert "At the gate" in listed
    assert "missing strategy meeting" in listed
    assert address("-interview", child) not in listed, "nobody is interviewed before they are back"
    assert worker.post(address("-return", child), returned(ago(hours=2))).status_code == 302
    assert address("-interview", child) in page(worker.get(address("", child)))
    episode = missing_told.episodes_of(child)[0]
    assert MissingEpisode.objects.count() == 1
    interview = {
        **moment(ago(minutes=5)),
        "form_id": str(uuid.uuid4()),
        "returned": str(episode.returned.pk),
        "step": "declined",
        "interviewer": "Ira Invented",
        "provider": "independent",
        "independent": "yes",
        "trusted": "no",
    }
    assert worker.post(address("-interview", child), interview).status_code == 302
    listed = page(worker.get(address("", child)))
    assert "offer it again by somebody whom they trust" in listed
    assert "Nothing about missing episodes is due" not in listed
    assert "The return interview is to be offered again" in listed


def test_a_second_report_says_since_when_and_how_to_mend_and_keeps_what_was_typed(worker, child):
    gone(child, ago(hours=9))
    typed = report(ago(hours=1), last_seen_where="By the <river>")
    told = page(worker.post(address("-report", child), typed), 422)
    assert "The child is on the record as missing since" in told
    assert "Record the return first" in told
    assert "By the <river>" in told
    assert MissingEpisode.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"police_told": "yes"}, "Enter the day on which the police were told"),
        ({"time": "late"}, "Enter the time like 16:30"),
        ({"police_told": ""}, "Select whether the police have been told"),
    ],
)
def test_what_a_report_lacks_is_said(worker, child, said, message):
    assert message in page(worker.post(address("-report", child), report(ago(hours=7), **said)), 422)
    assert not MissingEpisode.objects.exists()


def test_a_return_without_an_episode_leads_to_adding_one_that_is_over(worker, child):
    told = page(worker.post(address("-return", child), returned(ago(hours=2))), 422)
    assert "not on the record as missing" in told
    past = {f"gone-{name}": value for name, value in report(ago(days=3)).items()}
    past |= {f"back-{name}": value for name, value in returned(ago(days=4)).items()}
    told = page(worker.post(address("-past", child), past), 422)
    assert "The return must be after the child went missing" in told
    past |= moment(ago(days=2), "back-")
    assert worker.post(address("-past", child), past).status_code == 302
    assert [one.long for one in missing_told.episodes_of(child)] == ["24 hours"]


def test_a_plan_is_agreed_with_as_many_lines_as_it_needs_and_reviewed_beside_the_first(worker, child):
    today = timezone.localdate()
    typed = {
        "form_id": str(uuid.uuid4()),
        **{f"day_{part}": getattr(today, part) for part in ("day", "month", "year")},
        **{f"review_on_{part}": getattr(today, part) for part in ("day", "month", "year")},
        "triggers": "A man waits at the bus stop.",
        "if_missing": "Ring 101.",
        "shared_with": "School",
        "line-0-what": "",
        "line-0-who": "",
        "line-0-by_when": "",
    }
    added = page(worker.post(address("-plan", child), typed | {"then": "add-line"}))
    assert "line-1-what" in added
    assert "A man waits at the bus stop." in added
    told = page(worker.post(address("-plan", child), typed | {"then": "save"}), 422)
    assert "Say at least one thing that somebody does" in told
    typed |= {"line-0-what": "Collect her", "then": "save"}
    assert "Say who does it" in page(worker.post(address("-plan", child), typed), 422)
    typed |= {"line-0-who": "Her aunt"}
    for _ in range(2):
        assert worker.post(address("-plan", child), typed).status_code == 302
    assert MissingPlan.objects.get().lines == [{"what": "Collect her", "who": "Her aunt", "by_when": ""}]
    shown = page(worker.get(address("-plan", child)))
    assert "Review the plan" in shown
    assert "Derby Missing Children Monitoring Group" in shown
    changed = typed | {"form_id": str(uuid.uuid4()), "changed": "She likes the new bus."}
    assert worker.post(address("-plan", child), changed).status_code == 302
    assert MissingPlan.objects.count() == 2


class TestEvidence:
    def test_episodes_are_proposed_as_evidence_of_the_indicator_and_no_level_with_them(self, worker, child):
        was_missing(child, ago(days=9), ago(days=8, hours=10))
        gone(child, ago(days=2))
        draft = start(worker, child)
        indicators = from_sections(answers(draft)).indicators
        assert indicators.items == {}, "nothing is ticked for the practitioner"
        proposed = indicators.set_aside["missing"]
        assert proposed.level == ""
        assert "2 missing episodes since" in proposed.note
        assert "for 14 hours" in proposed.note
        assert "Her aunt, by telephone" in proposed.note
        shown = page(worker.get(reverse("assessment-indicators", args=[draft.reference])))
        assert "It says no level" in shown
        answer(worker, "indicators", draft, indicator=["missing"])
        card = page(worker.get(reverse("assessment-rating", args=[draft.reference])))
        assert "2 missing episodes since" in card
        assert " checked" not in card[card.index("missing-level") : card.index("missing-note")]

    def test_what_its_author_has_written_is_not_written_over(self, worker, child):
        was_missing(child, ago(days=9), ago(days=8))
        draft = start(worker, child)
        answer(worker, "indicators", draft, indicator=["missing"])
        answer(worker, "rating", draft, **{"missing-level": "high", "missing-note": "Mine alone."})
        start(worker, child)
        stands = from_sections(answers(Assessment.objects.get())).indicators
        assert stands.items["missing"].note == "Mine alone."
        assert stands.set_aside == {}

    def test_a_child_who_was_not_missing_after_all_is_no_evidence(self, worker, child):
        was_missing(child, ago(days=9), ago(days=8), how="not-missing")
        draft = start(worker, child)
        assert answers(draft) == {}


def test_an_interview_that_was_recorded_in_error_leaves_it_due_and_out_of_the_list(child):
    back = was_missing(child, ago(days=2), ago(days=1))
    held = talked(child, back, ReturnInterview.Step.HELD, said="“It was cold.”")
    in_error.withdraw(by=child.created_by, entered=held.event, why="Of her sister.")
    assert "return-interview" in {entry.action for entry in queries.due_for(child)}
    assert missing_told.episodes_of(child)[0].outcome == "Not offered yet"
    assert [one.in_error for one in missing_told.talked(child)] == [True]


def test_everything_about_a_missing_child_is_on_the_timeline(child):
    back = was_missing(child, ago(days=9), ago(days=8))
    talked(child, back, ReturnInterview.Step.HELD, said="“It was cold.”")
    titles = [one.title for source in missing_told.SOURCES for one in source(child)]
    assert titles == ["Went missing", "Came back", "Return interview: held"]
    assert queries.case_of(child).missing_since is None


class TestTwoRecordsOfOneChild:
    """The same episode may stand on both records: merged, the child was missing once."""

    def test_missing_on_both_the_child_is_back_from_both_at_once(self, child):
        other = ChildFactory(created_by=child.created_by)
        gone(child, first := ago(hours=9))
        gone(other, ago(hours=8))
        merge(child, other)
        child.refresh_from_db()
        assert queries.case_of(child).missing_since == first
        came_back(child, ago(hours=1))
        assert queries.case_of(child).missing_since is None
        assert [one.until is None for one in missing_told.episodes_of(child)] == [False, False]
        assert len([entry for entry in queries.due_for(child) if entry.action == "return-interview"]) == 1

    def test_an_episode_that_both_tell_is_one(self, child):
        other = ChildFactory(created_by=child.created_by)
        was_missing(child, ago(days=5), ago(days=3))
        was_missing(other, ago(days=4), ago(days=2))
        merge(child, other)
        child.refresh_from_db()
        state = queries.case_of(child)
        assert state.missing_since is None
        assert len([entry for entry in state.due if entry.id == "return-interview"]) == 1
        with pytest.raises(missing.AnotherEpisode):
            was_missing(child, ago(days=4), ago(days=1))


def test_in_a_review_the_episodes_come_below_what_was_said_last_time(client):
    child = ChildFactory(**KNOWN)
    client.force_login(child.created_by)
    last = ready_draft(child, indicators=2)
    sending.send(by=last.author, assessment=last)
    was_missing(child, ago(days=9), ago(days=8))
    client.post(reverse("assessment-review", args=[child.reference]), {"form_id": str(uuid.uuid4())})
    draft = Assessment.objects.get(previous=last)
    proposed = from_sections(answers(draft)).indicators.set_aside["missing"]
    assert proposed.level == ""
    assert proposed.note.startswith(NOTE)
    assert "1 missing episode since" in proposed.note
    said = {"since-missing": "changed", "gone-missing": ""}
    answer(client, "indicators", draft, **said)
    stands = from_sections(answers(draft)).indicators.items["missing"]
    assert (stands.level, "1 missing episode since" in stands.note) == ("", True)
