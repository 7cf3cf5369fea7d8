"""Changes of an account that change what is planned: renewal date, manager, archive, restore."""

from datetime import date, timedelta

from bot.actions.accounts import accounts as account_actions
from bot.actions.audit import audit_action
from bot.actions.handoffs import handoffs
from bot.actions.lifecycle import passed
from bot.actions.lifecycle.stages import add_stage_change
from bot.actions.promises import promises
from bot.actions.responses.respond import cancel_open_touchpoints
from bot.actions.touchpoints.account_facts import account_facts
from bot.actions.touchpoints.nudging import OTHER_TIER, cancel, repost_elsewhere
from bot.actions.touchpoints.planning import is_due_later, is_paused, plan_account, plan_by_date
from bot.actions.touchpoints.plays import depends_on_renewal, find_play, is_present
from bot.actions.work import Work
from bot.messages.kit.text import plain, quoted
from bot.rules.errors import UserError
from bot.rules.text.words import plural
from db.models import Account, Audit, Touchpoint
from db.terms import terms as known_terms
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
    plan_by_date(work, account, _cancel_old_renewal(work, account, before))
    passed.drop_question(work, account)
    return changed


def count_renewal_plays(work: Work, account: Account) -> int:
    """How many touchpoints are planned by the account's renewal date, where it is known."""
    if account.renews_on is None:
        return 0
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
    known = touchpoints.list_of_plays(work.tx, account)
    plan_account(work, account, [each for each in known if each.state == "cancelled"])


def set_tier(work: Work, account: Account, tier: str | None) -> None:
    """Sets an account's tier: plays that are not for it end, those that are for it now begin."""
    account_actions.lock_account(work.tx, account)
    account_actions.set_fact(work, account, "tier", tier)
    for touchpoint in touchpoints.lock_open_of_account(work.tx, account.id):
        play = find_play(work.playbook, touchpoint)
        if play is not None and not play.is_for(tier):
            cancel(work, touchpoint, OTHER_TIER)
    again = [t for t in touchpoints.list_of_plays(work.tx, account) if t.note == OTHER_TIER]
    plan_account(work, account, again)


def _cancel_old_renewal(work: Work, account: Account, before: date | None) -> list[Touchpoint]:
    """Ends what depended on the old renewal date; returns what is to be planned once more. What is
    open and would be due at once with the new date as well stays open."""
    facts = account_facts(account, known_terms.current_term(work.tx, account))
    after, again = account.renews_on, []
    is_next_renewal = before and after and after - before > RENEWAL_GAP
    touchpoints.lock_open_of_account(work.tx, account.id)
    for touchpoint in touchpoints.list_of_plays(work.tx, account):
        play = find_play(work.playbook, touchpoint)
        if play is None or not is_present(work.playbook, touchpoint, account):
            continue
        is_unsent = touchpoint.state == "planned" and touchpoint.nudge_id is None
        if play.due.recurs:
            if is_unsent and is_paused(work.playbook, play, facts, touchpoint.due_at):
                touchpoints.delete_touchpoint(work.tx, touchpoint)
        elif not play.due.needs_renewal:
            continue
        elif is_unsent:
            touchpoints.delete_touchpoint(work.tx, touchpoint)
        elif touchpoint.state in touchpoints.OPEN_STATES:
            has_date = after is not None or play.due.of_term
            if not has_date or is_due_later(work.playbook, play, facts, work.now):
                cancel(work, touchpoint, "the renewal date has changed")
                again.append(touchpoint)
        elif touchpoint.state == "cancelled" or is_next_renewal:
            again.append(touchpoint)
    return again
