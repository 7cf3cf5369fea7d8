"""The accounts and contacts offered in a menu while somebody types into it."""

import re
from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.actions.contacts.contacts import TYPED
from bot.context import Context
from bot.messages.kit.form_parts import ACCOUNT, CONTACT, menu_option
from bot.rules.contacts import contact_label
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.names import key
from db.accounts import search
from db.accounts.search import Found
from db.contacts import contacts
from db.core.tx import Tx
from db.models import Member

#: Nobody reads more: one more letter finds the others.
MAX_ROWS = 20
# Slack takes 150 characters as the value of an option.
_MAX_TYPED_LENGTH = 140


def register(app: App, linchpin: Context) -> None:
    """Answers the account and contact menus of every form."""

    @app.options(ACCOUNT)
    def accounts(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack(options=_suggest_options(linchpin, context["speaker"], str(body.get("value", ""))))

    @app.options(re.compile(rf"^{CONTACT}:\d*$"))
    def people(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        account = body["action_id"].partition(":")[2]
        typed = str(body.get("value", ""))
        ack(options=_suggest_contacts(linchpin, context["speaker"], account, typed))


def _suggest_contacts(
    context: Context, speaker: Member, account: str, typed: str
) -> list[dict[str, Any]]:
    """An account's contacts whose name or role holds what was typed, and the words to be added."""
    found = []
    if account:
        with context.read(context.now(), workspace=speaker.workspace_id) as work:
            found = contacts.list_of_account(work.tx, int(account))
    named = [(str(row.id), contact_label(row.name, row.role)) for row in found]
    offered = [(value, label) for value, label in named if key(typed) in key(label)][:MAX_ROWS]
    words = " ".join(typed.split())[:_MAX_TYPED_LENGTH]
    if words and key(words) not in {row.name_key for row in found}:
        offered.append((f"{TYPED}{words}", f'Add "{words}"'))
    return [menu_option(value, label).to_dict() for value, label in offered]


def _suggest_options(context: Context, speaker: Member, typed: str) -> list[dict[str, Any]]:
    names = context.names.of(speaker.workspace_id) if key(typed) else None
    with context.read(context.now(), workspace=speaker.workspace_id) as work:
        tx = work.tx
        rows = search.suggest(tx, names, typed, MAX_ROWS) if names else _first(tx, speaker)
        return [_account_option(work.playbook, row) for row in rows]


def _first(tx: Tx, speaker: Member) -> list[Found]:
    """What is offered before anything is typed: one's own accounts first."""
    managed = search.list_of_manager(tx, speaker.user_id, MAX_ROWS)
    known = {row.id for row in managed}
    rest = [row for row in search.first(tx, MAX_ROWS) if row.id not in known]
    return (managed + rest)[:MAX_ROWS]


def _account_option(playbook: Playbook, row: Found) -> dict[str, Any]:
    about = playbook.stage_name(row.stage) + (f", also {row.alias}" if row.alias else "")
    return menu_option(str(row.id), row.name, about).to_dict()
