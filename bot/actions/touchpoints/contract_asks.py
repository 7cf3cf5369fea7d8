"""The one touchpoint that each contract beside the main one gets, for its own date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.actions.touchpoints.nudging import cancel_many
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import manager_calendar
from bot.actions.work import Work
from bot.messages.kit.text import day
from bot.rules.playbook.playbook import MANAGER
from db.contracts import contracts
from db.models import Account, Contract
from db.touchpoints import touchpoints

KIND = "contract"
#: So long before its date it is asked whether they want to keep it.
LEAD_TIME = timedelta(days=30)


def plan_contract_asks(work: Work, account: Account, others: Sequence[Contract]) -> None:
    """Plans the touchpoints of contracts beside the main one, each once; cancels the others."""
    calendar = manager_calendar(work.tx, work.playbook, account.manager_id)
    today = calendar.local_date(work.now)
    wanted = {
        f"contract:{one.id}:{one.renews_on}": one
        for one in others
        if one.renews_on and one.renews_on >= today
    }
    open_ones = touchpoints.lock_open_of_account(work.tx, account.id)
    old = [row for row in open_ones if row.kind == KIND and row.play not in wanted]
    cancel_many(work, old, "the contract has changed")
    for key, contract in wanted.items():
        planned = contracts.ask_states(work.tx, account.id, key)
        if contract.renews_on is None or set(planned) - {"cancelled"}:
            continue
        ask_on = calendar.on_or_before(contract.renews_on - LEAD_TIME)
        plan_custom(
            work,
            account,
            kind=KIND,
            key=key,
            owner=MANAGER,
            title=f"{contract.name} renews {day(contract.renews_on, today)}",
            ask="Ask {account} whether they want to keep it.",
            helps="They decide about each contract by itself.",
            due_at=calendar.next_open(max(work.now, calendar.opening(ask_on))),
            occurrence=len(planned) + 1,
        )
