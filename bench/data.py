"""Data sets: a workspace with channels, people, accounts and touchpoints, or with messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Engine, insert, literal, select
from sqlmodel import SQLModel, col

from bot.actions.touchpoints.account_facts import AccountFacts
from bot.actions.touchpoints.planning import planned_rows
from bot.rules.playbook.playbook import Playbook, load
from bot.rules.text import names
from bot.settings import ROOT
from db.models import (
    Account,
    Channel,
    Lane,
    Member,
    Outbox,
    StageChange,
    Term,
    Touchpoint,
    Workspace,
)

WORKSPACE = "T0SANDBOX"  # the sandbox's, for the line that starts the whole program
BOT, SPEAKER = "U0BOT", "U0PRIYA"
CHANNELS = ("sales", "marketing", "operations", "customers", "general")
MANAGERS = [f"U0M{number:04}" for number in range(50)]
# Where an account stands; a move to `renewal` is on from there.
STAGES = ("onboarding", "adoption", "growth")
TEXT = "*Kick-off call* with Acme is due. Agree with them what a good first month looks like."
PAYLOAD: dict[str, Any] = {
    "text": TEXT,
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": TEXT}}],
}

_FIRST = ("Bal", "Cor", "Del", "Fer", "Gan", "Hol", "Mar", "Nor", "Pel", "Vas")
_LAST = ("ado", "enta", "ico", "iva", "ona", "ura", "ex", "is", "or", "um")
_TRADES = "Foods Logistics Energy Health Media Motors Paper Steel Tea Toys".split()
_FORMS = "Group Partners Works Trading Holding Systems Labs Brothers Union House".split()
_BATCH = 10_000

Row = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How many accounts, and at most how many touchpoints each, due from a day after `now` on."""

    accounts: int
    plays: int
    now: datetime


@cache
def playbook() -> Playbook:
    """The playbook that Linchpin comes with."""
    return load(ROOT / "playbooks" / "default.yaml")


def name(number: int) -> str:
    """The name of account `number`; the names of a million are different."""
    mixed = number * 7919 % 1_000_000
    one, two, three = mixed // 10_000, mixed // 100 % 100, mixed % 100
    words = (
        _FIRST[one // 10] + _LAST[one % 10],
        _FIRST[two // 10] + _LAST[two % 10],
        _TRADES[three // 10],
        _FORMS[three % 10],
    )
    return " ".join(words)


def channel_id(named: str) -> str:
    return f"C0{named.upper()}"


def stage_of(number: int) -> str:
    return STAGES[number % len(STAGES)]


def lane(number: int) -> str:
    """The id of the channel that message `number` goes to, of so many channels."""
    return f"C0B{number:06}"


def fill(engine: Engine, size: Size) -> None:
    """Inserts a data set into an empty database."""
    now = size.now
    with engine.begin() as connection:
        connection.execute(insert(Workspace), [_workspace(now)])
        connection.execute(insert(Channel), [_channel(named, now) for named in CHANNELS])
        connection.execute(insert(Member), [_person(user, now) for user in (SPEAKER, *MANAGERS)])
        accounts = _accounts(size)
        while some := list(islice(accounts, _BATCH)):
            connection.execute(insert(Account), some)
        for stage in STAGES:
            for row in _rows_of_account(stage, size):
                _insert_for_each(connection, row, stage)


def _insert_for_each(connection: Connection, row: SQLModel, stage: str) -> None:
    """Inserts the row once for each account of a stage."""
    columns = row.__table__.c  # type: ignore[attr-defined]
    given = {column: literal(value, columns[column].type) for column, value in _row(row).items()}
    of_stage = select(*{**given, "account_id": col(Account.id)}.values())
    where = col(Account.stage) == stage
    connection.execute(insert(type(row)).from_select([*given], of_stage.where(where)))


def fill_outbox(engine: Engine, messages: int, channels: int, due: datetime) -> None:
    """Inserts a workspace and so many messages that are due, taking turns among channels."""
    message = _row(
        Outbox(
            workspace_id=WORKSPACE,
            dedupe_key="",
            kind="nudge",
            method="chat.postMessage",
            lane="",
            payload=PAYLOAD,
            due_at=due,
            created_at=due,
        )
    )
    rows = [
        {**message, "dedupe_key": f"bench:{number}", "lane": lane(number % channels)}
        for number in range(messages)
    ]
    lanes = [
        {"workspace_id": WORKSPACE, "lane": lane(number), "next_ok_at": due}
        for number in range(channels)
    ]
    with engine.begin() as connection:
        connection.execute(insert(Workspace), [_workspace(due)])
        connection.execute(insert(Lane), lanes)
        connection.execute(insert(Outbox), rows)


def _row(model: SQLModel) -> Row:
    """A model's columns as one row, without those that are empty."""
    return {column: value for column, value in model.model_dump().items() if value is not None}


def _workspace(now: datetime) -> Row:
    return _row(
        Workspace(
            id=WORKSPACE,
            name="Bench",
            bot_user_id=BOT,
            created_at=now,
            greeted_at=now,
            names_version=1,
        )
    )


def _channel(named: str, now: datetime) -> Row:
    return _row(
        Channel(
            workspace_id=WORKSPACE,
            channel_id=channel_id(named),
            name=named,
            is_member=True,
            fetched_at=now,
        )
    )


def _person(user: str, now: datetime) -> Row:
    return _row(
        Member(
            workspace_id=WORKSPACE,
            user_id=user,
            team_id=WORKSPACE,
            name=user.title(),
            handle=user.lower(),
            tz="Europe/Dublin",
            fetched_at=now,
        )
    )


def _accounts(size: Size) -> Iterator[Row]:
    now = size.now
    template = _row(
        Account(
            workspace_id=WORKSPACE,
            name="",
            name_key="",
            slug="",
            stage="",
            stage_entered_at=now,
            created_at=now,
        )
    )
    for number in range(1, size.accounts + 1):
        called = name(number)
        yield {
            **template,
            "id": number,
            "name": called,
            "name_key": names.key(called),
            "slug": names.slug(called),
            "stage": stage_of(number),
            "manager_id": MANAGERS[number % len(MANAGERS)],
            "renews_on": date(now.year + 1, number % 12 + 1, number % 28 + 1),
        }


def _rows_of_account(stage: str, size: Size) -> Iterator[SQLModel]:
    """What an account of a stage has, touchpoints as a move would plan them; of account 0."""
    now = size.now
    of: dict[str, Any] = {"workspace_id": WORKSPACE, "account_id": 0}
    yield StageChange(**of, stage_entry=1, term=1, to_stage=stage, source="import", at=now)
    # Without its term the clock would give one to each account.
    yield Term(**of, number=1, began_at=now, source="import")
    renewal = date(now.year + 1, 6, 1)
    facts = AccountFacts(0, stage, 1, now, renewal, term=1, term_began=now)
    planned = planned_rows(playbook(), facts, now)
    # Without a play of its term the clock would plan those of each account.
    of_term = [row for row in planned if row["term"]][:1]
    of_stage = [row for row in planned if not row["term"]][: size.plays]
    for row in (*of_term, *of_stage):
        due = max(row["due_at"], now + timedelta(days=1))
        yield Touchpoint(**{**row, **of, "state_at": now, "due_at": due, "wake_at": due})
