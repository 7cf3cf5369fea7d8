"""The forms about accounts: log an interaction, add an account, move one."""

from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import plain, quoted
from bot.rules.imports.accounts import MAX_FACT_LENGTH

# A name longer than this does not fit into the first line of a nudge.
MAX_NAME_LENGTH = 200
MAX_REASON_LENGTH = 1000
#: What the form of an account asks for: label and example.
FACTS = {
    "worth": ("Amount a year", "EUR 9,600"),
    "tier": ("Tier", "A"),
    "sector": ("Sector", "healthcare"),
    "country": ("Country", "Ireland"),
}


def log(
    account: tuple[int, str] | None,
    kinds: Sequence[str],
    kind: str,
    on: date,
    *,
    text: str = "",
    channel: str = "",
    thread: str = "",
) -> View:
    """What happened with a customer; `account` is (id, name) when it is known. What came of it is
    said in `channel`, in its `thread` when the message stands in one."""
    blocks: list[Block] = [
        form_parts.account_input(account),
        form_parts.select_input("kind", "Kind", [(one, one.capitalize()) for one in kinds], kind),
        form_parts.text_input(
            "text", "What happened", initial=text, multiline=True, focus=bool(account)
        ),
        form_parts.contact_input(account[0] if account else None, "With whom"),
        form_parts.date_input("on", "When", on),
    ]
    ids = {"channel": channel, **({"thread": thread} if thread else {})}
    return form_parts.form("log", "Log an interaction", "Log", blocks, ids)


def add(stages: Sequence[tuple[str, str]], *, name: str = "", channel: str = "") -> View:
    """A new account; `stages` are (key, name), in order."""
    blocks: list[Block] = [
        form_parts.text_input("name", "Name", initial=name, most=MAX_NAME_LENGTH, focus=True),
        form_parts.select_input("stage", "Stage", stages, stages[0][0]),
        form_parts.member_input("manager", "Manager"),
        form_parts.date_input("renews", "Renews on", optional=True),
    ]
    return form_parts.form("add", "Add an account", "Add", blocks, {"channel": channel})


def move(
    stages: Sequence[tuple[str, str]],
    *,
    account: tuple[int, str] | None = None,
    to: str | None = None,
    seen: int | None = None,
    reason: str = "",
    warning: str = "",
    channel: str = "",
) -> View:
    """A move; `seen` is how often the account had entered a stage when the form was shown."""
    blocks: list[Block] = [section(warning)] if warning else []
    blocks += [
        form_parts.account_input(account),
        form_parts.select_input("stage", "To", stages, to),
        form_parts.text_input(
            "reason",
            "Reason",
            initial=reason,
            placeholder="Their admin left. Required to move back or out",
            optional=True,
            multiline=True,
            most=MAX_REASON_LENGTH,
        ),
    ]
    ids = form_parts.account_ids(account, seen, channel)
    return form_parts.form("move", "Move an account", "Move", blocks, ids)


def edit(
    account: tuple[int, str],
    manager: str | None,
    renews_on: date | None,
    facts: Mapping[str, str],
    notes: Sequence[str],
    *,
    channel: str,
) -> View:
    """What is known of an account, to be changed; `facts` are keys of `FACTS`."""
    blocks: list[Block] = [
        section(f"*{plain(account[1])}*"),
        form_parts.member_input("manager", "Manager", manager),
        form_parts.date_input("renews", "Renews on", renews_on, optional=True),
    ]
    for key, known in facts.items():
        label, example = FACTS[key]
        blocks.append(
            form_parts.text_input(
                key, label, initial=known, placeholder=example, optional=True, most=MAX_FACT_LENGTH
            )
        )
    blocks += map(context, notes)
    ids = {"account": account[0], "channel": channel}
    return form_parts.form("edit", "Edit account", "Save", blocks, ids)


def archive(account: int, name: str, *, channel: str) -> View:
    """The question before an account is archived from its menu."""
    text = f"Archive *{plain(name)}*? Its touchpoints are cancelled. Restore brings it back."
    ids = {"account": account, "channel": channel}
    return form_parts.form("archive", "Archive account", "Archive", [section(text)], ids)


def erase(account: int, name: str, *, channel: str) -> View:
    """The confirmation before a customer's data goes for good: the name is typed."""
    warning = (
        f":warning: This deletes *{plain(name)}* for good: names, history, touchpoints, value, "
        "decisions, promises, and the messages about it. It cannot be undone. To stop its nudges "
        f"only: `/account {quoted(name)} archive`."
    )
    blocks: list[Block] = [
        section(warning),
        form_parts.text_input("name", "Type its name to confirm", most=MAX_NAME_LENGTH, focus=True),
    ]
    ids = {"account": account, "channel": channel}
    return form_parts.form("erase", "Erase a customer", "Erase", blocks, ids)


def manager(account: tuple[int, str], user: str | None) -> View:
    """Who manages an account; `account` is (id, name)."""
    blocks: list[Block] = [
        section(f"*{plain(account[1])}*: who manages it from now on?"),
        form_parts.member_input("manager", "Manager", user),
    ]
    return form_parts.form("manager", "Change manager", "Save", blocks, {"account": account[0]})


def lookup() -> View:
    """Finds an account: its card takes the form's place."""
    inputs = [form_parts.account_input()]
    return form_parts.form("lookup", "Find an account", "Show", inputs, {})


def result(message: Message) -> View:
    """What came of a form, where no private line can be said in the channel."""
    return form_parts.form("said", "Linchpin", None, message.blocks, {}, close="Close")
