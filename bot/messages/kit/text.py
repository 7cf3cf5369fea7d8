"""The words of messages: what strangers wrote as plain text, days, mentions, cut lists."""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from bot.rules.playbook.playbook import MANAGER, Playbook
from bot.rules.text.words import cut, escape, format_date

MAX_TEXT_LENGTH = 4000
# Shown around the signs of Slack's markup so that an account called *Co* stays as it is written.
_JOINER = "\u2060"
_MARKUP = str.maketrans({sign: f"{_JOINER}{sign}{_JOINER}" for sign in "*_~`"})
_PROTECTED = re.compile(f"{_JOINER}([*_~`]){_JOINER}")
_BOLD = re.compile(r"\*([^*\n]+)\*")
# What a cut may leave of a link, a mention or an escaped sign.
_CUT_MARKUP = re.compile(r"(?:<[^<>]*|&[a-z]{0,4})?…$")
# Words that mean something else where an account's name is expected.
_RESERVED = frozenset(("add", "help", "me", "mine", "next"))


class _Days(NamedTuple):
    """How days are told: the year of `today` is left out, times are in `zone`."""

    today: date | None
    zone: tzinfo
    many_zones: bool


NO_DAYS = _Days(None, UTC, False)
DAYS: ContextVar[_Days] = ContextVar("days", default=NO_DAYS)


def plain(words: str) -> str:
    """User-typed words as plain text: without mentions, links and styles."""
    return escape(words.translate(_MARKUP)) if set(words) & set("*_~`&<>") else words


def short(words: str, limit: int = 80) -> str:
    """`plain` words of at most `limit` characters as Slack counts them: an escaped & is five."""
    kept = cut(words, limit)
    while len(plain(kept)) > limit:
        kept = cut(kept, max(1, len(kept) - 1 - (len(plain(kept)) - limit) // 5))
    return plain(kept)


def quoted(name: str) -> str:
    """A name as it is typed in a command in backticks: with quotes where it needs them. Quotes
    inside a name do not count when it is looked for, so those in the way are left out."""
    name = name.replace("`", "'")
    if any(sign.isspace() for sign in name) or name.casefold() in _RESERVED:
        name = '"' + re.sub('["“”]', "", name) + '"'
    return escape(name)


def unstyled(markup: str) -> str:
    """Markup as a notification or a screen reader gets it: no stars around what is bold."""
    kept = _PROTECTED.sub(lambda sign: chr(0xE000 + ord(sign[1])), markup)
    # Every second part stands in backticks: what is typed is left as it is.
    parts = [p if n % 2 else _BOLD.sub(r"\1", p) for n, p in enumerate(kept.split("`"))]
    bare = re.sub("[\ue000-\ue07f]", lambda sign: chr(ord(sign[0]) - 0xE000), "`".join(parts))
    return cut_markup(bare, MAX_TEXT_LENGTH)


def unstyled_list(head: str, rows: Iterable[str], rest: str, joint: str = "\n") -> str:
    """A list as text; however long its names are, `rest` tells at the end what is left out."""
    listed = cut_markup(joint.join(rows), MAX_TEXT_LENGTH - len(head) - len(rest) - 4)
    return unstyled("\n".join(filter(None, (head, listed, rest))))


def cut_markup(markup: str, limit: int) -> str:
    """Markup within a limit; a link or an escaped sign is not cut in two."""
    if len(markup) <= limit:
        return markup
    return _CUT_MARKUP.sub("", cut(markup, limit - 1)) + "…"


def tell_days(playbook: Playbook, now: datetime) -> None:
    """From now on days are told as of this time, in the company's zone."""
    calendar = playbook.calendar(MANAGER)
    many = len({department.timezone for department in playbook.departments.values()}) > 1
    DAYS.set(_Days(calendar.local_date(now), calendar.zone, many))


def when(moment: datetime, zone: tzinfo | None = None) -> str:
    """ "Fri 18 Dec 14:00"; with the zone's letters where departments work in several zones."""
    days = DAYS.get()
    at = moment.astimezone(zone or days.zone)
    return f"{day(at.date())} {at:%H:%M}" + (f" {at:%Z}" if days.many_zones else "")


def on(moment: datetime, zone: tzinfo | None = None) -> str:
    """The day of a time in the company's zone, or in that of whoever does it: "Fri 18 Dec"."""
    return day(moment.astimezone(zone or DAYS.get().zone).date())


def day(value: date, today: date | None = None) -> str:
    """ "Fri 18 Dec", with the year if it is not the one of `today`."""
    return format_date(value, today or DAYS.get().today)


def example_day(today: date) -> str:
    """A day to type in an example: an end of a quarter at least 90 days ahead, "2027-03-31"."""
    ahead = today + timedelta(days=90)
    month = ahead.month + (-ahead.month) % 3
    return f"{ahead.year}-{month:02}-{monthrange(ahead.year, month)[1]}"


def mention(user_id: str) -> str:
    return f"<@{user_id}>"


def one_line(words: str, limit: int) -> str:
    """User-typed words on one line, cut as `short` does."""
    return short(" ".join(words.split()), limit)


def join_lines(*lines: str) -> str:
    """The lines that are not empty, one below the other."""
    return "\n".join(filter(None, lines))


def limit_lines(rows: Iterable[str], most: int, hint: str = "") -> str:
    """Rows one below the other; past `most` one line has how many more, and then `hint`."""
    rows = list(rows)
    return join_lines(*rows[:most], more_line(len(rows) - most, hint))


def bullet_list(rows: Iterable[str], most: int, hint: str = "") -> str:
    """`limit_lines` with a bullet before each row."""
    return limit_lines((f"• {row}" for row in rows), most, hint)


def limit_names(names: Sequence[str], most: int, total: int | None = None) -> str:
    """ "Acme, Initech and 3 more": the first `most` names, of `total` if given."""
    more = (len(names) if total is None else total) - len(names[:most])
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def share_out(rows: Sequence[str], most: int) -> list[str]:
    """The rows in at most `most` texts, each of the same number of rows."""
    size = -(-len(rows) // most)
    return ["\n".join(rows[start : start + size]) for start in range(0, len(rows), size)]


def more_line(count: int, hint: str = "") -> str:
    """ "… and 1,200 more: `/stage`", with `hint` behind "more"; empty when none is left out."""
    return f"… and {count:,} more{hint}" if count > 0 else ""


def join_words(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
