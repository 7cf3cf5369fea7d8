"""The channels of a workspace, as Slack last told of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select

from bot.rules.playbook.playbook import Playbook
from bot.rules.slack_facts import ChannelFacts
from db.core.tx import Tx
from db.models import Channel


def save(tx: Tx, facts: ChannelFacts, playbook: Playbook, now: datetime) -> None:
    """Remembers a channel. A name by which the playbook in force knows it stays its own."""
    _update_channel(_find_or_add(tx, facts.channel_id, now), facts, playbook, now)


def save_all(tx: Tx, channels: Iterable[ChannelFacts], playbook: Playbook, now: datetime) -> None:
    """Remembers many channels with one query of those known."""
    known = {channel.channel_id: channel for channel in tx.all(select(Channel))}
    for facts in channels:
        channel = known.get(facts.channel_id) or _find_or_add(tx, facts.channel_id, now)
        _update_channel(channel, facts, playbook, now)


def by_id(tx: Tx, channel_id: str) -> Channel | None:
    """The channel of that Slack id."""
    return tx.first(select(Channel).where(col(Channel.channel_id) == channel_id))


def facts(tx: Tx, channel_id: str) -> ChannelFacts:
    """What is known of a channel; of one that no listing has shown, that the bot is not in it."""
    known = by_id(tx, channel_id)
    if known is None:
        return ChannelFacts(channel_id, channel_id)
    return ChannelFacts(**{each.name: getattr(known, each.name) for each in fields(ChannelFacts)})


def by_name(tx: Tx, words: str) -> Channel | None:
    """The channel now called "#operations" or "operations"; one in use before an archived one."""
    named = select(Channel).where(col(Channel.name) == bare_name(words))
    return tx.first(named.order_by(col(Channel.is_archived), col(Channel.id)))


def of_playbook(tx: Tx, names: Iterable[str]) -> dict[str, Channel]:
    """Bare name to the channel that the playbook means by it: one in use before an archived one,
    then the one that it knew by that name before a rename."""
    wanted = {bare_name(name) for name in names}
    rows = tx.cached(Channel, _read_named, tuple(sorted(wanted)))
    found: dict[str, Channel] = {}
    for row in sorted(rows, key=lambda row: (row.is_archived, row.playbook_name is None, row.id)):
        for name in wanted & {row.playbook_name, row.name}:
            found.setdefault(name, row)
    return found


def _read_named(tx: Tx, names: Sequence[str]) -> list[Channel]:
    named = or_(col(Channel.name).in_(names), col(Channel.playbook_name).in_(names))
    return tx.all(select(Channel).where(named))


def bare_name(words: str) -> str:
    """A channel's name as Slack has it."""
    return words.strip().removeprefix("#").casefold()


def is_shared_outside(tx: Tx, channel_id: str) -> bool:
    """Whether people of other companies read there, as far as we know."""
    channel = by_id(tx, channel_id)
    return channel is not None and channel.is_shared_outside


def mark(tx: Tx, channel_id: str, now: datetime, **facts: bool) -> None:
    """An event says so: `is_archived`, `is_member`, `is_shared_outside`."""
    _find_or_add(tx, channel_id, now).sqlmodel_update(facts)


def rename(tx: Tx, channel_id: str, name: str, playbook: Playbook, now: datetime) -> None:
    _rename(_find_or_add(tx, channel_id, now), name, playbook)


def _update_channel(
    channel: Channel, facts: ChannelFacts, playbook: Playbook, now: datetime
) -> None:
    _rename(channel, facts.name, playbook)
    channel.sqlmodel_update(asdict(facts), update={"fetched_at": now})


def _rename(channel: Channel, name: str, playbook: Playbook) -> None:
    if channel.name != name and channel.name in _named_by(playbook):
        channel.playbook_name = channel.name
    channel.name = name


def _named_by(playbook: Playbook) -> set[str]:
    departments = playbook.departments.values()
    routes = (name for each in departments for name in each.routes.values())
    named = (playbook.company.channel, *(each.channel for each in departments), *routes)
    return {bare_name(name) for name in named}


def _find_or_add(tx: Tx, channel_id: str, now: datetime) -> Channel:
    known = by_id(tx, channel_id)
    if known is None:
        # An event can name a channel that no listing has shown yet: it must not be lost.
        stub = Channel(channel_id=channel_id, name=channel_id, fetched_at=now)
        known = tx.add_once(stub) or by_id(tx, channel_id)
    assert known is not None
    return known
