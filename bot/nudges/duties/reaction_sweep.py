"""Re-reads the reactions of open nudges: Slack gives up on an event after a few tries."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from bot.slack import CouldNotRead, Slack
from db.core.tx import read
from db.touchpoints import reaction_sweep

Apply = Callable[[str, str, str, str, bool], None]  # channel, ts, user, name, present
Place = tuple[str, str]

log = logging.getLogger(__name__)


def sweep_unseen(
    engine: Engine,
    slack: Slack,
    now: datetime,
    apply: Apply,
    goes_on: Callable[[], bool] = lambda: True,
) -> int:
    """Applies every reaction that came or went without an event; returns how many there were.

    What Slack shows now is compared with what is stored, and the differences are applied.
    """
    with read(engine, slack.workspace_id()) as tx:
        places = reaction_sweep.messages_to_sweep(tx, now)
        known = reaction_sweep.present_reactions(tx, places)
    return sum(_sweep_message(slack, place, known[place], apply) for place in places if goes_on())


def _sweep_message(slack: Slack, place: Place, known: set[tuple[str, str]], apply: Apply) -> int:
    try:
        shown = {(user, name) for name, users in slack.reactions(*place) for user in users}
    except CouldNotRead as error:
        log.info("the reactions of %s could not be read: %s", place, error)
        return 0
    changes = [(*pair, True) for pair in sorted(shown - known)]
    changes += [(*pair, False) for pair in sorted(known - shown)]
    for user, name, is_present in changes:
        apply(*place, user, name, is_present)
    return len(changes)
