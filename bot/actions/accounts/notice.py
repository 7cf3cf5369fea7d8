"""The notice that a customer has given: it stands against the account until it is withdrawn, or
until the customer renews."""

from datetime import date

from bot.actions.accounts.accounts import lock_account
from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.messages.kit.text import day, plain, quoted
from bot.rules.errors import UserError
from db.models import NOTICE, Account, Learned
from db.reasons import reasons


def give_notice(work: Work, account: Account, ends_on: date) -> None:
    """Records that the customer has given notice, for `ends_on`; a later notice replaces it."""
    lock_account(work.tx, account)
    _settle(work, account)
    work.tx.add(
        Learned(
            account_id=account.id,
            kind=NOTICE,
            text=f"for {day(ends_on)}",
            term=account.term,
            by_user=work.by.user,
            source=work.by.source,
            created_at=work.now,
        )
    )
    audit_action(work, account, "account.notice", {"ends": ends_on.isoformat()})


def withdraw_notice(work: Work, account: Account) -> None:
    """Settles the notice. Raises `UserError` where none stands."""
    lock_account(work.tx, account)
    if not _settle(work, account):
        raise UserError(
            f"No notice of {plain(account.name)} is recorded, so nothing was changed. "
            f"`/account {quoted(account.name)} notice 2027-08-23` records one."
        )
    audit_action(work, account, "account.notice", {"withdrawn": True})


def _settle(work: Work, account: Account) -> bool:
    rows = [row for row in reasons.list_learned(work.tx, [account.id]) if row.kind == NOTICE]
    for row in rows:
        row.settled_at, row.settled_by = work.now, work.by.user
    return bool(rows)
