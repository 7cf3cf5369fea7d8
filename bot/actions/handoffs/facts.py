"""Gathers what the receiving department has to know of an account for its handoff."""

from __future__ import annotations

from bot.actions.contacts.rows import people_here
from bot.actions.facts.gap_lines import missing_names
from bot.actions.handoffs import account_facts
from bot.actions.promises import promises
from bot.actions.touchpoints.standing import upcoming_views
from bot.actions.work import Work
from bot.messages.contacts.people import people_line
from bot.messages.handoffs import handoff as messages
from bot.messages.kit.text import plain, short
from bot.rules.playbook.playbook import Playbook
from db.contracts.contracts import money_of
from db.core.tx import Tx
from db.handoffs import handoffs
from db.lifecycle import decisions
from db.models import Account, Handoff, HandoffQuestion
from db.promises import promises as open_promises
from db.touchpoints import touchpoints

MAX_REASON_LENGTH = 400
MAX_VALUE = 4
MAX_DECISIONS = 3


def build(work: Work, handoff: Handoff, account: Account) -> messages.Handoff:
    """The handoff as its messages show it now."""
    promised = open_promises.list_open(work.tx, account.id)
    stage = work.playbook.stage(handoff.to_stage)
    planned = [
        touchpoint
        for touchpoint in touchpoints.list_of_account(work.tx, account.id)
        if touchpoint.owner == handoff.receiver and touchpoint.kind != promises.KIND
    ]
    upcoming = upcoming_views(work, account, planned)
    return messages.Handoff(
        id=handoff.id,
        account=account.name,
        before=account_facts.stage_name(work.playbook, handoff.from_stage),
        now_in=account_facts.stage_name(work.playbook, handoff.to_stage),
        decision=stage.decision if stage else "",
        giver=department_name(work.playbook, handoff.giver),
        receiver=department_name(work.playbook, handoff.receiver),
        by=handoff.by_user,
        at=handoff.at,
        accept_by=handoff.wake_at,
        why=_reasons(work.tx, handoff, account),
        promises=[line.told() for line in promises.promise_lines(work, promised)],
        value=account_facts.value_rows(work.tx, account, None, MAX_VALUE),
        people=account_facts.list_participants(work, account),
        worth=money_of(account),
        renews_on=account.renews_on,
        contacts=people_line(people_here(work.tx, account.id)),
        upcoming=[row.line() for row in upcoming],
        not_known=missing_names(work, [account]).get(account.id, ""),
        questions=[build_question(each) for each in handoffs.list_questions(work.tx, handoff.id)],
        accepted_by=handoff.accepted_by,
        accepted_at=handoff.accepted_at,
        closed_why=handoff.closed_why,
    )


def build_question(asked: HandoffQuestion) -> messages.Question:
    """A question as its messages show it now."""
    return messages.Question(asked.id, asked.text, asked.asked_by, asked.answer, asked.answered_by)


def _reasons(tx: Tx, handoff: Handoff, account: Account) -> list[str]:
    """The reason of this move, earlier decisions, and the alternatives they know."""
    reason = [short(" ".join(handoff.reason.split()), MAX_REASON_LENGTH)] if handoff.reason else []
    earlier = [
        account_facts.describe_decision(each)
        for each in decisions.list_of_account(tx, account.id, limit=MAX_DECISIONS)
        if each.at != handoff.at  # the decision that moved the account is the reason itself
    ]
    others = account_facts.alternative_names(tx, account)
    known = [f"they know as well: {', '.join(others)}"] if others else []
    return [*reason, *earlier, *known]


def department_name(playbook: Playbook, key: str) -> str:
    """The department's name as text, or its key when the playbook no longer has it."""
    department = playbook.departments.get(key)
    return plain(department.name if department else key)
