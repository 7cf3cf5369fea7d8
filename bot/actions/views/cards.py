"""Loads what cards and lists show: one account, the board, what is open for whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.actions.answers.known import list_known
from bot.actions.contacts.rows import people_here
from bot.actions.contracts.contracts import contract_lines
from bot.actions.facts import gap_lines, involvement
from bot.actions.facts.last_contact import last_contact_text
from bot.actions.promises import promises
from bot.actions.reasons.reasons import list_reasons
from bot.actions.touchpoints import cooldown
from bot.actions.touchpoints.labels import assignee_label
from bot.actions.touchpoints.standing import standing_of, upcoming_views
from bot.actions.views import term_history, timeline
from bot.actions.work import Work
from bot.messages.accounts.account import AccountCard
from bot.messages.advocacy import advocacy as messages
from bot.messages.advocacy.road import road_line
from bot.messages.answers.known import card_lines
from bot.messages.contacts.people import people_line
from bot.messages.facts.known import days_text
from bot.messages.kit.text import day, quoted, short
from bot.messages.lifecycle.stage import Board, BoardStage
from bot.messages.reasons.reasons import pace_label, reasons_lines
from bot.messages.touchpoints.next import NextItem
from bot.rules.facts.known_since import days_in_stage
from bot.rules.facts.live import is_live
from bot.rules.playbook import advocacy as rules
from bot.rules.playbook.playbook import Playbook
from bot.rules.reasons import expected_days, pace_level
from db.accounts import accounts
from db.advocacy import advocacy
from db.advocacy.road import road_of
from db.contracts import contracts
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.promises import promises as open_promises
from db.touchpoints import touchpoints

MAX_HAPPENED = 5
# Accounts that a board names for each stage, and for one stage alone.
MAX_NAMED = 5
MAX_NAMED_ALONE = 40
MAX_COMPLAINTS = 2
_MAX_COMPLAINT_LENGTH = 120


def account_card(work: Work, account: Account) -> AccountCard:
    """An account's stage, term, touchpoints and history."""
    stage = work.playbook.stage(account.stage)
    following = work.playbook.after(account.stage)
    calendar = work.playbook.calendar("manager")
    today = calendar.local_date(work.now)
    term = term_history.build(work.tx, work.playbook, account)
    promised = promises.promise_lines(work, open_promises.list_open(work.tx, account.id))
    planned = touchpoints.list_of_account(work.tx, account.id)
    known = list_reasons(work, [account]).get(account.id, [])
    return AccountCard(
        id=account.id,
        name=account.name,
        stage=stage.name if stage else account.stage,
        decision=stage.decision if stage else "",
        days=days_in_stage(calendar, account, work.now),
        expected_days=expected_days(work.playbook, account.stage),
        manager=account.manager_id,
        owner_name=account.owner_name,
        is_live=is_live(work.playbook, account),
        renews_on=account.renews_on,
        renews_in=(account.renews_on - today).days if account.renews_on else None,
        channel=account.channel_id,
        aliases=tuple(alias.alias for alias in accounts.list_aliases(work.tx, account.id)),
        archived=account.archived_at is not None,
        entry=account.stage_entry,
        term=account.term,
        term_since=term.since,
        has_terms=term.compared,
        value=term.value,
        is_open=term.is_open,
        decided=term.decided,
        next_stage=(following.key, following.name) if following else None,
        upcoming=tuple(upcoming_views(work, account, planned)),
        happened=timeline.recent_events(work.tx, work.playbook, account.id, MAX_HAPPENED),
        moved=timeline.last_move_event(work.tx, work.playbook, account.id),
        promises=tuple(line.told() for line in promised),
        road=_road_line(work, account),
        advocacy=tuple(_advocacy_lines(work.tx, work.playbook, account, today)),
        worth=contracts.money_of(account),
        contracts=tuple(contract_lines(work.tx, account, today)),
        tier=account.tier,
        known=card_lines(list_known(work.tx, account)),
        people=people_line(people_here(work.tx, account.id)),
        part=involvement.involvement_line(work, account),
        last_contact=last_contact_text(work, account),
        missing=gap_lines.list_lines(work, account),
        sector=account.sector,
        country=account.country,
        reasons=reasons_lines(known, work.playbook, today),
    )


def _road_line(work: Work, account: Account) -> str:
    """Empty for an account that has left."""
    here, to = work.playbook.stage(account.stage), work.playbook.stage(work.playbook.destination)
    if to is None or here is None or here.exit:
        return ""
    return road_line(to.name, road_of(work.tx, account))


def _advocacy_lines(tx: Tx, playbook: Playbook, account: Account, today: date) -> Iterator[str]:
    """One line of favours, one of a cooldown, and the newest open complaints; often none."""
    advocate = cooldown.load(tx, playbook, account, today)
    entries = rules.latest_entries(advocate.entries).values()
    newest = sorted(entries, key=lambda entry: entry.on, reverse=True)[:3]
    if newest:
        yield "Favours: " + " · ".join(map(messages.entry_label, newest))
    rest = advocate.rest
    if rest is not None:
        yield f"Rests from favours until {day(rest.until)}: {cooldown.cooldown_reason(rest)}."
    since = today - timedelta(days=playbook.advocacy.rest_after_complaint.rough_days)
    for complaint in advocacy.list_open_complaints(tx, [account.id], since)[:MAX_COMPLAINTS]:
        words = short(" ".join(complaint.text.split()), _MAX_COMPLAINT_LENGTH)
        yield (
            f"⚠️ Open {complaint.kind} of {day(complaint.happened_on)}: {words} "
            f"(settled: `/log {quoted(account.name)} resolved`)"
        )


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


def next_item(work: Work, touchpoint: Touchpoint, account: Account) -> NextItem:
    """A touchpoint as `/next` lists it."""
    return NextItem(
        id=touchpoint.id,
        account=account.name,
        title=touchpoint.title,
        owner=assignee_label(work.playbook, touchpoint, account),
        state=touchpoint.state,
        standing=standing_of(work.playbook, touchpoint, account, work.now),
    )
