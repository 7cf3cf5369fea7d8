"""Departments as a workspace has them: the playbook's, with what was set in Slack over it."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col, select

from bot.rules.playbook.overrides import Overrides, apply_overrides
from bot.rules.playbook.playbook import Playbook
from db.core import workspaces
from db.core.insert_once import insert_once
from db.core.tx import Tx
from db.members import members
from db.models import Department
from db.playbook import versions
from db.workspace import channels


def by_key(tx: Tx, key: str) -> Department | None:
    return next((row for row in _all(tx) if row.key == key), None)


def in_force(tx: Tx, playbook: Playbook) -> Playbook:
    """The playbook as this workspace has it: its version in force, and its own words over it.

    `playbook` is the file's. Every door calls this once a transaction; what it hands on is the only
    playbook from there.
    """
    return with_overrides(tx, versions.in_force(tx, playbook))


def with_overrides(tx: Tx, playbook: Playbook) -> Playbook:
    """A playbook with what was set in Slack over it: hours, zones, holidays, stand-in."""
    workspace = workspaces.current(tx)
    own = {row.key: Overrides(row.timezone, row.hours, row.days, row.holidays) for row in _all(tx)}
    return apply_overrides(playbook, own, workspace.without_manager if workspace else None)


def chosen_channels(tx: Tx) -> dict[str, str]:
    """Department key to the id of the channel that was chosen in Slack, where one was."""
    return {row.key: row.channel_id for row in _all(tx) if row.channel_id is not None}


def channel(tx: Tx, playbook: Playbook, key: str) -> str | None:
    """The id of the channel a department's messages go to, or None when there is none."""
    own = by_key(tx, key)
    if own is not None and own.channel_id is not None:
        return own.channel_id
    named = channels.by_name(tx, playbook.departments[key].channel)
    return named.channel_id if named is not None else None


def all_channels(tx: Tx, playbook: Playbook) -> dict[str, str]:
    """Department key to the id of its channel, of every department that has one."""
    named = channels.by_names(tx, [each.channel for each in playbook.departments.values()])
    found = {
        key: named[channels.bare_name(department.channel)]
        for key, department in playbook.departments.items()
        if channels.bare_name(department.channel) in named
    }
    chosen = chosen_channels(tx)
    return found | {key: chosen[key] for key in playbook.departments if key in chosen}


def company_channel(tx: Tx, playbook: Playbook) -> str | None:
    """The id of the channel where everybody hears of moves and reads the company's digest."""
    own = by_key(tx, "company")
    if own is not None and own.channel_id is not None:
        return own.channel_id
    named = channels.by_name(tx, playbook.company.channel)
    return named.channel_id if named is not None else None


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


def save_override(tx: Tx, key: str, **values: str | None) -> None:
    """Sets what a workspace says of a department."""
    insert_once(tx, Department, key=key)
    tx.execute(update(Department).where(col(Department.key) == key).values(**values))


def _all(tx: Tx) -> list[Department]:
    return tx.cached(Department, _read)


def _read(tx: Tx) -> list[Department]:
    return tx.all(select(Department).order_by(col(Department.id)))
