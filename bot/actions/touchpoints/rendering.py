"""Builds a touchpoint's message, and updates the one that was posted."""

from collections.abc import Sequence

from bot.actions.outgoing import edit
from bot.actions.touchpoints import list_rendering, routing
from bot.actions.touchpoints.nudge_views import nudge_view
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.touchpoints.nudge import Nudge
from bot.messages.touchpoints.nudge_message import grouped_nudge, moved_nudge, single_nudge
from db import outbox
from db.lists import lists
from db.models import Account, Touchpoint
from db.outbox import pending
from db.touchpoints import touchpoints

Pair = tuple[Touchpoint, Account]


def refresh_nudge(
    work: Work, nudge_id: int | None, left: Nudge | None = None, why: str = ""
) -> None:
    """Updates a touchpoint's message; `left` is one that is shown elsewhere now, and `why`."""
    if nudge_id is None:
        return
    pending.lock_message(work.tx, nudge_id)
    posted = lists.of_nudge(work.tx, nudge_id)
    if posted is not None:
        message, is_open = list_rendering.render(work, posted, why=why)
        _replace_message(work, nudge_id, message, live=is_open)
    elif pairs := touchpoints.list_of_nudge(work.tx, nudge_id):
        live = any(touchpoint.state in touchpoints.NUDGED_STATES for touchpoint, _ in pairs)
        _replace_message(work, nudge_id, _renewals_message(work, pairs), live=live)
    elif left is not None:
        _replace_message(work, nudge_id, moved_nudge(left, why), live=False)


def _renewals_message(work: Work, pairs: Sequence[Pair]) -> Message:
    """The message of renewals that have passed, alone or several at once."""
    views = [nudge_view(work, *each) for each in pairs]
    place = routing.find_destination(work.tx, work.playbook, *pairs[0])
    if len(views) == 1 or place is None:
        return single_nudge(views[0])
    return grouped_nudge(views, place.whose, place.command)


def _replace_message(work: Work, row_id: int, message: Message, *, live: bool) -> None:
    """Updates a message; one not sent yet is changed where it waits, or cancelled if not `live`."""
    if live:
        done = pending.rewrite_pending(work.tx, row_id, message.payload())
    else:
        done = outbox.cancel(work.tx, row_id)
        if not done:
            pending.cancel_replies(work.tx, row_id)
    if not done and pending.may_be_in_slack(work.tx, row_id):
        edit(work, row_id, message)
