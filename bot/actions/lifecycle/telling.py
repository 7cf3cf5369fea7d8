"""Tells channels of moves and an account's manager what others did to it, within their hours."""

from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import acting_manager, manager_calendar
from bot.actions.work import Work
from bot.messages.kit.blocks import compose
from bot.messages.kit.message import Message
from bot.messages.kit.text import more_line
from bot.rules.time.calendar import WorkingCalendar
from db.models import Account
from db.outbox import pending

#: So many of a kind that wait for the same opening are one message.
MANY = 3
MAX_TOGETHER = 20


def tell_manager(work: Work, account: Account, key: str, message: Message) -> None:
    """Tells the account's manager, in their hours, what somebody else did to it."""
    reader = acting_manager(work.tx, account)
    if reader is not None and work.by.user not in (None, reader, account.manager_id):
        calendar = manager_calendar(work.tx, work.playbook, reader)
        key = f"{key}:{account.id}"
        post_in_hours(work, reader, message, kind="change", key=key, calendar=calendar)


def post_in_hours(
    work: Work, lane: str, message: Message, *, kind: str, key: str, calendar: WorkingCalendar
) -> None:
    """Posts at once, or at the next opening; what waits for an opening is one message where there
    are three or more of its kind."""
    due_at = calendar.next_open(work.now)
    together = f"together:{kind}:{lane}:"
    waiting = pending.list_waiting(work.tx, lane, kind, due_at) if due_at > work.now else []
    is_together = any(row.dedupe_key.startswith(together) for row in waiting)
    if is_together or len(waiting) + 1 >= MANY:
        payloads = [*(row.payload for row in waiting), message.payload()]
        told = [b["text"]["text"] for p in payloads for b in p["blocks"] if b["type"] == "section"]
        message = compose(*told[:MAX_TOGETHER], more_line(len(told) - MAX_TOGETHER))
        pending.cancel(work.tx, [row.id for row in waiting])
        key = f"{together}{waiting[-1].id}"
    # With the time: ids of accounts that an import took back are used again.
    key = f"{key}:{int(work.now.timestamp())}"
    post(work, lane, message, kind=kind, key=key, due_at=due_at)
