"""Gathers what a department's digest says above and below its first list of a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.actions.digests.done import gather_done
from bot.actions.digests.scopes import DigestScope, department_week
from bot.actions.touchpoints import standing
from bot.actions.touchpoints.labels import owner_label
from bot.actions.work import Work
from bot.messages.digests import monday as messages
from bot.messages.digests.monday import MondayParts
from bot.messages.digests.rows import opens
from bot.rules.playbook.playbook import MANAGER
from db.digests import digests, readers
from db.promises import promises
from db.promises.promises import PromiseRecord
from db.touchpoints import standing as conditions
from db.touchpoints.scope import is_in_scope

#: What is told first of what was learned.
_FIRST = ("value", "risk", "decision date", "goal", "promise", "alternative", "person")


def monday_parts(work: Work, key: str) -> MondayParts:
    """The head and the foot of the list with which a department's week begins; call it when the
    list's touchpoints are marked as shown, since they count as due today."""
    own = work.playbook.departments[key]
    within = department_week(work, key)
    began = within.span.now
    answered = digests.list_done(within.tx, within.scope, within.span, answered=True)
    mine = is_in_scope(within.scope)
    counts = standing.count(work, mine)
    carried = standing.count(work, mine, conditions.is_carried_over(work.now, began)).open
    postponed = standing.count(work, mine, conditions.was_postponed(work.now, began)).postponed
    last = messages.LastWeek(gather_done(within), len(answered), carried, postponed)
    later = counts.later + counts.postponed
    return messages.monday_parts(
        messages.DepartmentWeek(
            name=own.name,
            today=within.span.today,
            last=last,
            this=messages.ThisWeek(counts.unclaimed, counts.claimed, later),
            opens=opens(f"department:{key}", within.span.since, began),
            promises=_due_promises(within),
            learned=_learned(within, answered),
            learned_count=len(answered),
        )
    )


def _due_promises(within: DigestScope) -> list[messages.DuePromise]:
    """What is overdue or due this week and no line of the list, the soonest first."""
    until, now = within.day(within.span.now) + timedelta(days=7), within.work.now
    is_no_line = ~conditions.is_unclaimed(now)
    due = promises.list_due_before(within.tx, until, is_in_scope(within.scope), is_no_line)
    keepers = {user for each in due for user in _keepers(each) if user}
    names = readers.display_names(within.tx, keepers)
    return [
        messages.DuePromise(
            each.account.name,
            each.promise.text,
            each.promise.due_on,
            next(
                (names[user] for user in _keepers(each) if user in names),
                owner_label(within.playbook, each.touchpoint.owner, None),
            ),
        )
        for each in due
    ]


def _keepers(promised: PromiseRecord) -> tuple[str | None, ...]:
    """Who keeps a promise, whoever has it first."""
    touchpoint = promised.touchpoint
    has_it = touchpoint.by_user if touchpoint.state == "claimed" else None
    manager = promised.account.manager_id if touchpoint.owner == MANAGER else None
    return has_it, touchpoint.person_id, manager


def _learned(within: DigestScope, answered: Sequence[Any]) -> list[messages.LearnedLine]:
    """The first lines that were written down, what says most first."""
    first = sorted(answered, key=lambda row: _rank(row.records))[: messages.MAX_LEARNED]
    names = readers.display_names(within.tx, {row.answered_by for row in first if row.answered_by})
    return [
        messages.LearnedLine(
            row.account, row.records or "note", row.answer, names.get(row.answered_by, "somebody")
        )
        for row in first
    ]


def _rank(records: str | None) -> int:
    return _FIRST.index(records) if records in _FIRST else len(_FIRST)
