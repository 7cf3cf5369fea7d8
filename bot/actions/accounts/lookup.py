"""Which account is meant: by its name, another name of it, a slip of the pen, or in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bot.actions.accounts.accounts import ADD_EXAMPLE, MAX_NAME_LENGTH
from bot.messages.kit.parts import quoted, short
from bot.rules.errors import UserError
from bot.rules.text import names
from bot.rules.text.words import tokens
from db.accounts import accounts
from db.accounts.name_indexes import NameIndexes, Names
from db.core.tx import Tx
from db.models import Account

T = TypeVar("T")

MAX_CANDIDATES = 4
# An account is looked for among so many of a sentence's first words.
MAX_SENTENCE_WORDS = 25
# "id:12@3": a button's account, and how often it had entered a stage when the button was shown.
_ID_PATTERN = re.compile(r"id:(\d{1,15})(?:@(\d{1,9}))?")
_CONTAINING_SCORES = (names.EXACT, names.SAME_LETTERS, names.BEGINS, names.INSIDE, names.UNFINISHED)


class AmbiguousAccount(Exception):
    """Several accounts may be meant; `candidates` are the nearest, best first."""

    def __init__(self, words: str, candidates: tuple[Account, ...]) -> None:
        super().__init__(words)
        self.words = words
        self.candidates = candidates


class NeedsNames(Exception):
    """Only every name there is can tell which account `words` mean, and those are not at hand.

    They are not read inside a transaction: see `with_names`.
    """

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


def with_names(indexes: NameIndexes, workspace: str, run: Callable[[Names | None], T]) -> T:
    """Runs a transaction without the names, and anew with them if it needs them."""
    try:
        return run(None)
    except NeedsNames as needed:
        every = indexes.of(workspace)
        # The answer is kept: `run` does not spend 50 ms on it with SQLite's write lock held.
        every.live.match(needed.words)
        return run(every)


def find_account(tx: Tx, words: str, every: Names | None = None) -> Account:
    """The account that `words` mean: exact name, alias, slug, then spelling.

    Raises `Unclear` when two are close, `UserError` when none is, and `NeedsNames`.
    """
    pinned = _ID_PATTERN.fullmatch(words)
    if pinned is not None:
        return _account_by_id(tx, int(pinned[1]))
    exact = accounts.by_name_key(tx, names.key(words))
    if exact is not None:
        return exact
    slugged = accounts.by_slug(tx, names.slug(words))
    if slugged:
        return _single_account(words, slugged)
    if every is None:
        raise NeedsNames(words)
    return _suggest_account(tx, words, every)


def is_unambiguous(words: str, every: Names | None) -> bool:
    """Whether one account, and no other, is meant by these words, though perhaps misspelled."""
    if every is None:
        raise NeedsNames(words)
    return names.clear_winner(every.live.match(words)) is not None


#: A word so short is a part of a name only where it stands there as it is.
_SHORT = 2


def contained_words(tx: Tx, words: list[str], longest: int, every: Names | None) -> int:
    """How many of the first words stand in one account's name as they are; 0 if none do.

    "umbrella corp they like it": two, when there is an Umbrella Corporation.
    """
    if every is None:
        raise NeedsNames
    for n in range(min(longest, len(words)), 0, -1):
        first = " ".join(words[:n])
        slugged = ((each.id, each.name) for each in accounts.by_slug(tx, names.slug(first)))
        winner = names.clear_winner(names.match_names(first, every.holding(first) or [*slugged]))
        if winner is None or winner.score not in _CONTAINING_SCORES:
            continue
        # "pinyon a second region": what begins Analytics is an article, as long as it says no more.
        last = words[n - 1].casefold()
        if n == 1 or len(last) > _SHORT or last in winner.name.casefold().split():
            return n
    return 0


def name_words(tx: Tx, words: list[str]) -> int:
    """How many of the first words are together the name or alias of an account; 0 if none."""
    prefixes = {names.key(" ".join(words[:n])): n for n in range(1, min(len(words), 12) + 1)}
    return max((prefixes[key] for key in accounts.existing_keys(tx, list(prefixes))), default=0)


def find_mentioned(tx: Tx, sentence: str) -> Account | None:
    """The first account whose whole name stands in a sentence."""
    words = [word.strip(",;:?!.") for word in tokens(sentence)[:MAX_SENTENCE_WORDS]]
    for at in range(len(words)):
        count = name_words(tx, words[at:])
        if count:
            return find_account(tx, " ".join(words[at : at + count]))
    return None


def read_stage_entry(words: str) -> int | None:
    """How often the account had entered a stage when its button was shown: 3 in "id:12@3"."""
    found = _ID_PATTERN.fullmatch(words)
    return int(found[2]) if found and found[2] else None


def _account_by_id(tx: Tx, account_id: int) -> Account:
    found = accounts.by_id(tx, account_id)
    if found is None:
        raise UserError("That account is no longer there. `/stage` lists those I know.")
    return found


def _suggest_account(tx: Tx, words: str, every: Names) -> Account:
    # Archived accounts only when no other comes near.
    found = every.live.match(words) or every.archived.match(words)
    winner = names.clear_winner(found)
    nearest = [winner.id] if winner else [each.id for each in found[:MAX_CANDIDATES]]
    known = accounts.by_ids(tx, nearest)
    # One that was found by its name may have been erased since the names were read.
    candidates = tuple(known[each] for each in nearest if each in known)
    if not candidates:
        add = f"/account add {quoted(words)}" if len(words) <= MAX_NAME_LENGTH else ADD_EXAMPLE
        raise UserError(
            f'I know no account called "{short(words)}". '
            f"`{add}` adds it, `/stage` lists those I know."
        )
    if winner:
        return candidates[0]
    raise AmbiguousAccount(words, candidates)


def _single_account(words: str, found: list[Account]) -> Account:
    if len(found) > 1:
        raise AmbiguousAccount(words, tuple(found[:MAX_CANDIDATES]))
    return found[0]
