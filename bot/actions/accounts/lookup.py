"""Finds the account that is meant: by name, alias, a misspelled name, or in a sentence."""

import re
from collections.abc import Callable
from typing import TypeVar

from bot.actions.accounts.accounts import ADD_EXAMPLE, MAX_NAME_LENGTH
from bot.messages.kit.text import quoted, short
from bot.rules.errors import UserError
from bot.rules.text import names
from bot.rules.text.words import tokens
from db.accounts import accounts
from db.accounts.name_indexes import NameIndexes, Names
from db.core.tx import Tx
from db.models import Account

T = TypeVar("T")

MAX_CANDIDATES = 4
# Only so many first words of a sentence are searched for an account's name.
MAX_SENTENCE_WORDS = 25
# "id:12@3": a button's account, and how often it had entered a stage when the button was shown.
_ID_PATTERN = re.compile(r"id:(\d{1,15})(?:@(\d{1,9}))?")
#: A word so short counts as part of a name only when it is one of the name's words.
_SHORT_WORD = 2
_CONTAINING_SCORES = (names.EXACT, names.SAME_LETTERS, names.BEGINS, names.INSIDE, names.UNFINISHED)


class AmbiguousAccount(Exception):
    """Several accounts may be meant; `candidates` are the best matches, best first."""

    def __init__(self, words: str, candidates: tuple[Account, ...]) -> None:
        super().__init__(words)
        self.words = words
        self.candidates = candidates


class NeedsNames(Exception):
    """The index of all names is needed to tell which account `words` mean: see `with_names`."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


def with_names(indexes: NameIndexes, workspace: str, run: Callable[[Names | None], T]) -> T:
    """Runs a transaction without the index of names, and again with it if it raises `NeedsNames`.
    The index is read outside of transactions."""
    try:
        return run(None)
    except NeedsNames as needed:
        every = indexes.of(workspace)
        # Caches the answer: `run` does not spend 50 ms on it with SQLite's write lock held.
        every.live.match(needed.words)
        return run(every)


def find_account(tx: Tx, words: str, every: Names | None = None) -> Account:
    """The account that `words` mean: exact name, alias, slug, then spelling. Raises
    `AmbiguousAccount` when several match, `UserError` when none does, and `NeedsNames`."""
    pinned = _ID_PATTERN.fullmatch(words)
    if pinned is not None:
        return tx.require(Account, int(pinned[1]))
    exact = accounts.by_name_key(tx, names.key(words))
    if exact is not None:
        return exact
    slugged = accounts.by_slug(tx, names.slug(words))
    if len(slugged) > 1:
        raise AmbiguousAccount(words, tuple(slugged[:MAX_CANDIDATES]))
    if slugged:
        return slugged[0]
    if every is None:
        raise NeedsNames(words)
    return _suggest_account(tx, words, every)


def is_unambiguous(words: str, every: Names | None) -> bool:
    """Whether the words, perhaps misspelled, mean exactly one account."""
    if every is None:
        raise NeedsNames(words)
    return names.clear_winner(every.live.match(words)) is not None


def contained_words(tx: Tx, words: list[str], longest: int, every: Names | None) -> int:
    """How many of the first words are part of one account's name; 0 if none are. "umbrella corp
    they like it": two, when there is an Umbrella Corporation."""
    if every is None:
        raise NeedsNames
    for n in range(min(longest, len(words)), 0, -1):
        first = " ".join(words[:n])
        slugged = ((each.id, each.name) for each in accounts.by_slug(tx, names.slug(first)))
        winner = names.clear_winner(names.match_names(first, every.holding(first) or [*slugged]))
        if winner is None or winner.score not in _CONTAINING_SCORES:
            continue
        # In "pinyon a second region" the "a" is an article, not the beginning of "Analytics".
        last = words[n - 1].casefold()
        if n == 1 or len(last) > _SHORT_WORD or last in winner.name.casefold().split():
            return n
    return 0


def name_words(tx: Tx, words: list[str]) -> int:
    """How many of the first words together are an account's name or alias; 0 if none are."""
    prefixes = {names.key(" ".join(words[:n])): n for n in range(1, min(len(words), 12) + 1)}
    return max((prefixes[key] for key in accounts.existing_keys(tx, list(prefixes))), default=0)


def find_mentioned(tx: Tx, sentence: str) -> Account | None:
    """The first account of which a sentence holds the whole name."""
    words = [word.strip(",;:?!.") for word in tokens(sentence)[:MAX_SENTENCE_WORDS]]
    for start in range(len(words)):
        count = name_words(tx, words[start:])
        if count:
            return find_account(tx, " ".join(words[start : start + count]))
    return None


def read_stage_entry(words: str) -> int | None:
    """How often the account had entered a stage when its button was shown: 3 in "id:12@3"."""
    pinned = _ID_PATTERN.fullmatch(words)
    return int(pinned[2]) if pinned and pinned[2] else None


def unknown_account(words: str) -> str:
    """What to say of a name that nobody knows."""
    add = f"/account add {quoted(words)}" if len(words) <= MAX_NAME_LENGTH else ADD_EXAMPLE
    return f'No account matches "{short(words)}". `{add}` adds it, `/stage` lists all accounts.'


def _suggest_account(tx: Tx, words: str, every: Names) -> Account:
    # Archived accounts only when no other one matches.
    matches = every.live.match(words) or every.archived.match(words)
    winner = names.clear_winner(matches)
    nearest = [winner.id] if winner else [match.id for match in matches[:MAX_CANDIDATES]]
    known = accounts.by_ids(tx, nearest)
    # An account may have been erased since the names were read.
    candidates = tuple(known[account_id] for account_id in nearest if account_id in known)
    if not candidates:
        raise UserError(unknown_account(words))
    if winner:
        return candidates[0]
    raise AmbiguousAccount(words, candidates)
