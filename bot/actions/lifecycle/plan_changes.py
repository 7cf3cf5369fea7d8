"""Changes of an account that change its plan: renewal date, manager, archive, restore."""

from __future__ import annotations

from datetime import date, timedelta

from bot.actions.accounts import accounts as account_actions
from bot.actions.audit import audit_action
from bot.actions.handoffs import handoffs
from bot.actions.promises import promises
from bot.actions.responses.respond import cancel_open_touchpoints
from bot.actions.terms import terms
from bot.actions.touchpoints.nudging import cancel, repost_elsewhere
from bot.actions.touchpoints.planning import is_due_later, plan_stage
from bot.actions.touchpoints.plays import find_play
from bot.actions.work import Work
from bot.messages.kit.parts import plain, quoted
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from db.models import Account, StageChange, Touchpoint
from db.touchpoints import touchpoints

# A date that is so much later is the next renewal, not a correction of this one.
RENEWAL_GAP = timedelta(days=180)


def set_manager(work: Work, account: Account, manager: str | None) -> None:
    """Gives an account to a manager; what is open for the manager goes along."""
    account_actions.lock_account(work.tx, account)
    if manager == account.manager_id:
        return
    account_actions.set_manager(work, account, manager)
    for touchpoint in touchpoints.lock_open_of_account(work.tx, account.id):
        if touchpoint.owner == "manager" and touchpoint.state == "nudged":
            # The old manager's message ends; the new one gets their own at the next tick.
            repost_elsewhere(work, touchpoint, account)


def set_renewal(work: Work, account: Account, renews_on: date | None) -> str:
    """Sets the renewal date and plans anew what hangs on it; returns what was planned, in words."""
    account_actions.lock_account(work.tx, account)
    before = account.renews_on
    if renews_on == before:
        return ""
    account_actions.save_changes(work.tx, account, renews_on=renews_on)
    terms.reschedule_check(work.tx, account)
    detail = {"from": _iso_date(before), "to": _iso_date(renews_on)}
    audit_action(work, account, "account.renews", detail)
    again = _cancel_old_renewal(work, account, before)
    # Only that: what an import has left out as long overdue stays left out.
    plan_stage(work, account, again, around_renewal=True)
    hanging = [
        t
        for t in touchpoints.list_of_account(work.tx, account.id, ("planned",))
        if _depends_on_renewal(work.playbook, t)
    ]
    return plural(len(hanging), "touchpoint") if hanging and renews_on else ""


def archive(work: Work, account: Account) -> str:
    """Stops everything for an account; returns what was cancelled, in words."""
    account_actions.lock_account(work.tx, account)
    cancelled = cancel_open_touchpoints(work, account, "the account is archived")
    handoffs.close_handoffs(work, account, "the account is archived")
    account_actions.save_changes(work.tx, account, archived_at=work.now)
    audit_action(work, account, "account.archived")
    return plural(cancelled, "touchpoint") if cancelled else ""


def restore(work: Work, account: Account) -> None:
    """Brings an account back: it enters its stage anew."""
    account_actions.lock_account(work.tx, account)
    if account.archived_at is None:
        raise UserError(
            f"{plain(account.name)} is not archived, so there is nothing to bring back. "
            f"`/account {quoted(account.name)}` shows where it stands."
        )
    entry = account.stage_entry + 1
    account_actions.save_changes(
        work.tx, account, archived_at=None, stage_entered_at=work.now, stage_entry=entry
    )
    work.tx.add(
        StageChange(
            account_id=account.id,
            stage_entry=entry,
            term=account.term,
            from_stage=account.stage,
            to_stage=account.stage,
            reason="restored",
            by_user=work.by.user,
            source=work.by.source,
            at=work.now,
        )
    )
    audit_action(work, account, "account.restored")
    promises.reopen_promises(work, account)
    plan_stage(work, account)


def _cancel_old_renewal(work: Work, account: Account, before: date | None) -> set[str]:
    """Ends what hung on the old renewal date; returns the plays to be planned once more.

    What is open and would be due anyway stays open.
    """
    again, staying = set(), set()
    touchpoints.lock_open_of_account(work.tx, account.id)
    for touchpoint in touchpoints.list_of_stage_entry(work.tx, account.id, account.stage_entry):
        play = find_play(work.playbook, touchpoint)
        if play is None or not play.due.needs_renewal:
            continue
        if touchpoint.state == "planned" and touchpoint.nudge_id is None:
            touchpoints.delete_touchpoint(work.tx, touchpoint)
        elif touchpoint.state in touchpoints.OPEN_STATES:
            if account.renews_on is not None and not is_due_later(
                work.playbook, play, account, work.now
            ):
                staying.add(play.key)
                continue
            cancel(work, touchpoint, "the renewal date has changed")
            again.add(play.key)
        elif touchpoint.state == "cancelled" or _is_next_renewal(before, account.renews_on):
            again.add(play.key)
    return again - staying


def _is_next_renewal(before: date | None, after: date | None) -> bool:
    return before is not None and after is not None and after - before > RENEWAL_GAP


def _iso_date(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _depends_on_renewal(playbook: Playbook, touchpoint: Touchpoint) -> bool:
    play = find_play(playbook, touchpoint)
    return play is not None and play.due.needs_renewal
