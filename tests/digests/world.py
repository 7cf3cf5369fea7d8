"""A workspace whose week is to be told: two departments in two zones, a few people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, cast

from sqlalchemy import Engine, select
from sqlmodel import col

from bot.actions.actor import CLOCK
from bot.actions.work import Work
from bot.context import Context
from bot.nudges.duties.digests import next_digest_at, send_due_digest
from bot.rules.playbook.playbook import parse
from bot.slack import Slack
from db.core.tx import begin, read
from db.models import (
    Account,
    Channel,
    Interaction,
    Member,
    Occurrence,
    Outbox,
    Touchpoint,
    Workspace,
)
from db.workspace import departments

TEAM = "T1"
#: A Friday, so that the first digests come on Monday 9 November 2026.
CREATED = datetime(2026, 11, 6, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
_DEPARTMENTS = ("COPERATIONS", "CSUPPORT")

PLAYBOOK = """
name: Test
destination: renewal
company: {channel: "#customers", timezone: Europe/Dublin}
without_manager: operations
departments:
  operations:
    {name: Operations, channel: "#operations", timezone: Europe/Dublin, holidays: IE, lead: diego}
  support: {name: Support, channel: "#support", timezone: Asia/Tokyo, holidays: JP}
stages:
  - key: onboarding
    name: Onboarding
    decision: Did we choose well?
    expected_days: 30
    plays:
      - {key: kickoff, title: Kick-off call, owner: operations, due: on entry,
         ask: Call them., helps: They see who does what.}
      - {key: tour, title: A tour, owner: support, due: on entry,
         ask: Show them., helps: They see that it works.}
      - {key: hello, title: Say hello, owner: manager, due: on entry,
         ask: Say hello., helps: They know whom to ask.}
  - key: renewal
    name: Renewal
    decision: Do we go on?
    plays:
      - {key: brief, title: Renewal brief, owner: manager, due: 60 days before renewal,
         ask: Write it., helps: They see what they got.}
  - {key: churned, name: Churned, decision: Come back?, exit: true}
"""


@dataclass
class World:
    """What a story changes and looks at. Times are given by the story, never read."""

    engine: Engine
    numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        playbook = parse(PLAYBOOK, "test.yaml")
        slack = cast(Slack, None)  # a digest goes to the outbox only
        self.context = Context(self.engine, playbook, slack, now=lambda: MONDAY)

    @property
    def playbook(self):
        return self.context.playbook_file

    def settle(self, created: datetime = CREATED) -> None:
        with begin(self.engine, TEAM) as tx:
            tx.add(Workspace(id=TEAM, name="Test", bot_user_id="B1", created_at=created))  # type: ignore[type-var]
            for name in ("customers", "operations", "support"):
                tx.add(
                    Channel(
                        channel_id=f"C{name.upper()}",
                        name=name,
                        is_member=True,
                        fetched_at=created,
                        introduced_at=created,
                    )
                )

    def person(self, user_id: str, name: str, tz: str = "Europe/Dublin", **values: Any) -> str:
        with begin(self.engine, TEAM) as tx:
            row = Member(
                user_id=user_id,
                team_id=TEAM,
                name=name,
                tz=tz,
                fetched_at=CREATED,
                introduced_at=CREATED,
                **values,
            )
            tx.add(row)
        return user_id

    def account(self, name: str, manager: str | None = None, **values: Any) -> int:
        key = f"{name.casefold()}-{next(self.numbers)}"
        defaults = {
            "stage": "onboarding",
            "stage_entered_at": CREATED,
            "renews_on": date(2027, 10, 1),
            "created_at": values.get("stage_entered_at", CREATED),
            "name_key": key,
            "slug": key,
        }
        with begin(self.engine, TEAM) as tx:
            row = tx.add(Account(name=name, manager_id=manager, **{**defaults, **values}))
            return row.id

    def touchpoint(self, account: int, owner: str, due_at: datetime, **values: Any) -> int:
        title = {"operations": "Kick-off call", "support": "A tour"}.get(owner, "Say hello")
        defaults = {
            "stage": "onboarding",
            "stage_entry": 1,
            "play": "kickoff",
            "occurrence": next(self.numbers),
            "title": title,
            "state": "nudged",
            "state_at": due_at,
        }
        if values.get("state") != "planned":
            defaults |= {"nudged_at": due_at, "shown_at": due_at}
        with begin(self.engine, TEAM) as tx:
            row = tx.add(
                Touchpoint(account_id=account, owner=owner, due_at=due_at, **{**defaults, **values})
            )
            return row.id

    def interaction(self, account: int, on: date, by: str | None = None, **values: Any) -> None:
        at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
        with begin(self.engine, TEAM) as tx:
            tx.add(
                Interaction(
                    account_id=account,
                    kind="call",
                    text="talked",
                    happened_on=on,
                    by_user=by,
                    source="slash",
                    created_at=at,
                    **values,
                )
            )

    def add(self, row: Any) -> None:
        with begin(self.engine, TEAM) as tx:
            tx.add(row)

    def next_at(self, now: datetime) -> datetime | None:
        """When the next digest is due."""
        with read(self.engine, TEAM) as tx:
            return next_digest_at(
                Work(tx, departments.in_force(tx, self.context.playbook_file), now, CLOCK)
            )

    def tick(self, now: datetime) -> list[str]:
        """The clock's rounds at one moment; returns the channels and people that got a digest."""
        before = len(self.posts())
        for _ in range(200):
            if not send_due_digest(self.context, now):
                return [post.lane for post in self.posts()[before:]]
        raise AssertionError("the clock would never rest")

    def posts(self) -> list[Outbox]:
        """The company's and people's; those of departments are in `lists`."""
        return [post for post in self._posts() if post.lane not in _DEPARTMENTS]

    def lists(self) -> list[Outbox]:
        """The lists that a department's digest heads."""
        return [post for post in self._posts() if post.lane in _DEPARTMENTS]

    def _posts(self) -> list[Outbox]:
        with read(self.engine, TEAM) as tx:
            return tx.all(
                select(Outbox).where(col(Outbox.kind) == "digest").order_by(col(Outbox.id))
            )

    def post(self, lane: str) -> dict[str, Any]:
        """The payload of the newest digest to a channel or a person."""
        return [post for post in self.posts() if post.lane == lane][-1].payload

    def outcomes(self, schedule: str) -> list[tuple[str, str]]:
        """(Monday, outcome) of a schedule, oldest first."""
        mine = select(Occurrence).where(col(Occurrence.schedule) == schedule)
        with read(self.engine, TEAM) as tx:
            rows = tx.all(mine.order_by(col(Occurrence.local_date)))
        return [(str(row.local_date), row.outcome) for row in rows]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]
