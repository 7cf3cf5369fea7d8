"""The restore epoch: this database is a copy, and Slack has messages that it does not know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, or_, update
from sqlmodel import col, select

from db.core.all_workspaces import reading
from db.core.tx import Tx
from db.models import (
    Absence,
    Account,
    Channel,
    Department,
    Heartbeat,
    Lane,
    Member,
    Outbox,
    Touchpoint,
    Workspace,
)
from db.outbox.states import HELD, PENDING, POST, SENDING, SENT, UNKNOWN, base_lane
from db.touchpoints import message_marks
from db.touchpoints.message_marks import MessagePlace
from db.touchpoints.touchpoints import NUDGED_STATES

_OPEN_STATES = (PENDING, SENDING, UNKNOWN, HELD)


@dataclass(frozen=True)
class RestoreEpoch:
    """A copy made at `copied_at` was put in place at `restored_at`; Slack has not been read yet."""

    workspace: str
    copied_at: datetime
    restored_at: datetime


@dataclass(frozen=True)
class PostedMessage:
    """A message of ours as Slack shows it: the outbox id and the marks in its metadata."""

    place: MessagePlace
    outbox_id: int
    marks: tuple[str, ...]


@dataclass(frozen=True)
class ReadScope:
    """Where something may have been said: channels, people, and threads (channel, root's ts)."""

    channels: frozenset[str]
    people: frozenset[str]
    threads: frozenset[tuple[str, str]]
    since: datetime


def set_epoch(engine: Engine, now: datetime) -> datetime:
    """From now on nothing is said until Slack has been read; returns when the copy was made. The
    clock notes its rounds every few seconds: the last one tells how old the copy is."""
    with engine.begin() as connection:
        beat: datetime | None = connection.scalar(select(func.max(col(Heartbeat.at))))
        copied: Any = col(Workspace.created_at) if beat is None else beat
        connection.execute(update(Workspace).values(copied_at=copied, restored_at=now))
        first: datetime | None = connection.scalar(select(func.min(col(Workspace.copied_at))))
    return first or now


def list_waiting(engine: Engine) -> list[RestoreEpoch]:
    """Workspaces in which nothing may be said yet."""
    restored: Any = select(
        col(Workspace.id), col(Workspace.copied_at), col(Workspace.restored_at)
    ).where(col(Workspace.restored_at).is_not(None))
    with reading(engine) as connection:
        return [RestoreEpoch(*row) for row in connection.execute(restored)]


def places_to_read(tx: Tx, epoch: RestoreEpoch, now: datetime) -> ReadScope:
    """Everywhere that this copy would post, and from when on Slack has to be read."""
    in_doubt = col(Outbox.state).in_((SENDING, UNKNOWN))
    first = tx.first(select(func.min(col(Outbox.started_at))).where(in_doubt))
    return ReadScope(
        channels=frozenset(tx.all(select(col(Channel.channel_id)).where(col(Channel.is_member)))),
        people=_people(tx),
        threads=_threads(tx, now),
        # Slack's clock and ours differ.
        since=min(epoch.copied_at, first or epoch.copied_at) - timedelta(seconds=60),
    )


def end_epoch(
    tx: Tx,
    epoch: RestoreEpoch,
    posted: Iterable[PostedMessage],
    unread: frozenset[str],
    now: datetime,
) -> bool:
    """Ends the epoch: open messages that stand in Slack are sent, the rest goes on as before.
    `unread` are channels and people where Slack could not be read. False if another worker was
    quicker."""
    mine = (col(Workspace.id) == tx.workspace, col(Workspace.restored_at) == epoch.restored_at)
    ended = tx.execute(update(Workspace).where(*mine).values(restored_at=None))
    if not ended:
        return False
    posted = sorted(posted, key=lambda each: float(each.place.ts))
    _end_open_rows(tx, epoch, {each.outbox_id: each.place for each in posted}, unread, now)
    known = _known_places(tx, [each.place for each in posted])
    strange = [each for each in posted if each.place not in known]
    message_marks.save_marks(tx, {mark: each.place for each in strange for mark in each.marks}, now)
    return True


def _end_open_rows(
    tx: Tx,
    epoch: RestoreEpoch,
    places: Mapping[int, MessagePlace],
    unread: frozenset[str],
    now: datetime,
) -> None:
    # Rows added after the restore have ids that mean something else in Slack.
    old = (col(Outbox.state).in_(_OPEN_STATES), col(Outbox.created_at) <= epoch.restored_at)
    for row in tx.all(select(Outbox).where(*old)):
        place = places.get(row.id) if row.method == POST else None
        if place is not None:
            row.state, row.channel, row.slack_ts = SENT, place.channel, place.ts
            row.sent_at, row.token, row.last_error = now, None, None
        elif row.state in (SENDING, UNKNOWN):
            _resend_or_unknown(row, base_lane(row.lane) in unread, now)
    tx.execute(update(Lane).values(lease_until=None, token=None))


def _resend_or_unknown(row: Outbox, blind: bool, now: datetime) -> None:
    """Sends a message again that was not found; where Slack could not be read it is unknown."""
    if blind and row.method == POST:
        row.state, row.token = UNKNOWN, row.token or "restored"
        row.started_at, row.check_at, row.settles_at = row.started_at or now, now, now
        row.rounds, row.absent_once = 0, False
    else:
        row.state, row.token = PENDING, None


def _known_places(tx: Tx, places: list[MessagePlace]) -> set[MessagePlace]:
    """Those of the messages that this database knows itself."""
    known = select(col(Outbox.channel), col(Outbox.slack_ts))
    rows = tx.rows_among(known, Outbox.slack_ts, [place.ts for place in places])
    return {MessagePlace(channel, ts) for channel, ts in rows if channel and ts}


def _people(tx: Tx) -> frozenset[str]:
    lanes = tx.all(select(col(Outbox.lane)).where(col(Outbox.method) == POST).distinct())
    managers = tx.all(select(col(Account.manager_id)).distinct())
    leads = tx.all(select(col(Department.lead_id)))
    admins = tx.all(select(col(Member.user_id)).where(col(Member.is_admin)))
    covers = tx.all(select(col(Absence.cover_id)).where(col(Absence.wake_at).is_not(None)))
    everyone = {*covers, *lanes, *managers, *leads, *admins}
    return frozenset(user for user in everyone if user and user[0] in "UW")


def _threads(tx: Tx, now: datetime) -> frozenset[tuple[str, str]]:
    """The known messages to whose threads the clock may have added something since."""
    followed = select(col(Touchpoint.nudge_id)).where(
        col(Touchpoint.state).in_(NUDGED_STATES), col(Touchpoint.wake_at) <= now
    )
    answered = select(col(Outbox.root_id)).where(
        col(Outbox.method) == POST, col(Outbox.state).in_(_OPEN_STATES)
    )
    roots: Any = select(col(Outbox.channel), col(Outbox.slack_ts)).where(
        or_(col(Outbox.id).in_(followed), col(Outbox.id).in_(answered)),
        col(Outbox.slack_ts).is_not(None),
    )
    return frozenset((channel, ts) for channel, ts in tx.rows(roots))
