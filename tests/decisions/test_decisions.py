"""`/decision`: what a customer decided, the move and the term that follow, and taking it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import freezegun
import pytest
from freezegun.api import FrozenDateTimeFactory
from sqlmodel import col, select

from bot.rules.decisions import is_redecision
from bot.rules.playbook.playbook import load
from db.lifecycle import decisions
from db.models import Account, Decision, Term, Touchpoint
from db.terms import terms
from tests.commands.helpers import account, lasting, moves, touchpoints, verbs
from tests.forms.helpers import modal, starts_with, submits
from tests.story import MONDAY, PLAYBOOK, Story

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


def rounds(story: Story, name: str) -> list[tuple[int, str | None, str | None]]:
    """(number, outcome, renewal date it ran to) of an account's terms; None is still open."""
    with story.tx() as tx:
        mine = Term.account_id == account(story, name).id
        rows = tx.all(select(Term).where(mine).order_by(col(Term.number)))
        return [(r.number, r.outcome, str(r.renews_on) if r.renews_on else None) for r in rows]


def states(story: Story, play: str) -> list[str]:
    """What became of a play's touchpoints, the first planned first."""
    with story.tx() as tx:
        of_play = select(Touchpoint).where(col(Touchpoint.play) == play)
        return [row.state for row in tx.all(of_play.order_by(col(Touchpoint.id)))]


def decided(story: Story) -> list[Decision]:
    with story.tx() as tx:
        return tx.all(select(Decision).order_by(col(Decision.id)))


@pytest.fixture
def acme(story: Story) -> Account:
    """Acme in renewal, in its first term, to renew on the last day of March."""
    story.types("priya", "/account add Acme stage renewal renews 2027-03-31")
    story.sees("#marketing", "Story of the year", "Acme")
    return account(story, "Acme")


def test_a_renewal_s_nudge_asks_what_they_decided(story: Story) -> None:
    story.types("priya", "/account add Acme stage renewal renews 2027-03-31")
    nudge = story.sees("#marketing", "Story of the year", "Acme")
    story.clicks("maya", nudge, "Record the decision…")
    assert starts_with(modal(story, "maya"), "account") == "Acme"
    assert starts_with(modal(story, "maya"), "renews") == "2028-03-31"
    submits(story, "maya", {"outcome": "renewed"})
    story.sees("#marketing", "Story of the year", "Acme")  # its stage begins anew
    assert [row.outcome for row in decided(story)] == ["renewed"]


def test_only_the_stage_of_the_re_decision_asks_for_it() -> None:
    default = load(PLAYBOOKS / "default.yaml")
    asking = [stage.key for stage in default.stages if is_redecision(default, stage.key)]
    assert asking == ["renewal"]


def test_a_renewal_begins_the_next_term_a_year_on_and_says_how_to_correct_it(
    story: Story, acme: Account
) -> None:
    told = story.types("priya", "/decision acme renewed because it pays over doing nothing")
    story.sees("#marketing", "Story of the year", "Acme")  # its stage begins anew
    for words in (
        "Recorded for Acme: They renewed over doing nothing, because it pays.",
        '"Do we choose them again?"',
        "Term 2 begins; they renew again on Fri 31 Mar 2028, a year on.",
        "`/account Acme renews 2028-03-31`",
    ):
        assert words in told.text
    assert rounds(story, "Acme") == [(1, "renewed", "2027-03-31"), (2, None, None)]
    found = account(story, "Acme")
    assert (found.term, found.renews_on, found.stage) == (2, date(2028, 3, 31), "renewal")
    (row,) = decided(story)
    assert (row.outcome, row.reason, row.alternative, row.term, row.next_term) == (
        "renewed", "it pays", "doing nothing", 1, 2,
    )  # fmt: skip
    assert {"decision.recorded", "term.ended", "term.began"} <= set(verbs(story))


OUTCOMES = """    decision: Do we choose them again?
    outcomes: {renewed: {to: advocacy}, reduced: {to: onboarding, renews: true}}
"""


def test_the_playbook_says_where_a_decision_leads(tmp_path: Path, database_url: str) -> None:
    playbook = PLAYBOOK.replace("    decision: Do we choose them again?\n", OUTCOMES)
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, playbook, url=database_url)
        story.types("priya", "/account add Acme stage renewal renews 2027-03-31")
        story.sees("#marketing", "Story of the year", "Acme")
        told = story.types("priya", "/decision acme renewed until 30 June 2028")
        assert "Renewal → Advocacy" in told.text
        assert "renew again on Fri 30 Jun 2028." in told.text
        story.sees("#customers", "Acme", "Renewal", "Advocacy", "because they renewed")
        assert states(story, "brief") == ["cancelled", "planned"]
        assert touchpoints(story, "Acme")["thanks"] == "planned"
        assert moves(story, "Acme")[-1][:3] == ("renewal", "advocacy", "they renewed")
        story.ended()
        story.close()


def test_chose_us_begins_the_first_term_and_chose_other_ends_it(story: Story) -> None:
    story.types("priya", "/account add Acme")
    assert rounds(story, "Acme") == []
    told = story.types("priya", "/decision acme chose us over Initech")
    assert "Prospect → Onboarding" in told.text
    story.sees("#customers", "Acme", "because they chose us over Initech")
    assert rounds(story, "Acme") == [(1, None, None)]

    refused = story.types("priya", "/decision acme chose Initech")
    assert "Add a reason" in refused.text
    assert "`/decision Acme chose other because … over Initech`" in refused.text
    told = story.types("priya", "/decision acme chose Initech because it is cheaper")
    assert "They chose Initech, because it is cheaper." in told.text
    story.sees("#customers", "Lost", "because they chose Initech: it is cheaper")
    assert rounds(story, "Acme") == [(1, "lost", None)]
    with story.tx() as tx:
        (first,) = terms.list_of_account(tx, account(story, "Acme").id)
        assert (first.lost_to, first.reason) == ("Initech", "they chose Initech: it is cheaper")
        found = decisions.list_alternatives(tx, first.account_id)
        assert [each.name for each in found] == ["Initech"]
    assert story.types("priya", "/account acme").text.startswith("Acme\nLost · no manager")

    story.types("priya", "/stage acme prospect")
    story.sees("#customers", "Acme", "Prospect")
    story.types("priya", "/stage acme onboarding")
    story.sees("#customers", "Acme", "Onboarding")
    assert rounds(story, "Acme") == [(1, "lost", None), (2, None, None)]
    assert account(story, "Acme").term == 2


def test_undo_puts_everything_back(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding renews 2027-03-31")
    story.until("2026-11-24 09:01")
    nudge = story.sees("#operations", "Kick-off call", "Acme")
    before, played = account(story, "Acme"), touchpoints(story, "Acme")
    story.types("priya", "/decision acme chose Initech because it is cheaper")
    story.sees("#customers", "Acme", "Lost")
    assert "No longer needed" in story.again(nudge).text
    told = story.private("priya")
    story.clicks("priya", told, "Undo")
    assert "Taken back for Acme: They chose Initech" in story.private("priya").text
    story.sees("#customers", "undid the move of Acme to Lost", "Onboarding")
    after = account(story, "Acme")
    assert (after.stage, after.stage_entry, after.term, after.stage_entered_at) == (
        before.stage, before.stage_entry, before.term, before.stage_entered_at,
    )  # fmt: skip
    assert set(touchpoints(story, "Acme")) == set(played)
    assert rounds(story, "Acme") == [(1, None, None)]
    assert moves(story, "Acme") == [(None, "onboarding", None, "U0PRIYA")]
    story.after(minutes=5)
    story.sees("#operations", "Kick-off call", "Acme")
    with story.tx() as tx:
        assert decisions.is_open(tx, after)


def test_undo_of_a_move_closes_the_handoff_that_it_began(tmp_path: Path, database_url: str) -> None:
    with freezegun.freeze_time(MONDAY) as frozen:
        assert isinstance(frozen, FrozenDateTimeFactory)
        story = Story(tmp_path, frozen, "handoffs: {}\n" + PLAYBOOK, url=database_url)
        story.types("priya", "/account add Acme")
        story.types("priya", "/decision acme chose us over Initech")
        story.sees("#customers", "Acme", "Onboarding")
        handed = story.sees("#operations", "Acme")
        assert "Accept" in str(handed.blocks)
        story.clicks("priya", story.private("priya"), "Undo")
        story.sees("#customers", "undid the move of Acme to Onboarding")
        assert "the decision was taken back" in story.again(handed).text
        assert "Accept" not in str(story.again(handed).blocks)
        assert rounds(story, "Acme") == []
        story.ended()
        story.close()


def test_undo_of_a_renewal_that_stays_takes_the_date_back(story: Story) -> None:
    story.types("priya", "/account add Acme stage advocacy renews 2027-03-31")
    story.types("priya", "/decision acme renewed")
    assert account(story, "Acme").stage_entry == 2
    assert states(story, "brief") == ["cancelled", "planned"]
    story.clicks("priya", story.private("priya"), "Undo")
    found = account(story, "Acme")
    assert (found.term, found.renews_on) == (1, date(2027, 3, 31))
    assert rounds(story, "Acme") == [(1, None, None)]
    assert account(story, "Acme").stage_entry == 1
    assert states(story, "brief") == states(story, "thanks") == ["planned"]


def test_what_was_built_on_is_not_undone_but_the_way_to_correct_it_is_told(
    story: Story, acme: Account
) -> None:
    story.types("priya", "/decision acme chose Initech because it is cheaper")
    story.sees("#customers", "Lost")
    told = story.private("priya")
    story.after(minutes=2)
    story.types("sam", "/stage acme prospect because they come back")
    story.sees("#customers", "Prospect")
    story.clicks("priya", told, "Undo")
    assert "has gone on since" in story.private("priya").text
    assert "/stage Acme renewal because …" in story.private("priya").text
    assert account(story, "Acme").stage == "prospect"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("banana", "`/decision Acme renewed because …`"),
        ("renewed until 2020-01-01", "`/decision Acme renewed until 2028-03-31`"),
        ("adopted until 2028-01-01", "`/account Acme renews 2028-01-01`"),
        (f"renewed because {'x' * 900}", "the limit is 800"),
        (f"renewed over {'x' * 120}", "100 characters"),
    ],
)
def test_a_mistake_is_answered_with_a_line_that_works(
    story: Story, acme: Account, line: str, answer: str
) -> None:
    before = lasting(story)
    assert answer in story.types("priya", f"/decision acme {line}").text
    assert lasting(story) == before


@pytest.mark.parametrize(
    ("line", "button", "reason"),
    [
        ("renewd because it pays", "Renewed", "it pays"),
        ("renewed they like it because it pays", "Add as reason", "they like it, it pays"),
    ],
)
def test_a_slip_is_a_button_that_records_it_with_all_that_was_typed(
    story: Story, acme: Account, line: str, button: str, reason: str
) -> None:
    answer = story.types("priya", f"/decision acme {line}")
    story.clicks("priya", answer.message, button)
    story.sees("#marketing", "Story of the year", "Acme")
    assert [(row.outcome, row.reason) for row in decided(story)] == [("renewed", reason)]


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("renewed because cheaper than hiring until 30 june 2028", "Fri 30 Jun 2028"),
        ("renewed for 2 years, over Initech", "Sat 31 Mar 2029"),
    ],
)
def test_the_end_of_the_term_is_read_as_people_say_it(
    story: Story, acme: Account, line: str, until: str
) -> None:
    told = story.types("priya", f"/decision acme {line}").text
    assert f"they renew again on {until}." in told
    assert "Undo" in str(story.private("priya").blocks)
    story.sees("#marketing", "Story of the year", "Acme")


def test_the_first_term_s_end_is_told_with_the_decision(story: Story) -> None:
    story.types("priya", "/account add Acme")
    told = story.types("priya", "/decision acme chose us because quick to start until 1 July 2028")
    assert "because quick to start." in told.text
    assert "Term 1 begins; they renew again on Sat 1 Jul 2028." in told.text
    story.sees("#customers", "Acme", "because they chose us: quick to start")
    assert account(story, "Acme").renews_on == date(2028, 7, 1)
    story.clicks("priya", story.private("priya"), "Undo")
    story.sees("#customers", "undid the move of Acme")
    assert account(story, "Acme").renews_on is None


def test_the_same_decision_twice_has_one_effect(story: Story, acme: Account) -> None:
    story.types("priya", "/decision acme renewed")
    story.sees("#marketing", "Story of the year", "Acme")  # its stage begins anew
    before = lasting(story)
    assert "recorded that for Acme already" in story.types("sam", "/decision acme renewed").text
    assert lasting(story) == before
    story.after(days=3)
    story.sees("#marketing", "Story of the year", "3 days overdue")
    again = story.types("sam", "/decision acme renewed").text
    assert "Term 2 of Acme has only just begun" in again
    assert "until 2029-03-31" in again
    story.types("sam", "/decision acme renewed until 2029-06-30")
    story.sees("#marketing", "Story of the year", "Acme")
    assert account(story, "Acme").term == 3


def test_a_prospect_has_no_term_to_renew(story: Story) -> None:
    story.types("priya", "/account add Acme")
    told = story.types("priya", "/decision acme renewed").text
    assert "no term to renew" in told
    assert "`/decision Acme chose us`" in told


def test_the_button_of_the_card_opens_a_form_with_what_is_known(
    story: Story, acme: Account
) -> None:
    story.types("priya", "/decision acme considers Initech, doing nothing")
    assert "doing nothing, Initech" in story.private("priya").text
    card = story.types("priya", "/account acme")
    story.clicks("priya", card.message, "Record decision…")
    view = modal(story, "priya")
    assert "Alternatives: doing nothing, Initech" in str(view.blocks)
    answer = submits(story, "priya", {"outcome": "chose other", "alternative": "Initech"})
    assert "Add a reason" in str(answer.errors)
    submits(story, "priya", {"outcome": "renewed", "reason": "it pays", "alternative": ""})
    story.sees("#marketing", "Story of the year", "Acme")  # its stage begins anew
    assert "They renewed, because it pays." in story.private("priya").text
    assert account(story, "Acme").renews_on == date(2028, 3, 31)
    shown = story.types("priya", "/account acme").text
    assert "Renewal, term 2 · " in shown
    assert "• Mon 23 Nov · decision: they renewed, because it pays (Priya Raman)" in shown


def test_the_story_of_an_account_has_decisions_value_and_terms(story: Story, acme: Account) -> None:
    story.types("priya", "/value acme saved a day a month, Jane said so")
    story.types("priya", "/decision acme renewed because it pays")
    story.sees("#marketing", "Story of the year", "Acme")  # its stage begins anew
    told = story.types("priya", "/account acme timeline").text
    for words in (
        "term 1 began",
        "value: saved a day a month, confirmed by Jane (Priya Raman)",
        "decision: they renewed, because it pays (Priya Raman)",
        "term 1 ended: renewed, because it pays",
        "term 2 began",
    ):
        assert words in told


def test_open_plays_of_the_stage_stay_when_the_account_stays(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding")
    told = story.types("priya", "/decision acme adopted because they like it").text
    assert "Its stage stays the same." in told
    with story.tx() as tx:
        acme = tx.one(select(Account))
        assert not decisions.is_open(tx, acme)
        assert tx.count(Touchpoint, Touchpoint.state == "cancelled") == 0
