"""An account's value as messages show it: entries, pages of the ledger, the curve."""

from bot.messages.accounts.value import PAGE_SIZE, LedgerPage, ValueRow
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.money import format_money
from bot.rules.value import TermValue, measure_terms
from db.accounts import value
from db.core.tx import Tx
from db.models import Account, ValueEntry

#: Terms that the curve shows.
MAX_TERMS = 4


def entry(playbook: Playbook, row: ValueEntry) -> ValueRow:
    """A value entry as messages show it."""
    confirmed = None
    if row.confirmed_on is not None:
        confirmed = (row.confirmed_on, row.confirmed_by, row.confirmed_by_user)
    return ValueRow(
        id=row.id,
        text=row.text,
        worth=format_money(row.hundredths, row.currency) if row.hundredths and row.currency else "",
        term=row.term,
        by=row.by_user,
        on=playbook.calendar(MANAGER).local_date(row.created_at),
        confirmed=confirmed,
    )


def value_curve(tx: Tx, account: Account) -> tuple[TermValue, ...]:
    """The value of the last terms, oldest first, in one measure; empty when nothing was noted."""
    tallies = value.account_tallies(tx, account.id)
    if not tallies:
        return ()
    numbers = [account.term, *(tally.term for tally in tallies)]
    first, last = min(numbers), max(numbers)
    return tuple(measure_terms(tallies, range(max(first, last - MAX_TERMS + 1), last + 1)))


def ledger_page(
    tx: Tx, playbook: Playbook, account: Account, term: int | None, number: int
) -> LedgerPage:
    """The page of that number, from 1; the last one for a number beyond it."""
    total = value.count_entries(tx, account.id, term)
    last = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), last)
    offset = (number - 1) * PAGE_SIZE
    rows = value.list_of_account(tx, account.id, term=term, limit=PAGE_SIZE, offset=offset)
    return LedgerPage(
        account_id=account.id,
        account=account.name,
        of=account.term,
        term=term,
        curve=value_curve(tx, account),
        entries=tuple(entry(playbook, row) for row in rows),
        total=total,
        number=number,
        last=last,
        archived=account.archived_at is not None,
    )
