"""Finds accounts among very many by what a person types: names that begin so, hold it, or nearly.

What begins so is asked of the database's index. The rest needs every name at hand: a process keeps
a book of them for each workspace, and one number of the workspace's row (`names_version`, raised
by `Tx.names_changed` in the transaction that changes a name) tells whether it is still right.
Measured with 100,000 accounts: tests/test_account_search.py.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, collate, select
from sqlmodel import col

from bot.rules import names
from db import accounts, workspaces
from db.models import Account, Alias
from db.name_book import Book, letters
from db.tx import Tx

#: As many books of names stay in memory; a name costs about 200 bytes.
MOST_BOOKS = 4
#: A book no longer than this is looked through whole: nothing is gained by choosing beforehand.
SHORT = 500
# Above every character that a name can hold.
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Found:
    """An account that may be meant; `alias` is the other name it was found by."""

    id: int
    name: str
    stage: str
    alias: str | None = None


_books: WeakKeyDictionary[Any, OrderedDict[tuple[str, bool], Book]] = WeakKeyDictionary()
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
    book = _book(tx, archived)
    if len(book) <= SHORT:
        return [(account_id, book.names[row]) for row, account_id in enumerate(book.ids)]
    asked = letters(words)
    if not asked:
        return []
    look = book.look(asked)
    rows = dict.fromkeys([*look.holding, *look.spelled(least)])
    return [(book.ids[row], book.names[row]) for row in rows]


def holds(tx: Tx, words: str) -> bool:
    """Whether a name or alias, of an archived account too, holds these words as they are."""
    asked = letters(words)
    return bool(asked) and any(
        _book(tx, archived).look(asked).holding for archived in (False, True)
    )


def _others(tx: Tx, typed: str, limit: int) -> list[tuple[int, str | None]]:
    """Accounts that hold the words somewhere; if none does, those that are spelled nearly so."""
    book, asked = _book(tx, False), letters(typed)
    if not asked:
        return []
    rows = book.look(asked).holding[:limit]
    if not rows:
        spelled = book.look(asked).spelled(names.MAYBE)
        candidates = [(row, book.names[row]) for row in spelled]
        rows = [found.id for found in names.match(typed, candidates)]
    return [(book.ids[row], book.names[row]) for row in rows]


def _book(tx: Tx, archived: bool) -> Book:
    """The names as they are now: the kept book if it is still right, else a new one."""
    workspace = workspaces.get(tx)
    if workspace is None or tx.names_are_new:
        # What this transaction has changed may yet be rolled back: it is kept by nobody.
        return _read(tx, -1, archived)
    version, key = workspace.names_version, (tx.workspace, archived)
    with _lock:
        shelf = _books.setdefault(tx.connection.engine.pool, OrderedDict())
        book = shelf.get(key)
        if book is None or book.version != version:
            book = shelf[key] = _read(tx, version, archived)
        shelf.move_to_end(key)
        while len(shelf) > MOST_BOOKS:
            shelf.popitem(last=False)
        return book


def _read(tx: Tx, version: int, archived: bool) -> Book:
    return Book(version, accounts.all_names(tx, archived=archived))


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
