"""What the receiving department has to know of an account: gathered for its handoff."""

from __future__ import annotations

from bot.actions.handoffs import account_facts
from bot.actions.promises import promises
from bot.actions.touchpoints.labels import upcoming
from bot.actions.work import Work
from bot.messages.handoffs import handoff as messages
from bot.messages.kit.parts import plain, short
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx
from db.handoffs import handoffs
from db.lifecycle import decisions
from db.models import Account, Handoff, HandoffQuestion
from db.promises import promises as open_promises
from db.touchpoints import touchpoints

REASON = 400
MOST_VALUE = 4
MOST_DECISIONS = 3


def of(work: Work, handoff: Handoff, account: Account) -> messages.Handoff:
    """The handoff as its messages tell of it now."""
    ours = open_promises.open_of(work.tx, account.id)
    stage = work.playbook.stage(handoff.to_stage)
    own = [
        each
        for each in touchpoints.of_account(work.tx, account.id)
        if each.owner == handoff.receiver and each.kind != promises.KIND
    ]
    return messages.Handoff(
        id=handoff.id,
        account=account.name,
        before=_stage(work.playbook, handoff.from_stage),
        now_in=_stage(work.playbook, handoff.to_stage),
        decision=stage.decision if stage else "",
        giver=_department(work.playbook, handoff.giver),
        receiver=_department(work.playbook, handoff.receiver),
        by=handoff.by_user,
        at=handoff.at,
        accept_by=handoff.wake_at,
        why=_why(work.tx, handoff, account),
        promises=[line.told() for line in promises.lines(work, ours)],
        value=account_facts.value_rows(work.tx, account, None, MOST_VALUE),
        people=account_facts.took_part(work.tx, account),
        upcoming=[row.line().removeprefix("• ") for row in upcoming(work.playbook, account, own)],
        questions=[question(each) for each in handoffs.questions(work.tx, handoff.id)],
        accepted_by=handoff.accepted_by,
        accepted_at=handoff.accepted_at,
        closed_why=handoff.closed_why,
    )


def question(asked: HandoffQuestion) -> messages.Question:
    return messages.Question(asked.id, asked.text, asked.asked_by, asked.answer, asked.answered_by)


def _why(tx: Tx, handoff: Handoff, account: Account) -> list[str]:
    """The reason of this move, what they decided before it, and what else they know."""
    reason = [short(" ".join(handoff.reason.split()), REASON)] if handoff.reason else []
    earlier = [
        account_facts.decided(each)
        for each in decisions.of_account(tx, account.id, limit=MOST_DECISIONS)
        if each.at != handoff.at  # the decision that moved the account is the reason itself
    ]
    others = account_facts.alternatives(tx, account)
    known = [f"they know as well: {', '.join(others)}"] if others else []
    return [*reason, *earlier, *known]


def _stage(playbook: Playbook, key: str) -> str:
    stage = playbook.stage(key)
    return stage.name if stage else key


def _department(playbook: Playbook, key: str) -> str:
    department = playbook.departments.get(key)
    return plain(department.name if department else key)
