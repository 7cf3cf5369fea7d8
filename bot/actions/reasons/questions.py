"""The touchpoints that reasons plan: of silent departments, and of value that has not grown."""

from __future__ import annotations

from bot.actions.touchpoints.plays import plan_custom
from bot.actions.touchpoints.routing import owner_calendar
from bot.actions.work import Work
from bot.messages.accounts.value import currency_note, measured_text
from bot.messages.kit.text import day, plain
from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.reasons import Reason
from bot.rules.text.words import plural
from bot.rules.value import measure_terms
from db.accounts import value
from db.models import Account, Touchpoint
from db.reasons import reasons
from db.reasons.reasons import SILENCE_KIND, VALUE_KIND
from db.terms import terms

_SILENCE_HELPS = "They decide about the whole company, and hear from each department."
_VALUE_TITLE = "Compare its value with the last term"
_VALUE_HELPS = "They see what they got before they decide."
TOUCHPOINT_KINDS = {"silent": SILENCE_KIND, "value": VALUE_KIND}


def question_key(reason: Reason) -> str | None:
    """What the touchpoint that a reason plans is known by; None for a reason that plans none."""
    kind = TOUCHPOINT_KINDS.get(reason.kind)
    return f"{kind}:{reason.key}" if kind is not None else None


def question_owner(playbook: Playbook, reason: Reason) -> str:
    """Who is asked: the silent department, or whom the playbook names for value."""
    if reason.kind == "silent":
        return reason.key
    owner = playbook.value.ask
    known = owner == MANAGER or owner in playbook.departments
    return owner if known else playbook.without_manager


def ask(work: Work, account: Account, reason: Reason) -> bool:
    """Plans the touchpoint of a reason; False where nothing is asked, as a play asks for value."""
    if reason.kind == "value" and _play_asks_for_value(work, account):
        return False
    key, owner = question_key(reason), question_owner(work.playbook, reason)
    assert key is not None
    title, text, helps = _words(work, account, reason)
    planned = plan_custom(
        work,
        account,
        kind=TOUCHPOINT_KINDS[reason.kind],
        key=key,
        owner=owner,
        title=title,
        ask=text,
        helps=helps,
        due_at=owner_calendar(work.tx, work.playbook, owner, account).next_open(work.now),
        occurrence=reasons.count_asked(work.tx, account.id, key) + 1,
    )
    planned.records = "value" if reason.kind == "value" else "note"
    return True


def settled_text(playbook: Playbook, touchpoint: Touchpoint) -> str:
    """Why a question is no longer needed."""
    if touchpoint.kind == VALUE_KIND:
        return "its value has grown, or the term is over"
    department = playbook.departments.get(touchpoint.owner)
    if department is None or touchpoint.owner not in playbook.participation.silent_after:
        return "the playbook no longer asks for it"
    return f"{plain(department.name)} has been in touch, or the account has moved on"


def _words(work: Work, account: Account, reason: Reason) -> tuple[str, str, str]:
    """(title, what is asked, which decision it helps)."""
    if reason.kind == "value":
        return _VALUE_TITLE, _value_question(work, account, int(reason.key)), _VALUE_HELPS
    name = plain(work.playbook.departments[reason.key].name)
    long = plural(reason.days, "day")
    text = (
        f"{name} was not in touch with {{account}} for {long}. "
        "Show a result, ask a question, or warn them of something."
    )
    return f"Get in touch: {name} silent for {long}", text, _SILENCE_HELPS


def _value_question(work: Work, account: Account, number: int) -> str:
    tallies = value.account_tallies(work.tx, account.id)
    last, this = measure_terms(tallies, (number - 1, number))
    until = f", which ends {day(account.renews_on)}" if account.renews_on else ""
    before = f" Term {last.term} gave them: {measured_text(last)}." if last.term else ""
    return (
        f"Two thirds of term {this.term} are over{until}. It gave {{account}} so far: "
        f"{measured_text(this)}.{before} {currency_note(this.currency)} Ask them for one thing "
        "it gave them lately, or to confirm our estimate."
    )


def _play_asks_for_value(work: Work, account: Account) -> bool:
    """Whether a play that asks for value is open, or was done in this term."""
    term = terms.current_term(work.tx, account)
    since = term.began_at if term is not None else work.now
    plays = (
        work.playbook.play(row.stage, row.play)
        for row in reasons.list_plays_since(work.tx, account.id, since)
    )
    return any(play is not None and play.records == "value" for play in plays)
