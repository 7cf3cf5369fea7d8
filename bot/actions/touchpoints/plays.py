"""What a touchpoint asks for: a play of the playbook, or its own text."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from bot.actions.work import Work
from bot.rules.playbook.playbook import Play, Playbook
from bot.rules.playbook.sections import Records
from bot.rules.time.phrases import Due, Duration
from db.models import RENEWAL, Account, Touchpoint

_ESCALATE_AFTER = {RENEWAL: Duration(1, "weeks")}  # other kinds: the usual time


def find_play(playbook: Playbook, touchpoint: Touchpoint) -> Play | None:
    """The play of a touchpoint, None if it is gone; one that no play asked for is its own."""
    if touchpoint.follows_playbook:
        return playbook.play(touchpoint.stage, touchpoint.play)
    return Play.model_construct(
        key=touchpoint.play,
        title=touchpoint.title,
        owner=touchpoint.owner,
        due=Due("on entry"),
        ask=touchpoint.ask or "",
        helps=touchpoint.helps or "",
        escalate="at once",
        escalate_after=_ESCALATE_AFTER.get(touchpoint.kind, Duration(4, "business days")),
    )


def records_of(playbook: Playbook, touchpoint: Touchpoint) -> Records | None:
    """What a touchpoint brings back: as it was planned, else as its play says now."""
    play = find_play(playbook, touchpoint) if touchpoint.records is None else None
    return cast(Records | None, touchpoint.records or (play.records if play else None))


def is_present(playbook: Playbook, touchpoint: Touchpoint, account: Account) -> bool:
    """Whether a touchpoint belongs to what its account is in now: a play of the term to its open
    term, a play of the stage to its stage entry; what no play asked for always does."""
    stage = playbook.stage(account.stage)
    term = 0 if stage is not None and stage.exit else account.term
    return not touchpoint.follows_playbook or is_of(touchpoint, account.stage_entry, term)


def is_of(touchpoint: Touchpoint, stage_entry: int, term: int) -> bool:
    """Whether what a play asked for is of that stage entry or, for a play of the term, of it."""
    return touchpoint.term == term if touchpoint.term else touchpoint.stage_entry == stage_entry


def depends_on_renewal(play: Play | None) -> bool:
    """Whether a play is due by the account's renewal date."""
    return play is not None and play.due.needs_renewal


def plan_custom(
    work: Work,
    account: Account,
    *,
    kind: str,
    key: str,
    owner: str,
    title: str,
    ask: str,
    helps: str,
    due_at: datetime,
    occurrence: int = 1,
    person: str | None = None,
) -> Touchpoint:
    """Plans a touchpoint that no play asks for; it stays open when the account moves.

    `kind` says where it comes from (promise, step …), `key` and `occurrence` name it among those
    of its account. `owner` is a department's key or "manager", `person` who of the department
    took it on; `{account}` in `ask` becomes the account's name.
    """
    return work.tx.add(
        Touchpoint(
            account_id=account.id,
            kind=kind,
            stage=account.stage,
            stage_entry=0,
            play=key,
            occurrence=occurrence,
            owner=owner,
            person_id=person,
            title=title,
            ask=ask,
            helps=helps,
            state_at=work.now,
            due_at=due_at,
            wake_at=due_at,
        )
    )
