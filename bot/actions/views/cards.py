"""Gathers what the cards and lists show: one account, the board, what is open for whom."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions.digests import participation
from bot.actions.promises import promises
from bot.actions.touchpoints.labels import assignee_label, held_line, upcoming_views
from bot.actions.touchpoints.pace import days_in_stage, pace_level
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

MAX_HAPPENED = 5
# A board names so many accounts a stage; one stage alone names more.
MAX_NAMED = 5
MAX_NAMED_ALONE = 40


def account_card(work: Work, account: Account) -> AccountCard:
    """Where an account stands."""
    stage = work.playbook.stage(account.stage)
    following = work.playbook.after(account.stage)
    today = work.playbook.calendar("manager").local_date(work.now)
    round_ = term_history.build(work.tx, work.playbook, account)
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
        aliases=tuple(alias.alias for alias in accounts.list_aliases(work.tx, account.id)),
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
            upcoming_views(work.playbook, account, touchpoints.list_of_account(work.tx, account.id))
        ),
        happened=timeline.recent_events(work.tx, work.playbook, account.id, MAX_HAPPENED),
        moved=timeline.last_move_event(work.tx, work.playbook, account.id),
        promises=_promise_texts(work, account.id),
        advocacy=tuple(advocacy.advocacy_lines(work.tx, work.playbook, account, today)),
        part=participation.participation_line(work, account),
        sector=account.sector,
        country=account.country,
        pace=pace.pace_label(pace_level(work.playbook, account, work.now)),
    )


def _promise_texts(work: Work, account_id: int) -> tuple[str, ...]:
    ours = open_promises.list_open(work.tx, account_id)
    return tuple(line.told() for line in promises.promise_lines(work, ours))


def build_board(work: Work, only: str | None = None) -> Board:
    """Each stage with its accounts; `only` one stage."""
    counts = accounts.count_by_stage(work.tx)
    most = MAX_NAMED if only is None else MAX_NAMED_ALONE
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
                    pace.pace_label(pace_level(work.playbook, account, work.now)),
                )
                for account in accounts.list_longest_in_stage(work.tx, stage.key, most)
            ),
        )
        for stage in work.playbook.stages
        if only in (None, stage.key)
    )
    known = sum(counts.get(stage.key, 0) for stage in work.playbook.stages)
    return Board(rows, sum(counts.values()) - known)


def next_items(tx: Tx, playbook: Playbook, open_ones: Sequence[Touchpoint]) -> list[NextItem]:
    """Open touchpoints as `/next` lists them."""
    known = accounts.by_ids(tx, [t.account_id for t in open_ones])
    return [_next_item(playbook, t, known[t.account_id]) for t in open_ones]


def _next_item(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> NextItem:
    owner = assignee_label(playbook, touchpoint, account)
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
