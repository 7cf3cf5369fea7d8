"""What Linchpin says in a conversation: proposals with a button, "did you mean", a short hello."""

from collections.abc import Sequence
from datetime import date

from bot.messages.kit.account_choice import MAX_VALUE_LENGTH
from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, one_line, plain, unstyled
from bot.rules.text.words import plural

HOW = "Use a command for that. Nothing was changed."

# One entry a kind of question; each is understood as it stands.
EXAMPLES = (
    "what's next for acme?",
    "where does acme stand?",
    "who owns the renewal at acme?",
    "what is due this week in marketing?",
    "log a call with acme: they like the report",
    "move acme to renewal",
    "digest",
)
SHARED_CHANNEL_TEXT = (
    "This channel is shared with people outside, so I show nothing about accounts here. "
    "Ask me in a direct message."
)
# So much of a note is echoed; a longer one does not fit into a button anyway.
MAX_ECHO_LENGTH = 1500


def log_proposal(account: str, kind: str, text: str, on: date, command: str) -> Message:
    """What would be remembered, and the button that does it."""
    if len(command) > MAX_VALUE_LENGTH:
        return text_message(
            "That is too long to log from here. Nothing was logged. Open the menu (⋯) of your "
            "message and choose *Log to an account*."
        )
    head = f"Log this for *{plain(account)}*? {kind.capitalize()}, {day(on)}"
    agree = actions(button("Log it", "command:agreed", command, "primary"))
    hint = context("Nothing is logged yet.")
    return compose(f"{head}\n> {one_line(text, MAX_ECHO_LENGTH)}", agree, hint)


def move_proposal(
    account: str, before: str, to: str, reason: str, dropped: int, command: str
) -> Message:
    """The move that would be made; `dropped` touchpoints of the old stage would not be needed."""
    why = f", because {one_line(reason, MAX_ECHO_LENGTH)}" if reason else ""
    body = f"Move *{plain(account)}* from {plain(before)} to *{plain(to)}*{why}?"
    if dropped:
        body += f"\n{plural(dropped, 'touchpoint')} of {plain(before)} would no longer be needed."
    agree = actions(button(f"Move to {to}", "command:agreed", command, "primary"))
    return compose(body, agree, context("Nothing is moved yet."))


def did_you_mean(words: str, sentences: Sequence[str], labels: Sequence[str]) -> Message:
    """Did you mean …, one button a sentence; `labels` show accounts by their names."""
    said = f': "{one_line(words, 80)}"' if words else ""
    meant = " · ".join(plain(label) for label in labels)
    head = f"Not understood{said}. Did you mean one of these? Nothing was changed."
    buttons = [
        button(label[:1].upper() + label[1:], f"command:say:{n}", f"say {sentence}")
        for n, (sentence, label) in enumerate(zip(sentences, labels, strict=True))
    ]
    return Message(unstyled(f"{head}\n{meant}"), (section(head), actions(*buttons)))


def greeting() -> Message:
    """The answer to a greeting: what can be asked, in the words that work."""
    return _examples("Hello! Ask me about an account, or tell me what happened. For example:")


def thanks_reply() -> Message:
    return text_message("You are welcome.")


def help_in_words() -> Message:
    """`help` in a conversation: sentences first, then where the commands are."""
    intro = "*Linchpin* answers in plain words, here and where you mention it. For example:"
    return _examples(intro, "`/linchpin help` lists every command.")


def ask_what_happened(account_id: int, account: str) -> Message:
    """A note without words: say them, or fill in the form."""
    text = (
        f"What happened with *{plain(account)}*? Write it after a colon: "
        f'"log a call with {plain(account)}: they like the report".'
    )
    return compose(text, actions(button("Open the form", "form:log", str(account_id))))


def _examples(intro: str, rest: str = "`help` shows more.") -> Message:
    rows = "\n".join(f"• {example}" for example in EXAMPLES)
    return text_message(f"{intro}\n{rows}", rest)
