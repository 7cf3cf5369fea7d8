"""What another version of the playbook does to open touchpoints: to preview, and to apply."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.actions.touchpoints.account_facts import AccountFacts, account_facts
from bot.actions.touchpoints.nudging import REMOVED_FROM_PLAYBOOK, cancel
from bot.actions.touchpoints.planning import PlayKey, due_in_version, planned_rows
from bot.actions.work import Work
from bot.messages.playbook.playbook import stranded_text
from bot.rules.errors import UserError
from bot.rules.playbook.diff import plays_of, stage_moves
from bot.rules.playbook.playbook import Play, Playbook
from db.accounts import accounts
from db.core.tx import Tx
from db.models import Account, Touchpoint
from db.terms import terms
from db.touchpoints import by_play as touchpoints_by_play
from db.touchpoints import touchpoints


@dataclass(frozen=True)
class Effects:
    """What happens to each touchpoint and account. `changed` are (touchpoint, new values),
    `planned` columns; `moves` says where accounts of gone stages go, but for those `stranded`."""

    kept: int = 0
    changed: list[tuple[Touchpoint, dict[str, Any]]] = field(default_factory=list)
    cancelled: list[Touchpoint] = field(default_factory=list)
    planned: list[dict[str, Any]] = field(default_factory=list)
    stranded: list[Account] = field(default_factory=list)
    moves: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, int] = field(default_factory=dict)


def compute_effects(
    tx: Tx, old: Playbook, new: Playbook, now: datetime, named: Mapping[str, str] | None = None
) -> Effects:
    """What replacing `old` with `new` would do. What was posted keeps owner and time, and gets the
    new words; what is planned gets new times too. New plays are planned as in an import, so that a
    version never floods. Accounts of gone stages are in the one that takes them, or is `named`."""
    moves, live = stage_moves(old, new, named or {}), accounts.list_live(tx)
    open_terms = terms.open_terms(tx, [account.id for account in live])
    facts_of = {}
    for each in live:
        facts = account_facts(each, open_terms.get(each.id))
        facts_of[each.id] = replace(facts, stage=moves.get(facts.stage, facts.stage))
    kept, changed, cancelled = _changes_of_open(tx, old, new, facts_of, moves, now)
    before = plays_of(old)
    added = {
        place: play
        for place, play in plays_of(new).items()
        if place[0] in moves.values() or _is_added(before.get(place), play)
    }
    ending = {each.id for each in cancelled}
    rows = _new_rows(tx, new, list(facts_of.values()), added, ending, moves, now) if added else ()
    gone = [each for each in live if old.stage(each.stage) and new.stage(each.stage) is None]
    stranded = [account for account in gone if account.stage not in moves]
    moved = Counter(account.stage for account in gone if account.stage in moves)
    return Effects(kept, changed, cancelled, list(rows), stranded, moves, moved)


def _changes_of_open(
    tx: Tx,
    old: Playbook,
    new: Playbook,
    facts_of: Mapping[int, AccountFacts],
    moves: Mapping[str, str],
    now: datetime,
) -> tuple[int, list[tuple[Touchpoint, dict[str, Any]]], list[Touchpoint]]:
    """How many open touchpoints stay as they are, (touchpoint, new values), and which end."""
    before, after = plays_of(old), plays_of(new)
    kept, changed, cancelled = 0, [], []
    for touchpoint, account in touchpoints_by_play.list_open(tx):
        place = (moves.get(touchpoint.stage, touchpoint.stage), touchpoint.play)
        play = after.get(place)
        facts = facts_of.get(account.id)
        is_of_term = touchpoint.stage_entry == 0
        fits = play is not None and play.due.of_term == is_of_term and play.is_for(account.tier)
        if facts is None or not fits:
            cancelled.append(touchpoint)
            continue
        was = before.get((touchpoint.stage, touchpoint.play))
        values = _new_values(old, new, was, place, touchpoint, facts, now)
        if values is None:
            kept += 1
        else:
            changed.append((touchpoint, values))
    return kept, changed, cancelled


def _is_added(before: Play | None, play: Play) -> bool:
    """Whether a play may have to be planned for accounts that had none of it before."""
    if before is None or before.due.of_term != play.due.of_term:
        return True
    return before.only_for != play.only_for


def apply_effects(
    work: Work, old: Playbook, new: Playbook, named: Mapping[str, str] | None = None
) -> Effects:
    """Does what `compute_effects` returns, and returns it; `UserError` when it strands accounts."""
    done = compute_effects(work.tx, old, new, work.now, named)
    if done.stranded:
        raise UserError(stranded_text([(each.name, each.stage) for each in done.stranded]))
    for touchpoint in done.cancelled:
        cancel(replace(work, playbook=old), touchpoint, REMOVED_FROM_PLAYBOOK)
    for touchpoint, values in done.changed:
        touchpoints.save(work.tx, touchpoint, **values, playbook=new.version)
    for before, after in done.moves.items():
        touchpoints_by_play.rename_stage(work.tx, before, after)
    work.tx.add_all(Touchpoint, done.planned)
    return done


def _new_values(
    old: Playbook,
    new: Playbook,
    before: Play | None,
    place: PlayKey,
    touchpoint: Touchpoint,
    facts: AccountFacts,
    now: datetime,
) -> dict[str, Any] | None:
    play = new.play(*place)
    assert play is not None
    if before == play and old.calendar(play.owner) == new.calendar(play.owner):
        return None
    values: dict[str, Any] = {"title": play.title, "records": play.records}
    if touchpoint.state != "planned" or touchpoint.nudge_id is not None:
        return values
    values["owner"] = play.owner
    again = before is None or before.due != play.due or before.owner != play.owner
    due_at = due_in_version(new, place[0], play, facts, now) if again else None
    if due_at is not None and due_at != touchpoint.due_at:
        values["due_at"] = due_at
        if touchpoint.snoozed_until is None:
            values["wake_at"] = due_at
    return values


def _new_rows(
    tx: Tx,
    new: Playbook,
    live: Sequence[AccountFacts],
    added: Mapping[PlayKey, Play],
    ending: Collection[int],
    moves: Mapping[str, str],
    now: datetime,
) -> Iterable[dict[str, Any]]:
    """Touchpoints of the plays that are new, for the accounts that are in their stage or term. What
    an earlier version had cancelled comes again at its own time, at the earliest now; what people
    ended does not. `ending` are the ids of touchpoints that this version cancels."""
    keys = [play for _, play in added]
    numbers = touchpoints_by_play.last_numbers(tx, keys)
    latest: dict[tuple[int, PlayKey], Touchpoint] = {}
    for row in sorted(touchpoints_by_play.list_present(tx, keys), key=lambda row: row.occurrence):
        place = (moves.get(row.stage, row.stage), row.play)
        play = added.get(place)
        if play and row.id not in ending and play.due.of_term == (row.stage_entry == 0):
            latest[row.account_id, place] = row
    of_term = any(play.due.of_term for play in added.values())
    stages = {stage for stage, _ in added}
    for account in live:
        if of_term or account.stage in stages:
            for new_row in _rows_for_account(new, account, added, latest, now):
                mark = (account.id, new_row["stage_entry"], new_row["play"])
                number = max(new_row["occurrence"], numbers.get(mark, 0) + 1)
                numbers[mark] = number
                yield {**new_row, "occurrence": number}


def _rows_for_account(
    new: Playbook,
    account: AccountFacts,
    added: Mapping[PlayKey, Play],
    latest: Mapping[tuple[int, PlayKey], Touchpoint],
    now: datetime,
) -> Iterable[dict[str, Any]]:
    rows = planned_rows(new, account, now, importing=True, late=False)
    ahead = {(row["stage"], row["play"]): row for row in rows}
    for place, play in sorted(added.items(), key=lambda each: each[0]):
        last = latest.get((account.id, place))
        if last is None and place in ahead:
            yield ahead[place]
        elif last is not None and (last.state, last.note) == ("cancelled", REMOVED_FROM_PLAYBOOK):
            at = max(last.due_at, new.calendar(play.owner).next_open(now))
            again = {"due_at": at, "wake_at": at, "owner": play.owner, "title": play.title}
            again |= {"state": "planned", "state_at": now, "playbook": new.version, "version": 1}
            kept = ("account_id", "stage_entry", "term", "play", "occurrence")
            again |= {name: getattr(last, name) for name in kept}
            yield {**again, "stage": place[0], "records": play.records}


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
