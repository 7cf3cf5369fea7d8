"""Facts in the same words everywhere: last contact, who took part, days in a stage, being late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from bot.messages.kit.text import day, limit_names, plain, quoted, short
from bot.rules.facts.known_since import DaysInStage
from bot.rules.facts.last_contact import LastContact
from bot.rules.facts.took_part import Involvement
from bot.rules.playbook.playbook import MANAGER
from bot.rules.text.words import plural

#: So many accounts without a renewal date are named.
MAX_UNKNOWN = 3
_MAX_HOW_LENGTH = 60
DUE_TODAY: Final = "due today"


def last_contact_text(last: LastContact | None, by: str, known_since: date, today: date) -> str:
    """ "last contact Fri 23 Jul (Sam Carter, call)"; `by` is that person's name, if known."""
    if last is None:
        return f"no contact recorded since it was added on {day(known_since, today)}"
    told = ", ".join(filter(None, (plain(by), short(last.how, _MAX_HOW_LENGTH))))
    return f"last contact {day(last.on, today)} ({told})"


def involvement_text(done: Involvement, names: Mapping[str, str]) -> str:
    """ "Operations 5, Marketing 5, Sales 0, manager (Sales) 3"; `names` are the departments'."""
    told = []
    for key, count in done.counts.items():
        name = plain(names.get(key, key))
        if key == MANAGER and done.manager_in in names:
            name = f"manager ({plain(names[done.manager_in or ''])})"
        told.append(f"{name} {count:,}")
    return ", ".join(told)


def days_text(days: DaysInStage) -> str:
    """ "17 days", "at least 17 days" for what was there before it was known here; "new"."""
    if not days.count:
        return "added today" if days.at_least else "new"
    count = plural(days.count, "day")
    return f"at least {count}" if days.at_least else count


def unknown_dates_text(names: Sequence[str], total: int) -> str:
    """The accounts without a renewal date, with the command that sets one."""
    shown = limit_names([short(name) for name in names], len(names), total)
    return (
        f"Renewal date not known for {plural(total, 'account')}: {shown}. "
        f"`/account {quoted(names[0])} renews 2027-03-31` sets one, a file with dates all of them."
    )


def overdue_text(overdue: int, due_on: date, today: date) -> str:
    """ "*3 days overdue*", "due today" or "due Wed 2 Dec"."""
    if overdue:
        return f"*{plural(overdue, 'day')} overdue*"
    return f"due {day(due_on, today)}" if due_on > today else DUE_TODAY
