"""Re-reads the reactions of open nudges: Slack gives up on an event after a few tries."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.actions.responses.reactions import ReactionEvent, apply_reaction
from bot.context import Context
from bot.slack import CouldNotRead, Slack
from bot.speakers import AccessRefused, require_member
from db.core.transient_errors import retry_on_deadlock
from db.touchpoints import reactions
from db.touchpoints.reactions import Place

log = logging.getLogger(__name__)


def sweep_reactions(context: Context, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Applies every reaction that came or went without an event; returns how many there were."""
    now = context.now()
    with context.read(now) as work:
        places = reactions.messages_to_sweep(work.tx, now)
        known = reactions.present_reactions(work.tx, places)
    count = 0
    for place in places:
        for event in changes(context.slack, place, known[place], now) if goes_on() else ():
            _apply(context, event, now)
            count += 1
    return count


def changes(
    slack: Slack, place: Place, known: set[tuple[str, str]], now: datetime
) -> list[ReactionEvent]:
    """In what the reactions that Slack shows on a message differ from those that are known."""
    try:
        shown = {(user, name) for name, users in slack.reactions(*place) for user in users}
    except CouldNotRead as error:
        log.info("the reactions of %s could not be read: %s", place, error)
        return []
    stamp = f"{now.timestamp():.6f}"
    differ = [*sorted(shown - known), *sorted(known - shown)]
    return [ReactionEvent(*place, *pair, present=pair in shown, event_ts=stamp) for pair in differ]


def _apply(context: Context, event: ReactionEvent, now: datetime) -> None:
    def write() -> None:
        with context.begin(now) as work:
            apply_reaction(work, event)

    try:
        require_member(context, event.user, now)
    except AccessRefused:
        return
    retry_on_deadlock(write)
