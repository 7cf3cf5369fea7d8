"""Forgets what nobody will ask for again: answered requests, messages that ended long ago."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine

from db import outbox
from db.core import workspaces
from db.core.tx import begin
from db.ops import inbox
from db.touchpoints import message_marks

log = logging.getLogger(__name__)


def delete_old(engine: Engine, now: datetime) -> int:
    """One transaction a workspace and table, so that nobody waits long; returns how many rows.

    Accounts, touchpoints, their history, the audit and the schedules' dates stay for ever.
    """
    gone = 0
    for workspace in workspaces.all_ids(engine):
        for prune in (inbox.delete_old, outbox.delete_old, message_marks.delete_old):
            with begin(engine, workspace) as tx:
                gone += prune(tx, now)
    if gone:
        log.info("%d old rows were forgotten", gone)
    return gone
