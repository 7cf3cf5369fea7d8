"""The auditor: every due occurrence has an end. Only then it reports to the dead-man's switch."""

from __future__ import annotations

import logging
from http.client import HTTPException
from urllib.request import ProxyHandler, Request, build_opener

from bot.context import Context
from bot.rules import digests
from bot.rules.playbook.playbook import Playbook
from db.core import workspaces
from db.core.tx import begin
from db.ops import audit_checks
from db.ops.audit_checks import Found
from db.workspace import departments

log = logging.getLogger(__name__)

MINUTES = 5
_PATIENCE = 5.0  # seconds for the dead-man's switch to answer


def audit(context: Context) -> bool:
    """Looks at every workspace, remembers what it finds, and reports if that is nothing."""
    now = context.now()
    clean = True
    for workspace in workspaces.all_ids(context.engine):
        with begin(context.engine, workspace) as tx:
            found = audit_checks.look(
                tx, _schedules(departments.in_force(tx, context.playbook_file)), now
            )
            audit_checks.remember(tx, found, now)
        for each in found:
            _tell(workspace, each)
        clean = clean and not found
    if clean and context.heartbeat_url:
        ping(context.heartbeat_url)
    return clean


def ping(url: str) -> bool:
    """Calls the dead-man's switch; never raises. The address is a secret: it is not logged."""
    try:
        # Only the answer's beginning matters, and only for the log.
        with build_opener(ProxyHandler()).open(Request(url, method="GET"), timeout=_PATIENCE):
            return True
    except (OSError, ValueError, HTTPException) as error:
        log.warning("LINCHPIN_HEARTBEAT_URL could not be called: %s", type(error).__name__)
        return False


def _schedules(playbook: Playbook) -> tuple[str, ...]:
    return (digests.COMPANY, *(digests.schedule_of(key) for key in playbook.departments))


def _tell(workspace: str, found: Found) -> None:
    log.error(
        "the auditor found in %s: %s (%d, such as %s); docs/operations.md says what it means",
        workspace,
        found.check,
        found.count,
        found.example,
    )
