"""Accounts: finding one, adding one, changing what is known of one."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.actions import cycles
from bot.actions.actor import Actor
from bot.actions.planning import plan
from bot.messages.parts import plain, short, typed
from bot.rules import names
from bot.rules.cycles import is_customer
from bot.rules.errors import UserError
from bot.rules.playbook import Playbook
from bot.rules.words import tokens
from db import account_search, accounts, audit, turns
from db.models import Account, Alias, StageChange, Touchpoint
from db.once import add_once
from db.tx import Tx

# A name longer than this does not fit into the first line of a nudge.
LONGEST_NAME = 200
MOST_CANDIDATES = 4
# An account is looked for among so many of a sentence's first words.
LOOKED_AT = 25
ADD = "/account add Acme Corporation"
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


def add(
    tx: Tx,
    playbook: Playbook,
    name: str,
    *,
    stage: str,
    manager: str | None,
    renews_on: date | None,
    by: Actor,
    now: datetime,
) -> tuple[Account, list[Touchpoint]]:
    """Adds an account and plans its stage; returns it with its touchpoints.

    Raises `UserError` for a name that is empty, too long or taken.
    """
    account = add_once(
        tx,
        Account(
            name=_free_name(tx, name),
            name_key=names.key(name),
            slug=names.slug(name),
            stage=stage,
            stage_entered_at=now,
            manager_id=manager,
            renews_on=renews_on,
            created_at=now,
        ),
    )
    if account is None:  # an import has brought it in since we looked
        raise UserError(_taken(_known(tx, name), name))
    assert account.id is not None
    tx.add(
        StageChange(
            account_id=account.id,
            stage_entry=1,
            cycle=1,
            to_stage=stage,
            by_user=by.user,
            source=by.source,
            at=now,
        )
    )
    if is_customer(playbook, stage):
        cycles.begin(tx, account, 1, by, now)
    planned = plan(tx, playbook, account, now)
    record(tx, account, "added", by, now, {"name": account.name, "stage": stage})
    return account, planned


def set_manager(tx: Tx, account: Account, manager: str | None, by: Actor, now: datetime) -> None:
    before = account.manager_id
    change(tx, account, manager_id=manager, owner_name=None)
    record(tx, account, "manager", by, now, {"from": before, "to": manager})


def set_channel(tx: Tx, account: Account, channel: str | None, by: Actor, now: datetime) -> None:
    before = account.channel_id
    change(tx, account, channel_id=channel)
    record(tx, account, "channel", by, now, {"from": before, "to": channel})


def rename(tx: Tx, account: Account, name: str, by: Actor, now: datetime) -> str:
    """Renames an account; the old name stays as an alias, so that people still find it."""
    old = account.name
    if names.key(name) != account.name_key:
        new = _free_name(tx, name, own=account)
        _drop_alias(tx, account, names.key(new))
        change(tx, account, name=new, name_key=names.key(new), slug=names.slug(new))
        _add_alias(tx, account, old)
    else:
        change(tx, account, name=" ".join(name.split()), slug=names.slug(name))
    record(tx, account, "renamed", by, now, {"from": old, "to": account.name})
    return old


def add_alias(tx: Tx, account: Account, alias: str, by: Actor, now: datetime) -> None:
    """Gives an account another name to be found by."""
    alias = _free_name(tx, alias, own=account)
    _add_alias(tx, account, alias)
    record(tx, account, "alias", by, now, {"alias": alias})


def hold(tx: Tx, account: Account) -> None:
    """Locks an account and reads it anew: whoever changes its plan at the same time comes after.

    Accounts are locked before their touchpoints.
    """
    if not tx.hold(account):
        raise UserError("That account is no longer there. `/stage` lists those I know.")


def live(account: Account) -> Account:
    """The account, unless it is archived: then a `UserError` that says how to bring it back."""
    if account.archived_at is not None:
        raise UserError(
            f"{plain(account.name)} is archived, so nothing was changed. "
            f"`/account {typed(account.name)} restore` brings it back."
        )
    return account


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


def _free_name(tx: Tx, name: str, own: Account | None = None) -> str:
    name = " ".join(name.split())
    if not names.key(name):
        raise UserError(f"An account needs a name: `{ADD}`.")
    if len(name) > LONGEST_NAME:
        raise UserError(
            f"That name has {len(name):,} characters, and {LONGEST_NAME} is the most. "
            f"Give a shorter one, like `{ADD}`."
        )
    # No constraint spans names and aliases: whoever takes the same one at once comes after us.
    turns.take(tx, f"{turns.NAME}:{names.key(name)}")
    taken = accounts.by_name_key(tx, names.key(name))
    if taken is not None and (own is None or taken.id != own.id):
        raise UserError(_taken(taken, name))
    return name


def _known(tx: Tx, name: str) -> Account:
    known = accounts.by_name_key(tx, names.key(name))
    assert known is not None
    return known


def _taken(account: Account, name: str) -> str:
    other = f"«{short(name)}» is {plain(account.name)}, which I know already."
    if names.key(name) == account.name_key:
        other = f"There is an account called {plain(account.name)} already."
    if account.archived_at is not None:
        return f"{other} It is archived: `/account {typed(account.name)} restore` brings it back."
    return f"{other} `/account {typed(account.name)}` shows it."


def _add_alias(tx: Tx, account: Account, alias: str) -> None:
    assert account.id is not None
    if accounts.by_name_key(tx, names.key(alias)) is None:
        tx.add(Alias(account_id=account.id, alias=alias, alias_key=names.key(alias)))


def _drop_alias(tx: Tx, account: Account, alias_key: str) -> None:
    for row in accounts.aliases(tx, account.id or 0):
        if row.alias_key == alias_key:
            tx.delete(Alias, Alias.id == row.id)


def change(tx: Tx, account: Account, **values: object) -> None:
    """Saves new values of an account, or says that somebody else was quicker."""
    if not accounts.move(tx, account, **values):
        raise UserError(
            f"{plain(account.name)} was changed by somebody else at the same moment. "
            "Nothing of yours was saved: try once more."
        )


def record(
    tx: Tx, account: Account, verb: str, by: Actor, now: datetime, detail: dict[str, object]
) -> None:
    audit.record(
        tx,
        now=now,
        by=by.user,
        source=by.source,
        verb=f"account.{verb}",
        subject=f"account:{account.id}",
        detail=detail,
    )
