"""Saves who and what is in the workspace; at the start and once a day."""

from datetime import datetime

from sqlalchemy import Engine

from bot.rules.playbook.playbook import Playbook
from bot.rules.slack_facts import WorkspaceFacts
from bot.slack import Slack
from db.core import advisory_locks, workspaces
from db.core.tx import begin
from db.members import members
from db.playbook import versions
from db.workspace import channels


def sync_workspace(
    engine: Engine, slack: Slack, playbook_file: Playbook, now: datetime
) -> WorkspaceFacts:
    """Saves the installation, its people and channels; returns what Slack says of it.

    Raises CouldNotRead if Slack does not answer; what was saved before then stays. The lists are
    complete before they are written, so that no lock is held while Slack is asked.
    """
    facts = slack.auth()
    workspaces.save_installation(engine, facts, now)
    people_facts, channel_facts = list(slack.people()), list(slack.channels())
    with begin(engine, facts.id) as tx:
        # Of processes that start together, one writes.
        if advisory_locks.try_lock(tx, advisory_locks.SYNC_LOCK):
            members.save_all(tx, people_facts, now)
            channels.save_all(tx, channel_facts, versions.in_force(tx, playbook_file), now)
    return facts
