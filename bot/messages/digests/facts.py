"""What a weekly digest knows: plain values, gathered by `actions.digests`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.messages.digests.advocates import NO_ADVOCATES, Advocates
from bot.messages.digests.postponed import NOTHING_POSTPONED, PostponedSummary
from bot.messages.facts.standing import Standing
from bot.messages.promises.promise import Line
from bot.messages.reasons.watch import NOTHING_TO_WATCH, WatchView
from bot.rules.facts.standing import NOTHING_OPEN, Counts
from bot.rules.text.money import Money
from bot.rules.value import TermValue

Kind = Literal["company", "department", "manager"]


@dataclass(frozen=True)
class OpenTouchpoint:
    """A touchpoint that is open or due; `owner` is empty where the reader knows it anyway."""

    id: int
    account: str
    title: str
    owner: str
    state: str
    standing: Standing
    renews_in: int | None


@dataclass(frozen=True)
class RenewalNews:
    """A renewal; `overdue` is how many touchpoints there should have been answered."""

    account: str
    on: date
    days: int
    manager: str | None
    overdue: int
    worth: Money | None = None


@dataclass(frozen=True)
class RenewalRange:
    """The renewals `first` to `last` days from now; `soonest` are the first few of `count`."""

    first: int
    last: int
    count: int = 0
    soonest: Sequence[RenewalNews] = ()


@dataclass(frozen=True)
class MoveNews:
    """A move; `reason` is given for a way back or out."""

    account: str
    before: str
    after: str
    by: str | None
    reason: str | None


@dataclass(frozen=True)
class DepartmentWeek:
    """A department's or the managers' week, as a line of the company's digest."""

    key: str
    name: str
    counts: Counts
    done: int


@dataclass(frozen=True)
class UnsentNudges:
    """Nudges that did not arrive: `place` is shown as it is, `why` is Slack's or our word."""

    place: str
    why: str
    count: int


@dataclass(frozen=True)
class AccountCurve:
    """An account's last terms, the oldest first, all counted in the same way."""

    account: str
    curve: tuple[TermValue, ...]


@dataclass(frozen=True)
class ValueNews:
    """What was noted since the last digest; `curves` are those of accounts with news, the most
    confirmed first, of `accounts`."""

    confirmed: int = 0
    claimed: int = 0
    accounts: int = 0
    curves: Sequence[AccountCurve] = ()

    @property
    def has_news(self) -> bool:
        return bool(self.confirmed or self.claimed)


@dataclass(frozen=True)
class DecisionNews:
    """A decision that was recorded: `what` is shown as it is."""

    account: str
    what: str
    by: str | None


@dataclass(frozen=True)
class Digest:
    """Everything a digest tells.

    `not_known` are (account, what is missing) of renewals, `unknown_dates` is shown as it is;
    `command` lists what is left out; `thanks` are (name, how much), most first; `late_for` is the
    Monday of a week whose digest comes late.
    """

    whose: str
    kind: Kind
    since: date
    command: str
    opens: str = ""  # what its menu of rows carries
    counts: Counts = NOTHING_OPEN
    needs: Sequence[OpenTouchpoint] = ()
    renewals: Sequence[RenewalRange] = ()
    not_known: Sequence[tuple[str, str]] = ()
    not_known_count: int = 0
    unknown_dates: str = ""
    unknown_dates_count: int = 0
    watch: WatchView = NOTHING_TO_WATCH
    moves: Sequence[MoveNews] = ()
    moves_count: int = 0
    done: int = 0
    skipped: int = 0
    logged: int = 0
    noted: int = 0
    thanks: Sequence[tuple[str, int]] = ()
    others: int = 0
    teams: Sequence[DepartmentWeek] = ()
    unsent: Sequence[UnsentNudges] = ()
    promises: Sequence[Line] = ()
    holds: PostponedSummary = NOTHING_POSTPONED
    value: ValueNews = ValueNews()
    decisions: Sequence[DecisionNews] = ()
    decisions_count: int = 0
    advocates: Advocates = NO_ADVOCATES
    first_week: str = ""  # what managers answered in it, as it is shown
    without_manager: int = 0
    stand_in: str = ""
    late_for: date | None = None
    for_deputy: bool = False  # its reader stands in for `whose` it is

    @property
    def renewing(self) -> int:
        """How many accounts renew within the time looked at."""
        return sum(group.count for group in self.renewals)

    @property
    def has_work(self) -> bool:
        """Whether there is anything to do or to prepare."""
        return bool(self.needs or self.renewing or self.watch or self.promises)

    @property
    def is_quiet(self) -> bool:
        """Whether one line says it all."""
        told = self.watch or self.moves or self.done or self.skipped or self.logged or self.noted
        customers = self.decisions or self.value.has_news
        unsent = self.unsent or self.holds.held or self.holds.in_vain
        return not (self.has_work or told or customers or unsent or self.without_manager)
