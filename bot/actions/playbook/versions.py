"""Versions of the playbook: registered when Linchpin starts, activated or rejected by admins."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from bot.actions.actor import Actor
from bot.actions.admins import MAX_ADMINS
from bot.actions.audit import audit_action
from bot.actions.outgoing import edit, post
from bot.actions.playbook.effects import Effects, apply_effects, compute_effects, count_by_play
from bot.actions.touchpoints.routing import can_answer
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.playbook import playbook as messages
from bot.rules.errors import UserError
from bot.rules.playbook.diff import list_changes
from bot.rules.playbook.playbook import Playbook
from db.core import workspaces
from db.core.tx import Tx
from db.members import members
from db.models import PlaybookVersion
from db.outbox import pending
from db.playbook import versions
from db.workspace import departments


def register_file(work: Work, file: Playbook, admins: Collection[str]) -> None:
    """Activates the playbook file if it is the first of all; offers another one to admins, once. A
    text that was registered before is not offered again, whatever became of it: otherwise each of
    two processes with different files would undo what the other did."""
    if not file.version or workspaces.current(work.tx) is None:
        return
    versions.lock_versions(work.tx)
    is_new = versions.save_version(work.tx, file, work.now)
    current = versions.current_version(work.tx)
    if current is None:
        versions.activate_version(work.tx, file.version, None, work.now)
    elif current.version == file.version:
        return
    elif versions.read_version(work.tx, current.version) is None:
        # This program can no longer read the old text, so the file that came with it is activated.
        _activate(replace(work, by=Actor(None, "start")), file.version, current.version, Effects())
        message = messages.unreadable(file.name, current.version)
        _notify_admins(work, file.version, message, admins)
    elif is_new:
        offer = preview_version(work.tx, file, file.version, work.now)
        _notify_admins(work, file.version, messages.offer_message(offer), admins)


def preview_version(
    tx: Tx, file: Playbook, version: str, now: datetime, moves: Mapping[str, str] | None = None
) -> messages.VersionPreview:
    """What a version would change, in its text and in what is open. Nothing is changed."""
    row = _load_version(tx, version)
    old, new = departments.in_force(tx, file), _parse_version(tx, row)
    return _build_offer(row, old, new, compute_effects(tx, old, new, now, moves))


def activate_version(
    work: Work, file: Playbook, version: str, moves: Mapping[str, str] | None = None
) -> messages.VersionPreview:
    """Puts a version in force and changes what is open; `moves` says where accounts of gone
    stages go. `UserError` when it is in force, not known, not readable, or strands accounts."""
    row, current = _lock_other_version(work.tx, version)
    old, new = departments.in_force(work.tx, file), _parse_version(work.tx, row)
    done = apply_effects(work, old, new, moves)
    _activate(work, version, current.version if current else None, done)
    preview = _build_offer(row, old, new, done)
    _close_offers(work, version, messages.activated_message(preview, work.by.user))
    return preview


def reject_version(work: Work, version: str) -> None:
    """Turns an offered version down; the one in force stays. The second time changes nothing."""
    row, _ = _lock_other_version(work.tx, version)
    if row.turned_down_at is None:
        versions.reject_version(work.tx, version, work.by.user, work.now)
        audit_action(work, f"playbook:{version}", "playbook.turned_down")
        message = messages.rejected_message(row.name, version, work.by.user)
        _close_offers(work, version, message)


def previous_version(tx: Tx) -> str:
    """The version to go back to; `UserError` when there is none."""
    row = versions.previous_version(tx)
    if row is None:
        raise UserError(
            "There is no version to go back to: only one has ever been in force. "
            "`/linchpin playbook` shows it."
        )
    return row.version


def status_message(tx: Tx, file: Playbook, now: datetime, *, for_admin: bool) -> Message:
    """What is in force, what was before, and what waits for an answer."""
    waiting = [
        preview_version(tx, file, row.version, now)
        for row in versions.list_undecided(tx)
        if versions.read_version(tx, row.version) is not None
    ]
    current, before = versions.current_version(tx), versions.previous_version(tx)
    playbook = versions.in_force(tx, file)
    return messages.status_message(playbook, current, before, waiting, for_admin=for_admin)


def _activate(work: Work, version: str, before: str | None, done: Effects) -> None:
    versions.activate_version(work.tx, version, work.by.user, work.now)
    counts = {
        "kept": done.kept,
        "changed": len(done.changed),
        "cancelled": len(done.cancelled),
        "planned": len(done.planned),
        "moved": dict(done.moved),
    }
    audit_action(work, f"playbook:{version}", "playbook.taken", {"before": before, **counts})


def _lock_other_version(tx: Tx, version: str) -> tuple[PlaybookVersion, PlaybookVersion | None]:
    versions.lock_versions(tx)
    row, current = _load_version(tx, version), versions.current_version(tx)
    if current is not None and current.version == version:
        raise UserError(messages.already_in_force_text(current))
    return row, current


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
    return departments.with_overrides(tx, playbook)


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
        moved=tuple(
            (old.stage_name(stage), new.stage_name(done.moves[stage]), count)
            for stage, count in done.moved.items()
        ),
        stranded=tuple((each.name, each.stage) for each in done.stranded),
    )


def _play_title(old: Playbook, new: Playbook, stage: str, play: str) -> str:
    in_either = new.play(stage, play) or old.play(stage, play)
    in_stage = new.stage(stage) or old.stage(stage)
    return f"{in_either.title if in_either else play} ({in_stage.name if in_stage else stage})"


def _notify_admins(
    work: Work, version: str, message: Message, named_admins: Collection[str]
) -> None:
    """Sends a DM to those named in the settings first, then to Slack's own admins."""
    known = [user for user in sorted(named_admins) if members.by_user_id(work.tx, user)]
    everybody = [*known, *(person.user_id for person in members.list_admins(work.tx))]
    answering = [user for user in dict.fromkeys(everybody) if can_answer(work.tx, user)]
    for user in answering[:MAX_ADMINS]:
        post(work, user, message, kind="admin", key=_dedupe_key(version, user))


def _close_offers(work: Work, version: str, message: Message) -> None:
    """Shows what was decided in the place of the question, to everybody who was asked."""
    for person in members.list_members(work.tx):
        asked = pending.find_by_key(work.tx, _dedupe_key(version, person.user_id))
        if asked is not None:
            edit(work, asked, message)


def _dedupe_key(version: str, user: str) -> str:
    return f"playbook:{version}:{user}"
