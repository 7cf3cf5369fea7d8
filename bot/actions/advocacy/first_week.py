"""In the first week after accounts came in: what did they get from us, who would speak for us?"""

from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import Final

from bot.actions.accounts.accounts import require_live
from bot.actions.accounts.value import add_entry
from bot.actions.contacts.contacts import resolve
from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import can_answer, manager_calendar
from bot.actions.work import Work
from bot.messages.advocacy import first_week as messages
from bot.messages.kit.message import Message
from bot.rules.contacts import CHAMPION, has_role
from bot.rules.errors import UserError
from bot.rules.terms import is_customer
from bot.rules.text.money import Money
from db.advocacy import advocacy
from db.models import Account
from db.ops import occurrences

WEEK: Final = timedelta(days=7)
MAX_ACCOUNTS: Final = 3


def ask_managers(work: Work) -> int:
    """Sends each manager one DM about three of their customers, once; returns how many."""
    since = work.now - WEEK
    if not advocacy.came_in(work.tx, since):
        return 0
    asked = advocacy.list_asked(work.tx)
    stages = [each.key for each in work.playbook.stages if is_customer(work.playbook, each.key)]
    customers = advocacy.list_customers(work.tx, stages, since)
    sent = 0
    for manager, theirs in groupby(customers, key=lambda account: account.manager_id or ""):
        schedule = f"{advocacy.SOURCE}:{manager}"
        if schedule not in asked and can_answer(work.tx, manager):
            _ask(work, manager, schedule, list(theirs)[:MAX_ACCOUNTS])
            sent += 1
    return sent


def _ask(work: Work, manager: str, schedule: str, theirs: list[Account]) -> None:
    calendar = manager_calendar(work.tx, work.playbook, manager)
    today = calendar.local_date(work.now)
    if not occurrences.record_run(work.tx, schedule, today, work.now, occurrences.POSTED):
        return
    rows = [(each.id, each.name, each.renews_on) for each in theirs]
    message = messages.question(rows, today)
    at = calendar.next_open(work.now)
    post(work, manager, message, kind="first week", key=schedule, due_at=at)


def save_answer(
    work: Work, account_id: int, value: str, worth: Money | None, advocate: str
) -> Message:
    """Keeps what a manager wrote: value as our estimate, the person as a champion."""
    account = require_live(work.tx.require(Account, account_id))
    if not value and not advocate:
        raise UserError("Write one line, or close the form.")
    answered = replace(work, by=replace(work.by, source=advocacy.SOURCE))
    if value:
        add_entry(answered, account, value, worth=worth)
    contact = resolve(answered, account, f"+{advocate}") if advocate else None
    if contact is not None and not has_role(contact.role, CHAMPION):
        contact.role = f"{contact.role}, {CHAMPION}" if contact.role else CHAMPION
    return messages.saved(account.name, value, contact.name if contact else "")
