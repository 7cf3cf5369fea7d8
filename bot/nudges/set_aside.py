"""What one row's failure must not stop: it is logged, the row set aside, and the others go on."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from bot.context import Context
from bot.rules.playbook.playbook import Playbook
from db.core.transient_errors import is_transient
from db.core.tx import Tx, begin
from db.workspace import departments

T = TypeVar("T")

log = logging.getLogger(__name__)


def attempt(
    context: Context,
    workspace: str,
    what: str,
    do: Callable[[Tx, Playbook], T],
    set_aside: Callable[[Tx], None],
    otherwise: T,
) -> T:
    """Runs `do` in a transaction. When it fails, `set_aside` runs in another, and `otherwise` is
    the answer; `what` says in the log what was tried: "look at term 3".

    Raises what the database raises when it is busy or away: nothing is wrong with the row then,
    and the next tick tries again.
    """
    try:
        with begin(context.engine, workspace) as tx:
            return do(tx, departments.in_force(tx, context.playbook_file))
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("could not %s", what)
        with begin(context.engine, workspace) as tx:
            set_aside(tx)
    return otherwise
