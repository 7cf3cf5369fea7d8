"""Gathers what messages tell of decisions."""

from __future__ import annotations

from bot.actions.lifecycle.decisions import Recorded
from bot.actions.lifecycle.stages import moved_card
from bot.messages.lifecycle import decision as messages
from bot.rules.playbook.playbook import MANAGER, Playbook
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Decision
from db.terms import terms

MOST_PAST = 3


def told(playbook: Playbook, row: Decision) -> messages.Told:
    """A decision as messages show it."""
    day = playbook.calendar(MANAGER).local_date(row.at)
    return messages.Told(row.outcome, row.reason, row.alternative, row.by_user, day)


def card(tx: Tx, playbook: Playbook, recorded: Recorded, *, said_date: bool) -> messages.Recorded:
    """What came of a decision that was recorded just now."""
    decision, account = recorded.decision, recorded.account
    asked = playbook.stage(decision.stage)
    current = terms.current(tx, account)
    began = current is not None and current.began_at == decision.at
    return messages.Recorded(
        id=decision.id,
        account_id=account.id,
        account=account.name,
        decision=asked.decision if asked else "",
        told=told(playbook, decision),
        move=moved_card(playbook, recorded.moved) if recorded.moved else None,
        term=account.term if began else None,
        renews_on=decision.renews_on,
        said=said_date,
        began=began,
    )


def past(tx: Tx, playbook: Playbook, account: Account) -> list[messages.Told]:
    """The last decisions, newest first."""
    rows = decisions.of_account(tx, account.id, limit=MOST_PAST)
    return [told(playbook, row) for row in rows]


def ways(tx: Tx, account: Account) -> list[str]:
    """The alternatives we know of."""
    return [each.name for each in decisions.alternatives(tx, account.id)]
