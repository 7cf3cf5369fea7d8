"""Gathers what a department's digest says above and below its first list of a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.actions.digests.scopes import DigestScope, department_week, gather_done
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
    """The head and foot of a department's first list of a week, once its lines count as shown."""
    within = department_week(work, key)
    began, now = within.span.now, work.now
    answered = digests.list_done(within.tx, within.scope, within.span, answered=True)
    mine = is_in_scope(within.scope)
    return messages.monday_parts(
        work.playbook.departments[key].name,
        within.span.today,
        opens(f"department:{key}", within.span.since, began),
        done=gather_done(within),
        answered=len(answered),
        carried=standing.count(work, mine, conditions.is_carried_over(now, began)).open,
        postponed=standing.count(work, mine, conditions.was_postponed(now, began)).postponed,
        this=standing.count(work, mine),
        promises=_due_promises(within),
        learned=_learned(within, answered),
    )


def _due_promises(within: DigestScope) -> list[str]:
    """What is overdue or due this week and no line of the list, the soonest first."""
    until, now = within.day(within.span.now) + timedelta(days=7), within.work.now
    is_no_line = ~conditions.is_unclaimed(now)
    due = promises.list_due_before(within.tx, until, is_in_scope(within.scope), is_no_line)
    keepers = {user for each in due for user in _keepers(each) if user}
    names = readers.display_names(within.tx, keepers)
    return [
        messages.promise_line(
            each.account.name,
            each.promise.text,
            each.promise.due_on,
            next(
                (names[user] for user in _keepers(each) if user in names),
                owner_label(within.playbook, each.touchpoint.owner, None),
            ),
            within.span.today,
        )
        for each in due
    ]


def _keepers(promised: PromiseRecord) -> tuple[str | None, ...]:
    """Who keeps a promise, whoever has it first."""
    touchpoint = promised.touchpoint
    has_it = touchpoint.by_user if touchpoint.state == "claimed" else None
    manager = promised.account.manager_id if touchpoint.owner == MANAGER else None
    return has_it, touchpoint.person_id, manager


def _learned(within: DigestScope, answered: Sequence[Any]) -> list[str]:
    """The first lines that were written down, what says most first."""
    rank = {records: number for number, records in enumerate(_FIRST)}
    ranked = sorted(answered, key=lambda row: rank.get(row.records, len(_FIRST)))
    first = ranked[: messages.MAX_LEARNED]
    names = readers.display_names(within.tx, {row.answered_by for row in first if row.answered_by})
    return [
        messages.learned_line(
            row.account, row.records, row.answer, names.get(row.answered_by, "somebody")
        )
        for row in first
    ]
