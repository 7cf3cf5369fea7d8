"""The playbook as people see it: what is in force, what another version would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from slack_sdk.models.blocks import Block, ButtonElement

from bot.messages.kit.blocks import actions, button, compose, context, text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import limit_lines, limit_names, mention, short, when
from bot.rules.playbook.diff import Change
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural

MAX_CHANGES = 12
MAX_PLAYS = 8
MAX_STRANDED = 5
#: More offers than this are not shown at once: the newest are what matters.
MAX_OFFERS = 3

_SIGNS = {"added": "＋", "removed": "－", "changed": "·"}


class Version(Protocol):
    """A version of a playbook: when it came into force, and the Slack user who decided."""

    version: str
    name: str
    source: str
    taken_at: datetime | None
    by_user: str | None


@dataclass(frozen=True)
class VersionPreview:
    """A version against the one in force: its text, and what it does to open touchpoints. `plays`
    are (title and stage, {"changed": n, "cancelled": n, "new": n}); `moved` are (stage that would
    be gone, the one that takes its accounts, how many); `stranded` are (account, key of the stage
    that would be gone)."""

    version: str
    name: str
    source: str
    changes: Sequence[Change] = ()
    kept: int = 0
    changed: int = 0
    cancelled: int = 0
    planned: int = 0
    plays: Sequence[tuple[str, Mapping[str, int]]] = ()
    moved: Sequence[tuple[str, str, int]] = ()
    stranded: Sequence[tuple[str, str]] = ()


def offer_message(offer: VersionPreview) -> Message:
    """The question to an admin, when a start has brought another text."""
    head = (
        f"*The playbook file has changed.* {_file(offer)} differs from the one in force, "
        "which stays until you decide."
    )
    return compose(head, *_preview_texts(offer), _decision_buttons(offer))


def activated_message(offer: VersionPreview, by: str | None) -> Message:
    """What was done, in the place of the question."""
    head = f"*A new playbook is in force:* {_file(offer)}, {_decided_by_text(by)}."
    foot = "`/linchpin playbook back` goes back to the one before."
    return compose(head, *_preview_texts(offer), foot)


def rejected_message(name: str, version: str, by: str | None) -> Message:
    return text_message(
        f"*The playbook stays as it was.* Version {version} of {short(name)} was turned down, "
        f"{_decided_by_text(by)}. `/linchpin playbook` shows what is in force."
    )


def unreadable(name: str, version: str) -> Message:
    return text_message(
        f"*The playbook of the file is in force:* {short(name)}. This Linchpin no longer "
        f"understands version {version}, which was in force before. `/linchpin playbook` "
        "shows what is now."
    )


def already_in_force_text(version: Version) -> str:
    return f"Version {version.version} is in force already{_since(version)}. Nothing was changed."


def status_message(
    playbook: Playbook,
    current: Version | None,
    before: Version | None,
    waiting: Sequence[VersionPreview],
    *,
    for_admin: bool,
) -> Message:
    """Which version is in force, since when, by whom; for admins with what they can decide."""
    plays = sum(len(stage.plays) for stage in playbook.stages)
    size = f"{plural(len(playbook.stages), 'stage')}, {plural(plays, 'play')}"
    force = "It is the file's. No version is stored yet."
    if current is not None:
        force = f"In force: {_version_label(current)}."
    parts: list[str | Block] = [f"*The playbook:* {short(playbook.name)}, {size}. {force}"]
    if before is not None:
        parts.append(context(f"Before it: {_version_label(before)}."))
        if for_admin:
            parts.append(actions(_use(before.version, "Go back to it")))
    for offer in waiting[:MAX_OFFERS]:
        parts.append(f"*On offer:* {_file(offer)} waits for an admin's answer.")
        parts += _preview_texts(offer)
        parts += [_decision_buttons(offer)] if for_admin else []
    return compose(*parts)


def change(change: Change) -> str:
    """One difference on a line: "play renewal/brief, due: 90 days before renewal → …"."""
    if change.what != "changed":
        name = change.after or change.before
        return f"{change.where}{f': {name}' if name else ''} ({change.what})"
    return f"{change.where}, {change.field}: {change.before} → {change.after}"


def moved_texts(offer: VersionPreview) -> list[str]:
    """Where the accounts of stages go that are gone."""
    return [
        f"{plural(count, 'account')} of {short(before)} will be in {short(after)}."
        for before, after, count in offer.moved
    ]


def stranded_text(stranded: Sequence[tuple[str, str]]) -> str:
    """Which accounts a version leaves without a stage, and what to do; (account, stage's key)."""
    names = [f"{short(name, 60)} ({short(stage)})" for name, stage in stranded]
    are = plural(len(names), "account is", "accounts are")
    stage = short(stranded[0][1])
    return (
        f"{are} in a stage that this version does not have: {limit_names(names, MAX_STRANDED)}. "
        f"Write `was: {stage}` on the stage that takes them, or move them first with `/stage`."
    )


def _preview_texts(offer: VersionPreview) -> list[str]:
    rows = [f"{_SIGNS[one.what]} {short(change(one), 240)}" for one in offer.changes]
    text = "*In the file*\n" + limit_lines(rows, MAX_CHANGES, " changes")
    moved = "\n".join(moved_texts(offer))
    warning = f":warning: {stranded_text(offer.stranded)}" if offer.stranded else ""
    differ = text if rows else "Only comments or layout differ."
    return [differ, _touchpoints(offer), moved, warning]


def _touchpoints(offer: VersionPreview) -> str:
    changes = {"changed": offer.changed, "cancelled": offer.cancelled, "new": offer.planned}
    counts = _counts_text({"kept": offer.kept, **changes})
    if not counts:
        return ""
    rows = [f"· {short(title, 120)}: {_counts_text(play)}" for title, play in offer.plays]
    more = "\n" + limit_lines(rows, MAX_PLAYS, " plays") if rows else ""
    return f"*Open touchpoints:* {counts}.{more}"


def _counts_text(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)


def _version_label(version: Version) -> str:
    by = _decided_by_text(version.by_user)
    return f"version {version.version} of {short(version.source)}{_since(version)}, {by}"


def _since(version: Version) -> str:
    return f" since {when(version.taken_at)}" if version.taken_at else ""


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
