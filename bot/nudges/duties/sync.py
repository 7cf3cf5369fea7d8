"""Learns who and what is in the workspace; at start and once a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from bot.slack import Slack
from db.core import advisory_locks, workspaces
from db.core.tx import begin
from db.members import members
from db.workspace import channels


def sync_workspace(engine: Engine, slack: Slack, now: datetime) -> str:
    """Remembers the installation, its people and channels; returns the workspace's id.

    Raises CouldNotRead if Slack does not tell; what was learnt before then stays. The listings are
    complete before anything is written, so that no lock is held while Slack is asked.
    """
    facts = slack.auth()
    workspaces.save_installation(engine, facts, now)
    everyone = list(slack.people())
    everywhere = list(slack.channels())
    with begin(engine, facts.id) as tx:
        if advisory_locks.try_lock(
            tx, advisory_locks.SYNC_LOCK
        ):  # of processes that start together, one does it
            members.save_all(tx, everyone, now)
            channels.save_all(tx, everywhere, now)
    return facts.id
