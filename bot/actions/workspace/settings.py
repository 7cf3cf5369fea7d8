"""What people and admins set in Slack: digests, one's department, a department's channel, lead."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from bot.actions.actor import Actor, audit_action
from bot.messages.workspace.settings import DepartmentRow
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.models import Person
from db.touchpoints import touchpoints
from db.workspace import channels, departments

NOT_OUTSIDE = (
    "Account data is never posted where people of another company read. Pick a channel of your own."
)


def rows(tx: Tx, playbook: Playbook) -> list[DepartmentRow]:
    """Each department as it is set now."""
    return [
        DepartmentRow(
            key=key,
            name=department.name,
            channel_id=departments.channel(tx, playbook, key),
            channel_name=department.channel,
            lead_id=departments.lead(tx, playbook, key),
            hours=str(department.hours),
            zone=department.timezone,
        )
        for key, department in playbook.departments.items()
    ]


def set_digest(tx: Tx, by: Actor, off: bool, now: datetime) -> None:
    tx.execute(update(Person).where(col(Person.user_id) == by.user).values(digest_off=off))
    audit_action(tx, f"person:{by.user}", "person.digest", by, now, {"off": off})


def set_own_department(tx: Tx, by: Actor, key: str, now: datetime) -> None:
    tx.execute(update(Person).where(col(Person.user_id) == by.user).values(department=key))
    audit_action(tx, f"person:{by.user}", "person.department", by, now, {"department": key})


def set_lead(tx: Tx, key: str, lead: str | None, by: Actor, now: datetime) -> None:
    departments.change(tx, key, lead_id=lead)
    audit_action(tx, f"department:{key}", "department.lead", by, now, {"lead": lead})


def set_channel(tx: Tx, key: str, channel: str, by: Actor, now: datetime) -> None:
    """Raises `UserError` for a channel that people outside read."""
    if channels.is_shared_outside(tx, channel):
        raise UserError(f"<#{channel}> is shared with people outside. {NOT_OUTSIDE}")
    departments.change(tx, key, channel_id=channel)
    touchpoints.wake_overdue(tx, now)  # nudges that had nowhere to go
    audit_action(tx, f"department:{key}", "department.channel", by, now, {"channel": channel})
