"""A small playbook and a few calendars that the stories in this folder share."""

from datetime import UTC, datetime

from bot.rules.time.working_hours import parse_calendar

DUBLIN = parse_calendar("Europe/Dublin", holidays=("IE",))
NEW_YORK = parse_calendar("America/New_York", "08:30-16:30", "mon-fri", ("US",))
DUBAI = parse_calendar("Asia/Dubai", "09:00-18:00", "sun-thu")

TEXT = """\
destination: customer
departments:
  operations: {channel: "#operations", timezone: Europe/Dublin, holidays: IE}
  sales: {channel: "#sales", timezone: America/New_York, hours: "08:30-16:30"}
stages:
  - key: prospect
    decision: Is it worth solving?
    plays:
      - key: ask
        title: Ask why
        owner: sales
        due: on entry
        ask: Ask {account} why now.
        helps: They hear themselves say it.
  - key: customer
    decision: Did we choose well?
    plays:
      - key: kickoff
        title: Kick-off call
        owner: operations
        due: 1 business day after entry
        ask: Agree with {account} what good looks like.
        helps: They can say no early.
  - key: gone
    decision: Are we better off without it?
    exit: true
"""


def utc(text: str) -> datetime:
    """The instant `2026-11-23 09:00`, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
