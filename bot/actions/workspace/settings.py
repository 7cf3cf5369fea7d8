"""What people set by command: digest, own department, a department's channel and lead."""

from __future__ import annotations

from bot.actions.audit import audit_action
from bot.actions.members.preferences import save_choice
from bot.actions.work import Work
from bot.rules.errors import UserError
from db.touchpoints import touchpoints
from db.workspace import channels, departments

SHARED_CHANNEL_ERROR = (
    "Account data is never posted where people of another company read. Pick a channel of your own."
)


def set_digest(work: Work, off: bool) -> None:
    """Switches the person's weekly digest on or off."""
    save_choice(work, "digest", digest_off=off)


def set_own_department(work: Work, key: str) -> None:
    """Sets the department that the person belongs to."""
    save_choice(work, "department", department=key)


def set_lead(work: Work, key: str, lead: str | None) -> None:
    """Sets who leads a department; None goes back to the playbook's."""
    departments.save_override(work.tx, key, lead_id=lead)
    audit_action(work, f"department:{key}", "department.lead", {"lead": lead})


def set_channel(work: Work, key: str, channel: str) -> None:
    """Sets a department's channel; raises `UserError` for one that people outside read."""
    if channels.is_shared_outside(work.tx, channel):
        raise UserError(f"<#{channel}> is shared with people outside. {SHARED_CHANNEL_ERROR}")
    departments.save_override(work.tx, key, channel_id=channel)
    touchpoints.wake_overdue(work.tx, work.now)  # nudges that had nowhere to go
    audit_action(work, f"department:{key}", "department.channel", {"channel": channel})
