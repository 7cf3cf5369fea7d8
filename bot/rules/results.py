"""Counts how plays and stages went. The counts do not say that one thing caused another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from bot.rules.playbook.sections import CHOSE_US, RENEWED

#: Fewer than these say little: they are shown, and marked as few.
MIN_FOR_PERCENTAGE: Final = 10
#: A play is proposed for retirement when more than half of its last so many were skipped.
RECENT_COUNT: Final = 20
GOOD_OUTCOMES: Final = frozenset((RENEWED, "expanded", "adopted", CHOSE_US))

PlayKey = tuple[str, str]  # keys of a stage and of a play in it


@dataclass(frozen=True)
class Ended:
    """A touchpoint that was done or skipped. `went`: whether the next decision was good."""

    id: int
    account: str
    place: PlayKey
    title: str
    done: bool
    at: datetime
    by: str | None
    nudged_at: datetime | None
    snoozed: bool
    reason: str
    went: bool | None


@dataclass(frozen=True)
class Share:
    well: int
    known: int

    @property
    def is_few(self) -> bool:
        return self.known < MIN_FOR_PERCENTAGE


@dataclass(frozen=True)
class PlayResult:
    """A play's counts; `wait` is the median time from the nudge to done."""

    place: PlayKey
    title: str
    done: int
    snoozed: int
    skipped: int
    reasons: Sequence[tuple[str, int]]
    wait: timedelta | None
    after_done: Share
    after_skipped: Share
    skipped_of_last: int  # of the last `RECENT_COUNT`; 0 when there are fewer

    @property
    def retire(self) -> bool:
        return self.skipped_of_last * 2 > RECENT_COUNT


@dataclass(frozen=True)
class StageStay:
    """One stay of an account in a stage that has ended; `forward` says which way it went."""

    stage: str
    entered_at: datetime
    left_at: datetime
    forward: bool
    account: str = ""
    to: str = ""  # the next stage's name

    @property
    def days(self) -> float:
        return (self.left_at - self.entered_at) / timedelta(days=1)


@dataclass(frozen=True)
class StageResult:
    """Who left a stage in a span of days: how many went on, and the median days they took."""

    went_on: Share
    days: int | None


def count_plays(ended: Iterable[Ended]) -> list[PlayResult]:
    """Counts for each play, those that were acted on most first."""
    by_place: dict[PlayKey, list[Ended]] = defaultdict(list)
    for touchpoint in ended:
        by_place[touchpoint.place].append(touchpoint)
    results = [_count_play(place, rows) for place, rows in by_place.items()]
    return sorted(results, key=lambda play: (-(play.done + play.skipped), play.place))


def count_stages(
    stays: Iterable[StageStay], first: datetime, end: datetime
) -> Mapping[str, StageResult]:
    """By stage, those who left it from `first` until before `end`."""
    by_stage: dict[str, list[StageStay]] = defaultdict(list)
    for stay in stays:
        if first <= stay.left_at < end:
            by_stage[stay.stage].append(stay)
    return {
        stage: StageResult(
            Share(sum(stay.forward for stay in rows), len(rows)),
            round(median(stay.days for stay in rows)),
        )
        for stage, rows in by_stage.items()
    }


def quarter_start(day: date) -> date:
    """The first day of the calendar quarter of a day."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def went_well(
    at: datetime, decisions: Iterable[tuple[datetime, str]], terms: Iterable[datetime]
) -> bool | None:
    """Whether the first decision after a time, in the same term, was a good one; None without.
    `decisions` are (when, outcome) in order, `terms` when terms began."""
    next_term = min((began for began in terms if began > at), default=None)
    for decided_at, outcome in decisions:
        if decided_at > at:
            in_term = next_term is None or decided_at <= next_term
            return outcome in GOOD_OUTCOMES if in_term else None
    return None


def _count_play(place: PlayKey, rows: list[Ended]) -> PlayResult:
    rows = sorted(rows, key=lambda row: (row.at, row.id))
    done, skipped = [row for row in rows if row.done], [row for row in rows if not row.done]
    waits = [(row.at - row.nudged_at).total_seconds() for row in done if row.nudged_at is not None]
    reasons = Counter(row.reason for row in skipped if row.reason)
    last = rows[-RECENT_COUNT:]
    return PlayResult(
        place=place,
        title=rows[-1].title,
        done=len(done),
        snoozed=sum(row.snoozed for row in rows),
        skipped=len(skipped),
        reasons=reasons.most_common(),
        wait=timedelta(seconds=median(waits)) if waits else None,
        after_done=_good_share(done),
        after_skipped=_good_share(skipped),
        skipped_of_last=sum(not row.done for row in last) if len(last) == RECENT_COUNT else 0,
    )


def _good_share(rows: list[Ended]) -> Share:
    known = [row.went for row in rows if row.went is not None]
    return Share(sum(known), len(known))
