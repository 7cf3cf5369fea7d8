"""An account on a Home: its line with a menu, and the button that shows what was cut."""

from slack_sdk.models.blocks import Block, Option, OverflowMenuElement

from bot.messages.digests.portfolio import AccountRow, Portfolio
from bot.messages.digests.rows import SHOW
from bot.messages.facts.known import unknown_dates_text
from bot.messages.kit.blocks import actions, button, context, section
from bot.rules.text.words import cut

_MAX_LABEL_LENGTH = 75


def account_block(row: AccountRow, line: str) -> Block:
    """The line, with what can be done about the account."""
    choices = [("card", "Open account")]
    choices += [("brief", "Open brief")] if row.has_brief else []
    options = [Option(value=f"{key}:{row.id}", label=label) for key, label in choices]
    if row.link:
        label = cut(f"Message {row.manager}", _MAX_LABEL_LENGTH)
        options.append(Option(value=f"message:{row.id}", label=label, url=row.link))
    options.append(Option(value=f"manager:{row.id}", label="Change manager…"))
    menu = OverflowMenuElement(action_id=f"account:menu:{row.id}", options=options)
    return section(line, menu)


def show_all(total: int, shown: int, carried: str) -> list[Block]:
    """The button that shows what was cut of the rows behind a number."""
    if total <= shown:
        return []
    return [actions(button(f"Show all {total:,}", f"{SHOW}:all", carried))]


def no_date_hint(portfolio: Portfolio) -> list[Block]:
    """The accounts whose renewal date is not known."""
    if not portfolio.no_date:
        return []
    return [context(unknown_dates_text(portfolio.no_date, portfolio.no_date_count))]
