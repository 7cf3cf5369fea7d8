"""Gathers what the cards and lists show: one account, the board, what is open for whom."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.digests import participation
from bot.actions.promises import promises
from bot.actions.touchpoints.labels import held_line, upcoming, whose
from bot.actions.touchpoints.pace import days_in_stage, level_of
from bot.actions.views import advocacy, term_history, timeline
from bot.actions.work import Work
from bot.messages.accounts.account import AccountCard
from bot.messages.lifecycle import pace
from bot.messages.lifecycle.stage import Board, BoardStage
from bot.messages.touchpoints.next import NextItem
from bot.rules.playbook.playbook import Playbook
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.promises import promises as open_promises
from db.touchpoints import touchpoints

MOST_HAPPENED = 5
# A board names so many accounts a stage; one stage alone names more.
MOST_NAMED = 5
MOST_NAMED_ALONE = 40


def of(work: Work, account: Account) -> AccountCard:
    """Where an account stands."""
    stage = work.playbook.stage(account.stage)
    following = work.playbook.after(account.stage)
    today = work.playbook.calendar("manager").local_date(work.now)
    round_ = term_history.of(work.tx, work.playbook, account)
    return AccountCard(
        id=account.id,
        name=account.name,
        stage=stage.name if stage else account.stage,
        decision=stage.decision if stage else "",
        days=days_in_stage(work.playbook, account, work.now),
        expected_days=stage.expected_days if stage else None,
        manager=account.manager_id,
        owner_name=account.owner_name,
        renews_on=account.renews_on,
        renews_in=(account.renews_on - today).days if account.renews_on else None,
        channel=account.channel_id,
        aliases=tuple(alias.alias for alias in accounts.aliases(work.tx, account.id)),
        archived=account.archived_at is not None,
        entry=account.stage_entry,
        term=account.term,
        term_since=round_.since,
        has_terms=round_.compared,
        value=round_.value,
        is_open=round_.is_open,
        decided=round_.decided,
        next_stage=(following.key, following.name) if following else None,
        upcoming=tuple(
            upcoming(work.playbook, account, touchpoints.of_account(work.tx, account.id))
        ),
        happened=timeline.lately(work.tx, work.playbook, account.id, MOST_HAPPENED),
        moved=timeline.last_move(work.tx, work.playbook, account.id),
        promises=_promised(work, account.id),
        advocacy=tuple(advocacy.card_lines(work.tx, work.playbook, account, today)),
        part=participation.card_line(work, account),
        sector=account.sector,
        country=account.country,
        pace=pace.mark(level_of(work.playbook, account, work.now)),
    )


def _promised(work: Work, account_id: int) -> tuple[str, ...]:
    ours = open_promises.open_of(work.tx, account_id)
    return tuple(line.told() for line in promises.lines(work, ours))


def board(work: Work, only: str | None = None) -> Board:
    """Each stage with its accounts; `only` one stage."""
    counts = accounts.count_by_stage(work.tx)
    most = MOST_NAMED if only is None else MOST_NAMED_ALONE
    rows = tuple(
        BoardStage(
            key=stage.key,
            name=stage.name,
            decision=stage.decision,
            count=counts.get(stage.key, 0),
            expected_days=stage.expected_days,
            longest=tuple(
                (
                    account.name,
                    days_in_stage(work.playbook, account, work.now),
                    pace.mark(level_of(work.playbook, account, work.now)),
                )
                for account in accounts.longest_in_stage(work.tx, stage.key, most)
            ),
        )
        for stage in work.playbook.stages
        if only in (None, stage.key)
    )
    known = sum(counts.get(stage.key, 0) for stage in work.playbook.stages)
    return Board(rows, sum(counts.values()) - known)


def items(tx: Tx, playbook: Playbook, open_ones: Sequence[Touchpoint]) -> list[NextItem]:
    """Open touchpoints as `/next` lists them."""
    known = accounts.named(tx, [t.account_id for t in open_ones])
    return [_item(playbook, t, known[t.account_id]) for t in open_ones]


def _item(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> NextItem:
    owner = whose(playbook, touchpoint, account)
    return NextItem(
        id=touchpoint.id,
        account=account.name,
        title=touchpoint.title,
        owner=owner,
        due_at=touchpoint.due_at,
        state=touchpoint.state,
        by=touchpoint.by_user,
        held=held_line(playbook, touchpoint, account.name, owner),
    )
