"""What was learned of a customer since the brief before."""

from datetime import datetime

from bot.actions.facts.days import day_of
from bot.actions.touchpoints.labels import person_name
from bot.actions.work import Work
from bot.messages.kit.text import day, short
from bot.rules.contacts import DECISION_MAKER, contact_label, has_role
from bot.rules.text.words import plural
from db.briefs import known
from db.models import DECISION_DATE, GOAL, Account

MAX_TEXT_LENGTH = 160


def list_news(work: Work, account: Account, since: datetime) -> list[tuple[str, str]]:
    """What was recorded since then: in a few words, and in full with who did and when."""
    new = known.list_recorded(work.tx, account, since)
    told = []
    if new.confirmed:
        last = max(new.confirmed, key=lambda row: row.confirmed_at or since)
        on = last.confirmed_on or day_of(work)(last.confirmed_at or since)
        said = ", ".join(filter(None, (short(last.confirmed_by or ""), day(on))))
        told.append(("value confirmed", f"{plural(len(new.confirmed), 'result')} ({said})"))
    for row in new.contacts:
        who = short(contact_label(row.name, row.role), MAX_TEXT_LENGTH)
        brief = (
            "who decides" if has_role(row.role, DECISION_MAKER) else f"contact {short(row.name)}"
        )
        told.append((brief, f"contact {who}{_said(work, row.by_user, row.created_at)}"))
    for each in new.alternatives:
        name = f"alternative {short(each.name, MAX_TEXT_LENGTH)}"
        told.append((name, f"{name}{_said(work, each.by_user, each.at)}"))
    for one in new.learned:
        kind = {GOAL: "goal", DECISION_DATE: "decision date"}.get(one.kind, "risk")
        when = f"{day(one.due_on)}: " if one.due_on else ""
        text = short(" ".join(one.text.split()), MAX_TEXT_LENGTH)
        told.append((kind, f"{kind}: {when}{text}{_said(work, one.by_user, one.created_at)}"))
    for promise in new.promised:
        what = short(promise.text)
        said = f" by {day(promise.due_on)}{_said(work, promise.made_by, promise.made_at)}"
        told.append((f"{what} promised", f"{what} promised{said}"))
    for promise, at in new.kept:
        what = f"{short(promise.text)} kept"
        told.append((what, f"{what} {day(day_of(work)(at))}"))
    return told


def who_and_when(work: Work, user: str | None, at: datetime) -> str:
    """ "Diego Santos, Tue 21 Jul"."""
    return ", ".join(filter(None, (person_name(work, user), day(day_of(work)(at)))))


def _said(work: Work, user: str | None, at: datetime) -> str:
    return f" ({who_and_when(work, user, at)})"
