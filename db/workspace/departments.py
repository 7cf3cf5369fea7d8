"""Departments as a workspace has them: the playbook's, with what was set in Slack over it."""

from sqlalchemy import update
from sqlmodel import col, select

from bot.rules.playbook.overrides import COMPANY, Overrides, apply_overrides
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import tier_key
from db.core import workspaces
from db.core.session import OWN_WORKSPACE
from db.core.tx import Tx
from db.members import members
from db.models import Channel, Department, Member, Workspace
from db.playbook import versions
from db.workspace import channels

Place = tuple[str, str | None]  # a department or "company", and a tier

_WITH_WORKSPACE = (
    select(Workspace, Department)
    .outerjoin(Department, col(Department.workspace_id) == col(Workspace.id))
    .where(col(Workspace.id) == OWN_WORKSPACE)
    .order_by(col(Department.id))
)


def by_key(tx: Tx, key: str) -> Department | None:
    return next((row for row in _all(tx) if row.key == key), None)


def in_force(tx: Tx, playbook: Playbook) -> Playbook:
    """The version in force in this workspace, with what was set in Slack over it."""
    _all(tx)  # the workspace comes with them
    return with_overrides(tx, versions.in_force(tx, playbook))


def with_overrides(tx: Tx, playbook: Playbook) -> Playbook:
    """A playbook with what was set in Slack over it: hours, zones, holidays, stand-in."""
    workspace = workspaces.current(tx)
    own = {row.key: Overrides(row.timezone, row.hours, row.days, row.holidays) for row in _all(tx)}
    return apply_overrides(playbook, own, workspace.without_manager if workspace else None)


def channel(tx: Tx, playbook: Playbook, key: str) -> str | None:
    """The id of the channel a department's messages go to, or None when there is none."""
    return all_channels(tx, playbook).get((key, None))


def company_channel(tx: Tx, playbook: Playbook) -> str | None:
    """The id of the channel where everybody hears of moves and reads the company's digest."""
    return channel(tx, playbook, COMPANY)


def channel_for(tx: Tx, playbook: Playbook, key: str, tier: str | None) -> str | None:
    """The channel for nudges about accounts of that tier, else the department's own."""
    known = all_channels(tx, playbook)
    return known.get((key, tier_key(tier))) or known.get((key, None))


def of_channel(tx: Tx, playbook: Playbook, channel_id: str) -> tuple[str, ...]:
    """The departments that are nudged in a channel, in all of their accounts or in some."""
    here = {key for (key, _), found in all_channels(tx, playbook).items() if found == channel_id}
    return tuple(key for key in playbook.departments if key in here)


def all_channels(tx: Tx, playbook: Playbook) -> dict[Place, str]:
    """(department or "company", tier) to the id of a channel, the one chosen in Slack or else
    the playbook's; for no tier its own. Of tiers only those that I can write in."""
    named: dict[Place, str] = {(COMPANY, None): playbook.company.channel}
    for key, each in playbook.departments.items():
        named[key, None] = each.channel
        named |= {(key, tier_key(tier)): name for tier, name in each.routes.items()}
    meant = channels.of_playbook(tx, named.values())
    found: dict[Place, str] = {}
    for place, name in named.items():
        channel = meant.get(channels.bare_name(name))
        if channel is not None and (place[1] is None or _is_writable(channel)):
            found[place] = channel.channel_id
    return found | {(row.key, None): row.channel_id for row in _all(tx) if row.channel_id}


def _is_writable(channel: Channel) -> bool:
    return channel.is_member and not channel.is_archived and not channel.is_shared_outside


def lead(tx: Tx, playbook: Playbook, key: str) -> str | None:
    """The Slack user who leads a department, or None."""
    own = by_key(tx, key)
    if own is not None and own.lead_id is not None:
        return own.lead_id or None
    words = playbook.departments[key].lead
    if not words:
        return None
    found = members.by_name(tx, words.removeprefix("@"))
    return found.user_id if found is not None else None


def leads(tx: Tx, playbook: Playbook) -> dict[str, str]:
    """The department of each person who leads one, by Slack user; the first of several."""
    found: dict[str, str] = {}
    for key in playbook.departments:
        if (user := lead(tx, playbook, key)) is not None:
            found.setdefault(user, key)
    return found


def of_member(tx: Tx, playbook: Playbook, person: Member) -> str | None:
    """The key of a person's department: the one they chose, else one that they lead."""
    if person.department in playbook.departments:
        return person.department
    return next(iter(led_by(tx, playbook, person)), None)


def led_by(tx: Tx, playbook: Playbook, person: Member) -> list[str]:
    """The keys of the departments that a person leads."""
    called = {word.casefold() for word in (person.handle, person.email, person.name) if word}
    chosen = {row.key: row.lead_id for row in _all(tx) if row.lead_id is not None}
    return [
        key
        for key, each in playbook.departments.items()
        if (
            chosen[key] == person.user_id
            if key in chosen
            else (each.lead or "").removeprefix("@").casefold() in called
        )
    ]


def save_override(tx: Tx, key: str, **values: str | None) -> None:
    """Sets what a workspace says of a department."""
    tx.add_once(Department(key=key))
    tx.execute(update(Department).where(col(Department.key) == key).values(**values))


def _all(tx: Tx) -> list[Department]:
    return tx.cached(Department, _read)


def _read(tx: Tx) -> list[Department]:
    return [department for _, department in tx.rows(_WITH_WORKSPACE) if department is not None]
