"""How a duty of the clock works with one row, so that its failure does not stop the others."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.actions.work import Work
from bot.context import Context
from db.core.transient_errors import is_transient

log = logging.getLogger(__name__)


def attempt(
    context: Context,
    workspace: str,
    now: datetime,
    what: str,
    do: Callable[[Work], bool],
    set_aside: Callable[[Work], None],
) -> bool:
    """Runs `do` in a transaction and returns what it returns. When it fails, this is logged,
    `set_aside` runs in another transaction, and the result is True: there was something to do.
    `what` says in the log what was tried: "look at term 3". Raises what the database raises when it
    is busy or away: the row is not to blame then, and the next tick tries again."""
    try:
        with context.begin(now, workspace=workspace) as work:
            return do(work)
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("could not %s", what)
        with context.begin(now, workspace=workspace) as work:
            set_aside(work)
    return True
