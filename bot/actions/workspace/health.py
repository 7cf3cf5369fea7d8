"""What a workspace lacks for Linchpin to work, and to work well, in order of harm."""

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement
from sqlmodel import col

from bot.actions.facts.renewal_dates import list_unknown_dates
from bot.actions.work import Work
from bot.messages.workspace import setup_problems as problems
from bot.messages.workspace.setup_problems import Missing
from bot.rules.facts.live import exit_stages
from bot.rules.playbook.overrides import COMPANY
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import tier_key
from db.core import workspaces
from db.core.tx import Tx
from db.facts.live import is_live
from db.members import members
from db.models import Account
from db.workspace import channels, departments


def find_obstacles(work: Work, scopes: Mapping[str, str]) -> list[Missing]:
    """What keeps messages from going out: scopes that the token lacks, unusable channels."""
    return [*_missing_scopes(work.tx, scopes), *_broken_channels(work.tx, work.playbook)]


def find_gaps(work: Work) -> list[Missing]:
    """What else is not set up, the most harmful first."""
    total = work.tx.count(Account, is_live(exit_stages(work.playbook)))
    without = work.tx.count(Account, *without_manager(work.playbook))
    gaps = [] if total else [problems.no_accounts()]
    if without:
        stand_in = work.playbook.departments[work.playbook.without_manager].name
        gaps.append(problems.no_managers(without, total, stand_in))
    if dates := list_unknown_dates(work, 1):
        gaps.append(problems.no_dates(dates[0].total, work.now))
    return [*gaps, *_without_lead(work.tx, work.playbook), *_missing_routes(work.tx, work.playbook)]


def without_manager(playbook: Playbook) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a live account has no manager."""
    return is_live(exit_stages(playbook)), col(Account.manager_id).is_(None)


def _missing_scopes(tx: Tx, wanted: Mapping[str, str]) -> Iterator[Missing]:
    workspace = workspaces.current(tx)
    if workspace is None or workspace.scopes is None:
        return  # Slack did not say which scopes were granted
    granted = workspace.scopes.split(",")
    for scope, why in wanted.items():
        if scope not in granted:
            yield Missing(problems.scope_missing(scope, why))


def _broken_channels(tx: Tx, playbook: Playbook) -> Iterator[Missing]:
    owners = [(key, each.name, each.channel) for key, each in playbook.departments.items()]
    for key, whose, named in (*owners, (COMPANY, "the company", playbook.company.channel)):
        channel = departments.channel(tx, playbook, key)
        known = channels.facts(tx, channel) if channel else None
        text = problems.channel_problem(whose, known, f"<#{channel}>" if channel else named)
        if text is not None:
            yield Missing(text, problems.edit_department("Choose a channel…", key), channel)


def _without_lead(tx: Tx, playbook: Playbook) -> Iterator[Missing]:
    chosen = members.chosen_departments(tx)
    for key, department in playbook.departments.items():
        if departments.lead(tx, playbook, key) is None:
            yield problems.no_lead(department.name, key, is_empty=key not in chosen)


def _missing_routes(tx: Tx, playbook: Playbook) -> Iterator[Missing]:
    known = departments.all_channels(tx, playbook)
    for key, department in playbook.departments.items():
        for tier, named in department.routes.items():
            if (key, tier_key(tier)) not in known:
                yield Missing(problems.route_missing(department.name, tier, named))
