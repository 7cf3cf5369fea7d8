"""The three steps of setting up, as one message that is ticked as they are done."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages.kit.blocks import actions, button, compose, context, section
from bot.messages.kit.message import Message
from bot.messages.kit.text import bullet_list, mention, more_line, plain
from bot.rules.text.words import plural

# With its heads and buttons the message stays within Slack's 50 blocks, and its text within 4000.
MAX_DEPARTMENTS = 20
MAX_GAPS = 6


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


@dataclass(frozen=True)
class SetupStatus:
    """What is done and what is not. `gaps` are sentences with what to do."""

    rows: tuple[Row, ...]
    gaps: tuple[str, ...]
    stand_in: str
    stand_in_chosen: bool
    accounts: int
    without_manager: int


def steps(state: SetupStatus, *, hello: bool = False) -> Message:
    """All three steps; `hello` for the first time somebody hears of Linchpin."""
    departments = _step_heading(1, "Departments and their channels", not state.gaps)
    gaps = bullet_list(state.gaps, MAX_GAPS, ": `/linchpin status` lists them.")
    managers, bringing = _managers_step(state), _import_step(state)
    lines = [
        section(department_line(row), button("Edit", "setup:department", row.key))
        for row in state.rows[:MAX_DEPARTMENTS]
    ]
    more = more_line(len(state.rows) - len(lines), ": `/linchpin settings` lists them.")
    choose = section(managers, button("Choose", "setup:managers", "managers"))
    again = actions(button("Look again", "setup:again", "again"))
    steps = compose(_greeting_text(hello), departments, *lines, more, gaps, choose, bringing, again)
    hint = context("`/linchpin setup` opens this again. Only admins can change it.")
    return Message(steps.text, (*steps.blocks, hint))


def department_line(row: Row) -> str:
    """One department in a line: "Sales: #sales, led by @maya, 09:00-17:00 mon-fri …"."""
    where = f"<#{row.channel_id}>" if row.channel_id else f"no channel ({plain(row.channel_name)})"
    facts = [where]
    if row.hours:
        facts += [f"led by {mention(row.lead_id)}" if row.lead_id else "no lead"]
        facts += [f"{row.hours} {plain(row.days)}"]
    facts += [row.timezone]
    if row.holidays:
        facts += [f"holidays {plain(row.holidays)}"]
    return f"*{plain(row.name)}*: {', '.join(facts)}"


def _greeting_text(hello: bool) -> str:
    if not hello:
        return "*Setting Linchpin up*: three steps, in any order."
    return (
        "*Hello, I am Linchpin.* I know where each account stands and nudge whichever department "
        "owns the next small touchpoint. Three steps, in any order, and we can begin:"
    )


def _step_heading(number: int, title: str, done: bool) -> str:
    return f"{'✅' if done else '○'} *{number}. {title}*: {'done' if done else 'to do'}"


def _managers_step(state: SetupStatus) -> str:
    head = _step_heading(2, "Who manages accounts", state.stand_in_chosen)
    none = f"{plural(state.without_manager, 'account has', 'accounts have')} no manager. "
    return (
        f"{head}\nWhat is the manager's goes to {plain(state.stand_in)} when an account has none. "
        f"{none if state.without_manager else ''}"
        "`/account acme manager @priya` names one at any time."
    )


def _import_step(state: SetupStatus) -> str:
    head = _step_heading(3, "Bring accounts in", state.accounts > 0)
    so_far = f"{plural(state.accounts, 'account is', 'accounts are')} here. "
    return (
        f"{head}\n{so_far if state.accounts else ''}Drop a CSV file of your CRM into our direct "
        "messages: I first show what it would do. Or one by one: "
        "`/account add Acme Corporation stage onboarding manager @priya renews 2027-03-31`."
    )
