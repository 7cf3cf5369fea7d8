"""Menus that are typed into ask which accounts there are."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext

from bot.context import Context
from bot.messages.kit.form_parts import ACCOUNT, menu_option
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.names import key
from db.accounts import search
from db.accounts.search import Found
from db.core.tx import Tx, read
from db.models import Person
from db.playbook import versions

#: More would not be read: one more letter finds what is not among them.
MAX_ROWS = 20


def register(app: App, linchpin: Context) -> None:
    """Answers the account menus of every form."""

    @app.options(ACCOUNT)
    def accounts(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack(options=_suggest_options(linchpin, context["speaker"], str(body.get("value", ""))))


def _suggest_options(context: Context, speaker: Person, typed: str) -> list[dict[str, Any]]:
    names = context.names.of(speaker.workspace_id) if key(typed) else None
    with read(context.engine, speaker.workspace_id) as tx:
        playbook = versions.in_force(tx, context.playbook_file)
        found = search.suggest(tx, names, typed, MAX_ROWS) if names else _first(tx, speaker)
        return [_account_option(playbook, each) for each in found]


def _first(tx: Tx, speaker: Person) -> list[Found]:
    # Nothing typed yet: most likely it is one of theirs.
    mine = search.list_of_manager(tx, speaker.user_id, MAX_ROWS)
    known = {each.id for each in mine}
    rest = [each for each in search.first(tx, MAX_ROWS) if each.id not in known]
    return (mine + rest)[:MAX_ROWS]


def _account_option(playbook: Playbook, found: Found) -> dict[str, Any]:
    stage = playbook.stage(found.stage)
    where = stage.name if stage else found.stage
    about = f"{where}, also {found.alias}" if found.alias else where
    return menu_option(str(found.id), found.name, about).to_dict()
