"""What an admin does about a message that is held or could not be delivered."""

from collections.abc import Callable
from datetime import datetime

from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.rules.errors import UserError
from db.core.tx import Tx
from db.outbox import operator_actions

VERBS: dict[str, Callable[[Tx, int, datetime], bool]] = {
    "resend": lambda tx, row, _now: operator_actions.resend_held(tx, row),
    "there": operator_actions.mark_held_sent,
    "drop": lambda tx, row, _now: operator_actions.drop(tx, row),
    "again": operator_actions.retry_dead,
}


def apply_decision(work: Work, verb: str, outbox_id: int) -> None:
    """Does one of `VERBS` to a message; raises `UserError` if somebody has decided already."""
    if not VERBS[verb](work.tx, outbox_id, work.now):
        raise UserError(
            "Somebody has decided about that message already, or it is gone. "
            "`/linchpin status` shows what is left."
        )
    audit_action(work, f"outbox:{outbox_id}", f"message.{verb}")
