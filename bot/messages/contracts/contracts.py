"""What `/account acme contracts` answers, and the form of a contract."""

from collections.abc import Sequence
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.messages.kit import form_parts
from bot.messages.kit.blocks import actions, button, compose, context, section, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.money import stake
from bot.messages.kit.text import day, more_line, plain, short
from bot.rules.contracts import ContractLine
from bot.rules.text.money import Money, format_money, format_yearly
from bot.rules.text.words import plural

MAX_ROWS = 15
MAX_NAME_LENGTH = 80
MAIN, OTHER, ENDED = "main", "other", "ended"
_STANDINGS = (
    (MAIN, "Main contract: sets the account's date"),
    (OTHER, "Additional contract"),
    (ENDED, "Ended"),
)


def contract_text(line: ContractLine, today: date) -> str:
    """ "Support · EUR 9,600 a year · renews Fri 29 Jan 2027"."""
    amount = format_yearly(line.worth) if line.worth else "amount not known"
    when = f" · renews {day(line.renews_on, today)}" if line.renews_on else ""
    main = " · main" if line.is_main else ""
    return f"{short(line.name)} · {amount}{when}{main}"


def contracts_message(
    account: tuple[int, str],
    rows: Sequence[tuple[int, ContractLine]],
    total: Money | None,
    today: date,
) -> Message:
    """An account's contracts, each with its button; `account` is (id, name), `total` what they add
    up to in the main currency."""
    number, name = account
    add = actions(button("Add…", "form:contract", str(number)))
    if not rows:
        hint = "One amount and one date need none: `worth` and `renews` set them."
        return compose(f"*{plain(name)}* has no contract recorded.", context(hint), add)
    head = f"*{plain(name)}*: {plural(len(rows), 'contract')}{stake(total)}"
    lines = [
        section(contract_text(line, today), button("Change…", "contract:change", str(one)))
        for one, line in rows[:MAX_ROWS]
    ]
    return compose(head, *lines, more_line(len(rows) - MAX_ROWS), add)


def saved_message(account: str, line: ContractLine, total: Money | None, today: date) -> Message:
    summed = f"In total{stake(total, ': ')}." if total else ""
    return text_message(f"*{plain(account)}*: {contract_text(line, today)}. {summed}")


def ended_message(account: str, name: str) -> Message:
    return text_message(f"*{plain(account)}*: {short(name)} has ended.")


def contract_form(
    account: tuple[int, str], row: tuple[int, ContractLine] | None, channel: str
) -> View:
    """Adds a contract, or changes one."""
    line = row[1] if row else ContractLine("", None, None)
    worth = format_money(line.worth.hundredths, line.worth.currency or "") if line.worth else ""
    choices = _STANDINGS if row else _STANDINGS[:2]
    inputs: list[Block] = [
        section(f"*{plain(account[1])}*"),
        form_parts.text_input(
            "name",
            "Name",
            initial=line.name,
            placeholder="Support",
            most=MAX_NAME_LENGTH,
            focus=True,
        ),
        form_parts.text_input(
            "worth", "Amount a year", initial=worth, placeholder="EUR 9,600", optional=True, most=40
        ),
        form_parts.date_input("renews", "Renews on", line.renews_on, optional=True),
        form_parts.radio_input("standing", "It is", choices, MAIN if line.is_main else OTHER),
    ]
    ids = {"account": account[0], "channel": channel, **({"contract": row[0]} if row else {})}
    title = "Change a contract" if row else "Add a contract"
    return form_parts.form("contract", title, "Save", inputs, ids)
