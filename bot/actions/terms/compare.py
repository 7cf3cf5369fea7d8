"""Compares two terms: days in each stage, touchpoints done, value, who took part."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.actions.facts.involvement import count_by_person, list_touches
from bot.actions.work import Work
from bot.messages.accounts.value import measured_text
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, limit_names, mention, plain, short
from bot.messages.terms import terms as messages
from bot.rules.facts.known_since import known_from
from bot.rules.facts.took_part import Touch, involvement
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.words import plural
from bot.rules.value import measure_terms
from db.accounts import value
from db.models import Account, Term
from db.terms import terms
from db.terms import terms as terms_rows

MAX_PEOPLE = 8
_MANAGERS = "Account managers"
_WHOLE_DAY = timedelta(days=1)


def compare_terms(work: Work, account: Account, number: int | None) -> Message | None:
    """A term, the newest if `number` is None, beside the one before; None without any."""
    rows = terms.list_of_account(work.tx, account.id)
    rows = [row for row in rows if number is None or row.number <= number][-2:]
    if not rows:
        return None
    tallies = value.account_tallies(work.tx, account.id)
    values = measure_terms(tallies, [row.number for row in rows])
    sides = [
        (row.number, _side(work, account, row, measured_text(got)))
        for row, got in zip(reversed(rows), reversed(values), strict=True)
    ]
    return messages.comparison_message(account.id, account.name, sides, values[0].currency)


def list_rows(work: Work, account: Account, term: Term, what: str, page: int) -> Message:
    """The rows behind one of the numbers: `what` is stages, touchpoints or people."""
    lines = _LINES[what](work, account, term)
    return messages.rows(account.id, account.name, term.number, what, lines, page)


def _side(work: Work, account: Account, term: Term, got: str) -> str:
    """One term of the comparison; what is before the account was known is not said."""
    local_date = work.playbook.calendar(MANAGER).local_date
    began, ended = local_date(term.began_at), term.ended_at and local_date(term.ended_at)
    days = plural(_days_in((term.ended_at or work.now) - term.began_at), "day")
    when = f"since {day(began)}, {days} so far"
    if ended is not None:
        how = f", {plain(term.outcome)}" if term.outcome else ""
        when = f"{day(began)} to {day(ended)}, {days}{how}"
    known = known_from(began, local_date(account.created_at))
    if known is not None and ended is not None and ended <= known:
        return f"*Term {term.number:,}*: {when}\nNo more is recorded."
    before = f" (not known before {day(known)})" if known else ""
    touches = list_touches(work, account, term.began_at, term.ended_at)
    return (
        f"*Term {term.number:,}*: {when}\n"
        f"Days in each stage: {_stage_days(work, account, term)}{before}\n"
        f"Touchpoints done: {len(terms.list_done(work.tx, term, work.now)):,}\nValue: {got}\n"
        f"Our involvement: {_participants(work, account, touches)}"
    )


def _stage_days(work: Work, account: Account, term: Term) -> str:
    """Days in each stage within the term, in the playbook's order."""
    spent: dict[str, timedelta] = defaultdict(timedelta)
    for key, start, end in _stays_in_term(work, account, term):
        spent[key] += end - start
    known = [stage.key for stage in work.playbook.stages if stage.key in spent]
    order = dict.fromkeys([*known, *spent])
    days = (f"{short(work.playbook.stage_name(k))} {_days_in(spent[k]):,}" for k in order)
    return ", ".join(days) or "none yet"


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


def _participants(work: Work, account: Account, touches: Sequence[Touch]) -> str:
    """ "Marketing, Operations: @Maya, @Diego", in the playbook's order and the managers last; who
    logged something need not be of a department."""
    done = involvement(touches, work.playbook.departments, account.manager_id)
    names = [each.name for key, each in work.playbook.departments.items() if key in done.took_part]
    names += [_MANAGERS] if done.counts.get(MANAGER) else []
    people = limit_names([mention(user) for user, _ in count_by_person(touches)], MAX_PEOPLE)
    return ": ".join(filter(None, (", ".join(map(short, names)), people))) or "none recorded"


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
