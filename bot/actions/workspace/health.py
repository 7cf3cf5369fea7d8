"""Finds what keeps Linchpin from working in a workspace: missing scopes, unusable channels."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages.workspace import setup_problems
from bot.rules.playbook.overrides import COMPANY
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import tier_key
from db.core import workspaces
from db.core.tx import Tx
from db.workspace import channels, departments

THE_COMPANY = "the company"


def missing_scopes(tx: Tx, wanted: Mapping[str, str]) -> list[str]:
    """One sentence for each scope that the app asks for and the token does not have."""
    workspace = workspaces.current(tx)
    if workspace is None or workspace.scopes is None:
        return []  # Slack did not say which scopes were granted
    granted = workspace.scopes.split(",")
    return [setup_problems.scope_missing(s, why) for s, why in wanted.items() if s not in granted]


def broken_channels(tx: Tx, playbook: Playbook) -> dict[str, tuple[str | None, str]]:
    """Department key to (its channel's id, one sentence), for those that cannot be written to."""
    company = playbook.company.channel
    rows = [
        (key, each.name, departments.channel(tx, playbook, key), each.channel)
        for key, each in playbook.departments.items()
    ]
    rows.append((COMPANY, THE_COMPANY, departments.company_channel(tx, playbook), company))
    broken = {}
    for key, whose, channel, named in rows:
        sentence = _channel_problem(tx, whose, channel, named)
        if sentence is not None:
            broken[key] = (channel, sentence)
    return broken


def missing_routes(tx: Tx, playbook: Playbook) -> list[str]:
    """One sentence for each channel of a tier that is not there: the department's own is used."""
    known = departments.all_channels(tx, playbook)
    return [
        setup_problems.route_missing(department.name, tier, named)
        for key, department in playbook.departments.items()
        for tier, named in department.routes.items()
        if (key, tier_key(tier)) not in known
    ]


def _channel_problem(tx: Tx, whose: str, channel: str | None, named: str) -> str | None:
    if channel is None:
        return setup_problems.channel_missing(whose, named)
    known, where = channels.by_id(tx, channel), f"<#{channel}>"
    if known is None or not known.is_member:
        return setup_problems.bot_not_in_channel(whose, where)
    if known.is_archived:
        return setup_problems.channel_archived(whose, where)
    return setup_problems.channel_shared_outside(whose, where) if known.is_shared_outside else None
