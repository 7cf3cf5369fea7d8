"""Gathers what the receiving department has to know of an account for its handoff."""

import re
from collections.abc import Iterator
from datetime import datetime

from bot.actions.contacts.contacts import people_here
from bot.actions.facts.gap_lines import missing_lines
from bot.actions.touchpoints.labels import owner_label, person_name
from bot.actions.work import Work
from bot.messages.contacts.people import people_line
from bot.messages.handoffs import handoff as messages
from bot.messages.kit.text import day, plain, short
from bot.rules.playbook.playbook import Playbook
from db.contracts.contracts import money_of
from db.core.tx import Tx
from db.handoffs import handoffs
from db.lifecycle import decisions
from db.models import Account, Handoff, HandoffQuestion
from db.promises import promises as open_promises

MAX_REASON_LENGTH = 400
_CHOICE = re.compile(r"^they chose us( over [^:]*)?(: |$)")
MAX_ALTERNATIVES = 6


def build(work: Work, handoff: Handoff, account: Account) -> messages.Handoff:
    """The handoff as its messages show it now."""
    promised = open_promises.list_open(work.tx, account.id)
    return messages.Handoff(
        id=handoff.id,
        account_id=account.id,
        account=account.name,
        before=work.playbook.stage_name(handoff.from_stage),
        now_in=work.playbook.stage_name(handoff.to_stage),
        giver=department_name(work.playbook, handoff.giver),
        receiver=department_name(work.playbook, handoff.receiver),
        by=person_name(work, handoff.by_user),
        at=handoff.at,
        accept_by=handoff.wake_at,
        why=_why(work.tx, handoff, account),
        promises=[f"{short(p.promise.text)} by {day(p.promise.due_on)}" for p in promised],
        contacts=people_line(people_here(work.tx, account.id)),
        not_known=", ".join(gap.name for gap in missing_lines(work, [account]).get(account.id, ())),
        worth=money_of(account),
        renews_on=account.renews_on,
        questions=[build_question(each) for each in handoffs.list_questions(work.tx, handoff.id)],
        accepted_by=handoff.accepted_by,
        accepted_at=handoff.accepted_at,
        closed_why=handoff.closed_why,
    )


def build_question(asked: HandoffQuestion) -> messages.Question:
    """A question as its messages show it now."""
    return messages.Question(asked.id, asked.text, asked.asked_by, asked.answer, asked.answered_by)


def _why(tx: Tx, handoff: Handoff, account: Account) -> str:
    """Why they chose us: the reason of this move, or of the last decision, and over what."""
    last = decisions.last_decision(tx, account.id)
    # A decision that moved the account begins its reason with what they chose.
    words = _CHOICE.sub("", handoff.reason or "") or (last.reason if last else None) or ""
    reason = short(" ".join(words.split()), MAX_REASON_LENGTH)
    others = [
        short(each.name)
        for each in decisions.list_alternatives(tx, account.id)[:MAX_ALTERNATIVES]
        if each.name.casefold() not in words.casefold()
    ]
    over = f"over {', '.join(others)}" if others else ""
    return f"{reason} ({over})" if reason and over else reason or over


def department_name(playbook: Playbook, key: str) -> str:
    """The department's name as text, or its key when the playbook no longer has it."""
    department = playbook.departments.get(key)
    return plain(department.name if department else key)


TimelineLine = tuple[datetime, str, str | None]  # when, what, by whom


def handoff_lines(
    tx: Tx, playbook: Playbook, account_id: int, limit: int
) -> Iterator[TimelineLine]:
    """The account's newest handoffs, each with a second line once it is accepted."""
    for handoff in handoffs.list_newest(tx, account_id, limit):
        giver = owner_label(playbook, handoff.giver, None)
        receiver = owner_label(playbook, handoff.receiver, None)
        yield handoff.at, f"handed over from {giver} to {receiver}", handoff.by_user
        if handoff.accepted_at is not None:
            yield handoff.accepted_at, f"accepted for {receiver}", handoff.accepted_by
