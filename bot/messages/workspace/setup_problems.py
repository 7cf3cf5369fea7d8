"""What keeps Linchpin from its work, each as one sentence with what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from bot.messages.digests.rows import company_rows
from bot.messages.kit.blocks import button, section
from bot.messages.kit.text import example_day, plain
from bot.rules.slack_facts import ChannelFacts
from bot.rules.text.words import plural


@dataclass(frozen=True)
class Missing:
    """What is not set up, with the one thing to do next; `button` are the label, action and value
    of one that does it. `channel` is the id of a channel that cannot be written to."""

    text: str
    button: tuple[str, str, str] | None = None
    channel: str | None = None


def missing_rows(missing: Sequence[Missing]) -> list[Block]:
    """Each with its button."""
    return [
        section(f"• {each.text}", button(*each.button) if each.button else None) for each in missing
    ]


def edit_department(label: str, key: str) -> tuple[str, str, str]:
    """The button of a department's form."""
    return label, "setup:department:missing", key


def no_accounts() -> Missing:
    return Missing(
        "There are no accounts yet: drop a CSV file of your CRM into our direct messages. I first "
        "show what it would do."
    )


def no_managers(without: int, total: int, stand_in: str) -> Missing:
    have = "has" if without == 1 else "have"
    text = (
        f"{without:,} of {plural(total, 'account')} {have} no manager: {plain(stand_in)} gets "
        "their touchpoints. Choose who manages them."
    )
    return Missing(text, ("Choose managers…", "setup:managers:missing", "managers"))


def no_dates(count: int, now: datetime) -> Missing:
    text = (
        f"Renewal date not known for {plural(count, 'account')}: drop a CSV file with the dates, "
        f"or type `/account acme renews {example_day(now.date())}`."
    )
    return Missing(text, company_rows("Show them", "no date", now))


def no_lead(name: str, key: str, *, is_empty: bool) -> Missing:
    """`is_empty`: nobody has chosen that department either."""
    nobody = f"Nobody is in {plain(name)}: it has no lead, and nobody chose it as theirs"
    text = nobody if is_empty else f"{plain(name)} has no lead"
    return Missing(
        f"{text}. Its escalations reach nobody: choose a lead.",
        edit_department("Choose a lead…", key),
    )


def scope_missing(scope: str, purpose: str) -> str:
    return (
        f"I may not use the scope `{scope}` ({purpose}): add it at https://api.slack.com/apps → "
        "your app → OAuth & Permissions → Scopes, and install the app again."
    )


def channel_problem(whose: str, known: ChannelFacts | None, where: str) -> str | None:
    """Why nothing can be posted in a channel; `where` is its mention or name."""
    if known is None:
        return (
            f"{plain(whose)} has no channel: I see none called {plain(where)}. Make it and invite "
            "me there, or choose another one: `/linchpin setup`."
        )
    its = f"{where}, the channel of {plain(whose)}"
    if known.is_archived:
        return f"{its}, is archived: unarchive it, or choose another one: `/linchpin setup`."
    if known.is_shared_outside:
        return (
            f"People outside read {its}, so nothing is posted there: choose another one: "
            "`/linchpin setup`."
        )
    return None if known.is_member else f"I am not in {its}: `/invite @Linchpin` there."


def route_missing(whose: str, tier: str, named: str) -> str:
    return (
        f"Nudges for {plain(whose)} about tier {plain(tier)} go to its own channel: I cannot write "
        f"in {plain(named)}. Make it and invite me there."
    )
