"""What Linchpin says in a conversation: proposals with a button, "did you mean", a short hello."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock

from bot.messages.kit.account_choice import MAX_VALUE_LENGTH
from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import join_lines, one_line, plain, unstyled
from bot.rules.language.frames import OFFERS
from bot.rules.text.words import cut

#: The button of a proposal.
AGREED = "command:agreed"
HOURS_LINE = "/linchpin settings hours 9-17 mon-fri"

# One entry a kind of question; each is understood as it stands.
EXAMPLES = (
    "which renewals come up in the next 60 days?",
    "what is overdue for {department}?",
    "what's next for {account}?",
    "when does {account} renew, and who is our champion there?",
    "what did we promise {account}?",
    "log a call with {account}: they like the report",
    "remind me about {account} on friday",
)
SHARED_CHANNEL_TEXT = (
    "This channel is shared with people outside, so I show nothing about accounts here. "
    "Ask me in a direct message."
)
# So much of a note is echoed; a longer one does not fit into a button anyway.
MAX_ECHO_LENGTH = 1500


def propose(what: str, label: str, command: str, *, quote: str = "", hint: str = "") -> Message:
    """What would be done, with the button that does it; nothing is done yet."""
    if len(command) > MAX_VALUE_LENGTH:
        return text_message(
            "That is too long for a button. Nothing was changed. Open the menu (⋯) of your "
            "message and choose *Log to an account*."
        )
    said = f"\n> {one_line(quote, MAX_ECHO_LENGTH)}" if quote else ""
    agree = actions(button(label, AGREED, command, "primary"))
    return compose(f"{what}?{said}", agree, context(join_lines(hint, "Nothing is changed yet.")))


def not_used(frame: str, words: str, unused: str) -> Message:
    """The words that a proposal made nothing of, with a button that makes something of them."""
    reason = f"say as:{frame} {words} because {unused}"
    note = f"say as:log {words}"
    label, line = ("Add as reason", reason) if frame == "move" else ("Log as a note too", note)
    if len(line) > MAX_VALUE_LENGTH:
        return text_message(f'Not used: "{one_line(unused, 300)}".')
    told = context(f'Not used: "{one_line(unused, 300)}".')
    return compose(told, actions(button(label, "command:unused", line)))


def show_here(line: str) -> ActionsBlock:
    """Lets the asker show a private answer to all who read the channel."""
    return actions(button("Show here", "talk:show", line))


def did_you_mean(words: str, frames: Sequence[str], account: str = "") -> Message:
    """Did you mean …: a button for each frame that the words may be."""
    labels = [
        (name, OFFERS[name].format(account=account or "it")) for name in frames if name in OFFERS
    ]
    labels = labels or [("due", "What's next for me"), ("help", "Help")]
    head = f'Not understood for sure: "{one_line(words, 80)}". Nothing was changed.'
    buttons = [
        button(label, f"command:say:{n}", f"say as:{name} {cut(words, MAX_ECHO_LENGTH)}")
        for n, (name, label) in enumerate(labels)
    ]
    meant = " · ".join(plain(label) for _, label in labels)
    return Message(unstyled(f"{head}\n{meant}"), (section(head), actions(*buttons)))


def fewer_messages() -> Message:
    """What can be switched off; nothing is until a button is pressed."""
    head = (
        "Nothing was changed. This you can switch off: your weekly digest; messages outside your "
        "working hours and days; all of them while you are away, when somebody covers."
    )
    quiet = ("Digest off", "/linchpin settings digest off"), ("Hours 9-17", HOURS_LINE)
    buttons = [button(label, f"command:less:{n}", line) for n, (label, line) in enumerate(quiet)]
    hint = "`/linchpin settings hours 8-16 mon-thu` sets others; so does *Settings* on my Home tab."
    return compose(head, actions(*buttons, button("Away…", "form:away", "-")), context(hint))


def how_to_import() -> Message:
    """Where accounts come from."""
    return text_message(
        "An admin drops a CSV file into this conversation with me, reads what it would do, and "
        "presses *Import*."
    )


def greeting(account: str = "", department: str = "") -> Message:
    """The answer to a greeting: what can be asked, in the words that work."""
    intro = "Hello! Ask me about an account, or tell me what happened. For example:"
    return _examples(intro, "`help` shows more.", account, department)


def thanks_reply() -> Message:
    return text_message("You are welcome.")


def help_in_words(account: str = "", department: str = "") -> Message:
    """`help` in a conversation: sentences first, then where the commands are."""
    intro = (
        "Ask me about accounts, renewals, promises and what is due, or tell me what happened: I "
        "answer, and propose what to record. Here and where you mention me. For example:"
    )
    rest = "`/linchpin help` lists every command."
    return _examples(intro, rest, account, department)


def _examples(intro: str, rest: str, account: str, department: str) -> Message:
    named = {"account": plain(account) or "acme", "department": plain(department) or "marketing"}
    rows = "\n".join(f"• {example.format(**named)}" for example in EXAMPLES)
    return text_message(f"{intro}\n{rows}", rest)
