"""The sentences of the weekly digest, each made of facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.messages.digests import postponed
from bot.messages.digests.facts import (
    DepartmentWeek,
    Digest,
    MoveNews,
    OpenTouchpoint,
    RenewalNews,
    UnsentNudges,
)
from bot.messages.facts.standing import count_parts
from bot.messages.kit.money import stake
from bot.messages.kit.text import join_lines, more_line, plain
from bot.messages.reasons.watch import risk_counts
from bot.rules.text.words import cut, plural

MAX_UNSENT = 5

_MAX_NAME_LENGTH = 60
_MAX_REASON_LENGTH = 100
_TITLES = {"company": "All of us this week", "manager": "Your week"}
_REASON_TEXTS = {
    "is_archived": "the channel is archived. Unarchive it, or name another one",
    "not_in_channel": "I am not in that channel. `/invite @Linchpin` there",
    "channel_not_found": "I cannot see that channel. `/invite @Linchpin` there",
    "shared_outside": "people outside the company read that channel. Name another one",
    "user_disabled": "that person has left Slack. Give their accounts to somebody else",
    "user_not_found": "that person has left Slack. Give their accounts to somebody else",
    "expired": "they had waited too long to be of use",
    "held": "nobody can tell whether they arrived. `/linchpin status` asks you to decide",
}
_OTHER_REASON_TEXT = "Slack refused them ({why}). `/linchpin status` tells more"


def headline(facts: Digest) -> str:
    """One sentence: what matters this week, with numbers."""
    title = _TITLES.get(facts.kind, f"{short_name(facts.whose)} this week")
    if facts.for_deputy:
        title = f"{short_name(facts.whose)}'s week, while you cover"
    late = f" (late, for the week of {short_day(facts.late_for)})" if facts.late_for else ""
    if facts.is_quiet:
        if facts.unknown_dates:
            rest = f"nothing waits, no renewal known within 90 days. {facts.unknown_dates}"
        else:
            rest = "nothing waits, nothing renews within 90 days, nothing is at risk. A quiet week."
        return f"*{title}*{late}: {rest}"
    return f"*{title}*{late}: {_join_words(_headline_parts(facts))}."


def needs_title(facts: Digest) -> str:
    if facts.kind == "company":
        return "*Most in need of somebody*"
    more = facts.counts.open + facts.counts.later - len(facts.needs)
    rest = f" · the first {len(facts.needs)}, {more:,} more: {facts.command}" if more > 0 else ""
    return ("*Needs you*" if facts.kind == "manager" else "*Needs somebody*") + rest


def needs_lines(facts: Digest) -> list[str]:
    """What needs somebody, as plain lines."""
    if not facts.needs:
        return []
    return [needs_title(facts), *("• " + need(row, " · ") for row in facts.needs)]


def need(row: OpenTouchpoint, between: str) -> str:
    """An open touchpoint: what, who has it or how long it has waited, how near a renewal is."""
    told = [row.owner, row.standing.words()]
    if row.renews_in is not None:
        told.append(f"renews {_in_days(row.renews_in)}")
    what = f"*{short_name(row.account)}* · {plain(cut(row.title, _MAX_NAME_LENGTH))}"
    return what + between + " · ".join(filter(None, told))


def renewals(facts: Digest) -> str:
    """Grouped by how near they are; those whose date is not known are counted."""
    rows: list[str] = []
    for group in facts.renewals:
        if group.count:
            span = f"In {group.first} to {group.last} days"
            span = span if group.first else f"Within {group.last} days"
            rows.append(f"_{span}: {plural(group.count, 'account')}_")
            rows += ["• " + renewal(row, facts.kind == "manager") for row in group.soonest]
            rows.append(more_line(group.count - len(group.soonest), f": {facts.command}"))
    rows += [facts.unknown_dates] if facts.unknown_dates else []
    return join_lines("*Renewals*", *rows) if rows else ""


def not_known(facts: Digest) -> str:
    """The renewals of which not enough is known, each with what is missing: no risks."""
    if not facts.not_known_count:
        return ""
    of = f"{facts.not_known_count:,} of {plural(facts.renewing, 'renewal')} within 90 days"
    rows = [f"• *{short_name(account)}*: {missing}" for account, missing in facts.not_known]
    more = more_line(facts.not_known_count - len(rows))
    return join_lines(f"*Not known enough: {of}*", *rows, more)


def renewal(row: RenewalNews, own: bool) -> str:
    """An account that renews; `own` leaves out the manager, who is the reader."""
    who = f" · {short_name(row.manager)}" if row.manager and not own else ""
    who = who if row.manager else " · no manager"
    late = f" · {plural(row.overdue, 'touchpoint')} overdue" if row.overdue else ""
    at_stake = stake(row.worth, " · ")
    when = f"{_in_days(row.days)}, {short_day(row.on)}{at_stake}"
    return f"*{short_name(row.account)}* {when}{who}{late}"


def moves(facts: Digest) -> str:
    if not facts.moves:
        return ""
    title = f"*Moves* · {facts.moves_count:,} since {short_day(facts.since)}"
    rows = ["• " + move(row) for row in facts.moves]
    return join_lines(title, *rows, more_line(facts.moves_count - len(rows), ": `/stage`"))


def done(facts: Digest) -> str:
    """What was done, and thanks to who did it."""
    counts = [f"{plural(facts.done, 'touchpoint')} done"] if facts.done else []
    counts += [f"{plural(facts.logged, 'interaction')} logged"] if facts.logged else []
    noted = plural(facts.noted, "value or favour", "values and favours")
    counts += [f"{noted} noted"] if facts.noted else []
    counts += [f"{facts.skipped:,} skipped"] if facts.skipped else []
    if not counts:
        return ""
    return f"*Done* since {short_day(facts.since)} · {_join_words(counts)}.{_thanks(facts)}"


def departments_text(facts: Digest) -> str:
    rows = [_department_line(team) for team in facts.teams]
    return "\n".join(["*Departments*", *rows]) if rows else ""


def unsent(facts: Digest) -> str:
    """What did not reach anybody, and why."""
    rows = ["• " + _unsent(row) for row in facts.unsent[:MAX_UNSENT]]
    rows.append(more_line(len(facts.unsent) - MAX_UNSENT, ": `/linchpin status`"))
    if facts.without_manager:
        went = plural(facts.without_manager, "account has", "accounts have")
        rows.append(
            f"• {went} no manager, so what a manager would be asked went to "
            f"{short_name(facts.stand_in)}. `/account NAME manager @person` gives one."
        )
    rows += postponed.postponed_lines(facts.holds, facts.command)
    return join_lines("*Not sent, and why*", *rows) if any(rows) else ""


def footer(facts: Digest) -> str:
    """Where to see more, and how to do without."""
    if facts.kind == "company":
        return "`/stage` shows the board, `/linchpin digest DEPARTMENT` a department's week."
    if facts.kind == "department":
        return f"{facts.command} lists all that is open."
    return f"{facts.command} lists all that is open. Not for you? `/linchpin settings digest off`"


def fit(text: str, limit: int) -> str:
    """As many whole lines as fit; a mention or an escaped sign is never cut in two."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1].rpartition("\n")[0]
    return f"{kept}\n…" if len(kept) + 2 <= limit else kept


def short_name(words: str) -> str:
    """A name written by strangers, on one line and not too long."""
    return _cut_line(words, _MAX_NAME_LENGTH)


def _cut_line(words: str, limit: int) -> str:
    return plain(cut(" ".join(words.split()), limit))


def short_day(value: date) -> str:
    return f"{value:%a} {value.day} {value:%b}"


def _headline_parts(facts: Digest) -> list[str]:
    told = count_parts(replace(facts.counts, planned=0))
    told += _renewing_counts(facts) + risk_counts(facts.watch)
    late = sum(line.standing == "overdue" for line in facts.promises)
    if late:
        told.append(plural(late, "promise is overdue", "promises are overdue"))
    if told or not facts.done:
        return told or ["nothing waits"]
    return ["nothing waits", f"{plural(facts.done, 'touchpoint was', 'touchpoints were')} done"]


def _renewing_counts(facts: Digest) -> list[str]:
    near = next((group for group in facts.renewals if group.count), None)
    if near is None:
        return []
    first = near.soonest[0] if near.soonest else None
    if near.count == 1 and first is not None:
        return [f"{short_name(first.account)} renews {_in_days(first.days)}"]
    return [f"{near.count:,} accounts renew within {near.last} days"]


def move(row: MoveNews) -> str:
    by = f" · {short_name(row.by)}" if row.by else ""
    because = f", because {_cut_line(row.reason, _MAX_REASON_LENGTH)}" if row.reason else ""
    way = f"{short_name(row.before)} → {short_name(row.after)}"
    return f"*{short_name(row.account)}*: {way}{because}{by}"


def _department_line(team: DepartmentWeek) -> str:
    counts = count_parts(replace(team.counts, planned=0, oldest=0))
    counts += [f"{team.done:,} done"] if team.done else []
    return f"• {short_name(team.name)}: {', '.join(counts) or 'nothing open'}"


def _unsent(row: UnsentNudges) -> str:
    other = _OTHER_REASON_TEXT.format(why=plain(cut(row.why, _MAX_REASON_LENGTH)))
    why = _REASON_TEXTS.get(row.why, other)
    return f"{plural(row.count, 'nudge')} to {row.place}: {why}."


def _thanks(facts: Digest) -> str:
    """Who did how much; with the others it adds up to what was counted."""
    if not facts.thanks:
        return ""
    names = [f"{short_name(who)} ({count:,})" for who, count in facts.thanks]
    rest = facts.done + facts.logged + facts.noted - sum(count for _, count in facts.thanks)
    more = f" and {plural(facts.others, 'other')} ({rest:,})" if facts.others else ""
    return f" Thank you {', '.join(names)}{more}."


def _in_days(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {plural(days, 'day')}")


def _join_words(told: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
