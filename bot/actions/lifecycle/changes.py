"""Changes of an account that are read back, told to its managers, and can be undone."""

from datetime import date

from bot.actions.accounts.accounts import lock_account, require_live, set_worth
from bot.actions.lifecycle import plan_changes
from bot.actions.outgoing import tell
from bot.actions.touchpoints.labels import person_name
from bot.actions.touchpoints.routing import can_answer
from bot.actions.work import Work
from bot.messages.accounts import changes as messages
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention, plain
from bot.rules.errors import UserError
from bot.rules.text.money import Money, format_yearly
from bot.rules.text.words import plural
from db.contracts import contracts
from db.models import Account, Audit
from db.ops import audit


def give_to(work: Work, account: Account, manager: str | None) -> Audit | None:
    """Gives an account to a manager, and tells the old and the new one."""
    before = account.manager_id
    changed = plan_changes.set_manager(work, account, manager)
    if changed is None:
        return None
    work.tx.flush()
    for reader in {before, manager} - {None, work.by.user}:
        if reader is not None and can_answer(work.tx, reader):
            names = person_name(work, manager), person_name(work, work.by.user)
            text = messages.manager_changed(account.name, *names, theirs=reader == manager)
            tell(work, reader, f"manager:{changed.id}", text, account_id=account.id)
    return changed


def answer(work: Work, account: Account, changed: Audit | None) -> Message:
    """What was changed, from what, with Undo; `changed` None says that nothing was."""
    if changed is None:
        return messages.unchanged(account.name)
    work.tx.flush()  # the audit row gets its id
    before = changed.detail["from"]
    if changed.verb == "account.manager":
        stand_in = work.playbook.departments[work.playbook.without_manager].name
        sentence = messages.manages(account.name, account.manager_id, stand_in)
        return messages.changed(sentence, mention(before) if before else "nobody", changed.id)
    if changed.verb == "account.worth":
        sentence = messages.pays(account.name, contracts.money_of(account))
        shown = format_yearly(Money(*before)) if before else "not known"
        return messages.changed(sentence, shown, changed.id)
    planned = plan_changes.count_renewal_plays(work, account)
    note = f"{plural(planned, 'touchpoint')} planned for it." if planned else ""
    sentence = messages.renews(account.name, account.renews_on)
    shown = day(date.fromisoformat(before)) if before else "not known"
    return messages.changed(sentence, shown, changed.id, note)


def undo(work: Work, audit_id: int) -> Message:
    """Puts back what a change has changed; `UserError` when somebody has changed it since."""
    changed = work.tx.require(Audit, audit_id, "change")
    account = work.tx.require(Account, int(changed.subject.partition(":")[2]))
    lock_account(work.tx, account)
    require_live(account)
    if audit.newest_change(work.tx, changed).id != changed.id:
        raise UserError(f"{plain(account.name)} was changed since, so nothing was undone.")
    before = changed.detail["from"]
    if changed.verb == "account.manager":
        back = give_to(work, account, before)
    elif changed.verb == "account.worth":
        back = set_worth(work, account, Money(*before) if before else None)
    else:
        on = date.fromisoformat(before) if before else None
        back = plan_changes.set_renewal(work, account, on)
    return answer(work, account, back)
