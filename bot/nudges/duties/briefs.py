"""Posts one brief that is due, or asks for the outcome of renewals that passed."""

from datetime import datetime, timedelta

from bot.actions.briefs import briefs as actions
from bot.actions.briefs import limits
from bot.actions.lifecycle import passed
from bot.actions.work import Work
from bot.context import Context
from bot.memory import Memory
from bot.nudges.set_aside import attempt
from bot.rules.playbook.playbook import MANAGER
from db.briefs import briefs
from db.core import workspaces
from db.models import Account

#: New renewal dates are noticed after this at the latest.
RECHECK_AFTER = timedelta(minutes=5)
# How many of the briefs that may go are tried, in case another process has posted some.
MAX_TRIED = 10
_DUTY = "briefs"


def post_next_brief(context: Context, now: datetime) -> bool:
    """Posts the brief that is due first; False if nothing may be posted now."""
    if context.memory.is_idle(_DUTY, now):
        return False
    for workspace in workspaces.all_ids(context.engine):
        if _post_next(context, workspace, now):
            context.wake()
            return True
    context.memory.rest(_DUTY, now, now + RECHECK_AFTER)
    return False


def _post_next(context: Context, workspace: str, now: datetime) -> bool:
    # Very many can be due and wait for their readers' morning: they are listed without the lock
    # that handlers wait for.
    with context.read(now, workspace=workspace) as work:
        if work.playbook.renewals is None:
            return False
        budget = limits.Budget(work.tx, work.playbook, now)
        due = list_due(work, context.memory)
        sendable = [brief for brief in due if budget.may_go(brief)][:MAX_TRIED]
        is_undecided = bool(passed.find_undecided(work))
    for brief in sendable:
        if _post_brief(context, workspace, brief, now):
            return True
    if not is_undecided:
        return False
    with context.begin(now, workspace=workspace) as work:
        return passed.ask_for_outcomes(work) > 0


def _post_brief(context: Context, workspace: str, brief: briefs.DueBrief, now: datetime) -> bool:
    """Posts it, unless something has changed meanwhile."""

    def post(work: Work) -> bool:
        today = work.playbook.calendar(MANAGER).local_date(now)
        budget = limits.Budget(work.tx, work.playbook, now)
        account = work.tx.get(Account, brief.id)
        return (
            account is not None
            and any(budget.may_go(due) for due in limits.list_due(work, brief.id))
            and actions.post_brief(work, account, today)
        )

    def skip(_work: Work) -> None:
        context.memory.broken_briefs.add((workspace, brief.id))  # until the next start

    what = f"write the brief of account {brief.id}"
    return attempt(context, workspace, now, what, post, skip)


def list_due(work: Work, memory: Memory) -> list[briefs.DueBrief]:
    """The briefs that are due, without those that could not be written."""
    broken, workspace = memory.broken_briefs, work.tx.workspace
    return [brief for brief in limits.list_due(work) if (workspace, brief.id) not in broken]
