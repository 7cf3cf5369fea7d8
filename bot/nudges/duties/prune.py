"""Deletes what is not needed any more: answered requests, messages that ended long ago."""

import logging
from datetime import datetime

from sqlalchemy import Engine

from db import outbox
from db.core import workspaces
from db.core.tx import begin
from db.members import conversations
from db.ops import inbox
from db.touchpoints import message_marks

log = logging.getLogger(__name__)


def delete_old(engine: Engine, now: datetime) -> int:
    """Deletes old rows, in one transaction a workspace and table; returns how many.

    Accounts, touchpoints, their history, the audit and the schedules' dates stay for ever.
    """
    count = 0
    for workspace in workspaces.all_ids(engine):
        kinds = (inbox, outbox, message_marks, conversations)
        for prune in (kind.delete_old for kind in kinds):
            with begin(engine, workspace) as tx:
                count += prune(tx, now)
    if count:
        log.info("%d old rows were forgotten", count)
    return count
