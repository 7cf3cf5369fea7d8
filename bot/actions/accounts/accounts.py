"""Accounts: adding one, changing what is known of one."""

from datetime import date

from sqlmodel import col

from bot.actions.audit import audit_action
from bot.actions.terms import terms
from bot.actions.touchpoints.planning import plan_account
from bot.actions.work import Work
from bot.messages.kit.text import plain, quoted, short
from bot.rules.errors import UserError
from bot.rules.imports.accounts import MAX_FACT_LENGTH
from bot.rules.terms import is_customer
from bot.rules.text import names
from bot.rules.text.money import Money
from db.accounts import accounts
from db.contracts import contracts
from db.core import advisory_locks
from db.core.tx import Tx
from db.models import Account, Alias, Audit, StageChange, Touchpoint

# A name longer than this does not fit into the first line of a nudge.
MAX_NAME_LENGTH = 200
ADD_EXAMPLE = "/account add Acme Corporation"


def add(
    work: Work, name: str, *, stage: str, manager: str | None, renews_on: date | None
) -> tuple[Account, list[Touchpoint]]:
    """Adds an account and plans its stage; returns it with its open touchpoints. Raises `UserError`
    for a name that is empty, too long or taken."""
    account = work.tx.add_once(
        Account(
            name=_check_name(work.tx, name),
            name_key=names.key(name),
            slug=names.slug(name),
            stage=stage,
            stage_entered_at=work.now,
            manager_id=manager,
            renews_on=renews_on,
            created_at=work.now,
        )
    )
    if account is None:  # an import has brought it in since we looked
        known = accounts.by_name_key(work.tx, names.key(name))
        assert known is not None
        raise UserError(_name_taken_text(known, name))
    work.tx.add(
        StageChange(
            account_id=account.id,
            stage_entry=1,
            term=1,
            to_stage=stage,
            by_user=work.by.user,
            source=work.by.source,
            at=work.now,
        )
    )
    if is_customer(work.playbook, stage):
        terms.begin_term(work, account, 1)
    planned = plan_account(work, account)
    audit_action(work, account, "account.added", {"name": account.name, "stage": stage})
    return account, planned


def set_manager(work: Work, account: Account, manager: str | None) -> Audit:
    """Gives an account another manager (a Slack user id), or none."""
    return _set(work, account, "manager", "manager_id", manager, owner_name=None)


def set_channel(work: Work, account: Account, channel: str | None) -> None:
    """Gives an account a Slack channel of its own, or none."""
    _set(work, account, "channel", "channel_id", channel)


def set_fact(work: Work, account: Account, what: str, value: str | None) -> None:
    """Sets what is known of an account beside its name: its `sector`, `country` or `tier`."""
    if value is not None and len(value) > MAX_FACT_LENGTH:
        raise UserError(f"That is longer than {MAX_FACT_LENGTH} characters. Shorten it.")
    _set(work, account, what, what, value)


def set_worth(work: Work, account: Account, worth: Money | None) -> Audit | None:
    """Sets what an account pays a year, or that it is not known; None where that is so already."""
    before = contracts.money_of(account)
    if worth == before:
        return None
    hundredths, currency = worth or (None, None)
    save_changes(work.tx, account, hundredths=hundredths, currency=currency)
    return audit_action(work, account, "account.worth", {"from": before, "to": worth})


def _set(
    work: Work, account: Account, what: str, column: str, value: str | None, **others: object
) -> Audit:
    before = getattr(account, column)
    save_changes(work.tx, account, **{column: value}, **others)
    return audit_action(work, account, f"account.{what}", {"from": before, "to": value})


def rename(work: Work, account: Account, name: str) -> str:
    """Renames an account; the old name stays as an alias, so that people still find it."""
    old = account.name
    if names.key(name) != account.name_key:
        new = _check_name(work.tx, name, own=account)
        own_alias = (col(Alias.account_id) == account.id, col(Alias.alias_key) == names.key(new))
        work.tx.delete(Alias, *own_alias)
        save_changes(work.tx, account, name=new, name_key=names.key(new), slug=names.slug(new))
        _add_alias(work.tx, account, old)
    else:
        save_changes(work.tx, account, name=" ".join(name.split()), slug=names.slug(name))
    audit_action(work, account, "account.renamed", {"from": old, "to": account.name})
    return old


def add_alias(work: Work, account: Account, alias: str) -> None:
    """Gives an account another name by which it is found."""
    alias = _check_name(work.tx, alias, own=account)
    _add_alias(work.tx, account, alias)
    audit_action(work, account, "account.alias", {"alias": alias})


def lock_account(tx: Tx, account: Account) -> None:
    """Locks an account and reads it anew; always before its touchpoints are locked."""
    if tx.lock(Account, account.id) is None:
        raise UserError("That account is no longer there. `/stage` lists all accounts.")


def require_live(account: Account) -> Account:
    """Returns the account; raises `UserError` with the way to restore it when it is archived."""
    if account.archived_at is not None:
        raise UserError(
            f"{plain(account.name)} is archived, so nothing was changed. "
            f"`/account {quoted(account.name)} restore` brings it back."
        )
    return account


def _check_name(tx: Tx, name: str, own: Account | None = None) -> str:
    name = " ".join(name.split())
    if not names.key(name):
        raise UserError(f"An account needs a name: `{ADD_EXAMPLE}`.")
    if len(name) > MAX_NAME_LENGTH:
        raise UserError(
            f"That name has {len(name):,} characters; the limit is {MAX_NAME_LENGTH}. "
            f"Give a shorter one, like `{ADD_EXAMPLE}`."
        )
    # No constraint spans names and aliases, so a lock keeps the same one from being taken twice.
    advisory_locks.take_lock(tx, f"{advisory_locks.NAME_LOCK}:{names.key(name)}")
    taken = accounts.by_name_key(tx, names.key(name))
    if taken is not None and (own is None or taken.id != own.id):
        raise UserError(_name_taken_text(taken, name))
    return name


def _name_taken_text(account: Account, name: str) -> str:
    text = f'"{short(name)}" is {plain(account.name)}, which exists already.'
    if names.key(name) == account.name_key:
        text = f"There is an account called {plain(account.name)} already."
    if account.archived_at is not None:
        return f"{text} It is archived: `/account {quoted(account.name)} restore` brings it back."
    return f"{text} `/account {quoted(account.name)}` shows it."


def _add_alias(tx: Tx, account: Account, alias: str) -> None:
    if accounts.by_name_key(tx, names.key(alias)) is None:
        tx.add(Alias(account_id=account.id, alias=alias, alias_key=names.key(alias)))


def save_changes(tx: Tx, account: Account, **values: object) -> None:
    """Saves new values of an account; `UserError` when somebody else changed it meanwhile. The
    contracts that renew on its date get its new one."""
    before = account.renews_on
    if values.get("renews_on", before) != before:
        contracts.move_dates(tx, account.id, before, values["renews_on"])
    if not accounts.save(tx, account, **values):
        raise UserError(
            f"{plain(account.name)} was changed by somebody else at the same moment. "
            "Nothing of yours was saved: try once more."
        )
