"""The packs of Derby and Derbyshire, cell by cell, against the tables of the two contracts.

`assessment.md`: "Actions" and "Reviews"; `case.md`: the kinds of meeting and the numbers.
"""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from cre_toolkit.rules.authority import Action, AuthorityPack, Contact
from cre_toolkit.rules.loading import load_authority

LEVELS = ("low", "medium", "high")


@pytest.fixture(scope="module")
def derby() -> AuthorityPack:
    return load_authority("derby").on(date(2026, 3, 27))


@pytest.fixture(scope="module")
def derbyshire() -> AuthorityPack:
    return load_authority("derbyshire").on(date(2026, 3, 27))


@pytest.fixture(params=["derby", "derbyshire"])
def pack(request: pytest.FixtureRequest) -> AuthorityPack:
    return load_authority(request.param).on(date(2026, 3, 27))


def actions(
    pack: AuthorityPack,
    *conditions: str,
    level: str | None = None,
    instrument: str = "cre-2020",
    in_scope: bool = True,
) -> dict[str, Action]:
    """The actions that hold, in order: of each, the first row that does."""
    held = set(conditions) | ({"not-open"} if "open" not in conditions else set())
    found = {}
    for rows in pack.actions_for(instrument, in_scope=in_scope):
        for row in rows:
            if row.holds(held, level):
                found[row.id] = row
                break
    return found


def hours(found: dict[str, Action]) -> dict[str, int | None]:
    return {id_: action.due_after_hours for id_, action in found.items()}


class TestActions:
    def test_nothing_known_still_sends_the_assessment(self, pack: AuthorityPack) -> None:
        assert hours(actions(pack)) == {"send-to-social-care": 24}

    def test_immediate_risk_is_telephoned_also_while_no_level_is_recorded(self, pack: AuthorityPack) -> None:
        assert hours(actions(pack, "immediate-risk")) == {
            "telephone-social-care": 0,
            "telephone-police": 0,
            "send-to-social-care": 24,
        }

    def test_something_identified_is_referred_to_the_front_door_and_the_police(
        self, pack: AuthorityPack
    ) -> None:
        assert hours(actions(pack, "identified")) == {
            "refer-front-door": 0,
            "refer-police": 24,
            "send-to-social-care": 24,
        }
        assert hours(actions(pack, "identified", "open")) == {"refer-police": 24, "send-to-social-care": 24}

    def test_the_front_door_hears_of_the_strategy_at_medium_and_high(self, pack: AuthorityPack) -> None:
        texts = [actions(pack, "identified", level=level)["refer-front-door"].text for level in LEVELS]
        assert ["exploitation strategy" in text for text in texts] == [False, True, True]

    def test_an_open_case_is_sent_to_its_social_worker(self, pack: AuthorityPack) -> None:
        assert actions(pack, "open")["send-to-social-care"].to == "Allocated social worker"
        assert pack.front_door.name in actions(pack)["send-to-social-care"].to

    @pytest.mark.parametrize(
        ("conditions", "told_at"),
        [
            ((), ("medium", "high")),
            (("below-indicated",), ("low", "medium", "high")),
            (("immediate-risk",), ("low", "medium", "high")),
        ],
    )
    def test_the_manager_is_told_now(
        self, pack: AuthorityPack, conditions: tuple[str, ...], told_at: tuple[str, ...]
    ) -> None:
        for level in LEVELS:
            told = hours(actions(pack, *conditions, level=level)).get("tell-manager", "nobody")
            assert told == (0 if level in told_at else "nobody")

    def test_the_manager_is_not_told_while_no_level_is_recorded(self, pack: AuthorityPack) -> None:
        assert "tell-manager" not in actions(pack, "immediate-risk", "identified", level=None)

    def test_derby_discusses_the_threshold_of_an_open_case(self, derby: AuthorityPack) -> None:
        for level in ("medium", "high"):
            assert hours(actions(derby, "open", level=level))["threshold-discussion"] == 0
            assert "threshold-discussion" not in actions(derby, level=level)
        assert "threshold-discussion" not in actions(derby, "open", level="low")

    def test_derbyshire_high(self, derbyshire: AuthorityPack) -> None:
        for case in ((), ("open",)):
            assert hours(actions(derbyshire, *case, level="high")) == {
                "send-to-social-care": 24,
                "tell-manager": 0,
                "contact-cpm-vc": 0,
                "high-risk-strategy-meeting": None,
            }

    def test_derbyshire_medium(self, derbyshire: AuthorityPack) -> None:
        not_open = {
            "send-to-social-care": 24,
            "tell-manager": 0,
            "discuss-team-manager": 0,
            "medium-risk-strategy-meeting": None,
        }
        assert hours(actions(derbyshire, level="medium")) == not_open
        assert hours(actions(derbyshire, "open", level="medium")) == not_open | {"tell-cpm-vc": 0}

    def test_derbyshires_strategy_meetings_are_done_by_being_held(self, derbyshire: AuthorityPack) -> None:
        done_by = {
            action.id: action.done_by_meeting for action in derbyshire.actions if action.done_by_meeting
        }
        assert done_by == {
            "high-risk-strategy-meeting": "high-risk-strategy",
            "medium-risk-strategy-meeting": "medium-risk-strategy",
        }

    def test_child_protection_plan_and_looked_after_have_no_due_time(self, pack: AuthorityPack) -> None:
        found = hours(actions(pack, "plan", "looked-after"))
        assert (found["child-protection-plan"], found["looked-after-discussion"]) == (None, None)

    def test_persons_or_places_of_risk_are_reported_in_a_day(self, pack: AuthorityPack) -> None:
        assert hours(actions(pack, "persons-or-places"))["information-report"] == 24

    def test_an_adult_is_transferred_now_where_the_risk_is_immediate(self, pack: AuthorityPack) -> None:
        for in_scope in (True, False):
            found = hours(actions(pack, "adult", in_scope=in_scope))
            assert found["adult-safeguarding-transfer"] is None
            found = hours(actions(pack, "adult", "immediate-risk", in_scope=in_scope))
            assert found["adult-safeguarding-transfer"] == 0

    def test_out_of_scope_only_danger_and_the_transfer_are_left(self, pack: AuthorityPack) -> None:
        everything = ("immediate-risk", "open", "identified", "plan", "looked-after", "persons-or-places")
        found = actions(pack, *everything, "adult", level="high", in_scope=False)
        assert list(found) == ["telephone-social-care", "telephone-police", "adult-safeguarding-transfer"]
        assert "adult services" in found["telephone-social-care"].text
        assert "adult services" in found["telephone-police"].text

    def test_the_matrix_of_2017(self, pack: AuthorityPack) -> None:
        everything = ("immediate-risk", "identified", "plan", "looked-after", "persons-or-places", "adult")
        for level in ("medium", "high"):
            assert hours(actions(pack, *everything, level=level, instrument="cse-2017")) == {
                "telephone-social-care": 0,
                "telephone-police": 0,
                "refer-social-care": 0,
                "information-report": 24,
            }
        assert "refer-social-care" not in actions(pack, level="low", instrument="cse-2017")

    def test_the_matrix_of_2017_out_of_scope(self, pack: AuthorityPack) -> None:
        found = actions(pack, "immediate-risk", "adult", instrument="cse-2017", in_scope=False)
        assert list(found) == ["telephone-social-care", "telephone-police"]


class TestRecipients:
    """The column "to" of the table."""

    def test_of_both_authorities(self, pack: AuthorityPack) -> None:
        found = actions(pack, "immediate-risk", "identified", "persons-or-places", "adult", level="high")
        assert found["telephone-police"].to == "Police, 999"
        assert found["refer-police"].to == "Police Referral Unit"
        assert found["tell-manager"].to == "The practitioner's manager"
        assert found["information-report"].to == "Police Referral Unit, on the Operation Liberty form"
        assert found["adult-safeguarding-transfer"].to == "Adult Safeguarding, by the Derby protocol"

    def test_of_derby(self, derby: AuthorityPack) -> None:
        found = actions(derby, "immediate-risk", "identified", "looked-after", level="high")
        assert found["telephone-social-care"].to.startswith("First Contact Team (Derby), 01332 641172")
        assert "01332 956606" in found["telephone-social-care"].to
        assert found["refer-front-door"].to.startswith("First Contact Team (Derby)")
        assert found["looked-after-discussion"].to.startswith("Child Protection Manager (Derby)")
        found = actions(derby, "open", level="high")
        assert found["threshold-discussion"].to == "Social Worker and Team Manager"

    def test_of_derbyshire(self, derbyshire: AuthorityPack) -> None:
        found = actions(derbyshire, "immediate-risk", "identified", "looked-after", level="high")
        assert found["telephone-social-care"].to.startswith("Starting Point (Derbyshire), 01629 533190")
        assert found["contact-cpm-vc"].to == "CPM-VC, 01629 532834; in their absence the Locality CPM"
        assert found["looked-after-discussion"].to.startswith("CPM-VC (Derbyshire)")
        assert "LAC Team Manager" in found["looked-after-discussion"].to
        found = actions(derbyshire, "open", level="medium")
        assert found["discuss-team-manager"].to == "Team Manager"
        assert found["tell-cpm-vc"].to == "CPM-VC, 01629 532834, for information"


class TestReviews:
    def test_of_derby(self, derby: AuthorityPack) -> None:
        assert reviews(derby, "high") == [
            ("review", "Multi-agency CRE review meeting", "P4W", ("cre-review",)),
            ("monthly-tasking", "Monthly police and partner tasking meeting", "P1M", ("tasking",)),
        ]
        assert reviews(derby, "medium") == [
            ("review", "Multi-agency CRE review meeting", "P6W", ("cre-review",)),
            ("monthly-tasking", "Monthly police and partner tasking meeting", "P1M", ("tasking",)),
        ]

    def test_of_derbyshire(self, derbyshire: AuthorityPack) -> None:
        team_managers = ("team-manager-review", "high-risk-strategy", "medium-risk-strategy")
        assert reviews(derbyshire, "high") == [
            ("team-manager-review", "Team Manager", "P4W", team_managers),
            ("cpm-vc-review", "CPM-VC", "P3M", ("cpm-vc-review", "high-risk-strategy")),
            ("monthly-tasking", "Monthly police and partner tasking meeting", "P1M", ("tasking",)),
        ]
        assert reviews(derbyshire, "medium") == [
            ("team-manager-review", "Team Manager", "P6W", team_managers),
            ("monthly-tasking", "Monthly police and partner tasking meeting", "P1M", ("tasking",)),
        ]

    def test_none_at_low_and_none_without_a_level(self, pack: AuthorityPack) -> None:
        assert pack.reviews_at["low"] == ()
        assert pack.reviews_at[None] == ()

    def test_intervals_are_days_or_calendar_months(self, derbyshire: AuthorityPack) -> None:
        assert [(r.days, r.months) for r in derbyshire.reviews_at["high"]] == [(28, 0), (0, 3), (0, 1)]
        assert [(r.days, r.months) for r in derbyshire.reviews_at["medium"]] == [(42, 0), (0, 1)]


class TestCaseContract:
    def test_derby_agrees_levels_in_review_meetings_alone(self, derby: AuthorityPack) -> None:
        assert derby.level_set_by == ("cre-review",)
        assert derby.may_not_lower_from_high == ()
        assert derby.on_file == "agreed-first"

    def test_derbyshire_agrees_levels_in_four_meetings(self, derbyshire: AuthorityPack) -> None:
        assert set(derbyshire.level_set_by) == {
            "high-risk-strategy",
            "cpm-vc-review",
            "medium-risk-strategy",
            "team-manager-review",
        }
        assert set(derbyshire.may_not_lower_from_high) == {"medium-risk-strategy", "team-manager-review"}
        assert derbyshire.on_file == "working"

    def test_who_records_the_level_that_a_meeting_agrees(self, derbyshire: AuthorityPack) -> None:
        agreed_by = {id_: derbyshire.meeting_by_id[id_].level_agreed_by for id_ in derbyshire.level_set_by}
        assert agreed_by["high-risk-strategy"] == agreed_by["cpm-vc-review"] == ("child-protection-manager",)
        assert "team-manager" in agreed_by["medium-risk-strategy"]
        assert "team-manager" in agreed_by["team-manager-review"]

    def test_derby_reassesses_after_three_kinds_of_meeting(
        self, derby: AuthorityPack, derbyshire: AuthorityPack
    ) -> None:
        assert set(derby.case.reassess_after) == {"team-around-family", "network", "core-group"}
        assert derbyshire.case.reassess_after == ()

    def test_numbers(self, pack: AuthorityPack) -> None:
        case = pack.case
        assert (case.missing_strategy_hours, case.return_interview_hours) == (72, 72)
        assert (case.missing_plan_episodes, case.missing_plan_days, case.undated_overdue_days) == (3, 90, 7)

    def test_each_authority_names_its_group_on_missing_children(
        self, derby: AuthorityPack, derbyshire: AuthorityPack
    ) -> None:
        assert "Derby Missing Children Monitoring Group" in derby.case_actions["missing-plan"].text
        assert "Derbyshire Tactical Missing Person Group" in derbyshire.case_actions["missing-plan"].text


def contact(pack: AuthorityPack, id_: str) -> Contact:
    """One of the people or places that a pack names."""
    (found,) = [each for each in pack.contacts if each.id == id_]
    return found


class TestWhoAndWhere:
    def test_codes(self, derby: AuthorityPack, derbyshire: AuthorityPack) -> None:
        assert (derby.name, derby.ons_code, derby.dfe_code) == ("Derby", "E06000015", "831")
        assert (derbyshire.name, derbyshire.ons_code, derbyshire.dfe_code) == (
            "Derbyshire",
            "E10000007",
            "830",
        )

    def test_the_later_of_two_numbers_wins(self, derby: AuthorityPack) -> None:
        assert contact(derby, "careline").telephone == "01332 956606"

    def test_what_was_learned_since_stands_beside_the_document_with_its_own_date(
        self, derby: AuthorityPack
    ) -> None:
        assert contact(derby, "first-contact-team").as_of == date(2020, 7, 1)
        assert contact(derby, "initial-response-team").as_of == date(2026, 11, 1)
        assert "Check before use" in (derby.front_door.note or "")

    def test_no_address_for_electronic_mail_stands_in_a_pack(self, pack: AuthorityPack) -> None:
        assert "@" not in pack.model_dump_json()

    def test_every_text_is_one_that_a_practitioner_can_act_on(self, pack: AuthorityPack) -> None:
        for text in texts(pack):
            assert re.fullmatch(r"[A-Z].{30,}[.]", text), text

    def test_everything_names_its_source(self, pack: AuthorityPack) -> None:
        sources = [action.source for action in pack.actions] + [review.source for review in pack.reviews]
        assert [text for text in sources if not re.search(r"(CRE 2020|CSE 2017), pages? \d", text)] == []


def reviews(pack: AuthorityPack, level: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(row.id, row.by, row.every, row.restarted_by) for row in pack.reviews_at[level]]


def texts(pack: AuthorityPack) -> Iterator[str]:
    yield from (action.text for action in pack.actions)
    yield from (review.text for review in pack.reviews)
    yield from (action.text for action in pack.case_actions.values())
