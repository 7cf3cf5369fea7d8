"""Setting up: what is missing, and what is set, in one message with the buttons that change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    ConversationFilter,
    ConversationSelectElement,
    InputBlock,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.form_parts import FIELD_ACTION, form, input_block, select_input, text_input
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, more_line, plain, unstyled
from bot.messages.workspace.setup_problems import Missing, missing_rows
from bot.rules.text.words import plural

# With its heads and buttons the message stays within Slack's 50 blocks, and its text within 4000.
MAX_DEPARTMENTS = 20
MAX_MISSING = 8
_HELLO = (
    "*Hello, I am Linchpin.* I know where each account stands and nudge whichever department owns "
    "the next small touchpoint."
)


@dataclass(frozen=True)
class Row:
    """A department as it is in force; for the company only channel and zone are set."""

    key: str
    name: str
    channel_id: str | None
    channel_name: str
    timezone: str
    lead_id: str | None = None
    hours: str = ""
    days: str = ""
    holidays: str = ""


def overview(
    rows: Sequence[Row],
    missing: Sequence[Missing],
    *,
    stand_in: str,
    accounts: int,
    hello: bool,
) -> Message:
    """What is missing, the most harmful first, then what is set; `hello` for the first time
    somebody hears of Linchpin."""
    count = len(missing)
    are = "thing is" if count == 1 else "things are"
    head = f"*{count} {are} missing, the most harmful first:*" if count else "✅ *All is set up.*"
    lines = [
        section(department_line(row), button("Edit…", "setup:department", row.key))
        for row in rows[:MAX_DEPARTMENTS]
    ]
    managers = f"*Accounts without a manager*: {plain(stand_in)} gets their touchpoints."
    return compose(
        _HELLO if hello else "*Setting Linchpin up*",
        head,
        *missing_rows(missing[:MAX_MISSING]),
        more_line(count - MAX_MISSING, ": `/linchpin status` lists them."),
        "*Departments*",
        *lines,
        more_line(len(rows) - len(lines), ": `/linchpin settings` lists them."),
        section(managers, button("Choose…", "setup:managers", "managers")),
        f"*Accounts*: {accounts:,}. A CSV file dropped into our direct messages brings more.",
        actions(button("Look again", "setup:again", "again")),
        context("`/linchpin setup` opens this again. Only admins can change it."),
    )


def department_line(row: Row) -> str:
    """One department in a line: "Sales (sales): #sales, lead @maya, 09:00-17:00 mon-fri …"."""
    where = f"<#{row.channel_id}>" if row.channel_id else f"no channel ({plain(row.channel_name)})"
    facts = [where]
    if row.hours:
        facts += [f"lead {mention(row.lead_id)}" if row.lead_id else "no lead"]
        facts += [f"{row.hours} {plain(row.days)}"]
    facts += [row.timezone]
    if row.holidays:
        facts += [f"holidays {plain(row.holidays)}"]
    return f"*{plain(row.name)}* (`{row.key}`): {', '.join(facts)}"


def settings_message(rows: Sequence[Row], digest_off: bool, department: str | None) -> Message:
    """Departments and one's own settings, each with the line that changes it."""
    lines = [department_line(row) for row in rows]
    digest = "off" if digest_off else "on"
    mine = f"Your digest is {digest}; your department is {department or 'not set'}."
    hint = (
        "`/linchpin settings digest off` · `/linchpin settings department operations` · "
        "admins: `/linchpin settings operations channel #ops`, `… lead @diego`"
    )
    blocks = (*map(section, ("*Departments*", *lines, mine)), context(hint))
    return Message(unstyled("\n".join([*lines, mine])), blocks)


MAX_WORDS_LENGTH = 600


def department_form(row: Row, ids: Mapping[str, str]) -> View:
    """A department's form; the company's asks for channel and zone only."""
    zone = _words_input("timezone", "Time zone", row.timezone, "Like Europe/Dublin.")
    blocks: list[Block] = [_channel_input(row), zone]
    if row.hours:
        lead = UserSelectElement(action_id=FIELD_ACTION, initial_user=row.lead_id)
        days = "Like mon-fri, or mon, wed, fri."
        holidays = "A country or a part of one, and single dates: IE, US-CA, 2026-12-24."
        blocks = [
            _channel_input(row),
            input_block("lead", "Lead", lead, optional=True, hint="Gets escalations."),
            _words_input("hours", "Working hours", row.hours, "Like 09:00-17:00."),
            _words_input("days", "Working days", row.days, days),
            zone,
            _words_input("holidays", "Holidays", row.holidays, holidays, optional=True),
        ]
    return form("department", row.name, "Save", blocks, ids)


def managers_form(
    choices: Sequence[tuple[str, str]], stand_in: str, without: int, ids: Mapping[str, str]
) -> View:
    """Who manages accounts. `choices` are (key, name) of departments, `stand_in` a key."""
    question = "Who looks after an account without a manager?"
    blocks: list[Block] = [select_input("stand_in", question, choices, stand_in)]
    if without:
        have = plural(without, "account has", "accounts have")
        blocks.append(
            input_block(
                "manager",
                "Give every account without a manager to",
                UserSelectElement(action_id=FIELD_ACTION),
                optional=True,
                hint=f"{have} no manager. Leave it empty to leave them so.",
            )
        )
    return form("managers", "Who manages accounts", "Save", blocks, ids)


def _channel_input(row: Row) -> InputBlock:
    own = ConversationFilter(include=["public", "private"], exclude_external_shared_channels=True)
    select = ConversationSelectElement(
        action_id=FIELD_ACTION, initial_conversation=row.channel_id, filter=own
    )
    hint = "Invite me there: /invite @Linchpin. Not one that another company reads."
    return input_block("channel", "Channel", select, hint=hint)


def _words_input(
    field: str, label: str, value: str, hint: str, *, optional: bool = False
) -> InputBlock:
    return text_input(
        field, label, initial=value, most=MAX_WORDS_LENGTH, optional=optional, hint=hint
    )
