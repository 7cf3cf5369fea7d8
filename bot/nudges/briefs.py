"""Says one brief that is due, or tells one reader whose customers have not decided."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from bot.actions import briefs as actions
from bot.actions import briefs_budget
from bot.context import Context
from bot.rules.playbook import MANAGER, Playbook
from db import briefs, departments, workspaces
from db.models import Account
from db.passing import passes
from db.tx import Tx, begin

log = logging.getLogger(__name__)

#: New renewal dates are noticed after this at the latest.
LOOK_AGAIN = timedelta(minutes=5)

# Until when there is nothing to say, as the last look found: a tick in between costs nothing.
_quiet: WeakKeyDictionary[Engine, tuple[datetime, datetime]] = WeakKeyDictionary()
# Accounts whose brief could not be written: tried again when the process starts anew.
_broken: set[tuple[str, int]] = set()


def say_one(context: Context, now: datetime) -> bool:
    """Says what is due first; False if nothing may be said now."""
    since, until = _quiet.get(context.engine, (now, now))
    if since <= now < until:
        return False
    for workspace in workspaces.all_ids(context.engine):
        if _say(context, workspace, now):
            context.wake()
            return True
    _quiet[context.engine] = (now, now + LOOK_AGAIN)
    return False


def next_brief_at(tx: Tx, playbook: Playbook, now: datetime) -> datetime | None:
    """When something of this workspace may next be due: the next opening of a working day, of
    managers and of whoever waits for a brief; None if its playbook has no briefs."""
    if playbook.renewals is None:
        return None
    calendar = playbook.calendar(MANAGER)
    tomorrow = calendar.local_date(now) + timedelta(days=1)
    opening = calendar.opening(calendar.on_or_after(tomorrow))
    waiting = [
        actions.calendar_of(tx, playbook, each).next_open(now) for each in _due(tx, playbook, now)
    ]
    return min([opening, *(opens for opens in waiting if opens > now)])


def _say(context: Context, workspace: str, now: datetime) -> bool:
    account_id = 0
    try:
        with begin(context.engine, workspace) as tx:
            playbook = departments.in_force(tx, context.playbook)
            if playbook.renewals is None:
                return False
            today = playbook.calendar(MANAGER).local_date(now)
            budget = briefs_budget.Budget(tx, playbook, now)
            for account in _due(tx, playbook, now):
                account_id = account.id or 0
                opens = actions.calendar_of(tx, playbook, account).is_open(now)
                may_go = opens and budget.waits_until(account) is None
                if may_go and actions.say(tx, playbook, account, today, now):
                    return True
            account_id = 0
            return _tell_undecided(tx, playbook, now)
    except Exception as error:
        if passes(error) or not account_id:
            raise
        log.exception("the brief of account %s could not be written", account_id)
        _broken.add((workspace, account_id))
        return True


def _due(tx: Tx, playbook: Playbook, now: datetime) -> list[Account]:
    found = briefs_budget.due(tx, playbook, now)
    return [each for each in found if (tx.workspace, each.id or 0) not in _broken]


def _tell_undecided(tx: Tx, playbook: Playbook, now: datetime) -> bool:
    """The reader of one that was not told of for a week hears of all of theirs."""
    today = playbook.calendar(MANAGER).local_date(now)
    lately = briefs.told_lately(tx, now)
    everyone = briefs.undecided(tx, today, briefs_budget.exits(playbook))
    for account in everyone:
        if (account.id, account.renews_on) in lately:
            continue
        to = actions.reader_of(tx, playbook, account)
        if to is not None and actions.calendar_of(tx, playbook, account).is_open(now):
            theirs = [each for each in everyone if actions.reader_of(tx, playbook, each) == to]
            actions.say_undecided(tx, playbook, theirs, to, today, now)
            return True
    return False
