"""What `/promise` answers, and how a promise stands as one line of a card, a digest, a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, Option, OverflowMenuElement, SectionBlock

from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import (
    day,
    mention,
    on,
    one_line,
    plain,
    quoted,
    short,
    unstyled,
    unstyled_list,
)
from bot.rules.promises import CONSENTS, Consent, PromiseStatus
from bot.rules.text.words import plural

MAX_ROWS = 15
MAX_ENDED = 5
#: So much of a promise stands in a line of several.
MAX_TEXT_LENGTH = 120
MAX_REASON_LENGTH = 200


@dataclass(frozen=True)
class Line:
    """A promise. `owner` is shown as it is; `days` are those it is, or was kept, too late.
    `asked_on` is when its owner will be nudged, `has_it` who has claimed it since."""

    id: int
    account: str
    text: str
    due_on: date
    owner: str
    keeper: str | None
    standing: PromiseStatus
    days: int
    has_it: str | None
    by: str | None
    reason: str | None
    asked_on: datetime | None
    first_due_on: date
    consent: Consent | None

    @property
    def is_open(self) -> bool:
        return self.standing in ("open", "overdue")

    @property
    def who(self) -> str:
        """Who keeps it: whoever has it, whoever said they would, the owner."""
        if self.has_it is not None:
            return f"claimed by {mention(self.has_it)}"
        return f"{mention(self.keeper)} ({self.owner})" if self.keeper else self.owner

    def told(self) -> str:
        """How it stands, without the account."""
        what = f'"{short(self.text, MAX_TEXT_LENGTH)}"'
        match self.standing:
            case "overdue":
                return f"⚠️ {what} was due {day(self.due_on)}, {self._late}: {self.who}{self._moved}"
            case "kept":
                return f"✓ {what} kept, promised for {day(self.due_on)}"
            case "late":
                return f"✓ {what} kept {self._late}, promised for {day(self.due_on)}"
            case "broken":
                return f"✗ {what} not kept, promised for {day(self.due_on)}{self._because}"
            case "dropped":
                return f"{what} no longer needed{self._because}"
        return f"{what} by {day(self.due_on)}: {self.who}{self._moved}"

    @property
    def _late(self) -> str:
        return f"{plural(self.days, 'day')} late"

    @property
    def _because(self) -> str:
        return f": {one_line(self.reason, MAX_REASON_LENGTH)}" if self.reason else ""

    @property
    def _moved(self) -> str:
        if self.consent is None or self.first_due_on == self.due_on:
            return ""
        return f" (first promised for {day(self.first_due_on)}; {CONSENTS[self.consent]})"


def made(line: Line) -> Message:
    """The answer to a new promise: what was understood, who keeps it, when they are asked."""
    text = f'*{plain(line.account)}* was promised "{plain(line.text)}" by {day(line.due_on)}.'
    keeps = f"{line.who} will be asked for it"
    keeps += f" {on(line.asked_on)}." if line.asked_on is not None else " now."
    hint = f"It stays open through every stage. `/promise {quoted(line.account)}` lists them all."
    undo = actions(button("Undo", "promise:undo", str(line.id)))
    blocks = (section(f"{text}\n{keeps}"), context(hint), undo)
    return Message(unstyled(f"{text} {keeps} {hint}"), blocks)


def undone_message(account: str, text: str) -> Message:
    return text_message(f'Taken back: "{short(text)}" is no longer promised to *{plain(account)}*.')


def rescheduled_message(line: Line) -> Message:
    """The answer to a new date."""
    what = f'"{short(line.text)}" for *{plain(line.account)}*'
    consent = f"; {CONSENTS[line.consent]}" if line.consent else ""
    text = f"{what} is promised for {day(line.due_on)} now{consent}."
    if line.consent == "unknown":
        text += " Tell the customer soon."
    return text_message(text)


def ended(line: Line) -> Message:
    """The answer to "kept" and "broken"."""
    return text_message(f"*{plain(line.account)}*: {line.told()}.")


def reason_needed_message(touchpoint_id: int, title: str) -> Message:
    """The reply to ⏭️ on a promise's nudge: a promise is not skipped without a reason."""
    text = f'"{plain(title)}" is still open. A promise needs a new date, or a reason to skip it.'
    ask = button("New date, or not kept…", "touchpoint:skip", str(touchpoint_id), style="primary")
    return compose(text, actions(ask))


def list_message(account_id: int, account: str, lines: Sequence[Line]) -> Message:
    """An account's promises: the open ones with a menu, then the last that ended."""
    ours = [line for line in lines if line.is_open]
    gone = [line for line in lines if not line.is_open][-MAX_ENDED:]
    example = f"`/promise {quoted(account)} SSO by 2027-01-31`"
    new = actions(button("New promise…", "form:promise", str(account_id)))
    if not lines:
        text = f"No promise to *{plain(account)}* is recorded. {example} records one."
        return compose(text, new)
    head = f"*{plain(account)}*: {plural(len(ours), 'open promise')}"
    blocks: list[Block] = [section(head), *(_promise_block(line) for line in ours[:MAX_ROWS])]
    if len(ours) > MAX_ROWS:
        blocks.append(context(f"… and {len(ours) - MAX_ROWS} more."))
    if gone:
        blocks.append(section("\n".join(["Lately:", *(f"• {line.told()}" for line in gone)])))
    rows = [line.told() for line in [*ours[:MAX_ROWS], *gone]]
    return Message(unstyled_list(head, rows, ""), (*blocks, new))


def open_message(head: str, lines: Sequence[Line]) -> Message:
    """Open promises to several accounts, the soonest first, each with its menu."""
    if not lines:
        return text_message(head)
    blocks = [section(f"*{head}*"), *(_promise_block(line, line.account) for line in lines)]
    rows = [f"{plain(line.account)}: {line.told()}" for line in lines]
    return Message(unstyled_list(head, rows, ""), tuple(blocks))


def ask_which_promise(account_id: int, account: str, lines: Sequence[Line], verb: str) -> Message:
    """Several promises may be meant; `verb` is what was to be done with one."""
    text = f"Which promise to *{plain(account)}* do you mean? Nothing was changed."
    start = f"/promise id:{account_id}"
    rows = [
        button(line.text, f"command:promise:{line.id}", f"{start} #{line.id} {verb}")
        for line in lines[:5]
    ]
    return compose(text, actions(*rows))


def _promise_block(line: Line, account: str = "") -> SectionBlock:
    menu = OverflowMenuElement(
        action_id=f"promise:menu:{line.id}",
        options=[
            Option(value=f"kept:{line.id}", label="Kept"),
            Option(value=f"change:{line.id}", label="New date, or not kept…"),
        ],
    )
    told = f"*{short(account)}* · {line.told()}" if account else line.told()
    return section(told, accessory=menu)
