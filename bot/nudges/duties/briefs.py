"""Says one brief that is due, or tells one reader whose customers have not decided."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bot.actions.actor import CLOCK
from bot.actions.briefs import briefs as actions
from bot.actions.briefs import limits
from bot.actions.work import Work
from bot.context import Context
from bot.memory import Memory
from bot.rules.playbook.playbook import MANAGER
from db.accounts import accounts
from db.briefs import briefs
from db.core import workspaces
from db.core.transient_errors import is_transient
from db.core.tx import begin, read
from db.models import Account
from db.workspace import departments

log = logging.getLogger(__name__)

#: New renewal dates are noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=5)
# Of those that may go so many are tried, should others have changed what was found.
MAX_TRIED = 10
_DUTY = "briefs"


def post_next_brief(context: Context, now: datetime) -> bool:
    """Says what is due first; False if nothing may be said now."""
    if context.memory.is_idle(_DUTY, now):
        return False
    for workspace in workspaces.all_ids(context.engine):
        if _post_next(context, workspace, now):
            context.wake()
            return True
    context.memory.rest(_DUTY, now, now + RECHECK_AFTER)
    return False


def next_brief_at(work: Work, memory: Memory) -> datetime | None:
    """When something of this workspace may next be due: the next opening of a working day, of
    managers and of whoever waits for a brief; None if its playbook has no briefs."""
    if work.playbook.renewals is None:
        return None
    calendar = work.playbook.calendar(MANAGER)
    tomorrow = calendar.local_date(work.now) + timedelta(days=1)
    opening = calendar.opening(calendar.on_or_after(tomorrow))
    budget = limits.Budget(work.tx, work.playbook, work.now)
    managers = {each.manager_id for each in _list_due(work, memory)}
    waiting = [budget.reader(each)[1].next_open(work.now) for each in managers]
    return min([opening, *(opens for opens in waiting if opens > work.now)])


def _post_next(context: Context, workspace: str, now: datetime) -> bool:
    # Very many can be due and wait for their readers' morning: that is looked at without the lock
    # that handlers wait for.
    with read(context.engine, workspace) as tx:
        playbook = departments.in_force(tx, context.playbook_file)
        if playbook.renewals is None:
            return False
        budget = limits.Budget(tx, playbook, now)
        found = _list_due(Work(tx, playbook, now, CLOCK), context.memory)
        likely = [each for each in found if budget.may_go(each)][:MAX_TRIED]
        is_undecided = _next_undecided_reader(Work(tx, playbook, now, CLOCK)) is not None
    for each in likely:
        if _post_brief(context, workspace, each, now):
            return True
    if not is_undecided:
        return False
    with begin(context.engine, workspace) as tx:
        return _post_undecided(
            Work(tx, departments.in_force(tx, context.playbook_file), now, CLOCK)
        )


def _post_brief(context: Context, workspace: str, likely: briefs.DueBrief, now: datetime) -> bool:
    """Says it, unless something has changed meanwhile."""
    try:
        with begin(context.engine, workspace) as tx:
            playbook = departments.in_force(tx, context.playbook_file)
            today = playbook.calendar(MANAGER).local_date(now)
            budget = limits.Budget(tx, playbook, now)
            account = accounts.by_id(tx, likely.id)
            still = limits.list_due(Work(tx, playbook, now, CLOCK), likely.id)
            return (
                account is not None
                and any(budget.may_go(each) for each in still)
                and actions.post_brief(Work(tx, playbook, now, CLOCK), account, today)
            )
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("the brief of account %s could not be written", likely.id)
        context.memory.broken_briefs.add((workspace, likely.id))  # until the next start
        return True


def _list_due(work: Work, memory: Memory) -> list[briefs.DueBrief]:
    found = limits.list_due(work)
    return [each for each in found if (work.tx.workspace, each.id) not in memory.broken_briefs]


def _next_undecided_reader(work: Work) -> str | None:
    """The reader of a renewal that came without a decision, of which they were not told for a
    week."""
    budget = limits.Budget(work.tx, work.playbook, work.now)
    lately = briefs.list_recently_reminded(work.tx, work.now)
    for account in _list_undecided(work):
        to, calendar = budget.reader(account.manager_id)
        is_new = (account.id, account.renews_on) not in lately
        if is_new and to is not None and calendar.is_open(work.now):
            return to
    return None


def _post_undecided(work: Work) -> bool:
    """One reader hears of all of theirs."""
    to = _next_undecided_reader(work)
    if to is None:
        return False
    budget = limits.Budget(work.tx, work.playbook, work.now)
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    everyone = _list_undecided(work)
    theirs = [each for each in everyone if budget.reader(each.manager_id)[0] == to]
    actions.post_undecided(work, theirs, to, today)
    return True


def _list_undecided(work: Work) -> list[Account]:
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    return briefs.list_undecided(work.tx, today, limits.exit_stages(work.playbook))
