"""At a start, and once a day: customers without a cycle get one, some hundred at a time.

They were there before cycles were counted, or another playbook has made customers of them.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from bot.actions import cycles_history
from bot.context import Context
from db import departments, turns, workspaces
from db.imports import Outrun
from db.passing import passes
from db.tx import begin

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(days=1)

#: Until when this process need not look.
_quiet: WeakKeyDictionary[Engine, datetime] = WeakKeyDictionary()
#: How far it has come: the highest account id looked at, by workspace.
_reached: WeakKeyDictionary[Engine, dict[str, int]] = WeakKeyDictionary()


def begin_some(context: Context, now: datetime) -> bool:
    """Begins the missing cycles of some accounts of one workspace; False when none are left."""
    if now < _quiet.get(context.engine, now):
        return False
    reached = _reached.setdefault(context.engine, {})
    for workspace in workspaces.all_ids(context.engine):
        last = _some_of(context, workspace, reached.get(workspace, 0), now)
        if last is not None:
            reached[workspace] = last
            return True
    reached.clear()
    _quiet[context.engine] = now + LOOK_AGAIN
    return False


def _some_of(context: Context, workspace: str, after: int, now: datetime) -> int | None:
    """The highest account id looked at; None when there is no more to do today."""
    try:
        with begin(context.engine, workspace) as tx:
            turns.take(tx, turns.CLOCK)
            playbook = departments.in_force(tx, context.playbook)
            return cycles_history.begin_missing(tx, playbook, after, now)
    except Outrun:
        return after  # somebody began one of them at this moment: the same again
    except Exception as error:
        if passes(error):
            raise
        log.exception("the missing cycles of %s could not be begun", workspace)
        return None
