"""Once a day: deletes what is not needed any more, and saves who and what is in the workspace."""

import logging
from datetime import datetime

from sqlalchemy import Engine

from bot.rules.playbook.playbook import Playbook
from bot.rules.slack_facts import WorkspaceFacts
from bot.slack import Slack
from db import outbox
from db.core import advisory_locks, workspaces
from db.core.tx import begin
from db.imports import files
from db.members import conversations, members
from db.ops import inbox
from db.playbook import versions
from db.touchpoints import message_marks
from db.workspace import channels

log = logging.getLogger(__name__)


def delete_old(engine: Engine, now: datetime) -> int:
    """Deletes old rows, in one transaction a workspace and table; returns how many. Accounts,
    touchpoints, their history, the audit and the schedules' dates stay for ever."""
    count = 0
    for workspace in workspaces.all_ids(engine):
        kinds = (inbox, outbox, message_marks, conversations, files)
        for prune in (kind.delete_old for kind in kinds):
            with begin(engine, workspace) as tx:
                count += prune(tx, now)
    if count:
        log.info("%d old rows were forgotten", count)
    return count


def sync_workspace(
    engine: Engine, slack: Slack, playbook_file: Playbook, now: datetime
) -> WorkspaceFacts:
    """Saves the installation, its people and channels; returns what Slack says of it. Raises
    CouldNotRead if Slack does not answer; what was saved before then stays. The lists are complete
    before they are written, so that no lock is held while Slack is asked."""
    facts = slack.auth()
    workspaces.save_installation(engine, facts, now)
    people_facts, channel_facts = list(slack.people()), list(slack.channels())
    with begin(engine, facts.id) as tx:
        # Of processes that start together, one writes.
        if advisory_locks.try_lock(tx, advisory_locks.SYNC_LOCK):
            members.save_all(tx, people_facts, now)
            channels.save_all(tx, channel_facts, versions.in_force(tx, playbook_file), now)
    return facts
