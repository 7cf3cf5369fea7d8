"""Which accounts may be asked for a favour, and which are in a cooldown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions.work import Work
from bot.messages.kit.text import day
from bot.rules.facts.live import exit_stages
from bot.rules.playbook import advocacy as rules
from bot.rules.playbook.advocacy import Cooldown, Entry, Verb
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.sectors import same_sector
from bot.rules.value import measure_terms
from db.accounts import value
from db.advocacy import advocacy
from db.core.tx import Tx
from db.models import Account, Touchpoint


@dataclass(frozen=True)
class Advocate:
    """An account that may be asked for a favour, with what is known of it."""

    account: Account
    entries: tuple[Entry, ...]
    rest: Cooldown | None


def load(tx: Tx, playbook: Playbook, account: Account, today: date) -> Advocate:
    """An account's favours, and its cooldown."""
    return _load_advocates(tx, playbook, [account], today)[0]


def list_candidates(
    tx: Tx, playbook: Playbook, act: str, sector: str | None, today: date
) -> tuple[list[Advocate], list[Advocate]]:
    """(accounts that may be asked, those in a cooldown), likeliest first; without who declined."""
    exits = exit_stages(playbook)
    accounts = [
        each
        for each in advocacy.list_advocates(tx, playbook.destination, exits)
        if sector is None or same_sector(each.sector, sector)
    ]
    advocates = _load_advocates(tx, playbook, accounts, today)
    advocates = [each for each in advocates if not _last_declined(each.entries, act, today)]
    advocates.sort(key=lambda each: _likelihood(playbook, each, act))
    return [e for e in advocates if e.rest is None], [e for e in advocates if e.rest is not None]


def cooldown_until(work: Work, touchpoint: Touchpoint, account: Account) -> date | None:
    """Until when a touchpoint that asks for a favour has to wait; None if it need not."""
    if _act_asked_for(work, touchpoint) is None:
        return None
    rest = load(work.tx, work.playbook, account, _today(work)).rest
    return rest.until if rest else None


def lacks_value(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Whether it asks for a favour of a customer who confirmed no value this term or last."""
    if _act_asked_for(work, touchpoint) is None:
        return False
    tallies = value.account_tallies(work.tx, account.id)
    terms = measure_terms(tallies, (account.term - 1, account.term))
    return not any(term.confirmed for term in terms)


def declined_reason(work: Work, touchpoint: Touchpoint, account: Account) -> str | None:
    """Why a touchpoint that asks for a favour is not needed, if they declined it lately."""
    act = _act_asked_for(work, touchpoint)
    if act is None:
        return None
    entries = load(work.tx, work.playbook, account, _today(work)).entries
    declined = _last_declined(entries, act, _today(work))
    return f"they said no to a {act} on {day(declined.on)}" if declined else None


def _act_asked_for(work: Work, touchpoint: Touchpoint) -> str | None:
    """The favour that a touchpoint's play asks for, if any."""
    if not touchpoint.follows_playbook:
        return None
    play = work.playbook.play(touchpoint.stage, touchpoint.play)
    return play.asks_for if play else None


def _today(work: Work) -> date:
    return work.playbook.calendar(MANAGER).local_date(work.now)


def cooldown_reason(rest: Cooldown) -> str:
    """The reason of a cooldown, for a sentence."""
    if rest.why == "complaint" and rest.since is not None:
        return f"complaint of {day(rest.since)} is open"
    return "asked often enough this quarter"


def _load_advocates(
    tx: Tx, playbook: Playbook, accounts: Sequence[Account], today: date
) -> list[Advocate]:
    ids = [account.id for account in accounts]
    noted: dict[int, list[Entry]] = defaultdict(list)
    for row in advocacy.list_entries(tx, ids):
        verb: Verb = next(each for each in rules.VERBS if each == row.verb)
        noted[row.account_id].append(Entry(row.act, verb, row.on, row.note, row.by_user))
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


def _likelihood(playbook: Playbook, advocate: Advocate, act: str) -> tuple[object, ...]:
    """Sorts who agreed, who did it before, who is in the last stage, who was asked longest ago."""
    last = rules.latest_entries(advocate.entries).get(act)
    rank = {"agreed": 0, "did": 1}.get(last.verb, 2) if last else 2
    in_stage = advocate.account.stage == playbook.destination
    asks = max((e.on for e in advocate.entries if e.verb == "asked"), default=date.min)
    until = advocate.rest.until if advocate.rest else date.min
    return rank, not in_stage, until, asks, advocate.account.name_key


def _last_declined(entries: Iterable[Entry], act: str, today: date) -> Entry | None:
    last = rules.latest_entries(tuple(entries)).get(act)
    if last is None or last.verb != "declined" or last.on + rules.QUARTER <= today:
        return None
    return last
