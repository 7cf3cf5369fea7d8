"""Promises in an account's timeline: made, moved to another date, ended."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.messages.kit.text import day
from bot.rules.playbook.playbook import Playbook
from bot.rules.promises import CONSENTS, promise_status, read_consent
from bot.rules.text.words import plural
from db.core.tx import Tx
from db.models import Touchpoint
from db.promises import promises
from db.promises.promises import PromiseRecord

TimelineLine = tuple[datetime, str, str | None]  # when, what, by whom


def promise_lines(tx: Tx, account_id: int, limit: int) -> Iterator[TimelineLine]:
    """The newest promises and the newest changes of their dates, `limit` of each."""
    made = promises.list_newest(tx, account_id, limit)
    changed = promises.changes_by_promise(tx, [promise.id for promise in made])
    for promise in made:
        first = changed.get(promise.id)
        due_on = first[0].before if first else promise.due_on
        yield promise.made_at, f'promised "{promise.text}" by {day(due_on)}', promise.made_by
    for change, text in promises.list_newest_changes(tx, account_id, limit):
        why = f", because {' '.join(change.reason.split())}" if change.reason else ""
        dates = f"{day(change.after)} instead of {day(change.before)}"
        consent = CONSENTS[read_consent(change.consent)]
        yield change.at, f'promise "{text}": {dates}; {consent}{why}', change.by_user


def promise_endings(tx: Tx, playbook: Playbook, rows: Iterable[Touchpoint]) -> dict[int, str]:
    """How the promises among these touchpoints ended, by the touchpoint's id."""
    records = promises.by_touchpoints(tx, [row.id for row in rows if row.kind == "promise"])
    return {row_id: _ending(playbook, promised) for row_id, promised in records.items()}


def _ending(playbook: Playbook, promised: PromiseRecord) -> str:
    promise, touchpoint = promised.promise, promised.touchpoint
    ended_on = playbook.calendar(touchpoint.owner).local_date(touchpoint.state_at)
    how = promise_status(touchpoint.state, ended_on, promise.due_on, ended_on)
    late = plural((ended_on - promise.due_on).days, "day")
    words = {
        "kept": "kept",
        "late": f"kept, {late} late",
        "broken": "not kept",
        "dropped": "no longer needed",
    }
    why = f", {touchpoint.note}" if how in ("broken", "dropped") and touchpoint.note else ""
    return f"promise {words.get(how, 'open')}: {promise.text}{why}"
