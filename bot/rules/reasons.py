"""Why to look at an account: what is known against it, each with its day. At risk is an account
with a reason of `AT_RISK`. Nothing is said of the time before it was known here."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from bot.rules.facts.known_since import days_in_stage
from bot.rules.playbook.playbook import MANAGER, Playbook, Stage
from bot.rules.playbook.sections import RENEWED
from bot.rules.terms import growth_check_time
from bot.rules.value import ValueTally, has_grown

Level = Literal["on track", "behind", "stuck"]
Kind = Literal[
    "complaint",
    "champion left",
    "notice",
    "promise broken",
    "promise overdue",
    "risk",
    "stuck",
    "behind",
    "date passed",
    "silent",
    "value",
]

LEVELS: Final[tuple[Level, ...]] = ("on track", "behind", "stuck")
#: In the order in which they are named; an account with one of them is at risk.
AT_RISK: Final[tuple[Kind, ...]] = (
    "complaint",
    "champion left",
    "notice",
    "promise broken",
    "promise overdue",
    "risk",
    "stuck",
    "behind",
)
_ORDER: Final[tuple[Kind, ...]] = (*AT_RISK, "date passed", "silent", "value")
#: An account at risk that renews within so many days stands first; all others are at risk later.
SOON_DAYS: Final = 90


@dataclass(frozen=True)
class Reason:
    """`key` tells it from others of its kind, `row` is what is behind it ("promise:9"), `about`
    that row's words, a name, or a key; `days` how long it has lasted, `limit` how long it may."""

    kind: Kind
    key: str
    since: date
    row: str
    about: str = ""
    days: int = 0
    limit: int = 0
    by: str | None = None

    @property
    def is_risk(self) -> bool:
        return self.kind in AT_RISK


def in_order(reasons: Iterable[Reason]) -> list[Reason]:
    """The gravest kind first, of one kind the oldest."""
    return sorted(reasons, key=lambda reason: (_ORDER.index(reason.kind), reason.since, reason.key))


def is_soon(renews_on: date | None, today: date) -> bool:
    """Whether an account renews so soon that a risk stands first."""
    return renews_on is not None and 0 <= (renews_on - today).days <= SOON_DAYS


def expected_days(playbook: Playbook, stage_key: str) -> int | None:
    """How long a stage should take; None for exits, the destination, where a renewal leads back."""
    stage = playbook.stage(stage_key)
    if stage is None or stage.exit or stage.key == playbook.destination or _leads_back(stage):
        return None
    return stage.expected_days


def stuck_after(expected: int, factor: float) -> int:
    """The last day on which an account is behind and not yet stuck: 45 for 30 days and 1.5."""
    return max(expected, math.floor(expected * factor))


def pace(playbook: Playbook, account: Any, now: datetime) -> Reason | None:
    """Behind or stuck: longer in its stage than expected, as far as it is known here."""
    level, days = _pace(playbook, account, now)
    expected = expected_days(playbook, account.stage)
    if level == "on track" or expected is None:
        return None
    limit = expected if level == "behind" else stuck_after(expected, playbook.pace.stuck_after)
    today = playbook.calendar(MANAGER).local_date(now)
    return Reason(
        kind=level,
        key=str(account.stage_entry),
        since=today - timedelta(days=days - limit - 1),
        row=f"account:{account.id}",
        about=account.stage,
        days=days,
        limit=expected,
    )


def pace_level(playbook: Playbook, account: Any, now: datetime) -> Level:
    """The same in a word; `account` may be a row with its stage and times."""
    return _pace(playbook, account, now)[0]


def date_passed(account: Any, *, in_term: bool, today: date) -> Reason | None:
    """The renewal date of a customer has gone by, and no decision is recorded."""
    renews_on = account.renews_on
    if renews_on is None or not in_term or renews_on >= today:
        return None
    row, key = f"account:{account.id}", renews_on.isoformat()
    return Reason("date passed", key, renews_on, row, days=(today - renews_on).days)


def silent(
    playbook: Playbook, account: Any, last: Mapping[str, date], known_since: date, today: date
) -> list[Reason]:
    """The departments that have not touched an account for longer than the playbook allows."""
    section, found = playbook.participation, []
    is_for = section.only_for is None or section.only_for.includes(account.tier)
    if not is_for or account.stage not in _watched_stages(playbook):
        return []
    for key, length in section.silent_after.items():
        since = max(last.get(key, known_since), known_since)
        days, limit = (today - since).days, int(length.rough_days)
        if key in playbook.departments and days > limit:
            row = f"account:{account.id}"
            found.append(Reason("silent", key, since, row, key, days=days, limit=limit))
    return found


def _watched_stages(playbook: Playbook) -> frozenset[str]:
    named = playbook.participation.stages
    return frozenset(s.key for s in playbook.stages if (s.key in named if named else not s.exit))


def no_growth(
    account: Any, term: Any, tallies: Iterable[ValueTally], playbook: Playbook, now: datetime
) -> Reason | None:
    """Two thirds of the term are gone without more confirmed value than in the last one. When a
    term began that was running at the import is not known."""
    at = growth_check_time(term.began_at, account.renews_on)
    if term.source == "import" and term.began_at >= account.created_at:
        return None
    if not account.created_at <= at <= now or has_grown(tallies, term.number):
        return None
    since = playbook.calendar(MANAGER).local_date(at)
    return Reason("value", str(term.number), since, f"account:{account.id}", str(term.number - 1))


def _pace(playbook: Playbook, account: Any, now: datetime) -> tuple[Level, int]:
    expected = expected_days(playbook, account.stage)
    if expected is None:
        return "on track", 0
    days = days_in_stage(playbook.calendar(MANAGER), account, now).count
    if days <= expected:
        return "on track", days
    return "behind" if days <= stuck_after(expected, playbook.pace.stuck_after) else "stuck", days


def _leads_back(stage: Stage) -> bool:
    return any(
        outcome.to in (None, stage.key)
        for name, outcome in stage.outcomes.items()
        if (name == RENEWED if outcome.renews is None else outcome.renews)
    )
