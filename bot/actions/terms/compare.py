"""Compares two terms: days in each stage, touchpoints done, value, who took part."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.actions.facts.involvement import count_by_person, list_touches
from bot.actions.work import Work
from bot.messages.accounts.value import measured_text
from bot.messages.kit.text import day, mention, short
from bot.messages.terms.terms import Comparison, TermColumn, TermRows
from bot.rules.facts.known_since import known_from
from bot.rules.facts.took_part import Touch, involvement
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.words import plural
from bot.rules.value import measure_terms
from db.accounts import value
from db.models import Account, Term
from db.terms import rows as terms_rows
from db.terms import terms

PAGE_SIZE = 15
_MANAGERS = "Account managers"
_WHOLE_DAY = timedelta(days=1)


def compare_terms(work: Work, account: Account, number: int | None) -> Comparison | None:
    """A term, the newest if `number` is None, beside the one before; None without any."""
    rows = terms.list_of_account(work.tx, account.id)
    rows = [row for row in rows if number is None or row.number <= number][-2:]
    if not rows:
        return None
    tallies = value.account_tallies(work.tx, account.id)
    values = measure_terms(tallies, [row.number for row in rows])
    columns = [
        _build_column(work, account, row, measured_text(got))
        for row, got in zip(reversed(rows), reversed(values), strict=True)
    ]
    stages = tuple(stage.name for stage in work.playbook.stages)
    return Comparison(account.id, account.name, tuple(columns), stages, values[0].currency)


def list_rows(work: Work, account: Account, term: Term, what: str, page: int) -> TermRows:
    """The rows behind one of the numbers: `what` is stages, touchpoints or people."""
    lines, name = _LINES[what](work, account, term), account.name
    last = max(1, -(-len(lines) // PAGE_SIZE))
    page = min(max(page, 1), last)
    rows = tuple(lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return TermRows(account.id, name, term.number, what, rows, len(lines), page, last)


def _build_column(work: Work, account: Account, term: Term, got: str) -> TermColumn:
    calendar = work.playbook.calendar(MANAGER)
    done = terms_rows.list_done(work.tx, term, work.now)
    touches = list_touches(work, account, term.began_at, term.ended_at)
    return TermColumn(
        number=term.number,
        began=calendar.local_date(term.began_at),
        ended=calendar.local_date(term.ended_at) if term.ended_at else None,
        outcome=term.outcome,
        days=_days_in((term.ended_at or work.now) - term.began_at),
        stages=tuple(_stage_days(work, account, term).items()),
        touchpoints=len(done),
        value=got,
        departments=_departments(work, account, touches),
        people=tuple(user for user, _ in count_by_person(touches)),
        known_from=known_from(
            calendar.local_date(term.began_at), calendar.local_date(account.created_at)
        ),
    )


def _stage_days(work: Work, account: Account, term: Term) -> dict[str, int]:
    """Days in each stage within the term, by the stage's name."""
    spent: dict[str, timedelta] = defaultdict(timedelta)
    for key, start, end in _stays_in_term(work, account, term):
        spent[work.playbook.stage_name(key)] += end - start
    return {name: _days_in(span) for name, span in spent.items()}


def _stays_in_term(
    work: Work, account: Account, term: Term
) -> Iterable[tuple[str, datetime, datetime]]:
    """(stage, from, to) of an account within a term."""
    moves = terms_rows.list_moves(work.tx, account.id)
    until = term.ended_at or work.now
    ends = [*(move.at for move in moves[1:]), until]
    for move, end in zip(moves, ends, strict=False):
        start, end = max(move.at, term.began_at), min(end, until)
        if end > start or (end == start == until and term.ended_at is None):
            yield move.to_stage, start, end


def _departments(work: Work, account: Account, touches: Sequence[Touch]) -> tuple[str, ...]:
    """The names of those who took part, in the playbook's order, the managers last."""
    done = involvement(touches, work.playbook.departments, account.manager_id)
    names = [each.name for key, each in work.playbook.departments.items() if key in done.took_part]
    return (*names, *([_MANAGERS] if done.counts.get(MANAGER) else []))


def _stage_lines(work: Work, account: Account, term: Term) -> list[str]:
    calendar = work.playbook.calendar(MANAGER)
    return [
        f"{short(work.playbook.stage_name(key))}: {day(calendar.local_date(start))} to "
        f"{day(calendar.local_date(end))}, {plural(_days_in(end - start), 'day')}"
        for key, start, end in _stays_in_term(work, account, term)
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
    touches = list_touches(work, account, term.began_at, term.ended_at)
    return [f"{mention(user)}: {count}" for user, count in count_by_person(touches)]


_LINES: dict[str, Callable[[Work, Account, Term], list[str]]] = {
    "stages": _stage_lines,
    "touchpoints": _touchpoint_lines,
    "people": _people_lines,
}


def _owner_name(playbook: Playbook, key: str) -> str:
    department = playbook.departments.get(key)
    return department.name if department else (_MANAGERS if key == MANAGER else key)


def _days_in(span: timedelta) -> int:
    return max(0, span // _WHOLE_DAY)
