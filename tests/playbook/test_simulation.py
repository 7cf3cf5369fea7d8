"""What a playbook would send is what is sent: the simulation lives through the same weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import freezegun
import pytest
from sqlmodel import col, select

from bot.__main__ import build_parser
from bot.actions.actor import CLOCK, Actor
from bot.actions.responses.respond import complete
from bot.actions.simulation.weeks import SimulationResult, monday_of, simulate
from bot.actions.work import Work
from bot.settings import Settings
from db.core.tx import begin
from db.models import Account, Touchpoint
from db.upkeep.rehearsal import copy_workspace
from tests.story import DUBLIN, MONDAY, PLAYBOOK, Story

WEEKS = 5
# Little may be asked, so that much is postponed.
TIGHT = PLAYBOOK + "attention: {customer_a_week: 1, channel_a_day: 2}\n"
# Twenty days after Monday at ten is a Sunday, and thirty a Wednesday, both after nine.
MOVES = {
    date(2026, 12, 14): ["/stage young next"],
    date(2026, 12, 24): [f"/stage acme{n} next" for n in range(3)],
}


@pytest.fixture
def tight(tmp_path: Path) -> Iterator[Story]:
    with freezegun.freeze_time(MONDAY) as frozen:
        story = Story(tmp_path, frozen, TIGHT)  # type: ignore[arg-type]
        for n in range(3):
            story.types("priya", f"/account add Acme{n} stage onboarding manager @tom")
        story.types("priya", "/account add Young manager @tom")
        yield story
        story.close()


def simulated(story: Story, weeks: int, *, moving: bool = True) -> SimulationResult:
    engine = copy_workspace(story.engine, story.context.workspace)
    with begin(engine, story.context.workspace) as tx:
        return simulate(Work(tx, story.playbook, story.now, CLOCK), story.now, weeks, moving=moving)


def answer_all(story: Story) -> None:
    """People do all that is shown, and what comes then."""
    while True:
        with story.tx() as tx:
            shown = tx.all(select(Touchpoint).where(col(Touchpoint.state) == "nudged"))
            work = Work(tx, story.playbook, story.now, Actor("U0DIEGO", "button"))
            for touchpoint in shown:
                complete(work, touchpoint)
        if not shown:
            return
        story.settle()


def live_through(story: Story, weeks: int) -> Counter[tuple[str, date]]:
    """The weeks as they are, with people who do everything; how much whose week had."""
    begun, end = story.now, MONDAY + timedelta(weeks=weeks)
    while story.now < end:
        day = story.now.astimezone(DUBLIN).date() + timedelta(days=1)
        story.until(min(end, datetime(day.year, day.month, day.day, 9, tzinfo=DUBLIN)))
        for command in MOVES.get(day, ()):
            story.types("tom", command)
        answer_all(story)
    with story.tx() as tx:
        rows = tx.all(select(Touchpoint).where(col(Touchpoint.nudged_at) > begun))
        return Counter((row.owner, monday_of(row.nudged_at.date())) for row in rows)  # type: ignore[union-attr]


def test_its_weeks_are_those_that_are_really_sent(tight: Story) -> None:
    told = simulated(tight, WEEKS)
    expected = {
        (owner, week): count
        for owner, weeks in told.by_week(tight.playbook).items()
        for week, count in weeks.items()
    }
    real = live_through(tight, WEEKS)
    assert abs(sum(real.values()) - sum(expected.values())) <= 1
    # What is moved and answered on the same morning may fall on the other side of a Sunday.
    assert all(abs(real[at] - expected.get(at, 0)) <= 1 for at in {*real, *expected})
    with tight.tx() as tx:
        assert {each.stage for each in tx.all(select(Account))} == {"onboarding", "renewal"}
    assert told.most["customer", "manager"] == 3  # the limits have postponed some of it


def test_accounts_that_stay_are_asked_by_the_rhythms_of_their_stage_alone(tight: Story) -> None:
    moving, staying = simulated(tight, 9), simulated(tight, 9, moving=False)
    assert {nudge.play for nudge in moving.nudges} >= {"story", "kickoff"}
    assert {nudge.play for nudge in staying.nudges} == {"kickoff", "report", "hello", "question"}


def test_accounts_enter_renewal_by_their_date_renew_and_begin_the_next_term(
    tmp_path: Path,
) -> None:
    text = (Path(__file__).parents[2] / "playbooks" / "default.yaml").read_text()
    with freezegun.freeze_time(MONDAY) as frozen:
        story = Story(tmp_path, frozen, text)  # type: ignore[arg-type]
        story.types("priya", "/account add Acme stage growth renews 2027-02-26")
        plays = [nudge.play for nudge in simulated(story, 18).nudges]
        story.close()
    before, after = plays[: plays.index("ask-decision")], plays[plays.index("ask-decision") :]
    assert [play for play in before if play in ("date-and-notice", "starting-afresh")] == [
        "date-and-notice", "starting-afresh",
    ]  # fmt: skip
    assert "their-goals" in after  # it is in Growth again, in term 2


def test_the_command_counts_the_real_accounts_and_writes_nothing(
    story: Story,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    story.types("priya", "/account add Acme stage onboarding")
    own, file, picture = (tmp_path / name for name in ("own.yaml", "ours.yaml", "weeks.png"))
    own.write_text(PLAYBOOK)
    file.write_text(PLAYBOOK.replace("owner: operations, due: 1 bus", "owner: sales, due: 1 bus"))
    words = ["playbook", "simulate", str(file), "--weeks", "2", "--picture", str(picture)]
    args = build_parser(words).parse_args(words)
    before = story.rows()
    settings = Settings(database_url=story.url, LINCHPIN_PLAYBOOK=own)
    assert args.run(args, settings=settings, now=lambda: story.now) == 0
    assert story.rows() == before
    said = capsys.readouterr().out
    assert "1 account, 2 weeks from 23 Nov 2026" in said
    assert "│ 23 Nov 2026 │     2 │         · │          · │        · │   2 │" in said
    assert "The limits would postpone nothing." in said
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_accounts_of_a_file_are_counted_without_a_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ours.yaml").write_text(PLAYBOOK)
    (tmp_path / "accounts.csv").write_text("name,stage\nAcme,onboarding\nGlobex,prospect\n")
    words = ["playbook", "simulate", str(tmp_path / "ours.yaml"), "--from", "2026-11-23"]
    words += ["--weeks", "1", "--accounts", str(tmp_path / "accounts.csv"), "--stay"]
    args = build_parser(words).parse_args(words)
    now = datetime(2027, 1, 1, tzinfo=UTC)
    assert args.run(args, settings=Settings(database_url="sqlite:///none"), now=lambda: now) == 0
    said = capsys.readouterr().out
    assert "2 accounts, 1 week from 23 Nov 2026" in said
    assert "Operations" in said
