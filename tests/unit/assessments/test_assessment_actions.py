"""Drafts take anything and overwrite nothing; what is sent is recorded once and whole."""

import hashlib
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from cre_toolkit.assessments import actions, queries, recording
from cre_toolkit.assessments.answers import BadAnswers
from cre_toolkit.assessments.models import Assessment, DraftSection
from cre_toolkit.assessments.record import canonical
from cre_toolkit.audit.models import Event
from cre_toolkit.children.access import NotAllowed, NotVisible
from tests.factories.assessments import AssessmentFactory, ready_draft, sent_record, write
from tests.factories.people import ChildFactory, administrator, practitioner

pytestmark = pytest.mark.django_db


def start(child, by=None, form_id=None):
    return actions.start(by=by or child.created_by, child=child, form_id=form_id or uuid.uuid4())


class TestStart:
    def test_a_draft_of_the_current_toolkit(self):
        child = ChildFactory()
        draft = start(child)
        assert (draft.child, draft.author, draft.status) == (child, child.created_by, "draft")
        assert draft.instrument == "cre-2020"

    def test_is_written_to_the_audit_trail(self):
        child = ChildFactory()
        draft = start(child)
        event = Event.objects.get(kind="assessment.started")
        assert (event.actor, event.child, event.subject) == (child.created_by.pk, child.pk, draft.pk)

    def test_the_same_form_twice_begins_one(self):
        child, form_id = ChildFactory(), uuid.uuid4()
        assert start(child, form_id=form_id) == start(child, form_id=form_id)
        assert Assessment.objects.count() == 1

    def test_goes_on_with_the_unfinished_one(self):
        child = ChildFactory()
        assert start(child) == start(child)

    def test_a_colleague_has_a_draft_of_their_own(self):
        child = ChildFactory()
        assert start(child) != start(child, by=practitioner())

    def test_after_sending_another_may_begin(self):
        record = sent_record()
        assert start(record.child) != record.assessment

    def test_a_form_pressed_again_after_sending_shows_what_was_sent(self):
        child, form_id = ChildFactory(), uuid.uuid4()
        draft = start(child, form_id=form_id)
        Assessment.objects.filter(pk=draft.pk).update(status="sent")
        assert start(child, form_id=form_id) == draft

    def test_somebody_elses_form_is_not_found(self):
        form_id = uuid.uuid4()
        start(ChildFactory(), form_id=form_id)
        with pytest.raises(NotVisible):
            start(ChildFactory(), form_id=form_id)

    def test_is_for_those_who_assess(self):
        with pytest.raises(NotAllowed):
            start(ChildFactory(), by=administrator())


class TestSaveSection:
    def test_stands_there_afterwards(self):
        draft = AssessmentFactory()
        saved = write(draft, "danger", immediate_risk="not-known")
        assert saved.version == 1
        assert queries.answers(draft) == {"danger": {"immediate_risk": "not-known"}}

    def test_unknown_no_and_not_answered_are_three_things(self):
        draft = AssessmentFactory()
        seen = [queries.draft(draft.author, draft.reference).answers.danger.immediate_risk]
        for answer in ("no", "not-known"):
            write(draft, "danger", immediate_risk=answer)
            seen.append(queries.draft(draft.author, draft.reference).answers.danger.immediate_risk)
        assert seen == ["", "no", "not-known"]

    def test_counts_its_versions_and_says_so_in_the_audit_trail(self):
        draft = AssessmentFactory()
        write(draft, "danger", immediate_risk="yes")
        assert write(draft, "danger", immediate_risk="no").version == 2
        saved = Event.objects.filter(kind="assessment.saved").order_by("pk")
        assert [event.detail for event in saved] == [
            {"section": "danger", "version": 1},
            {"section": "danger", "version": 2},
        ]

    @pytest.mark.parametrize("version", [0, 1])
    def test_overwrites_nothing_that_was_saved_since(self, version):
        draft = AssessmentFactory()
        write(draft, "danger", immediate_risk="no")
        write(draft, "danger", immediate_risk="yes", what="A message from tab one")
        with pytest.raises(actions.ChangedElsewhere) as caught:
            actions.save_section(
                by=draft.author,
                assessment=draft,
                section="danger",
                answers={"what": "From tab two"},
                version=version,
            )
        assert caught.value.theirs.answers["what"] == "A message from tab one"
        assert caught.value.mine == {"what": "From tab two"}
        assert DraftSection.objects.get().answers["what"] == "A message from tab one"

    def test_the_same_answers_twice_are_no_conflict(self):
        draft = AssessmentFactory()
        for _ in range(2):
            saved = actions.save_section(
                by=draft.author, assessment=draft, section="danger", answers={"what": "x"}, version=0
            )
        assert saved.version == 1

    @pytest.mark.parametrize(
        ("section", "answers"),
        [
            ("nothing", {}),
            ("danger", {"immediate_risk": "perhaps"}),
            ("danger", {"status": "sent"}),
            ("indicators", {"items": {"missing": {"level": "extreme"}}}),
            ("indicators", {"items": {"no-such-indicator": {}}}),
            ("vulnerabilities", {"items": {"no-such-factor": {}}}),
            ("analysis", {"primary_exploitation": "invented"}),
            ("analysis", {"threshold": "invented"}),
            ("level", {"look_again_on": "soon"}),
            ("level", {"reasons": ["invented"]}),
        ],
    )
    def test_refuses_what_no_page_can_have_sent(self, section, answers):
        draft = AssessmentFactory()
        with pytest.raises(BadAnswers):
            actions.save_section(
                by=draft.author, assessment=draft, section=section, answers=answers, version=0
            )
        assert not DraftSection.objects.exists()

    def test_any_text_is_kept_whole(self):
        text = "Siân Ŵyn, Nguyễn, 李小龙, عائشة 🦊 <script>alert(1)</script> {{ 7*7 }}\n" * 900
        draft = AssessmentFactory()
        write(draft, "places", locations=text)
        assert queries.draft(draft.author, draft.reference).answers.places.locations == text

    def test_line_ends_are_one_and_nul_is_dropped(self):
        draft = AssessmentFactory()
        write(draft, "places", locations="one\r\ntwo\rthree\x00")
        assert queries.answers(draft)["places"]["locations"] == "one\ntwo\nthree"

    def test_somebody_elses_draft_cannot_be_written(self):
        draft = AssessmentFactory()
        with pytest.raises(NotVisible):
            actions.save_section(by=practitioner(), assessment=draft, section="danger", answers={}, version=0)

    def test_what_was_sent_cannot_be_written(self):
        sent = sent_record().assessment
        with pytest.raises(actions.AlreadySent):
            actions.save_section(by=sent.author, assessment=sent, section="danger", answers={}, version=0)


class TestRecording:
    def send(self, draft, by=None):
        author, now = by or draft.author, timezone.now().replace(microsecond=0)
        with transaction.atomic():
            held = recording.hold(author, draft)
            return recording.record_held(by=author, draft=held, completed_at=now)

    def test_holds_everything_that_was_said_and_computed(self):
        draft = ready_draft(level="high")
        record = self.send(draft)
        content = record.content
        assert content["reference"] == draft.reference
        assert content["answers"]["indicators"]["items"]["online-activity"]["level"] == "high"
        assert content["outcome"]["recorded_level"] == record.recorded_level == "high"
        assert content["outcome"]["reasons"][0]["rule"] == "highest-rated-indicator"
        assert content["edition_sha256"] == record.edition_sha256
        assert len(record.edition_sha256) == 64
        assert content["child"]["name"] == draft.child.name
        assert content["author"]["name"] == draft.author.name

    def test_its_hash_is_that_of_its_content(self):
        record = self.send(ready_draft())
        assert record.sha256 == hashlib.sha256(canonical(record.content)).hexdigest()

    def test_holds_the_words_of_reasons_and_not_their_codes(self):
        draft = ready_draft(level="medium", rated="high")
        write(draft, "level", rationale="It has stopped.", reasons=["protective-factors"])
        record = self.send(draft)
        assert record.content["answers"]["level"]["reasons"] == [
            "Protective factors and the child's resilience"
        ]

    def test_the_draft_is_gone_and_the_assessment_sent(self):
        draft = ready_draft()
        self.send(draft)
        draft.refresh_from_db()
        assert draft.status == "sent"
        assert not DraftSection.objects.exists()

    def test_names_everything_that_is_missing_at_once(self):
        draft = AssessmentFactory()
        write(draft, "indicators", items={"missing": {}})
        with pytest.raises(recording.NotAccepted) as caught:
            self.send(draft)
        assert [problem.path for problem in caught.value.problems] == [
            "immediate_risk",
            "analysis.level",
            "indicators.missing.level",
            "indicators.considered",
        ]
        assert Assessment.objects.get().status == "draft"

    def test_a_low_level_needs_a_day_to_look_again_or_a_reason(self):
        draft = ready_draft(level="low", rated="low")
        write(draft, "level")
        with pytest.raises(recording.NotAccepted) as caught:
            self.send(draft)
        assert [problem.code for problem in caught.value.problems] == ["look-again"]
        write(draft, "level", look_again_on="2027-01-31")
        assert self.send(draft).recorded_level == "low"

    def test_only_its_author_sends_it(self):
        with pytest.raises(NotVisible):
            self.send(ready_draft(), by=practitioner())


class TestReading:
    def test_a_draft_is_its_authors_alone(self):
        draft = AssessmentFactory()
        with pytest.raises(NotVisible):
            queries.draft(practitioner(), draft.reference)

    def test_a_record_is_for_those_who_see_the_child(self):
        record = sent_record()
        assert queries.record(record.author, record.assessment.reference) == record
        with pytest.raises(NotVisible):
            queries.record(practitioner(), record.assessment.reference)
