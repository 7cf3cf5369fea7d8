"""The reasons to look at an account, read in one place for card, Home, digests and the clock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from bot.actions.facts.days import day_of
from bot.actions.facts.days import today as today_of
from bot.actions.work import Work
from bot.rules import promises as promise_rules
from bot.rules import reasons as rules
from bot.rules.contacts import CHAMPION, has_role
from bot.rules.facts.live import exit_stages, is_live
from bot.rules.playbook.playbook import MANAGER
from bot.rules.reasons import Reason
from bot.rules.terms import growth_check_time
from bot.rules.time.calendar import local_instant
from db.accounts import value
from db.core.tx import chunks
from db.facts import touches
from db.models import NOTICE, Contact
from db.reasons import reasons
from db.workspace import departments

#: So many accounts are looked at with the same few statements.
PIECE = 10_000
_NO_DATE = date.max


@dataclass(frozen=True)
class WatchedAccount:
    """An account, as a row of what reasons look at, and its reasons, the gravest first."""

    account: Any
    reasons: Sequence[Reason]

    @property
    def risks(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.is_risk]


@dataclass(frozen=True)
class Watch:
    """The accounts with reasons: those `at_risk` renew within 90 days, the soonest first; `later`
    are the others at risk; `others` have reasons that count in neither list."""

    at_risk: Sequence[WatchedAccount]
    later: Sequence[WatchedAccount]
    others: Sequence[WatchedAccount]


def list_reasons(work: Work, accounts: Iterable[Any]) -> dict[int, list[Reason]]:
    """The reasons of each of the accounts, or rows of them, that has one; the gravest first."""
    live = [each for each in accounts if is_live(work.playbook, each)]
    found: dict[int, list[Reason]] = {}
    for some in chunks(live, PIECE):
        for account_id, reasons_of_it in _list_among(work, some).items():
            found[account_id] = rules.in_order(reasons_of_it)
    return found


def list_watched(work: Work, *where: Any, limit: int | None = None) -> Watch:
    """The accounts with reasons among those that meet the conditions on `Account`, and among so
    many that may have one."""
    today, exits = today_of(work), exit_stages(work.playbook)
    tomorrow = today + timedelta(days=1)
    found = reasons.list_candidates(work.tx, exits, _slow(work), tomorrow, *where, limit=limit)
    known = list_reasons(work, found)
    watched = [WatchedAccount(each, known[each.id]) for each in found if each.id in known]
    watched.sort(key=lambda each: (each.account.renews_on or _NO_DATE, each.account.name_key))
    risky = [each for each in watched if each.risks]
    soon = [each for each in risky if rules.is_soon(each.account.renews_on, today)]
    later = [each for each in risky if not rules.is_soon(each.account.renews_on, today)]
    return Watch(soon, later, [each for each in watched if not each.risks])


def _slow(work: Work) -> dict[str, datetime]:
    """By stage, the time before which an account has to have entered it to be behind."""
    zone = work.playbook.calendar(MANAGER).zone
    expected = {s.key: rules.expected_days(work.playbook, s.key) for s in work.playbook.stages}
    return {
        key: local_instant(today_of(work) - timedelta(days=days), time(0), zone)
        for key, days in expected.items()
        if days is not None
    }


def _list_among(work: Work, accounts: Sequence[Any]) -> dict[int, list[Reason]]:
    ids = [account.id for account in accounts]
    terms, today = reasons.list_open_terms(work.tx, ids), today_of(work)
    by_id: dict[int, list[Reason]] = defaultdict(list)
    rows = {account.id: account for account in accounts}
    for account_id, reason in chain(
        _complaints(work, ids),
        _champions(work, ids, terms),
        _learned(work, rows),
        _promises(work, rows),
        _silences(work, accounts, today),
        _without_growth(work, accounts, terms),
    ):
        by_id[account_id].append(reason)
    for account in accounts:
        passed = rules.date_passed(account, in_term=account.id in terms, today=today)
        pace = rules.pace(work.playbook, account, work.now)
        by_id[account.id] += [reason for reason in (pace, passed) if reason is not None]
    return {account_id: found for account_id, found in by_id.items() if found}


_Found = Iterable[tuple[int, Reason]]


def _complaints(work: Work, ids: Sequence[int]) -> _Found:
    for row in reasons.list_complaints(work.tx, ids):
        key, since = str(row.id), row.happened_on
        reason = Reason("complaint", key, since, f"interaction:{key}", row.text, by=row.by_user)
        yield row.account_id, reason


def _champions(work: Work, ids: Sequence[int], terms: Mapping[int, Any]) -> _Found:
    """The champion who left last, unless somebody follows them or the customer renewed since."""
    left: dict[int, tuple[date, Contact]] = {}
    staying = set()
    for row in reasons.list_champions(work.tx, ids):
        if not has_role(row.role, CHAMPION):
            continue
        if row.left_on is None:
            staying.add(row.account_id)
        elif row.account_id not in left or row.left_on > left[row.account_id][0]:
            left[row.account_id] = row.left_on, row
    for account_id, (left_on, row) in left.items():
        term = terms.get(account_id)
        renewed = term is not None and left_on < day_of(work)(term.began_at)
        if account_id not in staying and not renewed:
            key = str(row.id)
            yield account_id, Reason("champion left", key, left_on, f"contact:{key}", row.name)


def _learned(work: Work, rows: Mapping[int, Any]) -> _Found:
    """Risks and notices of the term that the account is in: a renewal decides them."""
    for row in reasons.list_learned(work.tx, list(rows)):
        if row.term == rows[row.account_id].term:
            key, since = str(row.id), day_of(work)(row.created_at)
            yield (
                row.account_id,
                Reason(
                    kind="notice" if row.kind == NOTICE else "risk",
                    key=key,
                    since=since,
                    row=f"learned:{key}",
                    about=row.text,
                    by=row.by_user,
                ),
            )


def _promises(work: Work, rows: Mapping[int, Any]) -> _Found:
    """Overdue promises; and those broken in this term after which nothing else was promised."""
    tomorrow = today_of(work) + timedelta(days=1)
    late = reasons.list_late_promises(work.tx, list(rows), tomorrow)
    newest = reasons.list_newest_promise_times(work.tx, sorted({p.account_id for p, _ in late}))
    for promise, touchpoint in late:
        calendar = work.playbook.calendar(touchpoint.owner)
        today, ended_on = map(calendar.local_date, (work.now, touchpoint.state_at))
        status = promise_rules.promise_status(touchpoint.state, ended_on, promise.due_on, today)
        key, account = str(promise.id), rows[promise.account_id]
        row = f"promise:{key}"
        if status == "overdue":
            yield account.id, Reason("promise overdue", key, promise.due_on, row, promise.text)
        replaced = newest[account.id] > touchpoint.state_at
        if status == "broken" and promise.term == account.term and not replaced:
            by = touchpoint.by_user
            yield account.id, Reason("promise broken", key, ended_on, row, promise.text, by=by)


def _silences(work: Work, accounts: Sequence[Any], today: date) -> _Found:
    if not work.playbook.participation.silent_after:
        return
    last: dict[int, dict[str, date]] = defaultdict(dict)
    ids = [account.id for account in accounts]
    local_day = day_of(work)
    leads = departments.leads(work.tx, work.playbook)
    for account_id, key, day in touches.list_last(work.tx, ids, local_day, leads):
        last[account_id][key] = max(day, last[account_id].get(key, day))
    for account in accounts:
        known = local_day(account.created_at)
        for reason in rules.silent(work.playbook, account, last[account.id], known, today):
            yield account.id, reason


def _without_growth(work: Work, accounts: Sequence[Any], terms: Mapping[int, Any]) -> _Found:
    def is_due(account: Any) -> bool:
        term = terms.get(account.id)
        return term is not None and growth_check_time(term.began_at, account.renews_on) <= work.now

    due = {account.id: account for account in accounts if is_due(account)}
    tallies = value.tallies_by_account(work.tx, list(due)) if due else {}
    for account in due.values():
        reason = rules.no_growth(
            account, terms[account.id], tallies[account.id], work.playbook, work.now
        )
        if reason is not None:
            yield account.id, reason
