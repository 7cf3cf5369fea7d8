"""Setting up: what is missing, and what is set, in one message with the buttons that change it."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import mention, more_line, plain, unstyled
from bot.messages.workspace.setup_problems import Missing, missing_rows

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
