"""`/stage`: the board, one stage, one account, and moving one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.actions.lifecycle import stages
from db import outbox
from tests.commands.helpers import account, lasting, many_accounts, moves, touchpoints, verbs
from tests.databases import BOTH
from tests.story import Story


def test_an_empty_board_says_how_to_begin(story: Story):
    assert "`/account add Acme Corporation`" in story.types("priya", "/stage").text


@BOTH
def test_the_board_names_every_stage_with_its_accounts(story: Story):
    story.types("priya", "/account add Acme Corporation")
    story.types("priya", "/account add Globex stage renewal")
    story.frozen.tick(timedelta(days=22))  # what comes due meanwhile is asked for at its end
    board = story.types("priya", "/stage").text
    assert board.startswith("2 accounts, stage by stage")
    assert "Prospect · 1\nAcme Corporation (22 days, Behind)" in board
    assert "Renewal · 1\nGlobex (22 days)" in board
    assert "Lost · 0" in board
    story.sees("#sales", "Acme Corporation")
    story.sees("#sales", "First question", "Acme Corporation")
    story.sees("#marketing", "Globex")
    story.slack.workspace.posts.clear()  # reminders and digests are other stories


def test_one_stage_lists_its_accounts_or_says_that_it_has_none(story: Story):
    story.types("priya", "/account add Acme Corporation")
    assert story.types("priya", "/stage prospect").text == (
        'Prospect · 1 account\nThey decide: "Is this worth our time?"\n• Acme Corporation (new)'
    )
    assert story.types("priya", "/stage Renewal").text.startswith("Renewal · 0 accounts")


def test_the_card_shows_where_an_account_stands(story: Story):
    story.types("priya", "/account add Acme Corporation manager @tom renews 2027-03-31")
    card = story.types("priya", "/stage acme")
    for words in (
        "Acme Corporation\nProspect · Tom Okafor",
        "Next: First question · ",
        "added in Prospect (Priya Raman)",
    ):
        assert words in card.text, words


def test_a_move_says_where_it_was_where_it_is_and_what_happens_next(story: Story):
    story.types("priya", "/account add Acme Corporation manager @tom")
    answer = story.types("priya", "/stage acme onboarding")
    assert answer.text.splitlines()[:4] == [
        "Acme Corporation: Prospect → Onboarding",
        'They now decide: "Did we choose well?"',
        "Next",
        "• Kick-off call · Tue 24 Nov · Operations",
    ]
    assert "• Personal hello · " in answer.text
    assert " · Tom Okafor\n" in answer.text
    assert answer.text.endswith("1 touchpoint of Prospect is no longer needed.")
    story.sees("#customers", "moved from Prospect to", "They now decide", "Next: Kick-off call")
    story.sees("@tom", "Priya Raman moved Acme Corporation from Prospect to Onboarding.")


@BOTH
def test_a_move_is_history_a_plan_and_an_audit_row(story: Story):
    story.types("priya", "/account add Acme")
    story.types("tom", "/account add Globex")
    story.after(minutes=2)
    story.types("tom", "/stage acme onboarding")
    story.sees("#customers", "Acme")
    assert moves(story, "Acme") == [
        (None, "prospect", None, "U0PRIYA"),
        ("prospect", "onboarding", None, "U0TOM"),
    ]
    assert touchpoints(story, "Acme") == {
        "question": "cancelled",
        "kickoff": "planned",
        "report": "planned",
        "hello": "planned",
        "brief": "planned",
    }
    assert touchpoints(story, "Globex") == {"question": "planned"}
    assert verbs(story)[-1] == "account.moved"


@BOTH
def test_a_nudge_of_the_old_stage_says_that_it_is_no_longer_needed(story: Story):
    story.types("priya", "/account add Acme")
    story.until("2026-11-24 09:05")
    nudge = story.sees("#sales", "Acme", "First question")
    story.types("priya", "/stage acme onboarding")
    folded = story.again(nudge)
    assert "No longer needed" in folded.text
    assert not any(block["type"] == "actions" for block in folded.blocks)
    story.sees("#customers", "Acme")


@BOTH
@pytest.mark.parametrize(
    ("line", "way"),
    [("/stage acme prospect", "an earlier stage"), ("/stage acme lost", "ends the process")],
)
def test_a_way_back_or_out_asks_for_a_reason_and_shows_the_line(story: Story, line: str, way: str):
    story.types("priya", "/account add Acme stage renewal")
    before = lasting(story)
    answer = story.types("priya", line)
    assert way in answer.text
    assert f"`{line.replace('acme', 'Acme')} because …`" in answer.text
    assert lasting(story) == before
    story.types("priya", f"{line} because their “admin” left & nobody told us")
    told = story.sees("#customers", "Acme")
    assert "because their “admin” left &amp; nobody told us" in told.text
    assert moves(story, "Acme")[-1][2] == "their “admin” left & nobody told us"
    story.sees("#marketing", "Story of the year")


def test_next_moves_to_the_stage_after_and_has_an_end(story: Story):
    story.types("priya", "/account add Acme stage renewal")
    assert "Renewal → Advocacy" in story.types("priya", "/stage acme next").text
    story.sees("#customers", "Advocacy")
    story.sees("#marketing", "Story of the year")
    answer = story.types("priya", "/stage acme next").text
    assert "no stage after it" in answer
    assert "`/stage Acme prospect because …`" in answer


def test_an_account_can_come_back_from_outside_without_a_reason(story: Story):
    story.types("priya", "/account add Acme stage lost")
    assert "Lost → Onboarding" in story.types("priya", "/stage acme onboarding").text
    story.sees("#customers", "Acme")


def test_the_same_stage_changes_nothing(story: Story):
    story.types("priya", "/account add Acme")
    before = lasting(story)
    assert (
        "is in Prospect already, since Mon 23 Nov"
        in story.types("tom", "/stage acme prospect").text
    )
    assert lasting(story) == before


@pytest.mark.parametrize(
    ("typed", "told", "offered", "reason"),
    [
        ("onbording because they asked", "Did you mean onboarding?", "Onboarding", "they asked"),
        ("onboarding their admin left", '"their admin left"', "Add as reason", "their admin left"),
        ("because they asked", "Did you mean the next?", "Onboarding", "they asked"),
    ],
)
def test_a_slip_is_a_button_that_does_it_with_all_that_was_typed(
    story: Story, typed: str, told: str, offered: str, reason: str
):
    story.types("priya", "/account add Acme Corporation")
    before = lasting(story)
    answer = story.types("priya", f"/stage acme {typed}")
    assert told in answer.text
    assert lasting(story) == before
    story.clicks("priya", answer.message, offered)
    story.sees("#customers", "Acme", "to *Onboarding*")
    assert moves(story, "Acme Corporation")[-1] == ("prospect", "onboarding", reason, "U0PRIYA")


def test_an_unknown_stage_is_told_with_those_there_are(story: Story):
    story.types("priya", "/account add Acme")
    told = story.types("priya", "/stage acme xyzzy").text
    assert 'Unknown stage "xyzzy". It is one of prospect, onboarding' in told


@pytest.mark.parametrize(
    "line", ["/stage acme to onboarding", "/stage acme -> onboarding", "/stage acme ONBOARDING"]
)
def test_people_may_write_a_move_as_they_speak(story: Story, line: str):
    story.types("priya", "/account add Acme")
    assert "Prospect → Onboarding" in story.types("priya", line).text
    story.sees("#customers", "Acme")


def test_a_move_is_told_in_the_account_s_own_channel(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account acme channel #sales")
    story.types("priya", "/stage acme onboarding")
    story.sees("#sales", "Acme", "to *Onboarding*")


def test_a_channel_shared_outside_hears_nothing_also_when_it_was_shared_later(story: Story):
    story.types("priya", "/account add Acme")
    story.types("priya", "/account acme channel #random")
    story.slack.invite("priya", "#random", "linchpin")
    story.slack.share("#random")
    story.types("priya", "/stage acme onboarding")
    story.sees("#customers", "Acme")
    assert [m for m in story.slack.messages("#random") if m.user != "U0PRIYA"] == []


def test_when_the_company_s_channel_is_shared_the_news_waits_and_status_says_so(story: Story):
    story.types("priya", "/account add Acme")
    story.slack.share("#customers")
    story.types("priya", "/stage acme onboarding")
    assert story.slack.messages("#customers") == []
    story.sees("@priya", "<#C0CUSTOMERS>", "waiting")  # the admin is told what to do
    assert "<#C0CUSTOMERS>" in story.types("priya", "/linchpin status").text


@BOTH
def test_a_failure_in_the_middle_leaves_nothing(story: Story, monkeypatch: pytest.MonkeyPatch):
    story.types("priya", "/account add Acme")
    before = story.rows()

    def fails(*_args: object, **_more: object) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(outbox, "enqueue_post", fails)
    answer = story.types("priya", "/stage acme onboarding")
    assert "nothing was changed" in answer.text
    assert story.rows() == before
    assert account(story, "Acme").stage == "prospect"
    monkeypatch.undo()
    assert "Prospect → Onboarding" in story.types("priya", "/stage acme onboarding").text
    story.sees("#customers", "Acme")


def test_an_archived_account_is_not_moved(story: Story):
    story.types("priya", "/account add Acme Corporation")
    story.types("priya", "/account acme archive")
    answer = story.types("priya", "/stage acme onboarding").text
    assert "is archived" in answer
    assert '`/account "Acme Corporation" restore` brings it back.' in answer
    assert "Acme" not in story.types("priya", "/stage").text.replace("`/account add Acme", "")


def test_a_board_of_three_hundred_accounts_fits(story: Story):
    many_accounts(story, [f"Very long & <strange> *name* of account {n}" for n in range(300)])
    board = story.types("priya", "/stage")
    assert "… and 295 more" in board.text
    one = story.types("priya", "/stage prospect")
    assert "300 accounts" in one.text
    assert "more" in one.blocks[-1]["text"]["text"].splitlines()[-1]


def test_accounts_in_a_stage_the_playbook_has_lost_are_counted(story: Story):
    many_accounts(story, ["Left behind"], stage="trial")
    assert "1 account in stages that the playbook no longer has" in (
        story.types("priya", "/stage").text
    )
    assert "trial" in story.types("priya", "/stage left behind").text


def test_a_reason_without_end_is_refused(story: Story):
    story.types("priya", "/account add Acme")
    answer = story.types("priya", f"/stage acme lost because {'so ' * 400}")
    assert f"the limit is {stages.MAX_REASON_LENGTH:,}" in answer.text


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Because Ltd", "because ltd onboarding because why not because we asked"),
        ("Project Onboarding", "project onboarding onboarding because why not because we asked"),
        ("Acme Robotics", "acme robot to onboarding because why not because we asked"),
    ],
)
def test_names_stages_and_reasons_are_told_apart(story: Story, name: str, typed: str):
    story.types("priya", "/account add Acme")
    story.types("priya", f"/account add {name}")
    story.types("priya", f"/stage {typed}")
    story.sees("#customers", name, "why not because we asked")
    assert moves(story, name)[-1][2] == "why not because we asked"


@BOTH
def test_what_a_database_cannot_keep_is_left_out(story: Story):
    story.types("priya", "/account add Ac\x00me")
    assert account(story, "Acme").stage == "prospect"
