"""What another version of the playbook does to open touchpoints: to preview, and to apply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.actions.touchpoints import planning
from bot.actions.touchpoints.nudging import REMOVED_FROM_PLAYBOOK, cancel
from bot.actions.work import Work
from bot.rules.playbook.diff import plays_of
from bot.rules.playbook.playbook import Play, Playbook
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.touchpoints import by_play as touchpoints_by_play
from db.touchpoints import touchpoints

PlayKey = tuple[str, str]  # the keys of a stage and of a play in it


@dataclass(frozen=True)
class Effects:
    """What happens to each touchpoint and account.

    `changed` are (touchpoint, new values), `planned` the columns of new ones, `stranded` accounts
    in a stage that is no longer there.
    """

    kept: int = 0
    changed: list[tuple[Touchpoint, dict[str, Any]]] = field(default_factory=list)
    cancelled: list[Touchpoint] = field(default_factory=list)
    planned: list[dict[str, Any]] = field(default_factory=list)
    stranded: list[Account] = field(default_factory=list)


def compute_effects(tx: Tx, old: Playbook, new: Playbook, now: datetime) -> Effects:
    """What replacing `old` with `new` would do; nothing is changed.

    What was posted already keeps its owner and its time, and gets the new words. What is planned
    gets new times too. New plays are planned as in an import: what would have been due already is
    left out, so that a new version never floods.
    """
    before, after = plays_of(old), plays_of(new)
    kept, changed, cancelled = 0, [], []
    for touchpoint, account in touchpoints_by_play.list_open(tx):
        place = (touchpoint.stage, touchpoint.play)
        play = after.get(place)
        if play is None:
            cancelled.append(touchpoint)
            continue
        values = _new_values(old, new, before.get(place), play, touchpoint, account, now)
        if values is None:
            kept += 1
        else:
            changed.append((touchpoint, values))
    planned = list(_new_rows(tx, new, set(after) - set(before), now))
    return Effects(kept, changed, cancelled, planned, _accounts_without_stage(tx, old, new))


def apply_effects(work: Work, old: Playbook, new: Playbook) -> Effects:
    """Does what `compute_effects` returns, and returns it."""
    done = compute_effects(work.tx, old, new, work.now)
    for touchpoint in done.cancelled:
        cancel(replace(work, playbook=old), touchpoint, REMOVED_FROM_PLAYBOOK)
    for touchpoint, values in done.changed:
        touchpoints.save(work.tx, touchpoint, **values, playbook=new.version)
    work.tx.add_all(Touchpoint, done.planned)
    return done


def _accounts_without_stage(tx: Tx, old: Playbook, new: Playbook) -> list[Account]:
    gone = {stage.key for stage in old.stages} - {stage.key for stage in new.stages}
    return [account for account in accounts.list_live(tx) if account.stage in gone] if gone else []


def _new_values(
    old: Playbook,
    new: Playbook,
    before: Play | None,
    play: Play,
    touchpoint: Touchpoint,
    account: Account,
    now: datetime,
) -> dict[str, Any] | None:
    """The new columns of a touchpoint that stays; None where nothing at all changes."""
    if before == play and old.calendar(play.owner) == new.calendar(play.owner):
        return None
    values: dict[str, Any] = {"title": play.title}
    if touchpoint.state != "planned" or touchpoint.nudge_id is not None:
        return values
    values["owner"] = play.owner
    again = before is None or before.due != play.due or before.owner != play.owner
    facts = planning.account_facts(account)
    due_at = planning.due_in_version(new, play, facts, now) if again else None
    if due_at is not None and due_at != touchpoint.due_at:
        values["due_at"] = due_at
        if touchpoint.snoozed_until is None:
            values["wake_at"] = due_at
    return values


def _new_rows(
    tx: Tx, new: Playbook, added: set[PlayKey], now: datetime
) -> Iterable[dict[str, Any]]:
    """Touchpoints of the plays that are new, for the accounts that are in their stage."""
    stages = {stage for stage, _ in added}
    known = touchpoints_by_play.list_of_current_entry(tx, [play for _, play in added])
    known.sort(key=lambda row: row.occurrence)
    latest = {(row.account_id, row.play): row for row in known}
    for account in accounts.list_live(tx):
        if account.stage in stages:
            yield from _rows_for_account(new, planning.account_facts(account), added, latest, now)


def _rows_for_account(
    new: Playbook,
    account: planning.AccountFacts,
    added: set[PlayKey],
    latest: Mapping[tuple[int, str], Touchpoint],
    now: datetime,
) -> Iterable[dict[str, Any]]:
    """What an earlier version had cancelled comes again at its own time, at the earliest now; what
    people ended does not."""
    ahead = {row["play"]: row for row in planning.planned_rows(new, account, now, importing=True)}
    for stage, key in sorted(added):
        play = new.play(stage, key)
        if stage != account.stage or play is None:
            continue
        last = latest.get((account.id, key))
        if last is None and key in ahead:
            yield ahead[key]
        elif last is not None and (last.state, last.note) == ("cancelled", REMOVED_FROM_PLAYBOOK):
            at = max(last.due_at, new.calendar(play.owner).next_open(now))
            again = {"due_at": at, "wake_at": at, "owner": play.owner, "title": play.title}
            again |= {"state": "planned", "state_at": now, "playbook": new.version, "version": 1}
            kept = ("account_id", "stage", "stage_entry", "play")
            again |= {name: getattr(last, name) for name in kept}
            yield {**again, "occurrence": last.occurrence + 1}


def count_by_play(done: Effects) -> dict[PlayKey, dict[str, int]]:
    """How many touchpoints of each play are changed, cancelled and new."""
    counts: dict[PlayKey, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, _ in done.changed:
        counts[row.stage, row.play]["changed"] += 1
    for row in done.cancelled:
        counts[row.stage, row.play]["cancelled"] += 1
    for values in done.planned:
        counts[values["stage"], values["play"]]["new"] += 1
    return {place: dict(of_play) for place, of_play in counts.items()}
