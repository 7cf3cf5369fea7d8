"""Gathers what the cards and lists show: one account, the board, what is open for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from bot.actions.stages import owner_label, upcoming
from bot.messages.account import AccountCard, Happened
from bot.messages.next import NextItem
from bot.messages.stage import Board, BoardStage
from bot.rules.playbook import Playbook
from db import accounts, touchpoints
from db.models import Account, StageChange, Touchpoint
from db.tx import Tx

MOST_HAPPENED = 5
# A board names so many accounts a stage; one stage alone names more.
MOST_NAMED = 5
MOST_NAMED_ALONE = 40


def of(tx: Tx, playbook: Playbook, account: Account, now: datetime) -> AccountCard:
    """Where an account stands."""
    assert account.id is not None
    stage = playbook.stage(account.stage)
    following = playbook.after(account.stage)
    today = playbook.calendar("manager").local_date(now)
    return AccountCard(
        id=account.id,
        name=account.name,
        stage=stage.name if stage else account.stage,
        decision=stage.decision if stage else "",
        days=(now - account.stage_entered_at).days,
        expected_days=stage.expected_days if stage else None,
        manager=account.manager_id,
        owner_name=account.owner_name,
        renews_on=account.renews_on,
        renews_in=(account.renews_on - today).days if account.renews_on else None,
        channel=account.channel_id,
        aliases=tuple(alias.alias for alias in accounts.aliases(tx, account.id)),
        archived=account.archived_at is not None,
        entry=account.stage_entry,
        next_stage=(following.key, following.name) if following else None,
        upcoming=tuple(upcoming(playbook, account, touchpoints.of_account(tx, account.id))),
        happened=_happened(tx, playbook, account.id),
    )


def board(tx: Tx, playbook: Playbook, now: datetime, only: str | None = None) -> Board:
    """Each stage with its accounts; `only` one stage."""
    counts = accounts.count_by_stage(tx)
    most = MOST_NAMED if only is None else MOST_NAMED_ALONE
    rows = tuple(
        BoardStage(
            key=stage.key,
            name=stage.name,
            decision=stage.decision,
            count=counts.get(stage.key, 0),
            expected_days=stage.expected_days,
            longest=tuple(
                (account.name, (now - account.stage_entered_at).days)
                for account in accounts.longest_in_stage(tx, stage.key, most)
            ),
        )
        for stage in playbook.stages
        if only in (None, stage.key)
    )
    known = sum(counts.get(stage.key, 0) for stage in playbook.stages)
    return Board(rows, sum(counts.values()) - known)


def items(tx: Tx, playbook: Playbook, open_ones: Sequence[Touchpoint]) -> list[NextItem]:
    """Open touchpoints as `/next` lists them."""
    known = accounts.named(tx, [t.account_id for t in open_ones])
    return [
        NextItem(
            id=t.id or 0,
            account=known[t.account_id].name,
            title=t.title,
            owner=owner_label(playbook, t.owner, known[t.account_id]),
            due_at=t.due_at,
            state=t.state,
            by=t.by_user,
        )
        for t in open_ones
    ]


def _happened(tx: Tx, playbook: Playbook, account_id: int) -> tuple[Happened, ...]:
    """The last things of an account's story: interactions, touchpoints, moves; newest first."""
    told = [
        Happened(row.happened_on, f"{row.kind}: {' '.join(row.text.split())}", row.by_user)
        for row in accounts.interactions(tx, account_id, MOST_HAPPENED)
    ]
    told += _ended(touchpoints.last_ended(tx, account_id, MOST_HAPPENED))
    told += [
        Happened(row.at.date(), _moved(playbook, row), row.by_user)
        for row in accounts.history(tx, account_id, MOST_HAPPENED)
    ]
    return tuple(sorted(told, key=_day, reverse=True)[:MOST_HAPPENED])


def _ended(rows: Iterable[Touchpoint]) -> list[Happened]:
    return [Happened(row.state_at.date(), f"{row.title}: {row.state}", row.by_user) for row in rows]


def _moved(playbook: Playbook, change: StageChange) -> str:
    stage = playbook.stage(change.to_stage)
    name = stage.name if stage else change.to_stage
    if change.from_stage is None:
        return f"added in {name}"
    if change.from_stage == change.to_stage:
        return f"brought back, in {name}"
    return f"moved to {name}" + (f", because {change.reason}" if change.reason else "")


def _day(row: Happened) -> date:
    return row.on
