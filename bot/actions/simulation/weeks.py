"""What a playbook would send in the coming weeks, by the plan and the limits of real use. It writes
what the weeks would bring: it is for a copy of a workspace (db/upkeep/rehearsal.py)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions.actor import Actor
from bot.actions.lifecycle import decisions, stages
from bot.actions.lifecycle.entering import enter_due
from bot.actions.responses.advance import advance_touchpoint
from bot.actions.responses.respond import complete
from bot.actions.touchpoints.account_facts import account_facts, renewal_date
from bot.actions.work import Work
from bot.rules.decisions import is_redecision
from bot.rules.playbook.playbook import MANAGER, Playbook, Stage
from bot.rules.playbook.sections import RENEWED
from bot.rules.time.calendar import local_instant
from db.accounts import accounts
from db.models import Account
from db.terms import terms
from db.touchpoints import limits, touchpoints
from db.touchpoints.scope import Scope

SIMULATION = Actor(user=None, source="simulation")
#: When people look at what is new, and accounts move on.
_MORNING = time(9)
_RETRY_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class SimulatedNudge:
    """One touchpoint that would be shown; `owner` is a department's key, or "manager"."""

    at: datetime
    account: str
    owner: str
    play: str


@dataclass
class SimulationResult:
    """`nudges` in their order, the Mondays of the `weeks`, and by (reason, owner) on how many
    days something is postponed, and how much at most."""

    weeks: Sequence[date]
    nudges: list[SimulatedNudge] = field(default_factory=list)
    days: Counter[tuple[str, str]] = field(default_factory=Counter)
    most: dict[tuple[str, str], int] = field(default_factory=dict)

    def by_week(self, playbook: Playbook) -> Mapping[str, Counter[date]]:
        """How many nudges each department, and the managers together, get in each week."""
        counts: dict[str, Counter[date]] = {
            key: Counter() for key in (*playbook.departments, MANAGER)
        }
        for nudge in self.nudges:
            counts[nudge.owner][monday_of(nudge.at.date())] += 1
        return counts


def simulate(work: Work, first: datetime, weeks: int, *, moving: bool = True) -> SimulationResult:
    """Lives through the time from `work.now` to `weeks` weeks after `first`, and counts from there.
    All that is shown is done at once. With `moving`, accounts move on after the expected days of
    their stage and renew on their date; else they stay."""
    start, end = monday_of(first.date()), first + timedelta(weeks=weeks)
    mondays = [start + timedelta(weeks=n) for n in range(weeks + (first.date() != start))]
    result = SimulationResult(mondays)
    for touchpoint in touchpoints.list_open(work.tx, ("nudged", "claimed")):
        complete(replace(work, by=SIMULATION), touchpoint)
    for morning, next_morning in _mornings(work, end):
        at = replace(work, now=morning, by=SIMULATION)
        if moving:
            _move_all_on(at)
        for nudge in _shown_until(at, next_morning):
            if nudge.at >= first:
                result.nudges.append(nudge)
        _count_postponed(at, result)
    return result


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mornings(work: Work, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each morning of the company until `end`, with the one after it; the first is now."""
    zone = ZoneInfo(work.playbook.company.timezone)
    morning = work.now
    while morning < end:
        day = morning.astimezone(zone).date() + timedelta(days=1)
        following = min(end, local_instant(day, _MORNING, zone))
        yield morning, following
        morning = following


def _shown_until(work: Work, until: datetime) -> Iterator[SimulatedNudge]:
    while (at := touchpoints.first_wake(work.tx)) is not None and at < until:
        work = replace(work, now=max(at, work.now))
        touchpoint = touchpoints.lock_next_to_check(work.tx, work.now)
        assert touchpoint is not None
        advance_touchpoint(work, touchpoint)
        touchpoints.postpone_check_if_due(work.tx, touchpoint.id, work.now, work.now + _RETRY_AFTER)
        for shown in touchpoints.list_open(work.tx, ("nudged",)):
            account = accounts.by_id(work.tx, shown.account_id)
            assert account is not None
            owner = shown.owner
            if owner == MANAGER and account.manager_id is None:
                owner = work.playbook.without_manager
            yield SimulatedNudge(work.now, account.name, owner, shown.play)
            complete(work, shown)


def _move_all_on(work: Work) -> None:
    """Moves accounts on that a renewal moves, that renew, or whose expected days are over."""
    while enter_due(work):
        pass
    live = accounts.list_live(work.tx)
    open_terms = terms.open_terms(work.tx, [account.id for account in live])
    today = work.now.astimezone(ZoneInfo(work.playbook.company.timezone)).date()
    for account in live:
        stage, term = work.playbook.stage(account.stage), open_terms.get(account.id)
        renewal = renewal_date(work.playbook, account_facts(account, term)) if term else None
        if stage is None or stage.exit:
            continue
        if renewal is not None and renewal <= today:
            decided = decisions.DecisionInput(RENEWED)
            decisions.record_decision(work, account, decided, today=today)
        elif (to := _next_stage(work, account, stage)) is not None:
            stages.move(work, account, to, reason=None, seen=None, quietly=True)


def _next_stage(work: Work, account: Account, stage: Stage) -> str | None:
    playbook, following = work.playbook, work.playbook.after(stage.key)
    if stage.expected_days is None or following is None or following.enter:
        return None
    over = account.stage_entered_at + timedelta(days=stage.expected_days)
    is_last = stage.key == playbook.destination or is_redecision(playbook, stage.key)
    return following.key if over <= work.now and not is_last else None


def _count_postponed(work: Work, result: SimulationResult) -> None:
    waiting = Counter(
        (row.postponed_because.partition(":")[0], row.owner)
        for row in limits.list_postponed(work.tx, Scope(), work.now)
    )
    result.days.update(waiting.keys())
    for why, count in waiting.items():
        result.most[why] = max(count, result.most.get(why, 0))
