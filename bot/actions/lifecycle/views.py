"""Decisions as messages show them."""

from bot.actions.lifecycle.decisions import RecordedDecision
from bot.actions.lifecycle.stages import build_move_card
from bot.actions.work import Work
from bot.messages.lifecycle import decision as messages
from bot.rules.decisions import effect_of
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.value import has_grown
from db.accounts import value
from db.core.tx import Tx
from db.lifecycle import decisions
from db.models import Account, Decision
from db.terms import terms

MAX_PAST = 3


def decision_view(playbook: Playbook, row: Decision) -> messages.DecisionView:
    """A decision as messages show it."""
    day = playbook.calendar(MANAGER).local_date(row.at)
    return messages.DecisionView(row.outcome, row.reason, row.alternative, row.by_user, day)


def recorded_view(
    work: Work, recorded: RecordedDecision, *, said_date: bool
) -> messages.RecordedView:
    """A decision that was recorded just now, and what followed from it."""
    decision, account, playbook = recorded.decision, recorded.account, work.playbook
    asked = playbook.stage(decision.stage)
    current = terms.current_term(work.tx, account)
    began = current is not None and current.began_at == decision.at
    return messages.RecordedView(
        id=decision.id,
        account_id=account.id,
        account=account.name,
        decision=asked.decision if asked else "",
        told=decision_view(playbook, decision),
        move=build_move_card(work, recorded.moved) if recorded.moved else None,
        term=account.term if began else None,
        renews_on=decision.renews_on,
        said=said_date,
        began=began,
        offered=_offered_move(work.tx, playbook, decision, account),
    )


def _offered_move(
    tx: Tx, playbook: Playbook, decision: Decision, account: Account
) -> tuple[str, str] | None:
    """(stage, command) of the move that is offered if they confirmed more value than last term."""
    key = effect_of(playbook, decision.stage, decision.outcome).if_value_grew
    stage = playbook.stage(key) if key else None
    if stage is None or stage.key == account.stage:
        return None
    if not has_grown(value.account_tallies(tx, account.id), decision.term):
        return None
    because = "because they confirmed more value than in the term before"
    return stage.name, f"/stage id:{account.id}@{account.stage_entry} {stage.key} {because}"


def past_decisions(tx: Tx, playbook: Playbook, account: Account) -> list[messages.DecisionView]:
    """The last decisions, newest first."""
    rows = decisions.list_of_account(tx, account.id, limit=MAX_PAST)
    return [decision_view(playbook, row) for row in rows]


def alternative_names(tx: Tx, account: Account) -> list[str]:
    """The alternatives we know of."""
    return [each.name for each in decisions.list_alternatives(tx, account.id)]
