"""Answers to what people ask of many accounts: all, mine, somebody's, a department's."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from bot.actions.digests.portfolio import account_rows
from bot.actions.facts.days import today as today_of
from bot.actions.facts.gap_lines import missing_lines
from bot.actions.facts.renewal_dates import list_unknown_dates
from bot.actions.members.away import absence_view
from bot.actions.promises.promises import promise_lines
from bot.actions.reasons.reasons import Watch, WatchedAccount, list_reasons, list_watched
from bot.actions.touchpoints.labels import person_name
from bot.actions.views.timeline import logged_events
from bot.handlers.base.request import Request
from bot.handlers.home import next
from bot.handlers.sentences.whose import managed, scope, whose
from bot.messages.answers import asked as messages
from bot.messages.digests.portfolio import AccountRow
from bot.messages.facts.gaps import not_recorded_text
from bot.messages.facts.known import MAX_UNKNOWN, unknown_dates_text
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain, short
from bot.messages.members.away import cover_line
from bot.messages.promises import promise as promise_messages
from bot.messages.reasons.reasons import reason_text
from bot.rules.facts.live import exit_stages
from bot.rules.language.reading import Reading
from bot.rules.reasons import SOON_DAYS
from bot.rules.terms import is_customer
from bot.rules.text.words import plural
from db.accounts import asked
from db.contracts import contracts
from db.members import away
from db.promises import promises
from db.reasons import reasons
from db.workspace import departments

#: So many rows are looked through and added up.
_MOST = 500
_MOST_LISTED = 100
_NO_MANAGER = re.compile(r"\b(?:without|no|any) (?:an? )?(?:manager|owner)\b")
_GAPS = re.compile(r"\b(?:missing|gaps?|without|unknown|incomplete|known?|ready|prepared)\b")


def renewals(request: Request, reading: Reading) -> Message:
    """Which accounts renew in a span, 90 days where none is named, or should have."""
    work, asked_for, today = request.work, scope(request, reading), today_of(request.work)
    where = managed(request, asked_for)
    first = max(asked_for.since or today, today)
    last = asked_for.until or today + timedelta(days=SOON_DAYS)
    when = messages.when_text(first, last) if asked_for.when else f" within {SOON_DAYS} days"
    if asked_for.is_late:
        stages = [s.key for s in request.playbook.stages if is_customer(request.playbook, s.key)]
        where.append(asked.is_in(stages))
        first, last, when = date.min, today - timedelta(days=1), " overdue"
    exits = exit_stages(request.playbook)
    rows = reasons.list_renewing(work.tx, exits, first, last, *where, limit=_MOST)
    currency = request.playbook.value.currency
    stakes = contracts.stakes(work.tx, rows, currency)
    no_date = list_unknown_dates(work, MAX_UNKNOWN, *where)
    which = f"{whose(request, asked_for)}{when}"
    count = messages.count_text(len(rows), _MOST, "renewal")
    return messages.renewals(
        f"*{count}{which}*" if rows else f"No renewal{which} is recorded",
        _told(request, rows[: messages.MAX_ROWS], gaps=bool(_GAPS.search(reading.sentence.masked))),
        [stakes.get(row.id) for row in rows],
        currency,
        unknown_dates_text([row.name for row in no_date], no_date[0].total) if no_date else "",
    )


def risks(request: Request, reading: Reading) -> Message:
    """Who is at risk and why."""
    work, asked_for, today = request.work, scope(request, reading), today_of(request.work)
    where, reader = managed(request, asked_for), request.speaker.user_id
    is_soon = asked.renews_between(today, today + timedelta(days=SOON_DAYS))
    near = list_watched(work, *where, is_soon, limit=_MOST_LISTED)
    far = list_watched(work, *where, asked.is_not(is_soon), limit=_MOST_LISTED)
    soon = [each.account for each in near.at_risk]
    later = [each.account for each in far.later]
    return messages.risks(
        whose(request, asked_for),
        account_rows(work, soon[: messages.MAX_RISKS], near, reader),
        account_rows(work, later[: messages.MAX_RISKS], far, reader),
        [
            messages.count_text(len(soon), _MOST_LISTED, "renewal") + " within 90 days",
            messages.count_text(len(later), _MOST_LISTED, "account") + " later" if later else "",
        ],
        [
            (each.account.name, reason_text(each.reasons[0], work.playbook, today))
            for each in (*near.others, *far.others)[:3]
        ],
    )


def complaints(request: Request, reading: Reading) -> Message:
    """The open complaints and tickets, of an account too."""
    asked_for, account = scope(request, reading), reading.named
    where = managed(request, asked_for)
    of_whom = whose(request, asked_for)
    if account is not None:
        where, of_whom = [asked.is_account(account.value)], f" of {plain(account.name)}"
    found = asked.list_complaints(request.tx, _MOST_LISTED, *where)
    told = [(name, logged_events(request.tx, [row])[0].line()) for row, name in found]
    lines = [f"• *{short(name)}* {line.removeprefix('• ')}" for name, line in told]
    what = "open complaint or ticket", "open complaints and tickets"
    count = messages.count_text(len(found), _MOST_LISTED, *what)
    return messages.listed(
        f"{count}{of_whom}" if found else f"No {what[0]}{of_whom} is recorded.", lines
    )


def due(request: Request, reading: Reading) -> Message:
    """What is due, late or planned: the list of `/next` for the same words."""
    asked_for, account = scope(request, reading), reading.named
    ours = departments.of_member(request.tx, request.playbook, request.speaker)
    person = reading.part("member")
    words = [f"<@{person.value}>" if person else "", asked_for.department or ""]
    if account is not None:
        words.append(f"id:{account.value}")
    elif not any(words):
        mine = asked_for.user is not None
        words.append("mine" if mine else (ours or "") if asked_for.is_ours else "")
    when = [asked_for.when] if asked_for.when else []
    words += ["overdue"] if asked_for.is_late else []
    return next.handle(replace(request, text=" ".join(filter(None, [*words, *when]))))


def open_promises(request: Request, reading: Reading) -> Message:
    """Open promises: all, mine, a person's, a department's, those overdue, those of a span."""
    asked_for = scope(request, reading)
    where: list[Any] = []
    first, last = asked_for.since, asked_for.until
    if asked_for.is_late:
        first, last = None, today_of(request.work) - timedelta(days=1)
    if first or last:
        where.append(promises.is_due(first, last))
    if asked_for.user:
        where.append(promises.is_kept_by(asked_for.user))
    if asked_for.department:
        where.append(promises.is_kept_by_department(asked_for.department))
    found = promises.list_some_open(request.tx, _MOST_LISTED, *where)
    when = " overdue" if asked_for.is_late else messages.when_text(first, last)
    which = f"{whose(request, asked_for, of_accounts=False)}{when}"
    count = messages.count_text(len(found), _MOST_LISTED, "open promise")
    head = f"{count}{which}" if found else f"No open promise{which} is recorded."
    lines = promise_lines(request.work, found[: messages.MAX_ROWS])
    return promise_messages.open_message(head, lines)


def accounts_of(request: Request, reading: Reading) -> Message:
    """Whose accounts are which, stage by stage."""
    asked_for = scope(request, reading)
    nobodys = _NO_MANAGER.search(reading.sentence.masked)
    where = [asked.has_no_manager()] if nobodys else managed(request, asked_for)
    rows = asked.list_live(request.tx, exit_stages(request.playbook), _MOST, *where)
    count = plural(rows[0].total if rows else 0, "account")
    if nobodys:
        head = f"*{count} without a manager*"
    elif asked_for.user == request.speaker.user_id:
        head = f"*You manage {count}*"
    elif asked_for.user:
        head = f"*{person_name(request.work, asked_for.user)} manages {count}*"
    else:
        head = f"*{count}{whose(request, asked_for)}*"
    order = [stage.key for stage in request.playbook.stages]
    rows.sort(key=lambda row: order.index(row.stage) if row.stage in order else -1)
    stages = [
        (request.playbook.stage_name(key), [row.name for row in some])
        for key, some in groupby(rows, key=lambda row: row.stage)
    ]
    return messages.accounts(head, stages, (rows[0].total if rows else 0) - len(rows))


def who_is_away(request: Request, reading: Reading) -> Message:
    """Who is away now or soon, and who covers."""
    person = reading.part("member")
    found = away.list_all(request.tx, 50)
    if person is not None:
        found = [each for each in found if person.value in (each.user_id, each.cover_id)]
    lines = [f"• {cover_line(absence_view(request.work, each))}" for each in found]
    nobody = person_name(request.work, person.value) if person else "Nobody"
    none = f"{nobody} is {'not ' if person else ''}away, and nothing is planned."
    return text_message("\n".join(lines) if lines else none)


def _rows(request: Request, rows: list[Any]) -> list[Any]:
    """Accounts as the reader is told of them, with what is known against them."""
    work = request.work
    known = list_reasons(work, rows)
    watched = [WatchedAccount(row, known[row.id]) for row in rows if row.id in known]
    return account_rows(work, rows, Watch(watched, [], []), request.speaker.user_id)


def _told(request: Request, rows: list[Any], *, gaps: bool) -> list[tuple[AccountRow, str]]:
    """Accounts as the reader is told of them, each with the gravest reason and its gaps."""
    work, known = request.work, list_reasons(request.work, rows)
    watched = [WatchedAccount(row, known[row.id]) for row in rows if row.id in known]
    lines = missing_lines(work, rows) if gaps else {}
    missing = {key: not_recorded_text(found) for key, found in lines.items()}
    return [
        (row, " · ".join(filter(None, (*row.risks[:1], missing.get(row.id)))))
        for row in account_rows(work, rows, Watch(watched, [], []), request.speaker.user_id)
    ]
