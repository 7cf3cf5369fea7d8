"""The channels of a workspace, as Slack last told of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import col, select

from bot.rules.slack_facts import ChannelFacts
from db.core.tx import Tx
from db.models import Channel


def save(tx: Tx, facts: ChannelFacts, now: datetime) -> Channel:
    """Remembers a channel."""
    return _update_channel(_find_or_add(tx, facts.channel_id, now), facts, now)


def save_all(tx: Tx, channels: Iterable[ChannelFacts], now: datetime) -> int:
    """Remembers many channels with one query of those known; returns how many."""
    known = {channel.channel_id: channel for channel in tx.all(select(Channel))}
    count = 0
    for facts in channels:
        count += 1
        _update_channel(
            known.get(facts.channel_id) or _find_or_add(tx, facts.channel_id, now), facts, now
        )
    return count


def by_id(tx: Tx, channel_id: str) -> Channel | None:
    """The channel of that Slack id."""
    return tx.first(select(Channel).where(col(Channel.channel_id) == channel_id))


def by_name(tx: Tx, words: str) -> Channel | None:
    """The channel called "#operations" or "operations"; one in use before an archived one."""
    named = select(Channel).where(col(Channel.name) == bare_name(words))
    return tx.first(named.order_by(col(Channel.is_archived), col(Channel.id)))


def by_names(tx: Tx, names: Iterable[str]) -> dict[str, str]:
    """Bare name to channel id of those there are, chosen as `by_name` does."""
    return {row.name: row.channel_id for row in _named(tx, names)}


def writable(tx: Tx, names: Iterable[str]) -> dict[str, str]:
    """Bare name to channel id of those that I am in and only we read."""
    return {
        row.name: row.channel_id
        for row in _named(tx, names)
        if row.is_member and not row.is_archived and not row.is_shared_outside
    }


def _named(tx: Tx, names: Iterable[str]) -> list[Channel]:
    """The channels of those names, of two the one in use last."""
    return tx.cached(Channel, _read_named, tuple(sorted({bare_name(name) for name in names})))


def _read_named(tx: Tx, names: Sequence[str]) -> list[Channel]:
    named = select(Channel).where(col(Channel.name).in_(names))
    return tx.all(named.order_by(col(Channel.is_archived).desc(), col(Channel.id).desc()))


def bare_name(words: str) -> str:
    """A channel's name as Slack has it."""
    return words.strip().removeprefix("#").casefold()


def is_shared_outside(tx: Tx, channel_id: str) -> bool:
    """Whether people of other companies read there, as far as we know."""
    channel = by_id(tx, channel_id)
    return channel is not None and channel.is_shared_outside


def mark_archived(tx: Tx, channel_id: str, archived: bool, now: datetime) -> None:
    """`channel_archive` and `channel_unarchive` say so."""
    _find_or_add(tx, channel_id, now).is_archived = archived


def mark_renamed(tx: Tx, channel_id: str, name: str, now: datetime) -> None:
    """`channel_rename` says so."""
    _find_or_add(tx, channel_id, now).name = name


def mark_shared(tx: Tx, channel_id: str, shared_outside: bool, now: datetime) -> None:
    """`channel_shared` and `channel_unshared` say so: nothing is posted where outsiders read."""
    _find_or_add(tx, channel_id, now).is_shared_outside = shared_outside


def mark_member(tx: Tx, channel_id: str, member: bool, now: datetime) -> None:
    """The bot joined or left."""
    _find_or_add(tx, channel_id, now).is_member = member


def _update_channel(channel: Channel, facts: ChannelFacts, now: datetime) -> Channel:
    return channel.sqlmodel_update(asdict(facts), update={"fetched_at": now})


def _find_or_add(tx: Tx, channel_id: str, now: datetime) -> Channel:
    known = by_id(tx, channel_id)
    if known is None:
        # An event can name a channel that no listing has shown yet: it must not be lost.
        stub = Channel(channel_id=channel_id, name=channel_id, fetched_at=now)
        known = tx.add_once(stub) or by_id(tx, channel_id)
    assert known is not None
    return known
