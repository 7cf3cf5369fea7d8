"""Finds accounts among very many by what a person types: names that begin so, hold it, or nearly.

What begins so is asked of the database's index. The rest needs every name at hand: a process keeps
a book of them for each workspace, and one number of the workspace's row (`names_version`, raised
by `Tx.names_changed` in the transaction that changes a name) tells whether it is still right. What
has changed since it was read stands in a second, short one (`db/name_changes.py`).
Measured with 100,000 accounts: tests/test_account_search.py.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, collate, select
from sqlmodel import col

from bot.rules import names
from db import accounts, name_changes, workspaces
from db.models import Account, Alias
from db.name_book import Book, letters
from db.tx import Tx

#: As many books of names stay in memory; a name costs about 200 bytes.
MOST_BOOKS = 4
#: A book no longer than this is looked through whole: nothing is gained by choosing beforehand.
SHORT = 500
# A look finds so many rows at least (`name_book.MOST`) that some are left when these are not meant.
MOST_GONE = 25
# Above every character that a name can hold.
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """An account that may be meant; `alias` is the other name it was found by."""

    id: int
    name: str
    stage: str
    alias: str | None = None


@dataclass(frozen=True)
class Names:
    """Every name as of a version: those of a book, but for some of its rows, and of a later one."""

    version: int
    book: Book
    gone: frozenset[int] = frozenset()
    later: Book | None = None

    def rows(self, look: Callable[[Book], Iterable[int]]) -> list[tuple[int, str]]:
        """(account id, name) of the rows that a look finds, the later ones first."""
        found = [] if self.later is None else [self.later.named(row) for row in look(self.later)]
        here = (row for row in look(self.book) if row not in self.gone)
        return [*found, *map(self.book.named, here)]


_books: WeakKeyDictionary[Any, OrderedDict[tuple[str, bool], Names]] = WeakKeyDictionary()
_lock = Lock()


def suggest(tx: Tx, typed: str, limit: int = 20) -> list[Found]:
    """Live accounts for a menu that is typed into, the likeliest first."""
    key = names.key(typed)
    if not key:
        return _named(tx, [(row, None) for row in _first(tx, limit)])
    begin = _beginning(tx, key, limit)
    if len(begin) < limit:
        begin += _others(tx, typed, limit)
    unique: dict[int, str | None] = {}
    for account_id, alias in begin:
        unique.setdefault(account_id, alias)
    return _named(tx, list(unique.items())[:limit])


def of_manager(tx: Tx, user_id: str, limit: int = 20) -> list[Found]:
    """A manager's live accounts, in alphabetical order."""
    mine = (col(Account.manager_id) == user_id, col(Account.archived_at).is_(None))
    statement = select(col(Account.id)).where(*mine).order_by(col(Account.name_key)).limit(limit)
    return _named(tx, [(row, None) for row in tx.all(statement)])


def near(
    tx: Tx, words: str, *, archived: bool = False, least: float = names.MAYBE
) -> list[tuple[int, str]]:
    """(account id, name or alias) of all that `rules.names.match` could find for these words.

    With a score of `least` or more: the higher it is, the quicker.
    """
    asked = letters(words)

    def look(book: Book) -> Iterable[int]:
        if len(book) <= SHORT:
            return range(len(book))
        if not asked:
            return ()
        found = book.look(asked)
        return dict.fromkeys([*found.holding, *found.spelled(least)])

    return _names(tx, archived).rows(look)


def holds(tx: Tx, words: str) -> bool:
    """Whether a name or alias, of an archived account too, holds these words as they are."""
    asked = letters(words)
    return bool(asked) and any(
        _names(tx, archived).rows(lambda book: book.look(asked).holding)
        for archived in (False, True)
    )


def _others(tx: Tx, typed: str, limit: int) -> list[tuple[int, str | None]]:
    """Accounts that hold the words somewhere; if none does, those that are spelled nearly so."""
    known, asked = _names(tx, False), letters(typed)
    if not asked:
        return []
    holding = known.rows(lambda book: book.look(asked).holding)[:limit]
    if holding:
        return [*holding]
    spelled = known.rows(lambda book: book.look(asked).spelled(names.MAYBE))
    return [(found.id, found.name) for found in names.match(typed, spelled)]


def _names(tx: Tx, archived: bool) -> Names:
    """The names as they are now: the kept ones if they are still right, or can be put right."""
    workspace = workspaces.get(tx)
    if workspace is None or tx.renamed is not None:
        # What this transaction has changed may yet be rolled back: it is kept by nobody.
        return _read(tx, -1, archived)
    version, key = workspace.names_version, (tx.workspace, archived)
    with _lock:
        shelf = _books.setdefault(tx.connection.engine.pool, OrderedDict())
        known = shelf.get(key)
        if known is None or known.version != version:
            put_right = known and _put_right(tx, known, version, archived)
            known = shelf[key] = put_right or _read(tx, version, archived)
        shelf.move_to_end(key)
        while len(shelf) > MOST_BOOKS:
            shelf.popitem(last=False)
        return known


def _read(tx: Tx, version: int, archived: bool) -> Names:
    return Names(version, Book(version, accounts.all_names(tx, archived=archived)))


def _put_right(tx: Tx, known: Names, version: int, archived: bool) -> Names | None:
    """The names with what has changed since their book was read; None if that is not known here,
    or so much that the book had better be read anew."""
    book, engine = known.book, tx.connection.engine
    changed = name_changes.between(engine, tx.workspace, book.version, version)
    if changed is None or len(changed) > SHORT:
        return None
    gone = frozenset(book.of(changed))
    if len(gone) > MOST_GONE:
        return None
    later = accounts.all_names(tx, archived=archived, among=sorted(changed))
    return Names(version, book, gone, Book(version, later))


def _beginning(tx: Tx, key: str, limit: int) -> list[tuple[int, str | None]]:
    """(account id, alias it was found by) of names and aliases that begin so.

    An alias that is just what was typed comes first, however many names begin so.
    """
    live = col(Account.archived_at).is_(None)
    name_key, alias_key = _binary(tx, col(Account.name_key)), _binary(tx, col(Alias.alias_key))
    named = select(col(Account.id)).where(live, name_key >= key, name_key < key + _LAST)
    found: list[tuple[int, str | None]] = [
        (row, None) for row in tx.all(named.order_by(name_key).limit(limit))
    ]
    aliased = (
        select(col(Alias.account_id), col(Alias.alias), col(Alias.alias_key))
        .join(Account, col(Account.id) == col(Alias.account_id))
        .where(live, alias_key >= key, alias_key < key + _LAST)
        .order_by(alias_key)
        .limit(limit)
    )
    others = tx.rows(aliased)
    meant = [(row[0], row[1]) for row in others if row[2] == key]
    return meant + found + [(row[0], row[1]) for row in others if row[2] != key]


def _binary(tx: Tx, column: Any) -> ColumnElement[str]:
    """A column compared by its characters: PostgreSQL compares by the language otherwise."""
    is_sqlite = tx.connection.dialect.name == "sqlite"
    found: ColumnElement[str] = column if is_sqlite else collate(column, "C")
    return found


def _first(tx: Tx, limit: int) -> list[int]:
    live = col(Account.archived_at).is_(None)
    return tx.all(select(col(Account.id)).where(live).order_by(col(Account.name_key)).limit(limit))


def _named(tx: Tx, rows: Sequence[tuple[int, str | None]]) -> list[Found]:
    known = accounts.named(tx, [account_id for account_id, _ in rows])
    found = []
    for account_id, by in rows:
        account = known.get(account_id)
        if account is not None:
            alias = by if by not in (None, account.name) else None
            found.append(Found(account_id, account.name, account.stage, alias))
    return found
