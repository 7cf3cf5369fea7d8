"""A week passes, then an older copy is put back: nothing that was said is said again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.nudges.duties.daily import delete_old
from bot.nudges.duties.reaction_sweep import sweep_reactions
from bot.rules.errors import UserError
from bot.terminal.database import restore_backup
from db.models import Lane, Occurrence, Outbox, Said, Touchpoint, Workspace
from db.ops import health
from db.upkeep.backup import copy, sqlite_file
from db.upkeep.process_lock import hold_process_lock
from demo.fast_forward import fast_forward
from sandbox import SlackMessage
from sandbox.state import BOT_USER
from tests.delivery.helpers import claim
from tests.story import Story

Place = tuple[str, str]  # channel, ts


def spoken(story: Story) -> dict[Place, str]:
    """Everything the bot has said anywhere, in threads too. An edit is no new message."""
    everywhere = story.slack.workspace.posts.values()
    mine = (post for place in everywhere for post in place.values() if post.user == BOT_USER)
    return {(post.channel, post.ts): post.text for post in mine}


def all_seen(story: Story) -> None:
    """What was said is another story's business: here it counts what is said afterwards."""
    for message in story.slack.unexpected():
        story.slack.expect(message.channel, message.text)


def backed_up(story: Story, folder: Path) -> Path:
    health.record_beat(story.engine, "clock", story.now)
    file = folder / "copy.db"
    copy(sqlite_file(story.url), file)
    return file


def put_back(story: Story, file: Path) -> None:
    story.engine.dispose()
    restore_backup(story.url, file, story.now)


def said_since(story: Story, before: dict[Place, str]) -> list[str]:
    """What is new, without the line to the admin."""
    new = [text for place, text in spoken(story).items() if place not in before]
    return [text for text in new if "I was restored" not in text]


def message(story: Story, where: str, words: str) -> SlackMessage:
    return next(one for one in story.slack.messages(where) if words in one.text)


@pytest.fixture
def copied(story: Story, tmp_path: Path) -> Path:
    """A Monday's copy: two accounts are in their stages and nothing was said of them yet."""
    story.types("priya", "/account add Acme stage onboarding manager @priya")
    story.types("priya", "/account add Globex stage onboarding")
    story.until("2026-11-23 16:00")
    return backed_up(story, tmp_path)


def test_after_a_week_nothing_is_said_again_and_life_goes_on(story: Story, copied: Path) -> None:
    story.until("2026-12-01 12:00")
    all_seen(story)
    before = spoken(story)
    assert len(before) == 10  # first words, lists, mornings, a digest, a word to an admin
    put_back(story, copied)
    story.until("2026-12-01 17:00")
    assert said_since(story, before) == []
    told = story.sees("@priya", "I was restored from a copy")
    assert f"I found {len(before)} in Slack" in told.text
    # Another week: its lists and digests come, what was said of the week before does not.
    story.until("2026-12-08 12:00")
    new = said_since(story, before)
    assert any("digest, Mon 7 Dec" in text for text in new)
    assert not [text for text in new if "30 Nov" in text or "1 Dec:" in text]
    all_seen(story)


def test_what_stands_in_slack_is_the_nudge_again_and_can_be_answered(
    story: Story, copied: Path
) -> None:
    story.until("2026-11-24 09:00")
    story.settle()
    nudge = message(story, "#operations", "Acme")
    kickoff = next(b["block_id"] for b in nudge.blocks if "Acme" in str(b.get("text")))
    story.clicks("diego", nudge, "Done", block_id=kickoff)
    assert "1 done" in story.again(nudge).text
    story.until("2026-11-25 12:00")
    all_seen(story)
    put_back(story, copied)
    story.until("2026-11-25 13:00")
    story.sees("@priya", "I was restored")
    # What Diego pressed is lost with the database; the message asks for it again.
    assert "1 done" not in story.again(nudge).text
    story.clicks("diego", story.again(nudge), "Done", block_id=kickoff)
    assert "1 done" in story.again(nudge).text
    with story.tx() as tx:
        done = tx.all(select(Touchpoint).where(col(Touchpoint.state) == "done"))
        assert [each.play for each in done] == ["kickoff"]


def test_a_reaction_that_was_lost_is_read_again(story: Story, copied: Path) -> None:
    story.until("2026-11-24 09:00")
    story.settle()
    nudge = message(story, "#operations", "Globex")
    story.reacts("diego", nudge, "one")
    all_seen(story)
    put_back(story, copied)
    story.until("2026-11-24 13:00")
    story.sees("@priya", "I was restored")
    sweep_reactions(story.context)
    story.settle()
    with story.tx() as tx:
        done = tx.all(select(Touchpoint).where(col(Touchpoint.state) == "done"))
        assert [each.play for each in done] == ["kickoff"]


def test_what_became_due_while_nothing_ran_is_said_then(story: Story, copied: Path) -> None:
    before = spoken(story)
    story.frozen.move_to(story.now.replace(day=24, hour=9))
    put_back(story, copied)
    story.settle()
    assert said_since(story, before) == []  # Slack is not asked yet: it may still be settling
    story.frozen.tick(120)
    story.settle()
    story.sees("#operations", "Acme", "Globex")
    story.sees("@priya", "I was restored")


def test_a_button_of_a_lost_message_does_not_touch_who_got_its_number(
    story: Story, tmp_path: Path
) -> None:
    file = backed_up(story, tmp_path)
    story.types("priya", "/account add Acme stage onboarding")
    story.until("2026-11-24 09:00")
    story.settle()
    nudge = story.sees("#operations", "Acme")
    put_back(story, file)
    story.types("priya", "/account add Globex stage onboarding")
    answer = story.slack.command("priya", "#general", "/next globex")
    assert answer.message is not None
    story.clicks("diego", nudge, "Done")
    story.after(minutes=3)
    assert "This message is not known" in story.private("diego").text
    with story.tx() as tx:
        assert {each.state for each in tx.all(select(Touchpoint))} == {"planned"}
    story.clicks(
        "priya", answer.message, "Done", block_id="next:1:id:1"
    )  # her own list is no message of before
    with story.tx() as tx:
        assert tx.count(Touchpoint, col(Touchpoint.state) == "done") == 1
    story.sees("@priya", "I was restored")


def test_six_that_were_said_as_one_message_are_one_message_again(
    story: Story, tmp_path: Path
) -> None:
    for name in ("Acme", "Globex", "Initech", "Umbra", "Hooli", "Vandelay"):
        story.types("priya", f"/account add {name} stage onboarding")
    file = backed_up(story, tmp_path)
    story.until("2026-11-24 09:00")
    story.settle()
    all_seen(story)
    before = spoken(story)
    list_ = message(story, "#operations", "Hooli")
    put_back(story, file)
    story.until("2026-11-24 12:00")
    assert said_since(story, before) == []
    story.sees("@priya", "I was restored")
    again = story.again(list_)
    assert all(name in str(again.blocks) for name in ("Acme", "Hooli", "Vandelay"))
    with story.tx() as tx:
        kickoffs = tx.all(select(Touchpoint).where(col(Touchpoint.play) == "kickoff"))
        assert len({each.nudge_id for each in kickoffs}) == 1
        assert {each.state for each in kickoffs} == {"nudged"}


def test_what_was_waiting_or_under_way_when_the_copy_was_made(story: Story, tmp_path: Path) -> None:
    """One row was under way and came, one went out after the copy was made, one never went."""
    for name in ("Acme", "Globex", "Initech"):
        story.types("priya", f"/account add {name}")
    for name in ("Acme", "Globex", "Initech"):
        story.slack.command("priya", "#general", f"/stage {name} onboarding")
    with story.tx() as tx:
        rows = tx.all(select(Outbox).where(col(Outbox.kind) == "move"))
        for row, lane in zip(rows, ("C0SALES", "C0MARKETING", "C0OPERATIONS"), strict=True):
            tx.add_once(Lane(lane=lane, next_ok_at=story.now))
            row.lane = lane
    under_way = claim(story.engine, story.context.workspace, story.now)
    assert under_way is not None
    # The clock's last round may be some seconds older than the newest rows.
    health.record_beat(story.engine, "clock", story.now - timedelta(seconds=15))
    file = tmp_path / "copy.db"
    copy(sqlite_file(story.url), file)
    story.context.slack.send(under_way.method, under_way.args)
    next_one = claim(story.engine, story.context.workspace, story.now)
    assert next_one is not None
    story.context.slack.send(next_one.method, next_one.args)
    before = spoken(story)
    assert len(before) == 2
    put_back(story, file)
    story.after(minutes=10)
    assert len(said_since(story, before)) == 1
    with story.tx() as tx:
        rows = tx.all(select(Outbox).where(col(Outbox.kind) == "move"))
        assert [(row.state, bool(row.slack_ts)) for row in rows] == [("sent", True)] * 3
    all_seen(story)


def test_a_digest_of_a_week_that_was_told_counts_as_told(story: Story, copied: Path) -> None:
    story.until("2026-12-01 12:00")
    all_seen(story)
    put_back(story, copied)
    story.until("2026-12-01 13:00")
    story.sees("@priya", "I was restored")
    with story.tx() as tx:
        told = tx.all(select(Occurrence).where(col(Occurrence.schedule) == "digest:company"))
        assert [(str(row.local_date), row.outcome) for row in told][-1] == ("2026-11-30", "posted")


def test_while_slack_cannot_be_read_nothing_is_said(story: Story, copied: Path) -> None:
    story.until("2026-11-25 12:00")
    all_seen(story)
    before = spoken(story)
    put_back(story, copied)
    story.slack.fail("conversations.history", "500_before", times=5)
    story.after(minutes=2, seconds=3)
    assert said_since(story, before) == []
    told = story.slack.command("priya", "#general", "/linchpin status").text
    assert "I was restored from a copy, and read first" in told
    story.after(minutes=5)
    assert said_since(story, before) == []
    story.sees("@priya", "I was restored")


def test_a_clock_that_is_moved_on_passes_over_the_wait(story: Story, copied: Path) -> None:
    put_back(story, copied)
    stops: list[datetime] = []
    fast_forward(story.context, story.now + timedelta(hours=1), _noted(story, stops))
    assert len(stops) < 10
    story.sees("@priya", "I was restored")


def _noted(story: Story, stops: list[datetime]) -> Callable[[datetime], None]:
    def move_to(moment: datetime) -> None:
        stops.append(moment)
        story.frozen.move_to(moment)

    return move_to


def test_a_channel_that_slack_does_not_show_is_named_to_the_admins(
    story: Story, copied: Path
) -> None:
    story.until("2026-11-24 10:00")
    all_seen(story)
    put_back(story, copied)
    with story.tx() as tx:
        workspace = tx.one(select(Workspace).where(col(Workspace.id) == tx.workspace))
        assert workspace.restored_at == story.now
    story.slack.fail("conversations.history", "error:channel_not_found", times=1)
    story.after(minutes=4)
    told = story.sees("@priya", "I was restored")
    assert "I could not read <#" in told.text
    all_seen(story)


def test_marks_are_forgotten_after_a_while(story: Story, copied: Path) -> None:
    with story.tx() as tx:
        tx.add(Said(mark="m", channel="C1", slack_ts="1.1", found_at=story.now))
    delete_old(story.engine, story.now + timedelta(days=27))
    with story.tx() as tx:
        assert tx.count(Said) == 1
    delete_old(story.engine, story.now + timedelta(days=29))
    with story.tx() as tx:
        assert tx.count(Said) == 0
    all_seen(story)


# -- the files


def test_a_copy_is_whole_while_others_write_and_is_for_the_owner_only(
    story: Story, tmp_path: Path
) -> None:
    story.types("priya", "/account add Acme")
    with story.tx() as tx:  # a writer in the midst of its work
        tx.add(Said(mark="unfinished", channel="C1", slack_ts="1.1", found_at=story.now))
        file = tmp_path / "copy.db"
        copy(sqlite_file(story.url), file)
    with sqlite3.connect(file) as opened:
        assert opened.execute("SELECT name FROM account").fetchall() == [("Acme",)]
        assert opened.execute("SELECT count(*) FROM said").fetchone() == (0,)
    opened.close()
    assert file.stat().st_mode & 0o077 == 0
    assert {path.name for path in tmp_path.iterdir() if "copy" in path.name} == {"copy.db"}


def test_a_copy_overwrites_nothing_unless_it_is_told_to(story: Story, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    file.write_text("something else")
    with pytest.raises(UserError, match="--force"):
        copy(sqlite_file(story.url), file)
    assert file.read_text() == "something else"
    copy(sqlite_file(story.url), file, overwrite=True)
    assert file.read_bytes().startswith(b"SQLite format 3")
    with pytest.raises(UserError, match="no place for a copy"):
        copy(sqlite_file(story.url), sqlite_file(story.url), overwrite=True)


def test_nothing_is_restored_while_it_runs(story: Story, copied: Path) -> None:
    with hold_process_lock(story.url), pytest.raises(UserError, match="runs already"):
        restore_backup(story.url, copied, story.now)
    all_seen(story)


@pytest.mark.parametrize("content", [b"no database", b"", None])
def test_what_is_no_whole_copy_is_not_restored(
    story: Story, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "copy.db"
    if content is not None:
        file.write_bytes(content)
    before = sqlite_file(story.url).read_bytes()
    with pytest.raises(UserError):
        restore_backup(story.url, file, story.now)
    assert sqlite_file(story.url).read_bytes() == before


def test_the_old_database_is_kept_aside_even_when_it_is_broken(story: Story, copied: Path) -> None:
    all_seen(story)
    story.engine.dispose()
    database = sqlite_file(story.url)
    database.write_bytes(b"broken")
    _, aside = restore_backup(story.url, copied, story.now)
    assert aside is not None
    assert aside.read_bytes() == b"broken"
    with story.tx() as tx:
        assert tx.count(Touchpoint) > 0


def test_a_server_s_database_is_copied_by_its_own_tools() -> None:
    with pytest.raises(UserError, match=r"docs/backup\.md"):
        sqlite_file("postgresql+psycopg://host/name")
