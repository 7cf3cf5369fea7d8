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
from db.ops.audit_checks import CheckResult
from db.workspace import departments

log = logging.getLogger(__name__)

MINUTES = 5
_TIMEOUT = 5.0  # seconds for the dead-man's switch to answer


def run_audit(context: Context) -> bool:
    """Looks at every workspace, remembers what it finds, and reports if that is nothing."""
    now = context.now()
    clean = True
    for workspace in workspaces.all_ids(context.engine):
        with begin(context.engine, workspace) as tx:
            found = audit_checks.run_checks(
                tx, _expected_schedules(departments.in_force(tx, context.playbook_file)), now
            )
            audit_checks.save_findings(tx, found, now)
        for each in found:
            _log_findings(workspace, each)
        clean = clean and not found
    if clean and context.heartbeat_url:
        ping_heartbeat(context.heartbeat_url)
    return clean


def ping_heartbeat(url: str) -> bool:
    """Calls the dead-man's switch; never raises. The address is a secret: it is not logged."""
    try:
        # Only the answer's beginning matters, and only for the log.
        with build_opener(ProxyHandler()).open(Request(url, method="GET"), timeout=_TIMEOUT):
            return True
    except (OSError, ValueError, HTTPException) as error:
        log.warning("LINCHPIN_HEARTBEAT_URL could not be called: %s", type(error).__name__)
        return False


def _expected_schedules(playbook: Playbook) -> tuple[str, ...]:
    return (digests.COMPANY_SCHEDULE, *(digests.schedule_name(key) for key in playbook.departments))


def _log_findings(workspace: str, found: CheckResult) -> None:
    log.error(
        "the auditor found in %s: %s (%d, such as %s); docs/operations.md says what it means",
        workspace,
        found.check,
        found.count,
        found.example,
    )
