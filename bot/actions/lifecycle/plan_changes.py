"""Changes of an account that change what is planned: renewal date, manager, archive, restore."""

from __future__ import annotations

from datetime import date, timedelta

from bot.actions.accounts import accounts as account_actions
from bot.actions.audit import audit_action
from bot.actions.handoffs import handoffs
from bot.actions.lifecycle.stages import add_stage_change
from bot.actions.promises import promises
from bot.actions.responses.respond import cancel_open_touchpoints
from bot.actions.touchpoints.nudging import cancel, repost_elsewhere
from bot.actions.touchpoints.planning import is_due_later, plan_stage
from bot.actions.touchpoints.plays import depends_on_renewal, find_play
from bot.actions.work import Work
from bot.messages.kit.text import plain, quoted
from bot.rules.errors import UserError
from bot.rules.text.words import plural
from db.models import Account, Audit
from db.touchpoints import touchpoints

# A date that is later by more is the next renewal, not a correction of this one.
RENEWAL_GAP = timedelta(days=180)


def set_manager(work: Work, account: Account, manager: str | None) -> Audit | None:
    """Gives an account to a manager, with what is open for the manager; returns the audit row, None
    when it is theirs already."""
    account_actions.lock_account(work.tx, account)
    if manager == account.manager_id:
        return None
    changed = account_actions.set_manager(work, account, manager)
    for touchpoint in touchpoints.lock_open_of_account(work.tx, account.id):
        if touchpoint.owner == "manager" and touchpoint.state == "nudged":
            # The old manager's message is closed; the new one gets their own at the next tick.
            repost_elsewhere(work, touchpoint, account)
    return changed


def set_renewal(work: Work, account: Account, renews_on: date | None) -> Audit | None:
    """Sets the renewal date and plans its plays anew; returns the audit row, None when the date is
    the same."""
    account_actions.lock_account(work.tx, account)
    before = account.renews_on
    if renews_on == before:
        return None
    account_actions.save_changes(work.tx, account, renews_on=renews_on)
    detail = {"from": before and before.isoformat(), "to": renews_on and renews_on.isoformat()}
    changed = audit_action(work, account, "account.renews", detail)
    again = _cancel_old_renewal(work, account, before)
    # Only those: what an import has left out as long overdue stays left out.
    plan_stage(work, account, again, around_renewal=True)
    return changed


def count_renewal_plays(work: Work, account: Account) -> int:
    """How many touchpoints are planned by the account's renewal date."""
    planned = touchpoints.list_of_account(work.tx, account.id, ("planned",))
    return sum(depends_on_renewal(find_play(work.playbook, each)) for each in planned)


def archive(work: Work, account: Account) -> str:
    """Stops everything for an account; returns how many touchpoints were cancelled, in words."""
    account_actions.lock_account(work.tx, account)
    cancelled = cancel_open_touchpoints(work, account, "the account is archived")
    handoffs.close_handoffs(work, account, "the account is archived")
    account_actions.save_changes(work.tx, account, archived_at=work.now)
    audit_action(work, account, "account.archived")
    return plural(cancelled, "touchpoint") if cancelled else ""


def restore(work: Work, account: Account) -> None:
    """Brings an archived account back: it enters its stage anew."""
    account_actions.lock_account(work.tx, account)
    if account.archived_at is None:
        raise UserError(
            f"{plain(account.name)} is not archived, so there is nothing to bring back. "
            f"`/account {quoted(account.name)}` shows where it stands."
        )
    entered = {"stage_entered_at": work.now, "stage_entry": account.stage_entry + 1}
    account_actions.save_changes(work.tx, account, archived_at=None, **entered)
    add_stage_change(work, account, account.stage, "restored")
    audit_action(work, account, "account.restored")
    promises.reopen_promises(work, account)
    plan_stage(work, account)


def _cancel_old_renewal(work: Work, account: Account, before: date | None) -> set[str]:
    """Ends what depended on the old renewal date; returns the plays to be planned once more.

    What is open and would be due at once with the new date as well stays open.
    """
    after, again, staying = account.renews_on, set(), set()
    is_next_renewal = before and after and after - before > RENEWAL_GAP
    touchpoints.lock_open_of_account(work.tx, account.id)
    for touchpoint in touchpoints.list_of_stage_entry(work.tx, account.id, account.stage_entry):
        play = find_play(work.playbook, touchpoint)
        if play is None or not depends_on_renewal(play):
            continue
        if touchpoint.state == "planned" and touchpoint.nudge_id is None:
            touchpoints.delete_touchpoint(work.tx, touchpoint)
        elif touchpoint.state in touchpoints.OPEN_STATES:
            if account.renews_on and not is_due_later(work.playbook, play, account, work.now):
                staying.add(play.key)
                continue
            cancel(work, touchpoint, "the renewal date has changed")
            again.add(play.key)
        elif touchpoint.state == "cancelled" or is_next_renewal:
            again.add(play.key)
    return again - staying
