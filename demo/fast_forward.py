"""Moves a clock on instead of waiting: everything happens when it would have, only sooner."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from bot.actions.briefs import limits
from bot.actions.lists.next_mornings import next_morning
from bot.actions.work import Work
from bot.context import Context
from bot.memory import Memory
from bot.nudges.after_restore import waits_until
from bot.nudges.deliver import BATCH_SIZE
from bot.nudges.duties.briefs import list_due
from bot.nudges.duties.digests import next_digest_at
from bot.nudges.duties.reasons import next_reasons_at
from bot.nudges.rounds import MAX_JOBS_PER_ROUND, clock_round, next_job
from bot.rules.playbook.playbook import MANAGER
from db.core import workspaces
from db.core.all_workspaces import reading
from db.models import Lane, Outbox
from db.ops import next_due
from db.outbox.states import PENDING, SENT, UNKNOWN

# The least step between two rounds, so that moving on always ends.
MIN_STEP = timedelta(seconds=1)
# When those can really go on is asked by itself.
_ASKED_EXACTLY = ("restored", "message", "unknown", "lease")


def fast_forward(context: Context, until: datetime, set_now: Callable[[datetime], None]) -> None:
    """Goes from the context's now to `until`, stopping wherever there is something to do."""
    while True:
        now = context.now()
        _run_all_due(context, now)
        if now >= until:
            return
        set_now(min(until, max(_next_time(context, now, until), now + MIN_STEP)))


def _run_all_due(context: Context, now: datetime) -> None:
    """Until neither the clock nor delivery has anything to do at this moment: a round may end
    before it has done everything. Messages go one by one, so that they always come in one order."""
    while clock_round(context, now) or delivery_round(context, now, at_once=1):
        pass


def _next_time(context: Context, now: datetime, until: datetime) -> datetime:
    firsts = next_due.read_first_times(context.engine)
    ahead = [until, *(at for kind, at in firsts.items() if kind not in _ASKED_EXACTLY)]
    if "message" in firsts or "unknown" in firsts:
        ahead += filter(None, [next_send(context.engine)])
    duties = [duty for duty in _SCHEDULED if not context.memory.is_idle(duty, min(ahead))]
    if duties:
        ahead += filter(None, _scheduled_times(context, now, duties))
    waits = waits_until(context) if "restored" in firsts else None
    if waits:  # whatever is due already, nothing is said before
        ahead = [waits, *(time for time in ahead if time > now)]
    return min(ahead)


def _scheduled_times(
    context: Context, now: datetime, duties: Sequence[str]
) -> Iterator[datetime | None]:
    """What follows from working hours and from earlier messages, and is in no row."""
    for workspace in workspaces.all_ids(context.engine):
        with context.read(now, workspace=workspace) as work:
            for duty in duties:
                yield _SCHEDULED[duty](work, context.memory)


def delivery_round(context: Context, now: datetime, at_once: int = BATCH_SIZE) -> int:
    """Builds and sends everything that may go now; returns how many jobs that were.

    `now` is when the round begins. The clock is read again for each job: a lease that counts from
    the begin of a long round would be over before its call.
    """
    for done in range(MAX_JOBS_PER_ROUND):
        job = next_job(context, now, at_once=at_once)
        if job is None:
            return done
        job()
        now = max(now, context.now())
    return MAX_JOBS_PER_ROUND


def next_brief_at(work: Work, memory: Memory) -> datetime | None:
    """When something of this workspace may next be due: the next opening of a working day, of
    managers and of whoever waits for a brief; None if its playbook has no briefs."""
    if work.playbook.renewals is None:
        return None
    calendar = work.playbook.calendar(MANAGER)
    tomorrow = calendar.local_date(work.now) + timedelta(days=1)
    opening = calendar.opening(calendar.on_or_after(tomorrow))
    budget = limits.Budget(work.tx, work.playbook, work.now)
    managers = {brief.manager_id for brief in list_due(work, memory)}
    waiting = [budget.reader(manager)[1].next_open(work.now) for manager in managers]
    return min([opening, *(opens for opens in waiting if opens > work.now)])


def _next_morning_at(work: Work, _memory: Memory) -> datetime | None:
    found = next_morning(work)
    return found[1] if found else None


# Duties whose times are in no row.
_SCHEDULED: dict[str, Callable[[Work, Memory], datetime | None]] = {
    "digests": lambda work, _memory: next_digest_at(work),
    "briefs": next_brief_at,
    "reasons": next_reasons_at,
    "mornings": _next_morning_at,
}


def next_send(engine: Engine) -> datetime | None:
    """The earliest time at which a message may go, or an unknown one may be read back."""
    with reading(engine) as connection:
        times = [connection.scalar(each) for each in (_TO_SEND, _TO_CHECK)]
    return min((time for time in times if time is not None), default=None)


def _to_send() -> Select[datetime | None]:
    root = aliased(Outbox)
    here = and_(
        col(Lane.workspace_id) == col(Outbox.workspace_id), col(Lane.lane) == col(Outbox.lane)
    )
    at = case(
        (col(Lane.next_ok_at) > col(Outbox.due_at), col(Lane.next_ok_at)), else_=col(Outbox.due_at)
    )
    return (
        select(func.min(at))
        .select_from(Outbox)
        .outerjoin(Lane, here)
        .outerjoin(root, col(root.id) == col(Outbox.root_id))
        .where(
            col(Outbox.state) == PENDING,
            col(Lane.parked_reason).is_(None),
            or_(col(Outbox.root_id).is_(None), col(root.state) == SENT),
        )
    )


_TO_SEND = _to_send()
_TO_CHECK = select(func.min(col(Outbox.check_at))).where(col(Outbox.state) == UNKNOWN)
