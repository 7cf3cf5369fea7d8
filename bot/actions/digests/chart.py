"""The picture of the company's digest: its numbers now, drawn when it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.actions.work import Work
from bot.messages.digests import chart
from bot.messages.kit import pictures
from bot.rules.playbook.playbook import Playbook
from db import outbox
from db.core import workspaces
from db.core.tx import Tx
from db.digests import chart as digests_chart

UPLOAD_SCOPE = "files:write"
CHART_WEEKS = 26
#: With fewer accounts the digest's lines say it all.
MIN_ACCOUNTS = 5
#: A picture that could not be put up for so long is stale, as its digest is.
CHART_LIFETIME = timedelta(days=3)


def enqueue_chart(work: Work, digest_id: int, channel: str) -> bool:
    """Puts the picture into the digest's thread; False where none can be drawn or shown."""
    if not pictures.can_draw() or not _may_upload(work.tx):
        return False
    facts = build_chart_data(work)
    if facts is None:
        return False
    outbox.enqueue_file(
        work.tx,
        dedupe_key=f"picture:{digest_id}",
        channel=channel,
        thread_of=digest_id,
        payload={
            "name": f"linchpin-week-{work.now:%Y-%m-%d}",
            "title": chart.chart_title(facts),
            "alt": chart.chart_alt_text(facts),
            "picture": chart.KIND,
            "facts": facts,
        },
        now=work.now,
        expires_at=work.now + CHART_LIFETIME,
    )
    return True


def build_chart_data(work: Work) -> dict[str, Any] | None:
    """{"days": […], "stages": {name: […]}, "claimed": […], "confirmed": […], "money": […]}, a
    number a week, the last one now; None when there is too little to show."""
    ends = [work.now - timedelta(weeks=back) for back in reversed(range(CHART_WEEKS))]
    standing = _accounts_per_stage(digests_chart.list_moves(work.tx), ends)
    if sum(standing[-1].values()) < MIN_ACCOUNTS:
        return None
    first = next(at for at, counts in enumerate(standing) if counts)
    value = digests_chart.list_value(work.tx, ends[0] - timedelta(weeks=1))
    confirmed = [row.confirmed_at for row in value if row.confirmed_at is not None]
    claimed = [row.created_at for row in value if row.confirmed_at is None]
    return {
        "days": [f"{end:%Y-%m-%d}" for end in ends[first:]],
        "stages": {
            stage.name: counts
            for stage in work.playbook.stages
            if not stage.exit and any(counts := [week[stage.key] for week in standing[first:]])
        },
        "claimed": _count_by_week(claimed, ends)[first:],
        "confirmed": _count_by_week(confirmed, ends)[first:],
        "money": _money_by_currency(work.playbook, value, ends, first),
    }


def _money_by_currency(
    playbook: Playbook, value: Sequence[Any], ends: Sequence[datetime], first: int
) -> list[dict[str, Any]]:
    """[{"currency": …, "confirmed": […], "claimed": […]}] in hundredths a week, the playbook's
    currency first: amounts of different currencies are never added up."""
    found = []
    known = {row.currency for row in value if row.currency and row.hundredths}
    for currency in sorted(known, key=lambda each: (each != playbook.value.currency, each)):
        mine = [row for row in value if row.currency == currency and row.hundredths]
        confirmed = [(r.confirmed_at, r.hundredths) for r in mine if r.confirmed_at is not None]
        claimed = [(r.created_at, r.hundredths) for r in mine if r.confirmed_at is None]
        weeks = {"confirmed": _sum_by_week(confirmed, ends), "claimed": _sum_by_week(claimed, ends)}
        found.append({"currency": currency} | {how: sums[first:] for how, sums in weeks.items()})
    return found


def _sum_by_week(amounts: Sequence[tuple[datetime, int]], ends: Sequence[datetime]) -> list[int]:
    week = timedelta(weeks=1)
    return [sum(worth for at, worth in amounts if end - week < at <= end) for end in ends]


def _may_upload(tx: Tx) -> bool:
    """An app that was installed before pictures were there has no leave to upload any."""
    workspace = workspaces.current(tx)
    scopes = workspace.scopes if workspace else None
    return scopes is None or UPLOAD_SCOPE in scopes.split(",")


def _accounts_per_stage(moves: Sequence[Any], ends: Sequence[datetime]) -> list[Counter[str]]:
    """How many accounts stood in each stage at the end of each week."""
    stage: dict[int, str] = {}
    archived = {move.account_id: move.archived_at for move in moves}
    found, at = [], 0
    for end in ends:
        while at < len(moves) and moves[at].at <= end:
            stage[moves[at].account_id] = moves[at].to_stage
            at += 1
        gone = {one for one, when in archived.items() if when is not None and when <= end}
        found.append(Counter(key for account, key in stage.items() if account not in gone))
    return found


def _count_by_week(moments: Sequence[datetime], ends: Sequence[datetime]) -> list[int]:
    week = timedelta(weeks=1)
    return [sum(end - week < moment <= end for moment in moments) for end in ends]
