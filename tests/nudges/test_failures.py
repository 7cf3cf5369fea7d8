"""What goes wrong: channels that are missing, rows that are broken, requests that fail or lie."""

from __future__ import annotations

import logging
import urllib.request
from typing import Any
from urllib.error import HTTPError

import pytest
from sqlmodel import col

from bot.actions.actor import Actor
from bot.actions.responses import reactions
from bot.actions.responses import respond as verbs
from bot.actions.work import Work
from bot.rules.playbook.playbook import parse
from db.models import Channel, Touchpoint
from db.playbook import versions
from db.touchpoints import touchpoints
from tests.nudges.helpers import (
    audited,
    dublin,
    kickoff,
    many,
    touchpoint,
    writing,
)
from tests.story import PLAYBOOK, Story

FRIDAY = dublin("2026-11-20 09:00")


def test_a_bot_that_is_not_in_the_channel_tells_an_admin_once_and_catches_up_when_invited(
    story: Story,
) -> None:
    story.slack.kick("#operations", "linchpin")
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-25 10:00")
    story.sees("@priya", "My messages to <#C0OPERATIONS> are waiting")
    story.sees("@tom", "Personal hello")  # nothing else waits for it
    assert story.slack.messages("#operations") == []
    story.slack.invite("priya", "#operations", "linchpin")
    story.settle()
    nudge = story.sees("#operations", "Kick-off call")
    story.clicks("diego", nudge, "Done")


def test_what_nobody_could_see_is_not_escalated(story: Story) -> None:
    story.slack.kick("#operations", "linchpin")
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-24 09:01")
    story.sees("@priya", "My messages to <#C0OPERATIONS> are waiting")
    for day in (26, 27, 30):
        story.frozen.move_to(dublin(f"2026-11-{day} 12:00"))
        story.settle()
    _the_rest(story)
    story.slack.invite("priya", "#operations", "linchpin")
    story.after(minutes=10)
    story.sees("#operations", "Kick-off call")
    story.until("2026-12-02 12:00")
    assert "nobody has taken it" not in str([each.text for each in story.slack.dms("diego")])
    _the_rest(story)


def test_what_is_settled_before_its_nudge_could_be_sent_is_never_posted(story: Story) -> None:
    story.slack.archive("#operations")
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.types("priya", "/account add Borea stage onboarding manager @tom")
    story.until("2026-11-24 10:00")
    story.sees("@priya", "My messages to <#C0OPERATIONS> are waiting")
    story.types("priya", "/stage acme renewal")
    story.sees("#customers", "Acme")
    story.types("priya", "/account borea archive")
    story.slack.unarchive("#operations")
    story.until("2026-11-24 12:00")
    said = [m.text for m in story.slack.messages("#operations") if "Kick-off" in m.text]
    assert said == []
    for left in story.slack.unexpected():
        assert "Kick-off" not in left.text
        story.sees(left.channel, left.text[:20])


def test_undoing_what_was_settled_before_it_was_posted_posts_it_after_all(story: Story) -> None:
    story.slack.archive("#operations")
    many(story, 1, FRIDAY)
    story.until("2026-11-23 12:00")
    story.sees("@priya", "My messages to <#C0OPERATIONS> are waiting")
    with writing(story) as tx:
        found = tx.get(Touchpoint, 1)
        assert found is not None
        by = Actor("U0DIEGO", "button")
        verbs.respond(Work(tx, story.playbook, story.now, by), found, "done")
        verbs.respond(Work(tx, story.playbook, story.now, by), found, "undo")
    story.slack.unarchive("#operations")
    story.settle()
    story.sees("#operations", "Kick-off call")


def test_a_missing_channel_is_told_of_once_and_nudges_come_when_it_is_there(story: Story) -> None:
    with story.tx() as tx:
        tx.delete(Channel, col(Channel.name) == "operations")
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.until("2026-11-26 10:00")
    story.sees("@priya", "I see no channel called #operations", "/linchpin settings operations")
    story.sees("@tom", "Personal hello")
    story.slack.kick("#operations", "linchpin")
    story.slack.invite("priya", "#operations", "linchpin")
    story.until("2026-11-27 09:01")
    story.sees("#operations", "Kick-off call")
    _the_rest(story)


def test_a_play_that_left_the_playbook_is_not_nudged_and_stops_nobody(story: Story) -> None:
    many(story, 7, FRIDAY)
    with writing(story) as tx:
        gone = tx.get(Touchpoint, 3)
        assert gone is not None
        touchpoints.save(tx, gone, play="no-such-play")
    story.settle()
    story.sees("#operations", "Operations today", "6 touchpoints")
    assert touchpoint(story, "no-such-play", "Firm 002").state == "cancelled"


def test_a_play_given_to_another_department_goes_there(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    changed = PLAYBOOK.replace(
        "title: Kick-off call, owner: operations", "title: Kick-off call, owner: marketing"
    )
    new = parse(changed, "story.yaml")
    with story.tx() as tx:
        versions.save_version(tx, new, story.now)
        versions.activate_version(tx, new.version, None, story.now)
    story.until("2026-11-24 10:00")
    story.sees("#marketing", "Kick-off call")


def test_a_broken_row_is_set_aside_and_the_others_come(
    story: Story, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.actions.lists import posting
    from bot.actions.touchpoints.nudge_views import nudge_view

    def broken(work: Any, found: Any, account: Any) -> Any:
        if found.id == 2:
            raise ValueError("cannot be shown")
        return nudge_view(work, found, account)

    monkeypatch.setattr(posting, "nudge_view", broken)
    many(story, 7, FRIDAY)
    with caplog.at_level(logging.CRITICAL):
        story.settle()
        story.sees("#operations", "Operations today", "6 touchpoints")
    assert touchpoint(story, account="Firm 001").state == "planned"
    monkeypatch.undo()
    story.until("2026-11-24 09:01")
    story.sees("#operations", "Firm 001", "7 touchpoints")


def test_a_stage_that_moved_between_planning_and_sending_is_not_nudged(story: Story) -> None:
    story.types("priya", "/account add Acme stage onboarding manager @tom")
    story.types("priya", "/stage acme advocacy")
    story.sees("#customers", "Acme")
    story.sees("@tom", "moved Acme")
    story.until("2026-11-26 08:00")
    assert touchpoint(story).state == "cancelled"


def test_a_move_folds_the_nudges_of_the_stage_that_was_left(story: Story) -> None:
    nudge = kickoff(story)
    story.types("priya", "/stage acme renewal")
    story.sees("#customers", "Acme")
    story.sees("#marketing", "Story of the year")
    assert "No longer needed: the account moved to" in story.again(nudge).text
    story.clicks("diego", nudge, "Done")  # an old screen
    assert "taken back" in story.slack.ephemerals("diego")[0].text
    assert touchpoint(story).state == "cancelled"


def test_a_failing_listener_answers_500_and_slack_s_retry_does_it_all(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    nudge = kickoff(story)

    def fails(*_: Any) -> bool:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(reactions, "_apply_verb", fails)
    event = story.slack.react("diego", nudge, "white_check_mark")
    assert event is not None
    assert event.status == 500
    assert audited(story) == []
    monkeypatch.undo()
    for _ in range(3):
        assert story.slack.redeliver(event).status == 200
    story.settle()
    assert "Done by <@U0DIEGO>" in story.again(nudge).text
    assert len(audited(story)) == 1
    story.slack.complaints.clear()


def test_a_bad_signature_is_refused_and_its_body_is_not_logged(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    request = urllib.request.Request(
        str(story.slack.bot_url),
        data=b"command=/stage&text=top-secret",
        headers={
            "X-Slack-Signature": "v0=0000",
            "X-Slack-Request-Timestamp": str(int(story.now.timestamp())),
        },
    )
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert refused.value.code == 401
    refused.value.close()
    assert "top-secret" not in caplog.text


def test_a_nudge_that_could_not_be_sent_for_too_long_is_said_anew(story: Story) -> None:
    story.slack.archive("#operations")
    many(story, 1, FRIDAY)
    story.settle()
    story.sees("@priya", "My messages to <#C0OPERATIONS> are waiting")
    story.frozen.move_to(dublin("2026-12-09 12:00"))  # longer than a nudge lives
    story.settle()
    story.slack.unarchive("#operations")
    story.after(hours=2)
    story.sees("#operations", "Kick-off call")
    _the_rest(story)


def _the_rest(story: Story) -> None:
    """What else comes meanwhile is another story."""
    for message in story.slack.unexpected():
        story.sees(message.channel, message.text[:20])
