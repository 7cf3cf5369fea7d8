"""Who rests from being asked for favours, who may be asked: read, never written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions.work import Work
from bot.messages.kit.parts import day
from bot.rules.playbook import advocacy as rules
from bot.rules.playbook.advocacy import Cooldown, Entry, Verb
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.advocacy import advocacy
from db.core.tx import Tx
from db.models import Account, AdvocacyEntry, Touchpoint


@dataclass(frozen=True)
class Advocate:
    """An account that may be asked for a favour, with what is known of it."""

    account: Account
    entries: tuple[Entry, ...]
    rest: Cooldown | None


def load(tx: Tx, playbook: Playbook, account: Account, today: date) -> Advocate:
    """What an account did for us, and whether it rests."""
    return _load_advocates(tx, playbook, [account], today)[0]


def list_candidates(
    tx: Tx, playbook: Playbook, act: str, sector: str | None, today: date
) -> tuple[list[Advocate], list[Advocate]]:
    """(who may be asked for that act, who rests), the likeliest first.

    Who said no to it within a quarter is in neither.
    """
    gone = [stage.key for stage in playbook.stages if stage.exit]
    accounts = [
        each
        for each in advocacy.list_advocates(tx, playbook.destination, gone)
        if sector is None or rules.same_sector(each.sector, sector)
    ]
    everybody = [
        each
        for each in _load_advocates(tx, playbook, accounts, today)
        if not _last_declined(each.entries, act, today)
    ]
    everybody.sort(key=lambda each: _likelihood(playbook, each, act))
    return [e for e in everybody if e.rest is None], [e for e in everybody if e.rest is not None]


def cooldown_until(work: Work, touchpoint: Touchpoint, account: Account) -> date | None:
    """Until when a touchpoint that asks for a favour has to wait; None if it may go."""
    play = (
        work.playbook.play(touchpoint.stage, touchpoint.play)
        if touchpoint.follows_playbook
        else None
    )
    if play is None or play.asks_for is None:
        return None
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    found = load(work.tx, work.playbook, account, today).rest
    return found.until if found else None


def declined_reason(work: Work, touchpoint: Touchpoint, account: Account) -> str | None:
    """Why a touchpoint that asks for a favour is not needed: they said no to it of late."""
    play = (
        work.playbook.play(touchpoint.stage, touchpoint.play)
        if touchpoint.follows_playbook
        else None
    )
    if play is None or play.asks_for is None:
        return None
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    entries = load(work.tx, work.playbook, account, today).entries
    no = _last_declined(entries, play.asks_for, today)
    return f"they said no to a {play.asks_for} on {day(no.on)}" if no else None


def cooldown_reason(rest: Cooldown) -> str:
    """The reason of a rest, for a sentence."""
    if rest.why == "complaint" and rest.since is not None:
        return f"a complaint of {day(rest.since)} is not settled"
    return "they were asked often enough this quarter"


def _load_advocates(
    tx: Tx, playbook: Playbook, accounts: Sequence[Account], today: date
) -> list[Advocate]:
    ids = [account.id for account in accounts]
    noted: dict[int, list[Entry]] = defaultdict(list)
    for row in advocacy.list_entries(tx, ids):
        noted[row.account_id].append(_entry(row))
    after = timedelta(days=playbook.advocacy.rest_after_complaint.rough_days)
    complaints: dict[int, list[date]] = defaultdict(list)
    for complaint in advocacy.list_open_complaints(tx, ids, today - after):
        complaints[complaint.account_id].append(complaint.happened_on)
    return [
        Advocate(
            account,
            tuple(noted[account.id]),
            rules.find_cooldown(
                [e.on for e in noted[account.id] if e.verb == "asked"],
                complaints[account.id],
                asks_a_quarter=playbook.advocacy.asks_a_quarter,
                after_complaint=after,
                today=today,
            ),
        )
        for account in accounts
    ]


def _entry(row: AdvocacyEntry) -> Entry:
    verb: Verb = next(each for each in rules.VERBS if each == row.verb)
    return Entry(row.act, verb, row.on, row.note, row.by_user)


def _likelihood(playbook: Playbook, advocate: Advocate, act: str) -> tuple[object, ...]:
    """Who agreed to it already, who did it before, who is an advocate; whom we asked least of
    late; then by name."""
    last = rules.latest_entries(advocate.entries).get(act)
    rank = {"agreed": 0, "did": 1}.get(last.verb, 2) if last else 2
    in_stage = advocate.account.stage == playbook.destination
    asks = max((e.on for e in advocate.entries if e.verb == "asked"), default=date.min)
    until = advocate.rest.until if advocate.rest else date.min
    return rank, not in_stage, until, asks, advocate.account.name_key


def _last_declined(entries: Iterable[Entry], act: str, today: date) -> Entry | None:
    last = rules.latest_entries(tuple(entries)).get(act)
    no = last is not None and last.verb == "declined" and last.on + rules.QUARTER > today
    return last if no else None
