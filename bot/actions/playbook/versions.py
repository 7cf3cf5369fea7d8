"""Which version of the playbook is in force: brought by a start, decided by an admin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.actions.actor import Actor
from bot.actions.admins import MAX_ADMINS
from bot.actions.audit import audit_action
from bot.actions.playbook.effects import Effects, apply_effects, compute_effects, count_by_play
from bot.actions.touchpoints.routing import can_answer
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.playbook import playbook as messages
from bot.rules.errors import UserError
from bot.rules.playbook.diff import list_changes, plays_of
from bot.rules.playbook.playbook import Playbook
from db import outbox
from db.core import workspaces
from db.core.tx import Tx
from db.members import members
from db.models import PlaybookVersion
from db.outbox import pending
from db.playbook import versions
from db.workspace import departments


def register_file(work: Work, file: Playbook, admins: Collection[str]) -> None:
    """What a start does with its file: the first of all is taken, another is offered, once.

    A text that was here before is not offered again, whatever became of it: of two processes with
    two files each would otherwise undo what the other did.
    """
    if not file.version or workspaces.current(work.tx) is None:
        return
    versions.lock_versions(work.tx)
    is_new = versions.save_version(work.tx, file, work.now)
    current = versions.current_version(work.tx)
    if current is None:
        versions.activate_version(work.tx, file.version, None, work.now)
    elif (
        current.version != file.version and versions.read_version(work.tx, current.version) is None
    ):
        # A newer program does not understand the old text any more: the file was written for it.
        _activate(replace(work, by=Actor(None, "start")), file.version, current.version, Effects())
        _notify_admins(
            work.tx, file, messages.unreadable(file.name, current.version), admins, work.now
        )
    elif is_new:
        _notify_admins(
            work.tx,
            file,
            messages.offer_message(preview_version(work.tx, file, file.version, work.now)),
            admins,
            work.now,
        )


def preview_version(tx: Tx, file: Playbook, version: str, now: datetime) -> messages.VersionPreview:
    """What a version would change, in its text and of what is open. Nothing is changed."""
    row = _load_version(tx, version)
    old, new = (
        departments.in_force(tx, file),
        departments.with_overrides(tx, _parse_version(tx, row)),
    )
    return _build_offer(row, old, new, compute_effects(tx, old, new, now))


def activate_version(work: Work, file: Playbook, version: str) -> messages.VersionPreview:
    """Puts a version in force and does what it means for what is open.

    Raises `UserError` when it is in force already, is not known, or cannot be read any more.
    """
    versions.lock_versions(work.tx)
    row, current = _load_version(work.tx, version), versions.current_version(work.tx)
    if current is not None and current.version == version:
        raise UserError(messages.already_in_force_text(_version_view(current)))
    old, new = (
        departments.in_force(work.tx, file),
        departments.with_overrides(work.tx, _parse_version(work.tx, row)),
    )
    done = apply_effects(work, old, new)
    _activate(work, version, current.version if current else None, done)
    told = _build_offer(row, old, new, done)
    _close_offers(work.tx, version, messages.activated_message(told, work.by.user), work.now)
    return told


def reject_version(work: Work, version: str) -> None:
    """Turns an offered version down; the one in force stays. Twice is as once."""
    versions.lock_versions(work.tx)
    row, current = _load_version(work.tx, version), versions.current_version(work.tx)
    if current is not None and current.version == version:
        raise UserError(messages.already_in_force_text(_version_view(current)))
    if row.turned_down_at is not None:
        return
    versions.reject_version(work.tx, version, work.by.user, work.now)
    audit_action(work, f"playbook:{version}", "playbook.turned_down")
    _close_offers(
        work.tx, version, messages.rejected_message(row.name, version, work.by.user), work.now
    )


def previous_version(tx: Tx) -> str:
    """The version to go back to; `UserError` when there is none."""
    row = versions.previous_version(tx)
    if row is None:
        raise UserError(
            "There is no version to go back to: only one has ever been in force. "
            "`/linchpin playbook` shows it."
        )
    return row.version


def version_status(tx: Tx, file: Playbook, now: datetime) -> messages.PlaybookStatus:
    """What is in force, what was before, and what waits for an answer."""
    playbook = versions.in_force(tx, file)
    current, before = versions.current_version(tx), versions.previous_version(tx)
    return messages.PlaybookStatus(
        name=playbook.name,
        stages=len(playbook.stages),
        plays=len(plays_of(playbook)),
        current=_version_view(current) if current else None,
        before=_version_view(before) if before else None,
        waiting=tuple(
            preview_version(tx, file, row.version, now)
            for row in versions.list_undecided(tx)
            if versions.read_version(tx, row.version) is not None
        ),
    )


def _activate(work: Work, version: str, before: str | None, done: Effects) -> None:
    versions.activate_version(work.tx, version, work.by.user, work.now)
    counts = {
        "kept": done.kept,
        "changed": len(done.changed),
        "cancelled": len(done.cancelled),
        "planned": len(done.planned),
    }
    audit_action(work, f"playbook:{version}", "playbook.taken", {"before": before, **counts})


def _load_version(tx: Tx, version: str) -> PlaybookVersion:
    row = versions.by_version(tx, version)
    if row is None:
        raise UserError(
            "I do not have that version of the playbook. `/linchpin playbook` shows what there is."
        )
    return row


def _parse_version(tx: Tx, row: PlaybookVersion) -> Playbook:
    playbook = versions.read_version(tx, row.version)
    if playbook is None:
        raise UserError(
            f"Version {row.version} was written for an older Linchpin, which read it otherwise: "
            "bring it up to date as a file. `python -m bot playbook check` names the lines."
        )
    return playbook


def _build_offer(
    row: PlaybookVersion, old: Playbook, new: Playbook, done: Effects
) -> messages.VersionPreview:
    return messages.VersionPreview(
        version=row.version,
        name=row.name,
        source=row.source,
        changes=tuple(list_changes(old, new)),
        kept=done.kept,
        changed=len(done.changed),
        cancelled=len(done.cancelled),
        planned=len(done.planned),
        plays=tuple(
            (_play_title(old, new, *place), counts)
            for place, counts in sorted(count_by_play(done).items())
        ),
        stranded=tuple((each.name, each.stage) for each in done.stranded),
    )


def _play_title(old: Playbook, new: Playbook, stage: str, play: str) -> str:
    found = new.play(stage, play) or old.play(stage, play)
    in_stage = new.stage(stage) or old.stage(stage)
    return f"{found.title if found else play} ({in_stage.name if in_stage else stage})"


def _version_view(row: PlaybookVersion) -> messages.VersionView:
    return messages.VersionView(row.version, row.name, row.source, row.taken_at, row.by_user)


def _notify_admins(
    tx: Tx, file: Playbook, message: Message, admins: Collection[str], now: datetime
) -> None:
    for user in _deciders(tx, admins):
        outbox.enqueue_post(
            tx,
            dedupe_key=_dedupe_key(file.version, user),
            kind="admin",
            channel=user,
            payload=message.payload(),
            now=now,
        )


def _close_offers(tx: Tx, version: str, message: Message, now: datetime) -> None:
    """Whoever was asked reads what was decided in the place of the question."""
    for person in members.list_members(tx):
        asked = pending.find_by_key(tx, _dedupe_key(version, person.user_id))
        if asked is not None:
            face = pending.next_version(tx, asked)
            outbox.enqueue_update(
                tx, target=asked, version=face, payload=message.payload(), now=now
            )


def _deciders(tx: Tx, named: Collection[str]) -> list[str]:
    """Whoever is named in the settings first, then Slack's own admins."""
    known = [user for user in sorted(named) if members.by_user_id(tx, user)]
    all_of_them = [*known, *(person.user_id for person in members.list_admins(tx))]
    answering = [user for user in dict.fromkeys(all_of_them) if can_answer(tx, user)]
    return answering[:MAX_ADMINS]


def _dedupe_key(version: str, user: str) -> str:
    return f"playbook:{version}:{user}"
