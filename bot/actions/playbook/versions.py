"""Which version of the playbook is in force: brought by a start, decided by an admin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.actions.actor import Actor
from bot.actions.admins import MOST_TOLD
from bot.actions.audit import audit_action
from bot.actions.playbook.effects import Effects, apply, by_play, effects
from bot.actions.touchpoints.routing import can_answer
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.playbook import playbook as messages
from bot.rules.errors import UserError
from bot.rules.playbook.diff import differences, plays_of
from bot.rules.playbook.playbook import Playbook
from db import outbox
from db.core import workspaces
from db.core.tx import Tx
from db.members import members
from db.models import PlaybookVersion
from db.outbox import pending
from db.playbook import versions
from db.workspace import departments


def bring(work: Work, file: Playbook, admins: Collection[str]) -> None:
    """What a start does with its file: the first of all is taken, another is offered, once.

    A text that was here before is not offered again, whatever became of it: of two processes with
    two files each would otherwise undo what the other did.
    """
    if not file.version or workspaces.get(work.tx) is None:
        return
    versions.take_turn(work.tx)
    is_new = versions.keep(work.tx, file, work.now)
    current = versions.current(work.tx)
    if current is None:
        versions.take(work.tx, file.version, None, work.now)
    elif current.version != file.version and versions.read(work.tx, current.version) is None:
        # A newer program does not understand the old text any more: the file was written for it.
        _take(replace(work, by=Actor(None, "start")), file.version, current.version, Effects())
        _tell(work.tx, file, messages.unreadable(file.name, current.version), admins, work.now)
    elif is_new:
        _tell(
            work.tx,
            file,
            messages.offered(offer(work.tx, file, file.version, work.now)),
            admins,
            work.now,
        )


def offer(tx: Tx, file: Playbook, version: str, now: datetime) -> messages.Offer:
    """What a version would change, in its text and of what is open. Nothing is changed."""
    row = _row(tx, version)
    old, new = departments.in_force(tx, file), departments.with_own_words(tx, _read(tx, row))
    return _told(row, old, new, effects(tx, old, new, now))


def use(work: Work, file: Playbook, version: str) -> messages.Offer:
    """Puts a version in force and does what it means for what is open.

    Raises `UserError` when it is in force already, is not known, or cannot be read any more.
    """
    versions.take_turn(work.tx)
    row, current = _row(work.tx, version), versions.current(work.tx)
    if current is not None and current.version == version:
        raise UserError(messages.in_force_already(_standing(current)))
    old, new = (
        departments.in_force(work.tx, file),
        departments.with_own_words(work.tx, _read(work.tx, row)),
    )
    done = apply(work, old, new)
    _take(work, version, current.version if current else None, done)
    told = _told(row, old, new, done)
    _close_offers(work.tx, version, messages.used(told, work.by.user), work.now)
    return told


def keep_old(work: Work, version: str) -> None:
    """Turns an offered version down; the one in force stays. Twice is as once."""
    versions.take_turn(work.tx)
    row, current = _row(work.tx, version), versions.current(work.tx)
    if current is not None and current.version == version:
        raise UserError(messages.in_force_already(_standing(current)))
    if row.turned_down_at is not None:
        return
    versions.turn_down(work.tx, version, work.by.user, work.now)
    audit_action(work, f"playbook:{version}", "playbook.turned_down")
    _close_offers(work.tx, version, messages.kept_old(row.name, version, work.by.user), work.now)


def previous(tx: Tx) -> str:
    """The version to go back to; `UserError` when there is none."""
    row = versions.before(tx)
    if row is None:
        raise UserError(
            "There is no version to go back to: only one has ever been in force. "
            "`/linchpin playbook` shows it."
        )
    return row.version


def standing(tx: Tx, file: Playbook, now: datetime) -> messages.Standing:
    """What is in force, what was before, and what waits for an answer."""
    playbook = versions.in_force(tx, file)
    current, before = versions.current(tx), versions.before(tx)
    return messages.Standing(
        name=playbook.name,
        stages=len(playbook.stages),
        plays=len(plays_of(playbook)),
        current=_standing(current) if current else None,
        before=_standing(before) if before else None,
        waiting=tuple(
            offer(tx, file, row.version, now)
            for row in versions.waiting(tx)
            if versions.read(tx, row.version) is not None
        ),
    )


def _take(work: Work, version: str, before: str | None, done: Effects) -> None:
    versions.take(work.tx, version, work.by.user, work.now)
    counts = {
        "kept": done.kept,
        "changed": len(done.changed),
        "cancelled": len(done.cancelled),
        "planned": len(done.planned),
    }
    audit_action(work, f"playbook:{version}", "playbook.taken", {"before": before, **counts})


def _row(tx: Tx, version: str) -> PlaybookVersion:
    row = versions.by_version(tx, version)
    if row is None:
        raise UserError(
            "I do not have that version of the playbook. `/linchpin playbook` shows what there is."
        )
    return row


def _read(tx: Tx, row: PlaybookVersion) -> Playbook:
    playbook = versions.read(tx, row.version)
    if playbook is None:
        raise UserError(
            f"Version {row.version} was written for an older Linchpin, which read it otherwise: "
            "bring it up to date as a file. `python -m bot playbook check` names the lines."
        )
    return playbook


def _told(row: PlaybookVersion, old: Playbook, new: Playbook, done: Effects) -> messages.Offer:
    return messages.Offer(
        version=row.version,
        name=row.name,
        source=row.source,
        changes=tuple(differences(old, new)),
        kept=done.kept,
        changed=len(done.changed),
        cancelled=len(done.cancelled),
        planned=len(done.planned),
        plays=tuple(
            (_title(old, new, *place), counts) for place, counts in sorted(by_play(done).items())
        ),
        stranded=tuple((each.name, each.stage) for each in done.stranded),
    )


def _title(old: Playbook, new: Playbook, stage: str, play: str) -> str:
    found = new.play(stage, play) or old.play(stage, play)
    in_stage = new.stage(stage) or old.stage(stage)
    return f"{found.title if found else play} ({in_stage.name if in_stage else stage})"


def _standing(row: PlaybookVersion) -> messages.Version:
    return messages.Version(row.version, row.name, row.source, row.taken_at, row.by_user)


def _tell(tx: Tx, file: Playbook, message: Message, admins: Collection[str], now: datetime) -> None:
    for user in _deciders(tx, admins):
        outbox.enqueue_post(
            tx,
            dedupe_key=_key(file.version, user),
            kind="admin",
            channel=user,
            payload=message.payload(),
            now=now,
        )


def _close_offers(tx: Tx, version: str, message: Message, now: datetime) -> None:
    """Whoever was asked reads what was decided in the place of the question."""
    for person in members.everyone(tx):
        asked = pending.by_key(tx, _key(version, person.user_id))
        if asked is not None:
            face = pending.next_face(tx, asked)
            outbox.enqueue_update(
                tx, target=asked, version=face, payload=message.payload(), now=now
            )


def _deciders(tx: Tx, named: Collection[str]) -> list[str]:
    """Whoever is named in the settings first, then Slack's own admins."""
    known = [user for user in sorted(named) if members.by_user_id(tx, user)]
    all_of_them = [*known, *(person.user_id for person in members.admins(tx))]
    answering = [user for user in dict.fromkeys(all_of_them) if can_answer(tx, user)]
    return answering[:MOST_TOLD]


def _key(version: str, user: str) -> str:
    return f"playbook:{version}:{user}"
