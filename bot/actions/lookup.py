"""Which account is meant: by its name, another name of it, a slip of the pen, or in a sentence."""

from __future__ import annotations

import re

from bot.actions.accounts import ADD, LONGEST_NAME
from bot.messages.parts import short, typed
from bot.rules import names
from bot.rules.errors import UserError
from bot.rules.words import tokens
from db import account_search, accounts
from db.models import Account
from db.tx import Tx

MOST_CANDIDATES = 4
# An account is looked for among so many of a sentence's first words.
LOOKED_AT = 25
# «id:12@3»: a button's account, and how often it had entered a stage when the button was shown.
_PINNED = re.compile(r"id:(\d{1,15})(?:@(\d{1,9}))?")
_HELD = (names.EXACT, names.SAME_LETTERS, names.BEGINS, names.INSIDE, names.UNFINISHED)


class Unclear(Exception):
    """Several accounts may be meant; `candidates` are the nearest, best first."""

    def __init__(self, words: str, candidates: tuple[Account, ...]) -> None:
        super().__init__(words)
        self.words = words
        self.candidates = candidates


def find(tx: Tx, words: str) -> Account:
    """The account that `words` mean: exact name, alias, slug, then spelling.

    Raises `Unclear` when two are close, and `UserError` when none is.
    """
    pinned = _PINNED.fullmatch(words)
    if pinned is not None:
        return _pinned(tx, int(pinned[1]))
    exact = accounts.by_name_key(tx, names.key(words))
    if exact is not None:
        return exact
    slugged = accounts.by_slug(tx, names.slug(words))
    if slugged:
        return _only(words, slugged)
    return _nearest(tx, words)


def is_clear(tx: Tx, words: str) -> bool:
    """Whether one account, and no other, is meant by these words, though perhaps misspelled."""
    rivals = account_search.near(tx, words, least=names.RIVAL)
    return names.clear_winner(names.match(words, rivals)) is not None


#: A word so short is a part of a name only where it stands there as it is.
_SHORT = 2


def held_prefix(tx: Tx, words: list[str], longest: int) -> int:
    """How many of the first words stand in one account's name as they are; 0 if none do.

    «umbrella corp they like it»: two, when there is an Umbrella Corporation.
    """
    for n in range(min(longest, len(words)), 0, -1):
        first = " ".join(words[:n])
        if not (account_search.holds(tx, first) or accounts.by_slug(tx, names.slug(first))):
            continue
        rivals = [
            each
            for archived in (False, True)
            for each in account_search.near(tx, first, archived=archived, least=names.RIVAL)
        ]
        winner = names.clear_winner(names.match(first, rivals))
        if winner is None or winner.score not in _HELD:
            continue
        # «pinyon a second region»: what begins Analytics is an article, as long as it says no more.
        last = words[n - 1].casefold()
        if n == 1 or len(last) > _SHORT or last in winner.name.casefold().split():
            return n
    return 0


def known_prefix(tx: Tx, words: list[str]) -> int:
    """How many of the first words are together the name or alias of an account; 0 if none."""
    prefixes = {names.key(" ".join(words[:n])): n for n in range(1, min(len(words), 12) + 1)}
    return max((prefixes[key] for key in accounts.known_keys(tx, list(prefixes))), default=0)


def mentioned(tx: Tx, sentence: str) -> Account | None:
    """The first account whose whole name stands in a sentence."""
    words = [word.strip(",;:?!.") for word in tokens(sentence)[:LOOKED_AT]]
    for at in range(len(words)):
        count = known_prefix(tx, words[at:])
        if count:
            return find(tx, " ".join(words[at : at + count]))
    return None


def seen_entry(words: str) -> int | None:
    """How often the account had entered a stage when its button was shown: 3 in «id:12@3»."""
    found = _PINNED.fullmatch(words)
    return int(found[2]) if found and found[2] else None


def _pinned(tx: Tx, account_id: int) -> Account:
    found = accounts.by_id(tx, account_id)
    if found is None:
        raise UserError("That account is no longer there. `/stage` lists those I know.")
    return found


def _nearest(tx: Tx, words: str) -> Account:
    # Archived accounts only when no other comes near.
    found = _meant(tx, words) or names.match(words, account_search.near(tx, words, archived=True))
    winner = names.clear_winner(found)
    if winner is not None:
        account = accounts.by_id(tx, winner.id)
        assert account is not None
        return account
    if not found:
        add = f"/account add {typed(words)}" if len(words) <= LONGEST_NAME else ADD
        raise UserError(
            f"I know no account called «{short(words)}». "
            f"`{add}` adds it, `/stage` lists those I know."
        )
    nearest = [each.id for each in found[:MOST_CANDIDATES]]
    known = accounts.named(tx, nearest)
    raise Unclear(words, tuple(known[each] for each in nearest if each in known))


def _meant(tx: Tx, words: str) -> list[names.Candidate[int]]:
    """The live accounts that may be meant, best first; where it is clear, not all that come near.

    The nearest are looked for first: the further away, the more there are to look at.
    """
    for least in (names.SURE, (names.SURE + names.RIVAL) / 2, names.RIVAL):
        found = names.match(words, account_search.near(tx, words, least=least))
        near = [each for each in found if each.score >= least]
        winner = names.clear_winner(near)
        # Whoever has not been looked at has less than `least`.
        if len(near) >= MOST_CANDIDATES or (winner and winner.score - least >= names.CLEAR):
            return near
    return names.match(words, account_search.near(tx, words))


def _only(words: str, found: list[Account]) -> Account:
    if len(found) > 1:
        raise Unclear(words, tuple(found[:MOST_CANDIDATES]))
    return found[0]
