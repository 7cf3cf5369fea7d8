"""Tells each reason once, when it begins, and asks where a question is planned for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.actions.outgoing import is_person, post
from bot.actions.outgoing import tell as tell_in_morning
from bot.actions.reasons import questions
from bot.actions.reasons.reasons import PIECE, list_reasons
from bot.actions.touchpoints.nudging import cancel
from bot.actions.touchpoints.routing import acting_lead, acting_manager
from bot.actions.work import Work
from bot.messages.reasons import reasons as messages
from bot.rules.facts.live import exit_stages
from bot.rules.playbook.playbook import MANAGER
from bot.rules.playbook.sections import Hearer
from bot.rules.reasons import Reason
from db.members import members
from db.models import Account, ReasonTold
from db.reasons import reasons
from db.touchpoints import message_marks, touchpoints
from db.workspace import departments

_TOLD_ELSEWHERE: Final = "date passed"  # in a message of its own

#: So many reasons are told on a morning, so that the writing stays short; the others on the next.
MAX_TOLD: Final = 1_000


@dataclass(frozen=True)
class News:
    """What began and ended since the last look: (account id, reason), ids of `ReasonTold`, and ids
    of touchpoints that nothing asks for any more."""

    began: Sequence[tuple[int, Reason]]
    ended: Sequence[int]
    settled: Sequence[int]

    def __bool__(self) -> bool:
        return bool(self.began or self.ended or self.settled)


def find_news(work: Work) -> News:
    """Looks at every live account; reads much and writes nothing."""
    told, planned = reasons.list_told(work.tx), reasons.list_planned(work.tx)
    current: set[tuple[int, str, str]] = set()
    questioned: set[tuple[int, str]] = set()
    began: list[tuple[date, int, Reason]] = []
    last = 0
    while accounts := reasons.list_live(work.tx, exit_stages(work.playbook), last, PIECE):
        last, renewals = accounts[-1].id, {each.id: each.renews_on for each in accounts}
        for account_id, found in list_reasons(work, accounts).items():
            keys = [(account_id, each.kind, each.key) for each in found]
            current.update(keys)
            questioned |= {(account_id, questions.question_key(each) or "") for each in found}
            nearness = renewals[account_id] or date.max
            began += [
                (nearness, account_id, each)
                for key, each in zip(keys, found, strict=True)
                if key not in told
            ]
    began.sort(key=lambda each: each[:2])
    open_questions = Counter((row.kind, row.owner) for row in planned)
    return News(
        _within_limits(work, [each[1:] for each in began], open_questions)[:MAX_TOLD],
        [row_id for key, row_id in told.items() if key not in current],
        [
            row.id
            for row in planned
            if row.state != "claimed" and (row.account_id, row.play) not in questioned
        ],
    )


def tell(work: Work, news: News) -> int:
    """Writes what is to be told and asked; returns how many reasons began."""
    told = reasons.list_told(work.tx)  # another worker may have been quicker
    began = [(i, each) for i, each in news.began if (i, each.kind, each.key) not in told]
    reasons.forget_told(work.tx, news.ended)
    for touchpoint_id in news.settled:
        touchpoint = touchpoints.lock_touchpoint(work.tx, touchpoint_id)
        if touchpoint is not None and touchpoint.state in ("planned", "nudged"):
            cancel(work, touchpoint, questions.settled_text(work.playbook, touchpoint))
    accounts = reasons.list_accounts(work.tx, sorted({account_id for account_id, _ in began}))
    heard: dict[str, list[tuple[Account, Reason]]] = defaultdict(list)
    readers: dict[tuple[str | None, str, Sequence[Hearer]], list[str]] = {}
    for account_id, reason in began:
        account = accounts[account_id]
        is_question = questions.question_key(reason) is not None
        if is_question and questions.ask(work, account, reason):
            continue
        roles = _roles(work, account, reason)
        key = account.manager_id, account.stage, roles
        if key not in readers:
            readers[key] = _readers(work, account, roles)
        for reader in readers[key]:
            heard[reader].append((account, reason))
    rows = [{"account_id": i, "kind": r.kind, "key": r.key, "at": work.now} for i, r in began]
    work.tx.add_all(ReasonTold, rows)
    for reader, found in heard.items():
        _tell_reader(work, reader, found)
    return len(began)


def _within_limits(
    work: Work, began: Sequence[tuple[int, Reason]], open_questions: Counter[tuple[str, str]]
) -> list[tuple[int, Reason]]:
    """A department is never asked more of one kind than its channel may get in a day."""
    kept = []
    for account_id, reason in began:
        if questions.question_key(reason) is not None:
            owner = questions.question_owner(work.playbook, reason)
            of_kind = questions.TOUCHPOINT_KINDS[reason.kind], owner
            if open_questions[of_kind] >= work.playbook.attention.channel_a_day:
                continue
            open_questions[of_kind] += 1
        kept.append((account_id, reason))
    return kept


def _roles(work: Work, account: Account, reason: Reason) -> Sequence[Hearer]:
    """Who hears: of the pace whom the playbook names, else the manager, unless they recorded it."""
    if reason.kind == "stuck":
        return work.playbook.pace.tell_stuck
    if reason.kind == "behind":
        return work.playbook.pace.tell_behind
    knows = reason.by is not None and reason.by == account.manager_id
    return () if knows or reason.kind == _TOLD_ELSEWHERE else ("manager",)


def _readers(work: Work, account: Account, roles: Sequence[Hearer]) -> list[str]:
    """People and channels, each once; lead and channel of the stage's department."""
    tx, playbook = work.tx, work.playbook
    stand_in = playbook.without_manager
    key = playbook.owner_of(account.stage) or stand_in
    found: dict[str | None, None] = {}
    for role in roles:
        if role == "manager":
            reader = acting_manager(tx, account) or acting_lead(tx, playbook, stand_in)
            reader = reader or departments.channel(tx, playbook, stand_in)
        elif role == "lead":
            reader = acting_lead(tx, playbook, key)
        else:
            reader = departments.channel(tx, playbook, key)
        found[reader] = None
    return [reader for reader in found if reader]


def _tell_reader(work: Work, reader: str, found: Sequence[tuple[Account, Reason]]) -> None:
    """A line for each account in a person's morning; in a channel one message of all."""
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    by_account: dict[int, list[tuple[Account, Reason]]] = defaultdict(list)
    for account, reason in found:
        by_account[account.id].append((account, reason))
    rows, marks = [], []
    for some in by_account.values():
        account = some[0][0]
        manager = members.name(work.tx, account.manager_id) if account.manager_id else ""
        whose = "" if reader == account.manager_id else manager or "no manager"
        texts = [messages.reason_text(reason, work.playbook, today) for _, reason in some]
        text = messages.reasons_line(account.name, whose, texts)
        about = [account.name_key, *(f"{each.kind} {each.since}" for _, each in some)]
        mark = message_marks.fingerprint(work.tx, "reason", reader, *about)
        if is_person(reader):
            tell_in_morning(work, reader, f"reasons:{mark}", text, account_id=account.id)
        elif message_marks.pop(work.tx, mark) is None:
            rows.append(text)
            marks.append(mark)
    if rows:
        key = f"reasons:{reader}:{int(work.now.timestamp())}"
        post(work, reader, messages.began_message(rows), kind="reasons", key=key, marks=marks)
