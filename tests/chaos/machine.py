"""Scenario 13: whatever happens in whatever order, the invariants hold (hypothesis)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from bot.slack import CouldNotRead, Outcome, RateLimited, Reach, Refused, Unknown
from db.core.tx import begin
from db.core.workspaces import unpark_workspace
from db.models import Outbox
from db.outbox import cancel, lanes, operator_actions, recover_interrupted
from db.outbox.states import PROBE_INTERVAL
from tests.chaos.databases import SQLITE, fresh
from tests.chaos.figures import Figure
from tests.databases import hasty
from tests.delivery.helpers import Clock, FakeSlack, Post, claim, settle_in

LANES = ("C1", "C2", "U1")
TROUBLE = (
    Unknown("lost before"),
    (Unknown("lost after"), True),
    RateLimited(20),
    Refused("access_denied", permanent=False),
)


class MoodySlack(FakeSlack):
    """A Slack with channels that can be archived and a token that can be revoked."""

    def __init__(self) -> None:
        super().__init__()
        self.archived: set[str] = set()
        self.revoked = False

    def send(self, method: str, args: dict[str, Any]) -> Outcome:
        if self.revoked:
            return Refused("token_revoked", True, Reach.WORKSPACE)
        if args["channel"] in self.archived:
            return Refused("is_archived", True, Reach.CHANNEL)
        return super().send(method, args)

    def find_posted(self, *where: Any, **more: Any) -> str | None:
        if self.revoked:
            raise CouldNotRead("conversations.history", "token_revoked")
        return super().find_posted(*where, **more)


class Delivery(RuleBasedStateMachine):
    """Posts, failures, crashes, archived channels, a revoked token, cancelling, time."""

    database = SQLITE
    folder = Path(tempfile.gettempdir())

    def __init__(self) -> None:
        super().__init__()
        self.engine = self._database()
        self.slack, self.clock = MoodySlack(), Clock()
        settle_in(self.engine, self.clock.now)
        self.post = Post(self.engine, self.slack, self.clock)
        self.said: list[int] = []

    def _database(self) -> Engine:
        """A fresh one; without waiting for the disk."""
        return hasty(fresh(self.database, self.folder))

    @rule(lane=st.sampled_from(LANES))
    def says(self, lane: str) -> None:
        self.said.append(self.post.say(f"n{len(self.said)}", channel=lane))

    @rule(trouble=st.sampled_from(TROUBLE))
    def next_call_fails(self, trouble: Any) -> None:
        self.slack.answers.append(trouble)

    @rule(posted=st.booleans())
    def crashes_in_a_call(self, posted: bool) -> None:
        mine = claim(self.engine, self.post.team, self.clock.now)
        if mine and posted:
            self.slack.send(mine.method, mine.args)
        recover_interrupted(self.engine, self.clock.now)

    @rule(posted=st.booleans())
    def disappears_in_a_call(self, posted: bool) -> None:
        """Nobody starts again: its lease has to run out."""
        mine = claim(self.engine, self.post.team, self.clock.now)
        if mine and posted:
            self.slack.send(mine.method, mine.args)

    @rule(lane=st.sampled_from(LANES))
    def archives(self, lane: str) -> None:
        self.slack.archived.add(lane)

    @rule(lane=st.sampled_from(LANES))
    def restores(self, lane: str) -> None:
        self.slack.archived.discard(lane)
        with begin(self.engine, self.post.team) as tx:
            lanes.open_lane(tx, lane)

    @rule()
    def revokes(self) -> None:
        self.slack.revoked = True

    @precondition(lambda self: self.slack.revoked)
    @rule()
    def reinstalls(self) -> None:
        self._reinstall()

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def cancels(self, data: Any) -> None:
        row_id = data.draw(st.sampled_from(self.said))
        with begin(self.engine, self.post.team) as tx:
            cancel(tx, row_id)

    @rule(seconds=st.sampled_from((1, 5, 61, 130, 1900)))
    def works_and_time_goes_on(self, seconds: int) -> None:
        self._work()
        self.clock.on(seconds)

    @invariant()
    def nothing_is_said_twice(self) -> None:
        ids = [row_id for _, _, row_id, _ in self.slack.posted]
        assert len(ids) == len(set(ids))

    def teardown(self) -> None:
        """Everything is mended: what was not ended for a reason is in Slack, once."""
        self.slack.answers.clear()
        self.slack.archived.clear()
        self._reinstall()
        # While time stands still a channel sends one message: each that waits has its round.
        for _ in range(12 + len(self.said)):
            self._work()
            self.clock.on(PROBE_INTERVAL.total_seconds() + 1)
            self._decide_what_is_held()
        posted = {row_id for _, _, row_id, _ in self.slack.posted}
        rows = list(self.post.rows())
        self.engine.dispose()
        assert set(self.said) <= {row.id for row in rows}
        for row in rows:
            assert _is_right(row, row.id in posted), (row.id, row.state, row.id in posted)
        self.nothing_is_said_twice()

    def _reinstall(self) -> None:
        self.slack.revoked = False
        with begin(self.engine, self.post.team) as tx:
            unpark_workspace(tx)

    def _decide_what_is_held(self) -> None:
        posted = {row_id for _, _, row_id, _ in self.slack.posted}
        with begin(self.engine, self.post.team) as tx:
            for row in operator_actions.list_held(tx):
                if row.id in posted:
                    operator_actions.mark_held_sent(tx, row.id, self.clock.now)
                else:
                    operator_actions.resend_held(tx, row.id)

    def _work(self) -> None:
        while self.post.send() or self.post.look():
            pass


def _is_right(row: Outbox, posted: bool) -> bool:
    if row.state == "sent":
        return posted
    # Notices to the admin end with a DM that may be archived too; eight failures are an end.
    return row.state in ("cancelled", "dead", "expired") and not posted


def explored(folder: Path, database: str, *, runs: int, steps: int) -> Figure:
    """So many runs of so many steps."""

    class Here(Delivery):
        pass

    Here.database, Here.folder = database, folder
    how = settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    broken = ""
    try:
        run_state_machine_as_test(Here, settings=how)
    except Exception as error:
        broken = f"{type(error).__name__}: {error}"[:200]
    return Figure(
        "13",
        "post, fail, crash, archive, restore, revoke, reinstall, cancel in any order",
        database,
        f"{runs} runs of up to {steps} steps",
        broken or "no invariant broken",
        "no invariant broken",
        not broken,
    )
