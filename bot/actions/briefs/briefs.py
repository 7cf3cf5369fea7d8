"""Posts the briefs before renewals, asks for what is missing in them, and brings in the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions.audit import audit_action
from bot.actions.briefs import facts
from bot.actions.outgoing import post, update_message
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import MANAGER, acting_lead, resolve_delegate
from bot.actions.work import Work
from bot.messages.briefs import brief as messages
from bot.messages.kit.text import day, plain
from bot.rules import briefs as rules
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook
from db import outbox
from db.accounts import accounts
from db.briefs import briefs
from db.core.tx import Tx
from db.models import Account, Brief, Touchpoint
from db.outbox import pending
from db.terms import terms
from db.touchpoints import message_marks
from db.workspace import departments

KIND = "gap"
#: The kind of a gap -> title, what is asked, and how the answer helps.
_ASKS = {
    facts.VALUE: (
        "One number they confirm",
        "Ask {account} for one thing it gave them this term, in their own number, and note it "
        "under Done.",
        "They weigh what they have confirmed themselves.",
    ),
    facts.ALTERNATIVES: (
        "What else they could choose",
        "Ask {account} what they would choose if they chose today, doing nothing included, and "
        "note it under Done.",
        "The alternatives are on the table while there is time to compare them.",
    ),
    facts.DECISIONS: (
        "What they decided, and why",
        "Note under Done what {account} decided for us last time and why, or ask them.",
        "They are reminded of their own reasons, and can see which of them still hold.",
    ),
    facts.PEOPLE: (
        "Who decides there",
        "Note under Done who at {account} uses it, who decides and who pays, by name.",
        "Those who decide hear it themselves, not through others.",
    ),
    facts.PROMISES: (
        "When the promise will be kept",
        "Note under Done by when {account} gets what was promised to them, and what they say of "
        "it.",
        "They decide knowing what they can count on.",
    ),
    facts.DEPARTMENT: (
        "What you know of them",
        "Note under Done what you have seen of {account} this term: what works, and what they "
        "would miss.",
        "They meet people who know the whole of it.",
    ),
}


def find_reader(tx: Tx, playbook: Playbook, manager_id: str | None) -> str | None:
    """Who reads about an account's renewal: its manager or their deputy; without one, the lead of
    the department that stands in, or its channel."""
    to = resolve_delegate(tx, manager_id) if manager_id is not None else None
    to = to or acting_lead(tx, playbook, MANAGER)
    return to or departments.channel(tx, playbook, playbook.without_manager)


def post_brief(work: Work, account: Account, today: date) -> bool:
    """Posts the brief that is due for an account, each once. False if none is due."""
    section, renews_on, now = work.playbook.renewals, account.renews_on, work.now
    if section is None or renews_on is None:
        return False
    days_before = rules.due_brief((renews_on - today).days, section.brief)
    to = find_reader(work.tx, work.playbook, account.manager_id)
    if days_before is None or to is None:
        return False
    new = Brief(account_id=account.id, renews_on=renews_on, days_before=days_before, at=now)
    row = work.tx.add_once(new)
    if row is None:
        return False
    mark = message_marks.fingerprint(
        work.tx, "brief", account.name_key, renews_on.isoformat(), str(days_before)
    )
    sent = message_marks.pop(work.tx, mark)
    if sent is not None:  # before the database was restored from an older copy
        row.message_id = outbox.adopt_post(
            work.tx, kind="brief", lane=to, channel=sent.channel, ts=sent.ts, now=now
        )
        return True
    key = f"brief:{account.id}:{renews_on}:{days_before}:{int(now.timestamp())}"
    message = messages.brief(facts.build(work, row, account))
    row.message_id = post(work, to, message, kind="brief", key=key, marks=(mark,))
    return True


def post_undecided(work: Work, everyone: Sequence[Account], to: str, today: date) -> None:
    """Posts one message about all of a reader's renewals that have come without a decision."""
    rows = []
    for account in everyone:
        assert account.renews_on is not None
        renews_on, now = account.renews_on, work.now
        row = Brief(account_id=account.id, renews_on=renews_on, days_before=0, at=now)
        known = work.tx.add_once(row) or briefs.lock_undecided_row(work.tx, account)
        known.at = now
        ago = (today - renews_on).days
        rows.append(messages.UndecidedRenewal(account.id, account.name, renews_on, ago))
    mark = message_marks.fingerprint(
        work.tx, "undecided", to, f"{work.now:%G-%V}", *(row.account for row in rows)
    )
    if message_marks.pop(work.tx, mark) is not None:
        return
    key = f"undecided:{to}:{int(work.now.timestamp())}"
    post(work, to, messages.undecided(rows), kind="undecided", key=key, marks=(mark,))


def ask_for_gap(work: Work, brief_id: int, gap: str) -> Touchpoint | None:
    """Asks the department that owns a gap; None when nothing is missing any more, which the brief
    then shows. Raises `UserError` when it was asked already."""
    brief = work.tx.get(Brief, brief_id)
    account = accounts.by_id(work.tx, brief.account_id) if brief else None
    if brief is None or account is None or account.archived_at is not None:
        raise UserError("That renewal is no longer ahead, so nobody was asked.")
    term = terms.current_term(work.tx, account)
    since = term.began_at if term else None
    known = {each.key: each for each in facts.list_gaps(work, brief, account, since)}.get(gap)
    if known is None:
        _update_brief(work, account, brief)
        return None
    if known.state != "missing":
        raise UserError(f"{plain(known.owner)} is asked already; the answer comes into the brief.")
    key = facts.gap_key(brief, gap)
    owner = facts.gap_owner(work.playbook, gap)
    kind, dot, _ = gap.partition(".")
    title, words, helps = _ASKS[kind + dot]
    before = briefs.asked_touchpoints(work.tx, account.id, [key]).get(key)
    asked = plan_custom(
        work.tx,
        account,
        kind=KIND,
        key=key,
        owner=owner,
        title=title,
        ask=f"{words} They decide again by {day(brief.renews_on)}.",
        helps=helps,
        due_at=work.playbook.calendar(owner).next_open(work.now),
        now=work.now,
        occurrence=before.occurrence + 1 if before else 1,
    )
    detail = {"gap": gap, "owner": owner, "renews_on": brief.renews_on.isoformat()}
    audit_action(work, account, "brief.asked", detail)
    _update_brief(work, account, brief)
    return asked


def update_gap(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Shows what became of a gap in the newest brief; an answer in words is posted as a reply."""
    if touchpoint.kind != KIND:
        return
    renews_on = date.fromisoformat(touchpoint.play.rpartition(":")[2])
    brief = briefs.lock_newest(work.tx, account.id, renews_on)
    if brief is None or brief.message_id is None:
        return
    view = _update_brief(work, account, brief)
    gap = {facts.gap_key(brief, each.key): each for each in view.gaps}.get(touchpoint.play)
    root = pending.lock_message(work.tx, brief.message_id)
    if gap is None or touchpoint.state != "done" or not touchpoint.note or root is None:
        return
    key = f"gap-answer:{touchpoint.id}:{touchpoint.version}"
    message = messages.answer_message(view, gap)
    post(work, root.lane, message, kind="answer", key=key, thread_of=brief.message_id)


def _update_brief(work: Work, account: Account, brief: Brief) -> messages.Brief:
    work.tx.flush()
    view = facts.build(work, brief, account)
    update_message(work, brief.message_id, messages.brief(view))
    return view
