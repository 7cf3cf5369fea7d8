"""Tells each reason once, when it begins, and asks where a question is planned for it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.actions.outgoing import post
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
from db.models import Account, ReasonTold
from db.reasons import reasons
from db.touchpoints import message_marks, touchpoints
from db.workspace import departments

#: Whoever notes that a champion left tells the manager; a passed date has a message of its own.
_TOLD_ELSEWHERE: Final = ("champion left", "date passed")

#: So many reasons are told on a morning, so that the writing stays short; the others on the next.
MAX_TOLD: Final = 1_000

Place = tuple[str, bool]  # a channel or person, and whether the accounts are the person's own


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
    heard: dict[Place, list[tuple[Account, Reason]]] = defaultdict(list)
    readers: dict[tuple[str | None, str, Sequence[Hearer]], list[Place]] = {}
    for account_id, reason in began:
        account = accounts[account_id]
        is_question = questions.question_key(reason) is not None
        if is_question and questions.ask(work, account, reason):
            continue
        roles = _roles(work, account, reason)
        key = account.manager_id, account.stage, roles
        if key not in readers:
            readers[key] = _readers(work, account, roles)
        for place in readers[key]:
            heard[place].append((account, reason))
    rows = [{"account_id": i, "kind": r.kind, "key": r.key, "at": work.now} for i, r in began]
    work.tx.add_all(ReasonTold, rows)
    for place, found in heard.items():
        _post(work, place, found)
    return len(began)


def _within_limits(
    work: Work, began: Sequence[tuple[int, Reason]], open_questions: Counter[tuple[str, str]]
) -> list[tuple[int, Reason]]:
    """Of one kind a department is never asked more questions than its channel may get in a day,
    the open ones included; the others begin when there is room."""
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
    """Who hears of a reason: for the pace whom the playbook names, else the manager, unless they
    recorded it."""
    if reason.kind == "stuck":
        return work.playbook.pace.tell_stuck
    if reason.kind == "behind":
        return work.playbook.pace.tell_behind
    knows = reason.by is not None and reason.by == account.manager_id
    return () if knows or reason.kind in _TOLD_ELSEWHERE else ("manager",)


def _readers(work: Work, account: Account, roles: Sequence[Hearer]) -> list[Place]:
    """Each place once; the lead and the channel are those of the stage's department."""
    tx, playbook = work.tx, work.playbook
    key = playbook.owner_of(account.stage) or playbook.without_manager
    found: dict[str, bool] = {}
    for role in roles:
        manager = acting_manager(tx, account) if role == "manager" else None
        if role == "manager":
            reader = manager or departments.channel(tx, playbook, playbook.without_manager)
        elif role == "lead":
            reader = acting_lead(tx, playbook, key)
        else:
            reader = departments.channel(tx, playbook, key)
        if reader:
            found.setdefault(reader, manager is not None)
    return list(found.items())


def _post(work: Work, place: Place, found: Sequence[tuple[Account, Reason]]) -> None:
    """One message about the reasons that were not posted to the reader before a restore."""
    reader, own = place
    today = work.playbook.calendar(MANAGER).local_date(work.now)
    marks, texts = [], defaultdict(list)
    for account, reason in found:
        words = reader, account.name_key, reason.kind, reason.since.isoformat()
        mark = message_marks.fingerprint(work.tx, "reason", *words)
        if message_marks.pop(work.tx, mark) is None:
            marks.append(mark)
            texts[account.id].append(messages.reason_text(reason, work.playbook, today))
    accounts: Mapping[int, Account] = {account.id: account for account, _ in found}
    news = [
        messages.ReasonNews(accounts[i].name, lines, accounts[i].manager_id)
        for i, lines in texts.items()
    ]
    if news:
        key = f"reasons:{reader}:{own}:{int(work.now.timestamp())}"
        message = messages.began_message(news, own=own)
        post(work, reader, message, kind="reasons", key=key, marks=marks)
