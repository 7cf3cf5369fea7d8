"""The promises that a digest tells of: overdue, and to be kept within the next two weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import col

from bot.actions import promises
from bot.actions.digests_facts import Desk
from bot.messages.promise import Line
from bot.rules.playbook import MANAGER
from db import promises as known
from db.models import Account, Touchpoint

AHEAD = timedelta(days=14)


def lines(desk: Desk) -> tuple[Line, ...]:
    """Overdue ones first: the soonest day comes first."""
    until = desk.span.today + AHEAD + timedelta(days=1)
    found = known.due_before(desk.tx, until, *_theirs(desk))
    return tuple(promises.lines(desk.tx, desk.playbook, found, desk.span.now))


def _theirs(desk: Desk) -> list[Any]:
    """A manager reads of all of their accounts', a department of those that it keeps."""
    scope = desk.scope
    if scope.manager is not None:
        return [col(Account.manager_id) == scope.manager]
    if scope.department is None:
        return []
    own = col(Touchpoint.owner) == scope.department
    nobodys = (col(Touchpoint.owner) == MANAGER) & col(Account.manager_id).is_(None)
    return [own | nobodys if scope.stands_in else own]
