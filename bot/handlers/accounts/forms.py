"""The forms of accounts, with what is known filled in."""

from datetime import date

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.accounts import interactions
from bot.actions.accounts.accounts import require_live, set_fact, set_worth
from bot.actions.lifecycle import changes, plan_changes
from bot.actions.views import cards
from bot.context import Context
from bot.handlers.base.clicks import action_listener
from bot.handlers.base.form import Form
from bot.handlers.base.request import Request
from bot.handlers.base.worth import parse_amount
from bot.messages.accounts import account as card_messages
from bot.messages.accounts import forms as account_forms
from bot.messages.kit.message import Message
from bot.messages.kit.text import short
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.money import format_money
from db.accounts import accounts
from db.contracts import contracts
from db.models import Account

MAX_NAMES_LENGTH = 1000


def register(app: App, linchpin: Context) -> None:
    """Listens to the Undo of a changed account."""
    undo = action_listener(linchpin, lambda request, change: changes.undo(request.work, change))
    app.action("account:undo")(undo)


def log(
    request: Request,
    account: Account | None = None,
    kind: str = "note",
    text: str = "",
    on: date | None = None,
    thread: str = "",
) -> View:
    """ "Log an interaction", of today when no day is known."""
    return account_forms.log(
        _known(account),
        interactions.KINDS,
        kind,
        on or request.today,
        text=text,
        channel=request.channel,
        thread=thread,
    )


def add(request: Request) -> View:
    """ "Add an account", in the first stage."""
    return account_forms.add(_stages(request.playbook), channel=request.channel)


def move(
    request: Request,
    account: Account | None = None,
    *,
    to: str | None = None,
    reason: str = "",
    warning: str = "",
) -> View:
    """ "Move an account", to the stage after the one it is in."""
    following = request.playbook.after(account.stage) if account else None
    return account_forms.move(
        _stages(request.playbook),
        account=_known(account),
        to=to or (following.key if following else None),
        seen=account.stage_entry if account else None,
        reason=reason,
        warning=warning,
        channel=request.channel,
    )


def edit(request: Request, account: Account) -> View:
    """ "Edit account", with what is known; what contracts add up to is changed with them."""
    known = {key: getattr(account, key) or "" for key in ("tier", "sector", "country")}
    if not contracts.list_of_account(request.tx, account.id):
        worth = contracts.money_of(account)
        known["worth"] = format_money(worth.hundredths, worth.currency or "") if worth else ""
    names = [alias.alias for alias in accounts.list_aliases(request.tx, account.id)]
    notes = [f"Other names: {short(', '.join(names), MAX_NAMES_LENGTH)}"] if names else []
    notes += [f"Moves are announced in <#{account.channel_id}>"] if account.channel_id else []
    return account_forms.edit(
        (account.id, account.name),
        account.manager_id,
        account.renews_on,
        known,
        notes,
        channel=request.channel,
    )


def submit_edit(form: Form) -> Message:
    """Changes what was changed in the form, and shows the card."""
    request, work = form.request, form.request.work
    account = request.account(f"id:{form.ids['account']}", "/account {account}")
    with form.at("manager"):
        require_live(account)
        changes.give_to(work, account, form.colleague("manager"))
    if form.day("renews") != account.renews_on:
        plan_changes.set_renewal(work, account, form.future_day("renews"))
    if "worth" in form.inputs:
        set_worth(work, account, parse_amount(form, "worth"))
    with form.at("tier"):
        if (tier := form.text("tier") or None) != account.tier:
            plan_changes.set_tier(work, account, tier)
    for fact in ("sector", "country"):
        with form.at(fact):
            if (value := form.text(fact) or None) != getattr(account, fact):
                set_fact(work, account, fact, value)
    return card_messages.card(cards.account_card(work, account))


def submit_archive(form: Form) -> Message:
    """Archives an account from its menu."""
    account = form.request.account(f"id:{form.ids['account']}", "/account {account}")
    plan_changes.archive(form.request.work, require_live(account))
    return card_messages.card(cards.account_card(form.request.work, account))


def _stages(playbook: Playbook) -> list[tuple[str, str]]:
    return [(stage.key, stage.name) for stage in playbook.stages]


def _known(account: Account | None) -> tuple[int, str] | None:
    return (account.id, account.name) if account else None


SUBMITS = {"edit": submit_edit, "archive": submit_archive}
