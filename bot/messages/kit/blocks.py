"""The blocks of messages, each within Slack's limits. Limits: docs.slack.dev/reference/block-kit
(section 3000 characters, context 10 elements, button text 75 and value 2000)."""

from collections.abc import Iterable

from slack_sdk.models import blocks as slack

from bot.messages.kit.message import Message
from bot.messages.kit.text import cut_markup, join_lines, unstyled
from bot.rules.text.words import cut

MAX_SECTION_LENGTH = 3000
MAX_FIELDS = 10
MAX_FIELD_LENGTH = 1800
MAX_HEADER_LENGTH = 150
MAX_BUTTON_LENGTH = 75


def section(text: str, accessory: slack.InteractiveElement | None = None) -> slack.SectionBlock:
    return slack.SectionBlock(text=_markup(text), accessory=accessory)


def fields(rows: Iterable[tuple[str, str]]) -> slack.SectionBlock:
    """Titles in bold, each with a value below it, in two columns; at most ten."""
    shown = [f"*{title}*\n{cut_markup(value, MAX_FIELD_LENGTH)}" for title, value in rows]
    return slack.SectionBlock(fields=[_markup(text) for text in shown[:MAX_FIELDS]])


def text_message(text: str, hint: str = "") -> Message:
    """A message of one section, and a small line below it if there is a `hint`."""
    return compose(text, context(hint) if hint else "")


def compose(*parts: str | slack.Block) -> Message:
    """A message of `parts`, top to bottom: strings become sections, empty ones are left out. Its
    text has the words of every section and context, a line each."""
    kept = [part for part in parts if part]
    blocks = tuple(section(part) if isinstance(part, str) else part for part in kept)
    words = [part if isinstance(part, str) else _words(part) for part in kept]
    return Message(unstyled(join_lines(*words)), blocks)


def _words(block: slack.Block) -> str:
    if isinstance(block, slack.SectionBlock) and block.text is not None:
        return block.text.text
    if isinstance(block, slack.SectionBlock) and block.fields is not None:
        return "\n".join(field.text.replace("*\n", ":* ", 1) for field in block.fields)
    if isinstance(block, slack.ContextBlock):
        return "\n".join(part.text for part in block.elements if isinstance(part, slack.TextObject))
    return ""


def context(*texts: str) -> slack.ContextBlock:
    return slack.ContextBlock(elements=[_markup(text) for text in texts])


def _markup(text: str) -> slack.MarkdownTextObject:
    # Verbatim: Slack would make mentions of "@channel" and links of words that people typed.
    return slack.MarkdownTextObject(text=cut_markup(text, MAX_SECTION_LENGTH), verbatim=True)


def header(text: str) -> slack.HeaderBlock:
    return slack.HeaderBlock(
        text=slack.PlainTextObject(text=cut(text, MAX_HEADER_LENGTH), emoji=True)
    )


def divider() -> slack.DividerBlock:
    return slack.DividerBlock()


def button(label: str, action_id: str, value: str, style: str | None = None) -> slack.ButtonElement:
    return slack.ButtonElement(
        text=slack.PlainTextObject(text=cut(label, MAX_BUTTON_LENGTH), emoji=True),
        action_id=action_id,
        value=value,
        style=style,
    )


def actions(*buttons: slack.InteractiveElement) -> slack.ActionsBlock:
    return slack.ActionsBlock(elements=list(buttons))


def page_buttons(
    number: int, last: int, line: str, newer: str = "Newer", older: str = "Older"
) -> list[slack.ButtonElement]:
    """The buttons that turn from page `number` of `last`; `line` is the command without a page."""
    turns = []
    if number > 1:
        turns.append(button(newer, f"command:{newer.casefold()}", f"{line} {number - 1}"))
    if number < last:
        turns.append(button(older, f"command:{older.casefold()}", f"{line} {number + 1}"))
    return turns
