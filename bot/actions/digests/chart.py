"""The numbers of the company's picture: the renewals at stake of the next six months."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from bot.actions.facts.days import today as today_of
from bot.actions.reasons.reasons import list_reasons
from bot.actions.work import Work
from bot.messages.kit import pictures
from bot.rules.facts.live import exit_stages
from bot.rules.text.money import Money
from db.contracts import contracts
from db.core import workspaces
from db.digests import digests
from db.models import Account

MONTHS = 6
UPLOAD_SCOPE = "files:write"


def can_show(work: Work) -> bool:
    """Whether a picture can be drawn here and uploaded: older installations lack the scope."""
    workspace = workspaces.current(work.tx)
    scopes = workspace.scopes if workspace else None
    return pictures.can_draw() and (scopes is None or UPLOAD_SCOPE in scopes.split(","))


def build_renewals_ahead(work: Work) -> dict[str, Any] | None:
    """{"currency": …, "months": [[month, not at risk, at risk]], "others": [[currency, amount,
    renewals, at risk]], "unknown": [renewals without an amount, at risk]}, amounts in hundredths a
    year; None where nothing renews with an amount."""
    today = today_of(work)
    begin = (today + timedelta(days=1)).replace(day=1)
    months = [begin + relativedelta(months=n) for n in range(MONTHS)]
    last = begin + relativedelta(months=MONTHS) - timedelta(days=1)
    accounts = digests.list_renewing(work.tx, exit_stages(work.playbook), today, last)
    renewing = _list_lines(work, accounts, today, last)
    known = Counter(money.currency for _, _, money in renewing if money is not None)
    if not known:
        return None
    currency = work.playbook.value.currency
    if currency not in known:
        currency = max(known, key=lambda each: known[each])
    reasons = list_reasons(work, accounts)
    risky = {i for i, found in reasons.items() if any(reason.is_risk for reason in found)}
    sums: Counter[tuple[date, bool]] = Counter()
    others: Counter[str | None] = Counter()
    counts: Counter[tuple[str | None, bool]] = Counter()
    for account_id, on, money in renewing:
        counts[money.currency if money else None, account_id in risky] += 1
        if money is not None and money.currency == currency:
            sums[on.replace(day=1), account_id in risky] += money.hundredths
        elif money is not None:
            others[money.currency] += money.hundredths
    return {
        "currency": currency,
        "months": [[each.isoformat(), sums[each, False], sums[each, True]] for each in months],
        "others": [
            [code, amount, known[code], counts[code, True]]
            for code, amount in sorted(others.items())
        ],
        "unknown": [counts[None, False] + counts[None, True], counts[None, True]],
    }


def _list_lines(
    work: Work, accounts: list[Account], first: date, last: date
) -> list[tuple[int, date, Money | None]]:
    """(account id, day, amount) of what renews: accounts, and their contracts of other days."""
    stakes = contracts.stakes(work.tx, accounts, work.playbook.value.currency)
    dates = {account.id: account.renews_on for account in accounts}
    dated = [(account_id, on, stakes.get(account_id)) for account_id, on in dates.items()]
    dated += [
        (one.account_id, one.renews_on, contracts.money_of(one))
        for one in contracts.list_of_accounts(work.tx, list(dates))
        if one.renews_on not in (None, dates[one.account_id])
    ]
    return [(i, on, money) for i, on, money in dated if on is not None and first <= on <= last]
