"""What was changed of an account: read back with Undo, and told to its managers."""

from datetime import date

from bot.messages.kit.blocks import actions, button, compose, context, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, mention, plain, short
from bot.rules.text.money import Money, format_yearly


def changed(sentence: str, before: str, audit_id: int, note: str = "") -> Message:
    """A change in one sentence, with the value before it and Undo."""
    undo = button("Undo", "account:undo", str(audit_id))
    return compose(f"{sentence} Before: {before}.", context(note) if note else "", actions(undo))


def manages(account: str, manager: str | None, stand_in: str) -> str:
    """Who manages an account now; `stand_in` is a department's name."""
    if manager is None:
        return f"*{plain(account)}* has no manager now; {plain(stand_in)} gets its touchpoints."
    return f"{mention(manager)} manages *{plain(account)}* from now on."


def renews(account: str, on: date | None) -> str:
    """When an account renews now."""
    if on is None:
        return f"*{plain(account)}* has no renewal date now."
    return f"*{plain(account)}* renews on {day(on)}."


def pays(account: str, worth: Money | None) -> str:
    """What an account pays now."""
    if worth is None:
        return f"*{plain(account)}* has no amount now."
    return f"*{plain(account)}* pays {format_yearly(worth)}."


def unchanged(account: str) -> Message:
    """The value was the same already."""
    return text_message(f"*{plain(account)}* has that value already. Nothing was changed.")


def ask_for_date(account_id: int, account: str, words: str, meant: date, known: date) -> Message:
    """A date in words would move a renewal that is known: asked before it is done."""
    line = f"/account id:{account_id} renews {meant.isoformat()}"
    return compose(
        f'*{plain(account)}* renews on {day(known)}. Does "{short(words)}" mean {day(meant)}?',
        context("Nothing was changed."),
        actions(button(f"Yes, {day(meant)}", "command:propose", line)),
    )


def manager_changed(account: str, manager: str, by: str, *, theirs: bool) -> str:
    """To the old and to the new manager; both are names, empty for nobody."""
    who = f" {by} changed it." if by else ""
    if theirs:
        return f"You manage *{plain(account)}* from now on.{who}"
    now = f"{manager} manages it now" if manager else "it has no manager now"
    return f"You no longer manage *{plain(account)}*: {now}.{who}"


def moved(
    account: str, account_id: int, before: str, now_in: str, reason: str | None, by: str
) -> Message:
    """To the manager, when somebody else moved the account; `by` is a name."""
    why = f": {short(reason, 300)}" if reason else "."
    text = f"{by} moved *{plain(account)}* from {plain(before)} to {plain(now_in)}{why}"
    return _to_manager(text, account_id)


def decided(account: str, account_id: int, words: str, by: str) -> Message:
    """To the manager, when somebody else (a name) recorded a decision that moved nothing."""
    return _to_manager(
        f"{by} recorded a decision of *{plain(account)}*: {short(words, 300)}", account_id
    )


def _to_manager(text: str, account_id: int) -> Message:
    show = actions(button("Show", "command:card", f"/account id:{account_id}"))
    return compose(text, context("You manage this account."), show)
