"""The pieces that messages are put together from, each within Slack's limits.

Limits: docs.slack.dev/reference/block-kit (section 3000 characters, context 10 elements, button
text 75 and value 2000); a message's own text is kept under 4000.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.messages.kit.message import Message
from bot.rules.text.words import cut, escape

MAX_SECTION_LENGTH = 3000
MAX_TEXT_LENGTH = 4000
MAX_HEADER_LENGTH = 150
MAX_BUTTON_LENGTH = 75
# Shown around the signs of Slack's markup so that an account called *Co* stays as it is written.
_JOINER = "\u2060"
_MARKUP = str.maketrans({sign: f"{_JOINER}{sign}{_JOINER}" for sign in "*_~`"})
_PROTECTED = re.compile(f"{_JOINER}([*_~`]){_JOINER}")
_BOLD = re.compile(r"\*([^*\n]+)\*")
# What a cut may leave of a link, a mention or an escaped sign.
_CUT_MARKUP = re.compile(r"(?:<[^<>]*|&[a-z]{0,4})?…$")
# Words that mean something else where an account's name is expected.
_RESERVED = frozenset(("add", "help", "me", "mine", "next"))


def plain(words: str) -> str:
    """Words of strangers as text: no mention, link or style can hide in them."""
    return escape(words.translate(_MARKUP)) if set(words) & set("*_~`&<>") else words


def short(words: str, limit: int = 80) -> str:
    """The same, no longer than `limit` signs as Slack counts them: an escaped & is five."""
    kept = cut(words, limit)
    while len(plain(kept)) > limit:
        kept = cut(kept, max(1, len(kept) - 1 - (len(plain(kept)) - limit) // 5))
    return plain(kept)


def quoted(name: str) -> str:
    """A name as it is typed in a command that stands in backticks: in quotes where it needs them.

    Quotes inside a name do not count when it is looked for, so those in the way are left out.
    """
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


def when(moment: datetime) -> str:
    """A time, shown to each reader in their own zone."""
    fallback = f"{moment:%a} {moment.day} {moment:%b %H:%M} UTC"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"


def on(moment: datetime) -> str:
    """The day of a time, in each reader's zone."""
    fallback = f"{moment:%a} {moment.day} {moment:%b}"
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}|{fallback}>"


def day(value: date, today: date | None = None) -> str:
    """A calendar day: "Tue 24 Nov 2026", without the year if it is the one of `today`."""
    shown = f"{value:%a} {value.day} {value:%b}"
    return shown if today is not None and value.year == today.year else f"{shown} {value.year}"


def example_day(today: date) -> str:
    """A day to type in an example, which must not be past: the first end of a quarter that is at
    least 90 days ahead. "2027-03-31"."""
    ahead = today + timedelta(days=90)
    month = ahead.month + (-ahead.month) % 3
    return f"{ahead.year}-{month:02}-{monthrange(ahead.year, month)[1]}"


def mention(user_id: str) -> str:
    return f"<@{user_id}>"


def section(text: str, accessory: InteractiveElement | None = None) -> SectionBlock:
    return SectionBlock(text=_markup(text), accessory=accessory)


def text_message(text: str, hint: str | None = None) -> Message:
    """A message of one section, and a small line below it if there is a `hint`."""
    if hint is None:
        return Message(unstyled(text), (section(text),))
    return Message(unstyled(f"{text}\n{hint}"), (section(text), context(hint)))


def context(*texts: str) -> ContextBlock:
    return ContextBlock(elements=[_markup(text) for text in texts])


def _markup(text: str) -> MarkdownTextObject:
    # Verbatim: Slack would make mentions of "@channel" and links of words that people typed.
    return MarkdownTextObject(text=cut_markup(text, MAX_SECTION_LENGTH), verbatim=True)


def header(text: str) -> HeaderBlock:
    return HeaderBlock(text=PlainTextObject(text=cut(text, MAX_HEADER_LENGTH), emoji=True))


def divider() -> DividerBlock:
    return DividerBlock()


def button(label: str, action_id: str, value: str, style: str | None = None) -> ButtonElement:
    return ButtonElement(
        text=PlainTextObject(text=cut(label, MAX_BUTTON_LENGTH), emoji=True),
        action_id=action_id,
        value=value,
        style=style,
    )


def actions(*buttons: InteractiveElement) -> ActionsBlock:
    return ActionsBlock(elements=list(buttons))


def limit_lines(rows: Iterable[str], most: int, rest: str) -> str:
    """Rows one below the other; past `most` one line tells how many more, and how to see them.

    `rest` has `{n}` where the number goes: "… and {n} more: `/next sales`".
    """
    rows = list(rows)
    shown = rows[:most]
    if len(rows) > most:
        shown.append(rest.format(n=len(rows) - most))
    return "\n".join(shown)
