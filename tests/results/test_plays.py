"""What came of plays and stages: counted, small numbers named as small, nothing called a cause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.rules.results import (
    Ended,
    Share,
    StageStay,
    count_plays,
    count_stages,
    quarter_start,
)
from db.models import Touchpoint
from tests.story import Story

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)


def ended(number: int, *, done: bool, went: bool | None = None, reason: str = "") -> Ended:
    at = AT + timedelta(hours=number)
    place = ("onboarding", "kickoff")
    return Ended(number, "Acme", place, "Kick-off", done, at, "U0PRIYA", AT, False, reason, went)


def test_the_decision_after_done_and_after_skipped_is_counted_apart() -> None:
    rows = [
        *(ended(n, done=True, went=n < 9) for n in range(12)),
        *(ended(n, done=False, went=n > 21, reason="Not needed") for n in range(20, 23)),
        ended(30, done=True),
    ]
    (found,) = count_plays(rows)
    assert (found.done, found.skipped) == (13, 3)
    assert (found.after_done, found.after_skipped) == (Share(9, 12), Share(1, 3))
    assert (found.after_done.is_few, found.after_skipped.is_few) == (False, True)
    assert found.reasons == [("Not needed", 3)]
    assert found.wait == timedelta(hours=6)


def test_a_play_is_proposed_for_retirement_at_more_than_half_of_its_last_twenty() -> None:
    half = [ended(n, done=n % 2 == 0) for n in range(20)]
    assert not count_plays(half)[0].retire
    assert count_plays([*half, ended(20, done=False)])[0].retire
    assert not count_plays([ended(n, done=False) for n in range(19)])[0].retire


def test_a_stage_counts_those_who_left_it_in_the_quarter() -> None:
    days = timedelta(days=1)
    stays = [
        StageStay("onboarding", AT - 30 * days, AT, True),
        StageStay("onboarding", AT - 10 * days, AT + days, False),
        StageStay("onboarding", AT - 90 * days, AT - 40 * days, True),
    ]
    found = count_stages(stays, AT - 2 * days, AT + 2 * days)
    assert (found["onboarding"].went_on, found["onboarding"].days) == (Share(1, 2), 20)
    assert quarter_start(AT.date()).isoformat() == "2026-10-01"


def test_plays_answers_with_counts_and_shows_the_rows_behind_them(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    story.until("2026-11-24 09:01")
    nudge = story.sees("#operations", "Kick-off call")
    story.until("2026-11-24 12:01")
    story.reacts("diego", nudge, "white_check_mark")
    story.types("priya", "/stage acme renewal")
    story.sees("#customers", "Acme")
    assert "No decision has come after it yet" in story.types("priya", "/linchpin plays").text
    story.types("priya", "/decision acme renewed because it pays")
    told = story.types("priya", "/linchpin plays onboarding").text
    assert "Kick-off call · Onboarding · Operations" in told
    assert "1 done · median 3 hours to act" in told
    assert "After it was done, the decision came out well in 1 of 1 (few)" in told
    assert "Onboarding: 1 of 1 (few) went forward, median 1 day; last quarter nobody left" in told
    story.clicks("priya", story.private("priya"), "command:stage:onboarding")
    left = story.private("priya").text
    assert "Onboarding · 1 account left it, this quarter and the last" in left
    assert "Acme went forward to Renewal after 1 day" in left
    story.types("priya", "/linchpin plays onboarding")
    story.clicks("priya", story.private("priya"), "command:show:0")
    assert "Acme done" in (rows := story.private("priya").text)
    assert "by <@U0DIEGO> · came out well" in rows
    story.clicks("priya", story.private("priya"), "All plays")
    assert "Results of the process" in story.private("priya").text
    assert (
        'Unknown department or stage "nowhere"'
        in story.types("priya", "/linchpin plays nowhere").text
    )
    story.until("2026-11-26 12:00")
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


def test_an_admin_hears_once_of_a_play_nobody_wants(story: Story) -> None:
    story.types("priya", "/account add Acme stage renewal")
    with story.tx() as tx:
        for number in range(20):
            tx.add(
                Touchpoint(
                    account_id=1,
                    stage="renewal",
                    stage_entry=7,
                    play="story",
                    occurrence=number,
                    owner="marketing",
                    title="Story of the year",
                    due_at=story.now,
                    state="skipped" if number < 11 else "done",
                    state_at=story.now,
                    by_user="U0DIEGO",
                    note="Not needed: they said so" if number < 11 else None,
                )
            )
    story.until("2026-12-14 12:00")
    told = [m.text for m in story.slack.messages("@priya") if "was skipped in" in m.text]
    assert len(told) == 1
    assert "skipped in 11 of its last 20" in told[0]
    assert "Not needed 11" in told[0]
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)
