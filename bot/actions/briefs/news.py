"""What was learned of a customer since the brief before."""

from __future__ import annotations

from datetime import date, datetime

from bot.actions.facts.days import day_of
from bot.actions.work import Work
from bot.messages.kit.text import day, short
from bot.rules.text.words import plural
from db.briefs import known
from db.members import members
from db.models import DECISION_DATE, GOAL, Account, Member

MAX_NEWS = 6
MAX_TEXT_LENGTH = 160


def list_news(work: Work, account: Account, since: datetime, today: date) -> list[str]:
    """What was recorded since then, each with who did and when."""
    new = known.list_recorded(work.tx, account, since)
    told = []
    if new.confirmed:
        last = max(new.confirmed, key=lambda row: row.confirmed_at or since)
        who = short(last.confirmed_by or "")
        said = ", ".join(filter(None, (who, day(last.confirmed_on or today, today))))
        told.append(f"{plural(len(new.confirmed), 'result')} confirmed ({said})")
    for row in new.contacts:
        role = f", {short(row.role)}" if row.role else ""
        told.append(
            f"contact {short(row.name)}{role}{_said(work, row.by_user, row.created_at, today)}"
        )
    for each in new.alternatives:
        said = _said(work, each.by_user, each.at, today)
        told.append(f"alternative {short(each.name, MAX_TEXT_LENGTH)}{said}")
    for one in new.learned:
        kind = {GOAL: "goal", DECISION_DATE: "decision date"}.get(one.kind, "risk")
        when = f"{day(one.due_on, today)}: " if one.due_on else ""
        text = short(" ".join(one.text.split()), MAX_TEXT_LENGTH)
        told.append(f"{kind}: {when}{text}{_said(work, one.by_user, one.created_at, today)}")
    for promise in new.promised:
        said = _said(work, promise.made_by, promise.made_at, today)
        told.append(f"{short(promise.text)} promised by {day(promise.due_on, today)}{said}")
    for promise, at in new.kept:
        told.append(f"{short(promise.text)} kept {day(day_of(work)(at), today)}")
    return told


def who_and_when(work: Work, user: str | None, at: datetime, today: date) -> str:
    """ "Diego Santos, Tue 21 Jul"."""
    name = work.tx.cached(Member, members.name, user) if user else ""
    return ", ".join(filter(None, (short(name), day(day_of(work)(at), today))))


def _said(work: Work, user: str | None, at: datetime, today: date) -> str:
    return f" ({who_and_when(work, user, at, today)})"
