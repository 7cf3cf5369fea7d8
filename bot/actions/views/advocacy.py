"""What the account's card says of favours, of rest and of complaints that are open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.actions.touchpoints import cooldown
from bot.messages.advocacy import advocacy as messages
from bot.messages.kit.parts import day, quoted, short
from bot.rules.playbook import advocacy as rules
from bot.rules.playbook.playbook import Playbook
from db.advocacy import advocacy as known
from db.core.tx import Tx
from db.models import Account

MAX_COMPLAINTS = 2
_MAX_TEXT_LENGTH = 120


def advocacy_lines(tx: Tx, playbook: Playbook, account: Account, today: date) -> Iterator[str]:
    """One line of favours, one of a rest, and the newest open complaints; often none."""
    found = cooldown.load(tx, playbook, account, today)
    last = sorted(
        rules.latest_entries(found.entries).values(), key=lambda entry: entry.on, reverse=True
    )
    if last:
        yield "Favours: " + " · ".join(map(messages.entry_label, last[:3]))
    if found.rest is not None:
        yield (
            f"Rests from favours until {day(found.rest.until)}: "
            f"{cooldown.cooldown_reason(found.rest)}."
        )
    since = today - timedelta(days=playbook.advocacy.rest_after_complaint.rough_days)
    for complaint in known.list_open_complaints(tx, [account.id], since)[:MAX_COMPLAINTS]:
        words = short(" ".join(complaint.text.split()), _MAX_TEXT_LENGTH)
        yield (
            f"⚠️ Open {complaint.kind} of {day(complaint.happened_on)}: {words} "
            f"(settled: `/log {quoted(account.name)} resolved`)"
        )
