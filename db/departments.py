"""Departments as a workspace has them: the playbook's, with the channel and lead set in Slack."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from bot.rules.playbook import Playbook
from db import channels, people
from db.models import Department
from db.once import insert_once
from db.tx import Tx


def by_key(tx: Tx, key: str) -> Department | None:
    found: Department | None = tx.first(select(Department).where(col(Department.key) == key))
    return found


def channel(tx: Tx, playbook: Playbook, key: str) -> str | None:
    """The id of the channel a department's messages go to, or None when there is none."""
    own = by_key(tx, key)
    if own is not None and own.channel_id is not None:
        return own.channel_id
    named = channels.by_name(tx, playbook.departments[key].channel)
    return named.channel_id if named is not None else None


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
        return own.lead_id
    words = playbook.departments[key].lead
    if not words:
        return None
    found = people.by_name(tx, words.removeprefix("@"))
    return found.user_id if found is not None else None


def change(tx: Tx, key: str, **values: str | None) -> None:
    """Sets a department's channel or lead for this workspace."""
    insert_once(tx, Department(key=key))
    tx.update(Department, col(Department.key) == key, **values)
