"""Touchpoints that somebody asked for by hand: "remind me on Friday to call Jane"."""

from datetime import date, time

from bot.actions.audit import audit_action
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import manager_calendar
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.words import cut
from bot.rules.time.calendar import local_instant
from db.models import Account, Touchpoint
from db.touchpoints import touchpoints

KIND = "reminder"
MAX_TEXT_LENGTH = 150


def plan_reminder(
    work: Work, account: Account, person: str, text: str, on: date, at: time | None
) -> Touchpoint:
    """Plans a touchpoint for a person on a day, at their opening or a time of their own."""
    calendar = manager_calendar(work.tx, work.playbook, person)
    moment = local_instant(on, at or calendar.opens, calendar.zone)
    reminder = plan_custom(
        work,
        account,
        kind=KIND,
        key=f"{KIND}:{person}:{int(work.now.timestamp())}",
        owner=MANAGER,
        title=cut(text, MAX_TEXT_LENGTH),
        ask=text,
        helps="",
        due_at=calendar.next_open(max(work.now, moment)),
        person=person,
    )
    audit_action(work, reminder, "touchpoint.reminder", {"account": account.id})
    return reminder


def take_back(work: Work, reminder_id: int) -> Touchpoint:
    """Deletes a reminder. Raises `UserError` for one that has come already."""
    reminder = work.tx.get(Touchpoint, reminder_id)
    if reminder is None or reminder.kind != KIND or reminder.state != "planned":
        raise UserError("That reminder has come or was taken back already.")
    touchpoints.delete_touchpoint(work.tx, reminder)
    return reminder
