"""Which playbook a workspace works by: its versions, as they were written."""

import logging
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select

from bot.rules.playbook.playbook import Playbook, PlaybookError, parse
from db.core import advisory_locks, workspaces
from db.core.tx import Tx
from db.models import PlaybookVersion, Workspace

log = logging.getLogger(__name__)

_LOCK_NAME = "playbook"
# By version, which names the text: reading one takes a quarter of a second.
_parsed_versions: dict[str, Playbook] = {}


def in_force(tx: Tx, file: Playbook) -> Playbook:
    """The version that was taken, without overrides; `file` if none was, or it cannot be read."""
    workspace = workspaces.current(tx)
    version = workspace.playbook if workspace else None
    if version is None or version == file.version:
        return file
    return read_version(tx, version) or file


def read_version(tx: Tx, version: str) -> Playbook | None:
    """A version as a playbook; None if it is missing, or written for an older program and wrong."""
    if version not in _parsed_versions:
        row = by_version(tx, version)
        if row is None:
            return None
        try:
            _parsed_versions[version] = parse(row.text, f"version {version}")
        except PlaybookError as error:
            log.error("version %s of the playbook cannot be read any more: %s", version, error)
            return None
    return _parsed_versions[version]


def by_version(tx: Tx, version: str) -> PlaybookVersion | None:
    return tx.first(select(PlaybookVersion).where(col(PlaybookVersion.version) == version))


def current_version(tx: Tx) -> PlaybookVersion | None:
    """The version in force; None before the first start."""
    workspace = workspaces.current(tx)
    return by_version(tx, workspace.playbook) if workspace and workspace.playbook else None


def previous_version(tx: Tx) -> PlaybookVersion | None:
    """The version that was in force before the one that is."""
    now = current_version(tx)
    left = select(PlaybookVersion).where(col(PlaybookVersion.left_at).is_not(None))
    if now is not None:
        left = left.where(col(PlaybookVersion.version) != now.version)
    return tx.first(left.order_by(col(PlaybookVersion.left_at).desc()))


def list_undecided(tx: Tx) -> list[PlaybookVersion]:
    """Versions that were brought and that nobody has decided about, newest first."""
    undecided = select(PlaybookVersion).filter_by(taken_at=None, turned_down_at=None)
    newest = col(PlaybookVersion.brought_at).desc(), col(PlaybookVersion.id).desc()
    return tx.all(undecided.order_by(*newest))


def save_version(tx: Tx, playbook: Playbook, now: datetime) -> bool:
    """Keeps a text; False if it was here before, whatever was decided about it."""
    row = PlaybookVersion(
        version=playbook.version,
        name=playbook.name,
        source=playbook.source,
        text=playbook.text,
        brought_at=now,
    )
    return tx.add_once(row) is not None


def lock_versions(tx: Tx) -> None:
    """Makes others who decide about playbooks at this moment wait."""
    advisory_locks.take_lock(tx, _LOCK_NAME)
    own = select(Workspace).where(col(Workspace.id) == tx.workspace)
    tx.first(own.execution_options(populate_existing=True))  # read anew: others may have decided


def activate_version(tx: Tx, version: str, by: str | None, now: datetime) -> None:
    """Puts a version in force, in the place of the one that is. Call `lock_versions` first."""
    old = current_version(tx)
    if old is not None:
        old.left_at = now
    taken = {"taken_at": now, "left_at": None, "turned_down_at": None, "by_user": by}
    tx.execute(update(PlaybookVersion).filter_by(version=version).values(**taken))
    workspace = update(Workspace).where(col(Workspace.id) == tx.workspace)
    tx.execute(workspace.values(playbook=version))


def reject_version(tx: Tx, version: str, by: str | None, now: datetime) -> None:
    """Notes that a version was turned down, and by whom."""
    turned_down = {"turned_down_at": now, "by_user": by}
    tx.execute(update(PlaybookVersion).filter_by(version=version).values(**turned_down))
