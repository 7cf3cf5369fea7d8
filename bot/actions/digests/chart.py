"""The picture of the company's digest: its numbers are read now, and drawn when it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.actions.digests.renewals_ahead import build_renewals_ahead
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
#: A picture that could not be sent for so long is stale, as its digest is.
CHART_LIFETIME = timedelta(days=3)


def enqueue_chart(work: Work, digest_id: int, channel: str) -> bool:
    """Sends the picture into the digest's thread; False where none can be drawn or shown."""
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
    number a week, the last one now, and the renewals ahead; None when there is too little."""
    ends = [work.now - timedelta(weeks=back) for back in reversed(range(CHART_WEEKS))]
    per_stage = _accounts_per_stage(digests_chart.list_moves(work.tx), ends)
    if sum(per_stage[-1].values()) < MIN_ACCOUNTS:
        return None
    first = next(i for i, counts in enumerate(per_stage) if counts)
    entries = digests_chart.list_value(work.tx, ends[0] - timedelta(weeks=1))
    ends, per_stage = ends[first:], per_stage[first:]
    stages = {
        stage.name: counts
        for stage in work.playbook.stages
        if not stage.exit and any(counts := [week[stage.key] for week in per_stage])
    }
    days = [f"{end:%Y-%m-%d}" for end in ends]
    money = _money_by_currency(work.playbook, entries, ends)
    entries_noted = _sum_by_week([(entry, 1) for entry in entries], ends)
    ahead = build_renewals_ahead(work)
    return {"days": days, "stages": stages, "money": money, "renewals": ahead, **entries_noted}


def _money_by_currency(
    playbook: Playbook, entries: Sequence[Any], ends: Sequence[datetime]
) -> list[dict[str, Any]]:
    """[{"currency": …, "confirmed": […], "claimed": […]}] in hundredths a week, the playbook's
    currency first: amounts of different currencies are never added up."""
    known = {entry.currency for entry in entries if entry.currency and entry.hundredths}
    money = []
    for currency in sorted(known, key=lambda each: (each != playbook.value.currency, each)):
        own = [(e, e.hundredths) for e in entries if e.currency == currency and e.hundredths]
        money.append({"currency": currency, **_sum_by_week(own, ends)})
    return money


def _sum_by_week(
    amounts: Sequence[tuple[Any, int]], ends: Sequence[datetime]
) -> dict[str, list[int]]:
    """{"confirmed": […], "claimed": […]}: the sums of each week, from (value entry, amount).

    An entry counts in the week in which it was confirmed, else in the one in which it was noted.
    """
    week = timedelta(weeks=1)
    confirmed = [(e.confirmed_at, n) for e, n in amounts if e.confirmed_at is not None]
    claimed = [(e.created_at, n) for e, n in amounts if e.confirmed_at is None]
    return {
        name: [sum(amount for at, amount in dated if end - week < at <= end) for end in ends]
        for name, dated in (("confirmed", confirmed), ("claimed", claimed))
    }


def _may_upload(tx: Tx) -> bool:
    """Whether the app was installed with the scope for uploads, which older installations lack."""
    workspace = workspaces.current(tx)
    scopes = workspace.scopes if workspace else None
    return scopes is None or UPLOAD_SCOPE in scopes.split(",")


def _accounts_per_stage(moves: Sequence[Any], ends: Sequence[datetime]) -> list[Counter[str]]:
    """How many accounts were in each stage at the end of each week."""
    stage: dict[int, str] = {}
    archived = {move.account_id: move.archived_at for move in moves}
    weeks, done = [], 0
    for end in ends:
        while done < len(moves) and moves[done].at <= end:
            stage[moves[done].account_id] = moves[done].to_stage
            done += 1
        gone = {account for account, when in archived.items() if when is not None and when <= end}
        weeks.append(Counter(key for account, key in stage.items() if account not in gone))
    return weeks
