""" "Term 3 against term 2": days in each stage, touchpoints done, value, who took part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.actions.work import Work
from bot.messages.accounts.value import measured_text as value_in_words
from bot.messages.kit.parts import day, mention, short
from bot.messages.terms.terms import Comparison, TermColumn, TermRows
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.words import plural
from bot.rules.value import measure_terms
from db.accounts import value
from db.core.tx import Tx
from db.models import Account, Term, Touchpoint
from db.terms import rows as terms_rows
from db.terms import terms

PAGE_SIZE = 15
_MANAGERS = "Account managers"
_WHOLE_DAY = timedelta(days=1)


def compare_terms(work: Work, account: Account, number: int | None) -> Comparison | None:
    """A term beside the one before it; `number` is the newest if left out. None without any."""
    rows = terms.list_of_account(work.tx, account.id)
    wanted = [row for row in rows if number is None or row.number <= number][-2:]
    if not wanted:
        return None
    numbers = [row.number for row in wanted]
    measured = measure_terms(value.account_tallies(work.tx, account.id), numbers)
    sides = [
        _build_side(work, account, row, value_in_words(got))
        for row, got in zip(wanted, measured, strict=True)
    ]
    stages = [stage.name for stage in work.playbook.stages]
    return Comparison(
        account.id, account.name, tuple(reversed(sides)), tuple(stages), measured[0].currency
    )


def list_rows(work: Work, account: Account, term: Term, what: str, page: int) -> TermRows:
    """The rows behind one of the numbers: `what` is stages, touchpoints, value or people."""
    lines = _LINES[what](work, account, term)
    last = max(1, -(-len(lines) // PAGE_SIZE))
    page = min(max(page, 1), last)
    shown = lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    name = account.name
    return TermRows(account.id, name, term.number, what, tuple(shown), len(lines), page, last)


def _build_side(work: Work, account: Account, term: Term, got: str) -> TermColumn:
    calendar = work.playbook.calendar(MANAGER)
    done = terms_rows.list_done(work.tx, term, work.now)
    people = _count_by_person(work.tx, term, done, work.now)
    return TermColumn(
        number=term.number,
        began=calendar.local_date(term.began_at),
        ended=calendar.local_date(term.ended_at) if term.ended_at else None,
        outcome=term.outcome,
        days=_days_in((term.ended_at or work.now) - term.began_at),
        stages=tuple(_stage_days(work, account, term).items()),
        touchpoints=len(done),
        value=got,
        departments=tuple(sorted({_owner_name(work.playbook, each.owner) for each in done})),
        people=tuple(people),
    )


def _stage_days(work: Work, account: Account, term: Term) -> dict[str, int]:
    """Days in each stage within the term, by the stage's name."""
    spent: dict[str, timedelta] = {}
    for key, start, end in _stays_in_term(work.tx, account, term, work.now):
        name = _stage_name(work.playbook, key)
        spent[name] = spent.get(name, timedelta()) + (end - start)
    return {name: _days_in(span) for name, span in spent.items()}


def _stays_in_term(
    tx: Tx, account: Account, term: Term, now: datetime
) -> Iterable[tuple[str, datetime, datetime]]:
    """(stage, from, to) of an account within a term."""
    moves = terms_rows.list_moves(tx, account.id)
    until = term.ended_at or now
    for at, move in enumerate(moves):
        # An import knows since when: the account stands in its stage for longer than the row says.
        first = min(move.at, term.began_at) if at == 0 else move.at
        end = moves[at + 1].at if at + 1 < len(moves) else until
        start, end = max(first, term.began_at), min(end, until)
        if end > start or (end == start == until and term.ended_at is None):
            yield move.to_stage, start, end


def _count_by_person(
    tx: Tx, term: Term, done: Sequence[Touchpoint], now: datetime
) -> dict[str, int]:
    """How much each person did in the term, most first."""
    count: dict[str, int] = {}
    for user in [t.by_user for t in done] + terms_rows.list_loggers(tx, term, now):
        if user:
            count[user] = count.get(user, 0) + 1
    return dict(sorted(count.items(), key=lambda each: (-each[1], each[0])))


def _stage_lines(work: Work, account: Account, term: Term) -> list[str]:
    calendar = work.playbook.calendar(MANAGER)
    return [
        f"{short(_stage_name(work.playbook, key))}: {day(calendar.local_date(start))} to "
        f"{day(calendar.local_date(end))}, {plural(_days_in(end - start), 'day')}"
        for key, start, end in _stays_in_term(work.tx, account, term, work.now)
    ]


def _touchpoint_lines(work: Work, account: Account, term: Term) -> list[str]:
    calendar = work.playbook.calendar(MANAGER)
    return [
        f"{day(calendar.local_date(t.state_at))}: {short(t.title)} · "
        f"{short(_owner_name(work.playbook, t.owner))}"
        + (f" ({mention(t.by_user)})" if t.by_user else "")
        for t in terms_rows.list_done(work.tx, term, work.now)
    ]


def _people_lines(work: Work, account: Account, term: Term) -> list[str]:
    done = terms_rows.list_done(work.tx, term, work.now)
    return [
        f"{mention(user)}: {count}"
        for user, count in _count_by_person(work.tx, term, done, work.now).items()
    ]


_LINES: dict[str, Callable[[Work, Account, Term], list[str]]] = {
    "stages": _stage_lines,
    "touchpoints": _touchpoint_lines,
    "people": _people_lines,
}


def _owner_name(playbook: Playbook, key: str) -> str:
    department = playbook.departments.get(key)
    return department.name if department else (_MANAGERS if key == MANAGER else key)


def _stage_name(playbook: Playbook, key: str) -> str:
    stage = playbook.stage(key)
    return stage.name if stage else key


def _days_in(span: timedelta) -> int:
    return max(0, span // _WHOLE_DAY)
