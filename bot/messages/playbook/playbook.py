"""The playbook as people see it: what is in force, what another version would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.kit.message import Message
from bot.messages.kit.parts import (
    actions,
    button,
    context,
    limit_lines,
    mention,
    section,
    short,
    unstyled,
    when,
)
from bot.rules.playbook.diff import Change
from bot.rules.text.words import plural

MAX_CHANGES = 12
MAX_PLAYS = 8
MAX_STRANDED = 5
#: More offers than this are not shown at once: the newest are what matters.
MAX_OFFERS = 3

_SIGNS = {"added": "＋", "removed": "－", "changed": "·"}


@dataclass(frozen=True)
class VersionView:
    """One version: `since` when it is or was in force, `by` the Slack user who decided."""

    version: str
    name: str
    source: str
    since: datetime | None
    by: str | None


@dataclass(frozen=True)
class VersionPreview:
    """A version against the one in force: its text, and what it does to open touchpoints.

    `plays` are (title and stage, {"changed": n, "cancelled": n, "new": n}); `stranded` are
    (account, key of the stage that would be gone).
    """

    version: str
    name: str
    source: str
    changes: Sequence[Change] = ()
    kept: int = 0
    changed: int = 0
    cancelled: int = 0
    planned: int = 0
    plays: Sequence[tuple[str, Mapping[str, int]]] = ()
    stranded: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class PlaybookStatus:
    """What `/linchpin playbook` shows."""

    name: str
    stages: int
    plays: int
    current: VersionView | None
    before: VersionView | None
    waiting: Sequence[VersionPreview] = ()


def offer_message(offer: VersionPreview) -> Message:
    """The question to an admin, when a start has brought another text."""
    head = (
        f"*The playbook file has changed.* {_file(offer)} is another text than the one in force, "
        "which stays until you decide."
    )
    return _build_message([head, *_preview_texts(offer)], _decision_buttons(offer))


def activated_message(offer: VersionPreview, by: str | None) -> Message:
    """What was done, in the place of the question."""
    head = f"*A new playbook is in force:* {_file(offer)}, {_decided_by_text(by)}."
    foot = "`/linchpin playbook back` goes back to the one before."
    return _build_message([head, *_preview_texts(offer), foot])


def rejected_message(name: str, version: str, by: str | None) -> Message:
    return _build_message(
        [
            f"*The playbook stays as it was.* Version {version} of {short(name)} was turned down, "
            f"{_decided_by_text(by)}. `/linchpin playbook` shows what is in force."
        ]
    )


def unreadable(name: str, version: str) -> Message:
    return _build_message(
        [
            f"*The playbook of the file is in force:* {short(name)}. This Linchpin no longer "
            f"understands version {version}, which was in force before. `/linchpin playbook` "
            "shows what is now."
        ]
    )


def already_in_force_text(version: VersionView) -> str:
    since = f" since {when(version.since)}" if version.since else ""
    return f"Version {version.version} is in force already{since}. Nothing was changed."


def status_message(standing: PlaybookStatus, *, for_admin: bool) -> Message:
    """Which version is in force, since when, by whom; for admins with what they can decide."""
    size = f"{plural(standing.stages, 'stage')}, {plural(standing.plays, 'play')}"
    head = f"*The playbook:* {short(standing.name)}, {size}. {_in_force(standing.current)}"
    blocks: list[Block] = [section(head)]
    told = [head]
    if standing.before is not None:
        before = f"Before it: {_version_label(standing.before)}."
        told.append(before)
        blocks.append(context(before))
        if for_admin:
            blocks.append(actions(_use(standing.before.version, "Go back to it")))
    for offer in standing.waiting[:MAX_OFFERS]:
        waits = f"*On offer:* {_file(offer)} waits for an admin's answer."
        told += [waits, *_preview_texts(offer)]
        blocks += [section(part) for part in (waits, *_preview_texts(offer))]
        blocks += [_decision_buttons(offer)] if for_admin else []
    return Message(unstyled("\n".join(told)), tuple(blocks))


def change(one: Change) -> str:
    """One difference on a line: "play renewal/brief, due: 90 days before renewal → …"."""
    if one.what != "changed":
        name = one.after or one.before
        return f"{one.where}{f': {name}' if name else ''} ({one.what})"
    return f"{one.where}, {one.field}: {one.before} → {one.after}"


def _preview_texts(offer: VersionPreview) -> list[str]:
    return [part for part in (_changes(offer), _touchpoints(offer), _stranded(offer)) if part]


def _changes(offer: VersionPreview) -> str:
    if not offer.changes:
        return "Only comments or layout differ: it asks for the same."
    rows = [f"{_SIGNS[one.what]} {short(change(one), 240)}" for one in offer.changes]
    return "*In the file*\n" + limit_lines(rows, MAX_CHANGES, "… and {n} more changes")


def _touchpoints(offer: VersionPreview) -> str:
    counts = (
        (offer.kept, "kept"),
        (offer.changed, "changed"),
        (offer.cancelled, "cancelled"),
        (offer.planned, "new"),
    )
    told = ", ".join(f"{count:,} {word}" for count, word in counts if count)
    if not told:
        return ""
    rows = [
        f"· {short(title, 120)}: {', '.join(f'{n:,} {word}' for word, n in found.items())}"
        for title, found in offer.plays
    ]
    more = "\n" + limit_lines(rows, MAX_PLAYS, "… and {n} more plays") if rows else ""
    return f"*Open touchpoints:* {told}.{more}"


def _stranded(offer: VersionPreview) -> str:
    if not offer.stranded:
        return ""
    shown = [f"{short(name, 60)} ({short(stage)})" for name, stage in offer.stranded]
    more = len(shown) - MAX_STRANDED
    rest = f" and {more:,} more" if more > 0 else ""
    stand = plural(len(shown), "account stands", "accounts stand")
    return (
        f":warning: {stand} in a stage that this version does not have: "
        f"{', '.join(shown[:MAX_STRANDED])}{rest}. Move them with `/stage`."
    )


def _in_force(version: VersionView | None) -> str:
    if version is None:
        return "It is the file's: no version has been kept yet."
    return f"In force: {_version_label(version)}."


def _version_label(version: VersionView) -> str:
    since = f" since {when(version.since)}" if version.since else ""
    return (
        f"version {version.version} of {short(version.source)}{since}, "
        f"{_decided_by_text(version.by)}"
    )


def _decided_by_text(by: str | None) -> str:
    return f"by {mention(by)}" if by else "taken on the server"


def _file(offer: VersionPreview) -> str:
    return f'{short(offer.source)}, version {offer.version} ("{short(offer.name)}")'


def _decision_buttons(offer: VersionPreview) -> Block:
    return actions(
        _use(offer.version, "Use it", "primary"),
        button("Keep the old one", "playbook:keep", offer.version),
    )


def _use(version: str, label: str, style: str | None = None) -> ButtonElement:
    return button(label, "playbook:use", version, style)


def _build_message(parts: Sequence[str], foot: Block | None = None) -> Message:
    blocks: list[Block] = [section(part) for part in parts]
    return Message(unstyled("\n".join(parts)), (*blocks, *([foot] if foot else [])))
