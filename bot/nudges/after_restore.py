"""After a restore: reads what Slack has heard since the copy was made, before anything is said."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.actions.admins import notify_admins
from bot.context import Context
from bot.messages.kit.parts import when
from bot.rules.playbook.playbook import Playbook
from bot.slack import CouldNotRead
from bot.slack.pagination import CarriedMarks
from db.core.tx import Tx, begin, read
from db.ops import restore
from db.ops.restore import PostedMessage, ReadScope, RestoreEpoch
from db.touchpoints.message_marks import MessagePlace
from db.workspace import departments

log = logging.getLogger(__name__)

#: What was on its way when the old database was lost shows by then, if it ever does.
MIN_WAIT = timedelta(seconds=120)


def must_wait(context: Context, now: datetime) -> bool:
    """Whether nothing may be said yet; looks in Slack, as soon as that tells the truth."""
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
    """From when on `must_wait` looks in Slack; None if nothing has to wait."""
    waiting = restore.list_waiting(context.engine)
    return max((_readable_at(context, epoch) for epoch in waiting), default=None)


def _readable_at(context: Context, epoch: RestoreEpoch) -> datetime:
    return epoch.restored_at + max(MIN_WAIT, context.slack.settle)


def _read_slack(context: Context, epoch: RestoreEpoch, now: datetime) -> None:
    log.warning("restored from a copy of %s: reading what I said since", epoch.copied_at)
    with read(context.engine, epoch.workspace) as tx:
        where = restore.places_to_read(tx, epoch, now)
        leads = _named_leads(tx, departments.in_force(tx, context.playbook_file))
    look = _SlackReading(context, where)
    # A thread's answer begins with its root: that is one message.
    posted = list({each.place: each for each in look.everywhere(leads)}.values())
    with begin(context.engine, epoch.workspace) as tx:
        if restore.end_epoch(tx, epoch, posted, frozenset(look.unread), now):
            _notify_admins(tx, epoch, len(posted), sorted(look.unread), now)
    log.warning("%d messages of mine were found; the work goes on", len(posted))
    context.wake()


def _named_leads(tx: Tx, playbook: Playbook) -> set[str]:
    """Whom the playbook names as leads: an escalation may have gone to them."""
    leads = (departments.lead(tx, playbook, key) for key in playbook.departments)
    return {lead for lead in leads if lead is not None}


class _SlackReading:
    """One reading of everything. A place that Slack refuses to show is in `unread`; trouble with
    the connection is raised, and everything is read again later."""

    def __init__(self, context: Context, where: ReadScope) -> None:
        self._slack = context.slack
        self._where = where
        self.unread: set[str] = set()

    def everywhere(self, leads: set[str]) -> Iterator[PostedMessage]:
        threads = set(self._where.threads)
        for place in sorted(self._where.channels | self._where.people | leads):
            for channel, carried in self._of(place):
                yield _posted(channel, carried)
                if carried.has_replies:
                    threads.add((channel, carried.ts))
        for channel, ts in sorted(threads):
            yield from (_posted(channel, each) for each in self._read(channel, channel, ts))

    def _of(self, place: str) -> Iterator[tuple[str, CarriedMarks]]:
        channel = place
        if place[0] in "UW":
            try:
                channel = self._slack.open_dm(place)
            except CouldNotRead as error:
                self._blind(place, error)
                return
        yield from ((channel, each) for each in self._read(place, channel, None))

    def _read(self, place: str, channel: str, thread_ts: str | None) -> list[CarriedMarks]:
        try:
            return self._slack.carried(channel, self._where.since, thread_ts)
        except CouldNotRead as error:
            if error.error != "thread_not_found":
                self._blind(place, error)
            return []

    def _blind(self, place: str, error: CouldNotRead) -> None:
        # A word of Slack's is its answer; anything else may be another in a minute.
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
