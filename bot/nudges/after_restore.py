"""After a restore: reads what was posted since the copy was made, before anything is sent."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.actions.admins import notify_admins
from bot.context import Context
from bot.messages.kit.text import when
from bot.slack import CouldNotRead
from bot.slack.pagination import CarriedMarks
from db.core.tx import Tx, begin
from db.ops import restore
from db.ops.restore import PostedMessage, ReadScope, RestoreEpoch
from db.touchpoints.message_marks import MessagePlace
from db.workspace import departments

log = logging.getLogger(__name__)

#: What was being sent when the old database was lost is in Slack by then, if it ever is.
MIN_WAIT = timedelta(seconds=120)


def must_wait(context: Context, now: datetime) -> bool:
    """Whether nothing may be sent yet; reads Slack as soon as that is complete."""
    for epoch in restore.list_waiting(context.engine):
        if now < _readable_at(context, epoch):
            return True
        try:
            if epoch.workspace == context.workspace:
                _read_slack(context, epoch, now)
        except CouldNotRead as error:
            log.warning("Slack could not be read after the restore: %s; tried again soon", error)
            return True
    return False


def waits_until(context: Context) -> datetime | None:
    """From when on `must_wait` reads Slack; None if nothing has to wait."""
    waiting = restore.list_waiting(context.engine)
    return max((_readable_at(context, epoch) for epoch in waiting), default=None)


def _readable_at(context: Context, epoch: RestoreEpoch) -> datetime:
    return epoch.restored_at + max(MIN_WAIT, context.slack.settle)


def _read_slack(context: Context, epoch: RestoreEpoch, now: datetime) -> None:
    log.warning("restored from a copy of %s: reading what I said since", epoch.copied_at)
    with context.read(now, workspace=epoch.workspace) as work:
        where = restore.places_to_read(work.tx, epoch, now)
        # An escalation may have gone to a lead.
        leads = [departments.lead(work.tx, work.playbook, key) for key in work.playbook.departments]
    reading = _SlackReading(context, where)
    # Slack lists a thread's first message with its answers: that is one message.
    messages = reading.read_all({lead for lead in leads if lead is not None})
    posted = list({message.place: message for message in messages}.values())
    with begin(context.engine, epoch.workspace) as tx:
        if restore.end_epoch(tx, epoch, posted, frozenset(reading.unread), now):
            _notify_admins(tx, epoch, len(posted), sorted(reading.unread), now)
    log.warning("%d messages of mine were found; the work goes on", len(posted))
    context.wake()


class _SlackReading:
    """One reading of every place. One that Slack refuses to show goes into `unread`; trouble with
    the connection is raised, and everything is read again later."""

    def __init__(self, context: Context, where: ReadScope) -> None:
        self._slack = context.slack
        self._where = where
        self.unread: set[str] = set()

    def read_all(self, leads: set[str]) -> Iterator[PostedMessage]:
        """Every message of ours in the places, and in the threads that begin there."""
        threads = set(self._where.threads)
        for place in sorted(self._where.channels | self._where.people | leads):
            channel = self._channel_of(place)
            for carried in self._read(place, channel, None) if channel else ():
                yield _posted(channel, carried)
                if carried.has_replies:
                    threads.add((channel, carried.ts))
        for channel, ts in sorted(threads):
            yield from (_posted(channel, carried) for carried in self._read(channel, channel, ts))

    def _channel_of(self, place: str) -> str:
        """The id of the place's channel, or of the direct messages with a person; "" if unread."""
        if place[0] not in "UW":
            return place
        try:
            return self._slack.open_dm(place)
        except CouldNotRead as error:
            self._add_unread(place, error)
            return ""

    def _read(self, place: str, channel: str, thread_ts: str | None) -> list[CarriedMarks]:
        try:
            return self._slack.carried(channel, self._where.since, thread_ts)
        except CouldNotRead as error:
            if error.error != "thread_not_found":
                self._add_unread(place, error)
            return []

    def _add_unread(self, place: str, error: CouldNotRead) -> None:
        # Slack's refusals are one lower-case word; anything else may be over in a minute.
        if error.offline or error.retry_after is not None or not error.error.islower():
            raise error
        log.warning("%s could not be read after the restore: %s", place, error)
        self.unread.add(place)


def _posted(channel: str, carried: CarriedMarks) -> PostedMessage:
    return PostedMessage(MessagePlace(channel, carried.ts), carried.outbox_id, carried.marks)


def _notify_admins(
    tx: Tx, epoch: RestoreEpoch, found: int, unread: list[str], now: datetime
) -> None:
    blind = ", ".join(f"<#{place}>" if place[0] in "CG" else f"<@{place}>" for place in unread)
    not_read = f" I could not read {blind}: there, something may come twice." if blind else ""
    notify_admins(
        tx,
        f"I was restored from a copy made at {when(epoch.copied_at)}. What was typed or pressed "
        "since then is gone: moves, logged interactions and answers to nudges have to be made "
        f"again. Of what I said since then I found {found} in Slack, and do not say it again."
        f"{not_read}",
        dedupe_key=f"restored:{epoch.restored_at.isoformat()}",
        now=now,
    )
