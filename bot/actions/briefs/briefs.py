"""Posts the briefs before renewals, asks for what is missing in them, and brings in the answers."""

from __future__ import annotations

from datetime import date

from bot.actions.audit import audit_action
from bot.actions.briefs import facts
from bot.actions.facts import gap_lines
from bot.actions.outgoing import post, update_message
from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.quotes import tell_quoted
from bot.actions.touchpoints.routing import (
    MANAGER,
    acting_lead,
    owner_calendar,
    resolve_delegate,
)
from bot.actions.work import Work
from bot.messages.briefs import brief as messages
from bot.messages.kit.text import day, plain
from bot.rules import briefs as rules
from bot.rules.errors import UserError
from bot.rules.facts import gaps as gap_rules
from bot.rules.facts.live import is_live
from bot.rules.playbook.playbook import Playbook
from db import outbox
from db.accounts import accounts
from db.briefs import briefs
from db.core.tx import Tx
from db.models import Account, Brief, Touchpoint
from db.outbox import pending
from db.touchpoints import message_marks
from db.workspace import departments

KIND = "gap"
#: The key of a gap -> title, what is asked, and how the answer helps, where no play asks for it.
_ASKS = {
    gap_rules.VALUE: (
        "Ask for one result they confirm",
        "Ask {account} for one thing it gave them this term, in their own number.",
        "They weigh what they have confirmed themselves.",
    ),
    gap_rules.ALTERNATIVES: (
        "Ask what else they could choose",
        "Ask {account} what they would choose if they chose today, doing nothing included.",
        "They can compare the alternatives while there is time.",
    ),
    gap_rules.DECIDER: (
        "Ask who decides there",
        "Ask {account} who decides, and who else has a say.",
        "Those who decide hear it themselves, not through others.",
    ),
    gap_rules.CONTACT: (
        "Record who uses it and who decides there",
        "Record who at {account} uses it, who decides and who pays, by name.",
        "Those who decide hear it themselves, not through others.",
    ),
    gap_rules.TOUCH: (
        "Get in touch with them",
        "Ask {account} how it goes, and write down in one line what they say.",
        "They decide knowing that we know how it goes.",
    ),
    gap_rules.DECISION_DATE: (
        "Agree when they decide",
        "Agree with {account} who decides, and by when.",
        "They decide before the date passes.",
    ),
    gap_rules.RISK: (
        "Look for what could make them say no",
        "Look at what {account} complained about, waits for and no longer uses.",
        "They hear of trouble from us first.",
    ),
}


def find_reader(tx: Tx, playbook: Playbook, manager_id: str | None) -> str | None:
    """Who reads of a renewal: the manager or their cover, else the lead, else the channel."""
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
    message = messages.brief(facts.build(work, row, account, to))
    row.message_id = post(work, to, message, kind="brief", key=key, marks=(mark,))
    tell_quoted(work, account, message.text, "the brief on", to)
    return True


def ask_for_gap(work: Work, brief_id: int, gap: str) -> Touchpoint | None:
    """Asks who owns a gap, None if it is closed; `UserError` where nobody is to be asked."""
    brief = work.tx.get(Brief, brief_id)
    account = accounts.by_id(work.tx, brief.account_id) if brief else None
    if brief is None or account is None:
        raise UserError("That renewal is no longer ahead, so nobody was asked.")
    _require_ahead(work, brief, account)
    view = _update_brief(work, account, brief)
    known = {each.key: each for each in (*view.gaps, view.risk_gap)}.get(gap)
    if known is None:
        return None
    if not known.ask:
        raise UserError(f"{known.line()}. Nobody was asked again.")
    asked = _plan_gap(work, brief, account, gap)
    _update_brief(work, account, brief)
    return asked


def _require_ahead(work: Work, brief: Brief, account: Account) -> None:
    name = plain(account.name)
    if account.archived_at is not None:
        raise UserError(f"{name} is archived, so nobody was asked.")
    if not is_live(work.playbook, account):
        stage = plain(work.playbook.stage_name(account.stage))
        raise UserError(f"{name} has left ({stage}), so nobody was asked.")
    if account.renews_on != brief.renews_on:
        now = f"renews {day(account.renews_on)}" if account.renews_on else "has no renewal date"
        raise UserError(f"{name} {now} now: this brief is about an earlier date. Nobody was asked.")


def _plan_gap(work: Work, brief: Brief, account: Account, gap: str) -> Touchpoint:
    play = gap_lines.find_play(work, account, gap)
    owner = gap_rules.gap_owner(work.playbook, gap, play)
    title, ask, helps = (play.title, play.ask, play.helps) if play else _ASKS[gap]
    key = f"{KIND}:{gap}:{brief.renews_on.isoformat()}"
    before = briefs.asked_touchpoints(work.tx, account.id, [key]).get(key)
    calendar = owner_calendar(work.tx, work.playbook, owner, account)
    asked = plan_custom(
        work,
        account,
        kind=KIND,
        key=key,
        owner=owner,
        title=title,
        ask=ask,
        helps=helps,
        due_at=calendar.next_open(work.now),
        occurrence=before.occurrence + 1 if before else 1,
    )
    asked.records = gap_rules.RECORDS[gap]
    asked.stage = rules.renewal_stage(work.playbook, account.stage)  # whose decision it helps
    detail = {"gap": gap, "owner": owner, "renews_on": brief.renews_on.isoformat()}
    audit_action(work, account, "brief.asked", detail)
    return asked


def update_gap(work: Work, touchpoint: Touchpoint, account: Account) -> None:
    """Shows in the newest brief what a touchpoint brought back, also as a reply if it asked."""
    brief = refresh(work, account) if touchpoint.records is not None else None
    if brief is None:
        return
    answer = touchpoint.answer
    root = pending.lock_message(work.tx, brief.message_id)
    if touchpoint.kind != KIND or touchpoint.state != "done" or not answer or root is None:
        return
    key = f"gap-answer:{touchpoint.id}:{touchpoint.version}"
    message = messages.answer_message(account.name, touchpoint.title, touchpoint.by_user, answer)
    post(work, root.lane, message, kind="answer", key=key, thread_of=brief.message_id)


def refresh(work: Work, account: Account) -> Brief | None:
    """Shows the newest brief about an account's renewal as it is now; None if there is none."""
    on = account.renews_on
    brief = briefs.lock_newest(work.tx, account.id, on) if on else None
    if brief is None or brief.message_id is None:
        return None
    _update_brief(work, account, brief)
    return brief


def close(work: Work, account: Account) -> None:
    """The briefs about the renewal of an account that has left ask nobody any more."""
    on = account.renews_on
    for brief in briefs.lock_all(work.tx, account.id, on) if on else ():
        _update_brief(work, account, brief)


def _update_brief(work: Work, account: Account, brief: Brief) -> messages.Brief:
    work.tx.flush()
    view = load_view(work, account, brief)
    update_message(work, brief.message_id, messages.brief(view))
    return view


def load_view(work: Work, account: Account, brief: Brief) -> messages.Brief:
    """The brief as its reader sees it now."""
    reader = find_reader(work.tx, work.playbook, account.manager_id)
    return facts.build(work, brief, account, reader)
