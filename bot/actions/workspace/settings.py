"""What people and admins set in Slack: digests, one's department, a department's channel, lead."""

from __future__ import annotations

from sqlalchemy import update
from sqlmodel import col

from bot.actions.audit import audit_action
from bot.actions.work import Work
from bot.messages.workspace.settings import DepartmentRow
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.models import Person
from db.touchpoints import touchpoints
from db.workspace import channels, departments

SHARED_CHANNEL_ERROR = (
    "Account data is never posted where people of another company read. Pick a channel of your own."
)


def department_rows(tx: Tx, playbook: Playbook) -> list[DepartmentRow]:
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


def set_digest(work: Work, off: bool) -> None:
    work.tx.execute(
        update(Person).where(col(Person.user_id) == work.by.user).values(digest_off=off)
    )
    audit_action(work, f"person:{work.by.user}", "person.digest", {"off": off})


def set_own_department(work: Work, key: str) -> None:
    work.tx.execute(
        update(Person).where(col(Person.user_id) == work.by.user).values(department=key)
    )
    audit_action(work, f"person:{work.by.user}", "person.department", {"department": key})


def set_lead(work: Work, key: str, lead: str | None) -> None:
    departments.save_override(work.tx, key, lead_id=lead)
    audit_action(work, f"department:{key}", "department.lead", {"lead": lead})


def set_channel(work: Work, key: str, channel: str) -> None:
    """Raises `UserError` for a channel that people outside read."""
    if channels.is_shared_outside(work.tx, channel):
        raise UserError(f"<#{channel}> is shared with people outside. {SHARED_CHANNEL_ERROR}")
    departments.save_override(work.tx, key, channel_id=channel)
    touchpoints.wake_overdue(work.tx, work.now)  # nudges that had nowhere to go
    audit_action(work, f"department:{key}", "department.channel", {"channel": channel})
