"""The brief before a customer decides again: said to the manager, asked about, answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.actions.audit import audit_action
from bot.actions.briefs import facts as facts
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import MANAGER, acting_lead, resolve_delegate
from bot.actions.work import Work
from bot.messages.briefs import brief as messages
from bot.messages.kit.parts import day, plain
from bot.rules import briefs as rules
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db import outbox
from db.accounts import accounts
from db.briefs import briefs
from db.core.insert_once import add_once
from db.core.tx import Tx
from db.models import Account, Brief, Touchpoint
from db.outbox import pending
from db.terms import terms
from db.touchpoints import message_marks
from db.workspace import departments

KIND = "gap"
_ASKS = {
    facts.VALUE: (
        "One number they confirm",
        "Ask {account} for one thing it gave them this term, in their own number, and note it "
        "under Done. They decide again by %s.",
        "They weigh what they have confirmed themselves.",
    ),
    facts.ALTERNATIVES: (
        "What else they could choose",
        "Ask {account} what they would choose if they chose today, doing nothing included, and "
        "note it under Done. They decide again by %s.",
        "The alternatives are on the table while there is time to compare them.",
    ),
    facts.DECISIONS: (
        "What they decided, and why",
        "Note under Done what {account} decided for us last time and why, or ask them. They decide "
        "again by %s.",
        "They are reminded of their own reasons, and can see which of them still hold.",
    ),
    facts.PEOPLE: (
        "Who decides there",
        "Note under Done who at {account} uses it, who decides and who pays, by name. They decide "
        "again by %s.",
        "Those who decide hear it themselves, not through others.",
    ),
    facts.PROMISES: (
        "When the promise will be kept",
        "Note under Done by when {account} gets what was promised to them, and what they say of "
        "it. They decide again by %s.",
        "They decide knowing what they can count on.",
    ),
    facts.DEPARTMENT: (
        "What you know of them",
        "Note under Done what you have seen of {account} this term: what works, and what they "
        "would miss. They decide again by %s.",
        "They meet people who know the whole of it.",
    ),
}


def find_reader(tx: Tx, playbook: Playbook, manager_id: str | None) -> str | None:
    """Who reads about an account's renewal: its manager, their deputy, else the lead of the
    department that stands in, or its channel."""
    to = resolve_delegate(tx, manager_id) if manager_id is not None else None
    to = to or acting_lead(tx, playbook, MANAGER)
    return to or departments.channel(tx, playbook, playbook.without_manager)


def post_brief(work: Work, account: Account, today: date) -> bool:
    """Says the brief that is due for an account; each is said once. False if none is due."""
    section = work.playbook.renewals
    if section is None or account.renews_on is None:
        return False
    days_before = rules.due_brief((account.renews_on - today).days, section.brief)
    to = find_reader(work.tx, work.playbook, account.manager_id)
    if days_before is None or to is None:
        return False
    row = add_once(
        work.tx,
        Brief(
            account_id=account.id, renews_on=account.renews_on, days_before=days_before, at=work.now
        ),
    )
    if row is None:
        return False
    mark = message_marks.fingerprint(
        work.tx, "brief", account.name_key, account.renews_on.isoformat(), str(days_before)
    )
    stands = message_marks.pop(work.tx, mark)
    if stands is not None:
        row.message_id = outbox.adopt_post(
            work.tx, kind="brief", lane=to, channel=stands.channel, ts=stands.ts, now=work.now
        )
        return True
    row.message_id = outbox.enqueue_post(
        work.tx,
        dedupe_key=f"brief:{account.id}:{account.renews_on}:{days_before}:{int(work.now.timestamp())}",
        kind="brief",
        channel=to,
        payload=messages.brief(facts.build(work, row, account)).payload(),
        now=work.now,
        marks=(mark,),
    )
    return True


def post_undecided(work: Work, everyone: Sequence[Account], to: str, today: date) -> None:
    """One message about all of a reader's renewals that have come without a decision."""
    rows = []
    for account in everyone:
        assert account.renews_on is not None
        known = _undecided_row(work.tx, account, work.now)
        known.at = work.now
        ago = (today - account.renews_on).days
        rows.append(messages.UndecidedRenewal(account.id, account.name, account.renews_on, ago))
    mark = message_marks.fingerprint(
        work.tx, "undecided", to, f"{work.now:%G-%V}", *(row.account for row in rows)
    )
    if message_marks.pop(work.tx, mark) is not None:
        return
    outbox.enqueue_post(
        work.tx,
        dedupe_key=f"undecided:{to}:{int(work.now.timestamp())}",
        kind="undecided",
        channel=to,
        payload=messages.undecided(rows).payload(),
        now=work.now,
        marks=(mark,),
    )


def ask_for_gap(work: Work, brief_id: int, gap: str) -> Touchpoint | None:
    """Asks the department that owns a gap; None when it is no longer missing, which the brief then
    shows. Raises `UserError` when it was asked already."""
    brief = work.tx.get(Brief, brief_id)
    account = accounts.by_id(work.tx, brief.account_id) if brief else None
    if brief is None or account is None or account.archived_at is not None:
        raise UserError("That renewal is no longer ahead, so nobody was asked.")
    term = terms.current_term(work.tx, account)
    since = term.began_at if term else None
    found = {each.key: each for each in facts.list_gaps(work, brief, account, since)}
    if gap not in found:
        _retell(work, account, brief)  # it is no longer missing: that is the answer
        return None
    if found[gap].state != "missing":
        raise UserError(
            f"{plain(found[gap].owner)} is asked already; the answer comes into the brief."
        )
    key = facts.gap_key(brief, gap)
    owner = facts.gap_owner(work.playbook, gap)
    kind, dot, _ = gap.partition(".")
    title, words, helps = _ASKS[f"{kind}{dot}"]
    before = briefs.asked_touchpoints(work.tx, account.id, [key]).get(key)
    asked = plan_custom(
        work.tx,
        account,
        kind=KIND,
        key=key,
        owner=owner,
        title=title,
        ask=words % day(brief.renews_on),
        helps=helps,
        due_at=work.playbook.calendar(owner).next_open(work.now),
        now=work.now,
        occurrence=before.occurrence + 1 if before else 1,
    )
    detail = {"gap": gap, "owner": owner, "renews_on": brief.renews_on.isoformat()}
    audit_action(work, account, "brief.asked", detail)
    _retell(work, account, brief)
    return asked


def update_gap(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Brings what became of a gap into the newest brief; an answer in words also as a reply."""
    if touchpoint.kind != KIND:
        return
    renews_on = date.fromisoformat(touchpoint.play.rpartition(":")[2])
    brief = briefs.lock_newest(work.tx, account.id, renews_on)
    if brief is None or brief.message_id is None:
        return
    shown = _retell(work, account, brief)
    of_gap = {facts.gap_key(brief, each.key): each for each in shown.gaps}
    told = of_gap.get(touchpoint.play)
    root = pending.lock_message(work.tx, brief.message_id)
    if told is None or touchpoint.state != "done" or not touchpoint.note or root is None:
        return
    outbox.enqueue_post(
        work.tx,
        dedupe_key=f"gap-answer:{touchpoint.id}:{touchpoint.version}",
        kind="answer",
        channel=root.lane,
        payload=messages.answer_message(shown, told).payload(),
        now=work.now,
        thread_of=brief.message_id,
    )


def _undecided_row(tx: Tx, account: Account, now: datetime) -> Brief:
    assert account.renews_on is not None
    row = Brief(account_id=account.id, renews_on=account.renews_on, days_before=0, at=now)
    return add_once(tx, row) or briefs.lock_undecided_row(tx, account)


def _retell(work: Work, account: Account, brief: Brief) -> messages.Brief:
    work.tx.flush()
    shown = facts.build(work, brief, account)
    row_id, payload = brief.message_id, messages.brief(shown).payload()
    if row_id is None or pending.lock_message(work.tx, row_id) is None:
        return shown
    if not pending.rewrite_pending(work.tx, row_id, payload) and pending.may_be_in_slack(
        work.tx, row_id
    ):
        version = pending.next_version(work.tx, row_id)
        outbox.enqueue_update(
            work.tx, target=row_id, version=version, payload=payload, now=work.now
        )
    return shown
