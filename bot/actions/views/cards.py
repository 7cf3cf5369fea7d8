"""Loads what cards and lists show: one account, the board, what is open for whom."""

from __future__ import annotations

from bot.actions.briefs.facts import at_stake
from bot.actions.facts import gap_lines
from bot.actions.facts.days import today as today_of
from bot.actions.reasons.reasons import list_reasons
from bot.actions.touchpoints.labels import person_name
from bot.actions.touchpoints.standing import upcoming_lines
from bot.actions.views import timeline
from bot.actions.work import Work
from bot.messages.accounts.account import AccountCard
from bot.messages.advocacy.advocacy import road_line
from bot.messages.facts.known import days_text
from bot.messages.kit.text import short
from bot.messages.lifecycle.stage import Board, BoardStage
from bot.messages.reasons.reasons import pace_label, reasons_lines
from bot.rules.facts.known_since import days_in_stage
from bot.rules.facts.live import is_live
from bot.rules.playbook.playbook import MANAGER
from bot.rules.reasons import expected_days, pace_level
from db.accounts import accounts
from db.advocacy.advocacy import road_of
from db.models import Account
from db.terms import terms
from db.touchpoints import touchpoints

# Accounts that a board names for each stage, and for one stage alone.
MAX_NAMED = 5
MAX_NAMED_ALONE = 40


def account_card(work: Work, account: Account) -> AccountCard:
    """An account's stage, term, money, gaps, next touchpoint and last events."""
    stage, today = work.playbook.stage(account.stage), today_of(work)
    in_term = terms.current_term(work.tx, account) is not None
    known = list_reasons(work, [account]).get(account.id, [])
    planned = touchpoints.list_of_account(work.tx, account.id)
    upcoming = upcoming_lines(work, account, planned[:1], work.by.user)
    stake, next_on = at_stake(work.tx, account, today)
    name = person_name(work, account.manager_id)
    if not name and account.owner_name:
        name = f"{short(account.owner_name)} (not found in Slack)"
    return AccountCard(
        id=account.id,
        name=account.name,
        stage=stage.name if stage else account.stage,
        days=days_in_stage(work.playbook.calendar(MANAGER), account, work.now).count,
        term=account.term if in_term else None,
        manager=account.manager_id,
        manager_name=name or "no manager",
        tier=account.tier,
        archived=account.archived_at is not None,
        renews_on=account.renews_on,
        today=today,
        stake=stake if is_live(work.playbook, account) else "",
        is_dated=next_on is not None and next_on == account.renews_on,
        reasons=reasons_lines(
            [each for each in known if each.kind != "date passed"], work.playbook, today
        ),
        road=_road_line(work, account),
        missing=gap_lines.list_lines(work, account, work.by.user),
        upcoming=upcoming[0] if upcoming else "",
        happened=timeline.recent_events(work, account.id),
    )


def _road_line(work: Work, account: Account) -> str:
    """Empty for an account that has left."""
    here, to = work.playbook.stage(account.stage), work.playbook.stage(work.playbook.destination)
    if to is None or here is None or here.exit:
        return ""
    return road_line(to.name, road_of(work.tx, account))


def build_board(work: Work, only: str | None = None) -> Board:
    """Each stage with its accounts, or `only` one stage."""
    counts = accounts.count_by_stage(work.tx)
    most = MAX_NAMED if only is None else MAX_NAMED_ALONE
    rows = tuple(
        BoardStage(
            key=stage.key,
            name=stage.name,
            decision=stage.decision,
            count=counts.get(stage.key, 0),
            expected_days=expected_days(work.playbook, stage.key),
            longest=tuple(
                _board_account(work, account)
                for account in accounts.list_longest_in_stage(work.tx, stage.key, most)
            ),
        )
        for stage in work.playbook.stages
        if only in (None, stage.key)
    )
    known = sum(counts.get(stage.key, 0) for stage in work.playbook.stages)
    return Board(rows, sum(counts.values()) - known)


def _board_account(work: Work, account: Account) -> tuple[str, str, str]:
    level = pace_level(work.playbook, account, work.now)
    days = days_in_stage(work.playbook.calendar("manager"), account, work.now)
    return account.name, days_text(days), pace_label(level)
