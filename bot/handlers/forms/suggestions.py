"""The accounts offered in a menu while somebody types into it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.context import Context
from bot.handlers.base.parsing import stage_name
from bot.messages.kit.form_parts import ACCOUNT, menu_option
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.names import key
from db.accounts import search
from db.accounts.search import Found
from db.core.tx import Tx
from db.models import Member

#: Nobody reads more: one more letter finds the others.
MAX_ROWS = 20


def register(app: App, linchpin: Context) -> None:
    """Answers the account menus of every form."""

    @app.options(ACCOUNT)
    def accounts(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack(options=_suggest_options(linchpin, context["speaker"], str(body.get("value", ""))))


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
    about = stage_name(playbook, row.stage) + (f", also {row.alias}" if row.alias else "")
    return menu_option(str(row.id), row.name, about).to_dict()
