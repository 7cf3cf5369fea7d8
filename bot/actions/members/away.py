"""Sets, begins and ends absences: while somebody is away, a cover gets what would go to them."""

from dataclasses import replace
from datetime import date, timedelta

from bot.actions.actor import CLOCK, Actor
from bot.actions.audit import audit_action
from bot.actions.outgoing import post, tell
from bot.actions.responses.respond import respond
from bot.actions.touchpoints import routing
from bot.actions.touchpoints.nudging import is_misplaced, repost_elsewhere
from bot.actions.work import Work
from bot.messages.kit.text import day
from bot.messages.members import away as messages
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import MANAGER
from bot.rules.time.calendar import WorkingCalendar
from db.lists import news
from db.members import away
from db.models import Absence, Account, Member, Touchpoint
from db.touchpoints import touchpoints

ONE_DAY = timedelta(days=1)


def set_cover(
    work: Work, user: Member, cover: Member, since: date | None, until: date
) -> messages.Absence:
    """Names a cover from the day `since`, or from now, through the day `until`. It replaces what
    was planned for these days. Raises `UserError` for oneself as the cover, and for days of which
    the person works none."""
    if cover.user_id == user.user_id:
        raise UserError("You cannot cover for yourself. Name a colleague.")
    calendar = _calendar(work, user.user_id)
    today = calendar.local_date(work.now)
    since = max(since or today, today)
    starts = calendar.on_or_after(since)
    if starts > until:
        raise UserError(
            f"You have no working day from {day(since)} to {day(until)}. Say the "
            "first day away and then the last: "
            "`/linchpin away @priya from 2026-12-20 to 2027-01-03`."
        )
    for known in away.find(work.tx, user.user_id):
        begins_alike = known.since == since or (known.began_at is not None and since == today)
        if begins_alike and (known.cover_id, known.until) == (cover.user_id, until):
            return absence_view(work, known)
        if known.began_at is None and known.since <= until and since <= known.until:
            end_absence(work, known)
    absence = work.tx.add(
        Absence(
            user_id=user.user_id,
            cover_id=cover.user_id,
            since=since,
            until=until,
            created_at=work.now,
            wake_at=calendar.opening(starts),
        )
    )
    return begin_absence(work, absence) if since == today else _report(work, absence, "planned")


def set_cover_for(
    work: Work, user: Member, cover: Member, since: date | None, until: date
) -> messages.Absence:
    """Names a cover for somebody else, who is told."""
    absence = set_cover(work, user, cover, since, until)
    tell(work, user.user_id, f"absence:{absence.id}:for", messages.row(absence))
    return absence


def begin_absence(work: Work, absence: Absence) -> messages.Absence:
    """Begins an absence in place of an earlier one: what is open goes to the cover. Where the cover
    cannot answer, a department gets it, and the person is told."""
    user = absence.user_id
    delegators = [user, *routing.delegators_of(work.tx, user)]
    earlier = away.current(work.tx, user)
    if earlier is not None:
        earlier.wake_at = None
        if earlier.cover_id != absence.cover_id:
            _tell_cover(work, earlier, messages.not_needed(absence_view(work, earlier)))
    calendar = _calendar(work, user)
    absence.began_at = work.now
    absence.wake_at = calendar.opening(calendar.on_or_after(absence.until + ONE_DAY))
    work.tx.flush()
    moved = repost_open(work, delegators) + _move_claims(work, absence)
    return _report(work, absence, "begun", moved)


def end_absence(work: Work, absence: Absence) -> messages.Absence:
    """Ends or cancels an absence: what is open for the person comes back; what was taken stays."""
    absence.wake_at = None
    work.tx.flush()
    if absence.began_at is None:
        return _report(work, absence, "cancelled")
    delegators = routing.delegators_of(work.tx, absence.user_id)
    moved = repost_open(work, [absence.user_id, *delegators])
    return _report(work, absence, "ended", moved)


def end_own(work: Work, absence_id: int) -> messages.Absence:
    """Ends or cancels one's own absence. Raises `UserError` for another person's."""
    absence = work.tx.lock(Absence, absence_id)
    if absence is None or absence.user_id != work.by.user:
        raise UserError("Only the person who is away can end or cancel that.")
    if absence.wake_at is None:
        raise UserError("That has ended or was cancelled: `/linchpin away list` shows what is set.")
    return end_absence(work, absence)


def close_all(work: Work, user_id: str) -> None:
    """Ends all absences of a person who has left, without moving anything."""
    for absence in away.find(work.tx, user_id):
        if absence.began_at is None:
            end_absence(replace(work, by=CLOCK), absence)
        absence.wake_at = None


def repost_open(work: Work, users: list[str]) -> int:
    """Posts anew, where it belongs now, what these people were asked; returns how much."""
    return sum(repost_touchpoint(work, *pair) for pair in away.list_nudged_to(work.tx, users))


def repost_touchpoint(work: Work, touchpoint: Touchpoint, account: Account) -> bool:
    """Posts an open touchpoint anew if its message is in the wrong place; True if it was."""
    if not is_misplaced(work, touchpoint, account):
        return False
    touchpoints.lock_touchpoint(work.tx, touchpoint.id)
    if touchpoint.state != "nudged":
        return False
    repost_elsewhere(work, touchpoint, account)
    return True


def absence_view(work: Work, absence: Absence, moved: int = 0) -> messages.Absence:
    """The absence as messages show it; `moved` open touchpoints went along."""
    calendar, has_begun = _calendar(work, absence.user_id), absence.began_at is not None
    is_current = has_begun and absence.wake_at is not None
    unmet = is_current and routing.resolve_delegate(work.tx, absence.user_id) is None
    return messages.Absence(
        id=absence.id,
        user=absence.user_id,
        cover=absence.cover_id,
        since=absence.since,
        until=absence.until,
        back=calendar.on_or_after(absence.until + ONE_DAY),
        begun=has_begun,
        department=work.playbook.departments[work.playbook.without_manager].name if unmet else "",
        today=calendar.local_date(work.now),
        moved=moved,
    )


def _calendar(work: Work, user_id: str) -> WorkingCalendar:
    return routing.working_calendar(work.tx, work.playbook.calendar(MANAGER), user_id)


def _move_claims(work: Work, absence: Absence) -> int:
    """Makes the cover the holder of what the person has claimed; returns how much."""
    if not routing.can_answer(work.tx, absence.cover_id):
        return 0
    claimed = touchpoints.list_claimed_by(work.tx, absence.user_id)
    for touchpoint in claimed:
        respond(work, touchpoint, "release")
        respond(replace(work, by=Actor(absence.cover_id, "away")), touchpoint, "claim")
    return len(claimed)


def _report(work: Work, absence: Absence, verb: str, moved: int = 0) -> messages.Absence:
    """Audits what became of an absence and tells the cover, and the person if the clock did it."""
    detail = {
        "cover": absence.cover_id,
        "from": absence.since.isoformat(),
        "until": absence.until.isoformat(),
    }
    audit_action(work, f"person:{absence.user_id}", f"away.{verb}", detail)
    view, by_clock = absence_view(work, absence, moved), work.by.user is None
    if verb == "planned":  # when it begins, the first that comes says whose it is
        _tell(work, absence.cover_id, _cover_key(absence), messages.to_cover(view))
    elif verb == "cancelled":
        _tell_cover(work, absence, messages.not_needed(view))
    elif verb == "ended" and moved:
        _tell_cover(work, absence, messages.is_back(view))
    if by_clock and verb == "ended":
        _tell(work, absence.user_id, f"absence:{absence.id}:ended", messages.ended(view))
    elif by_clock and verb == "begun" and view.department:
        key = f"absence:{absence.id}:unmet:{int(work.now.timestamp())}"
        post(work, absence.user_id, messages.is_set(view), kind="away", key=key)
    return view


def _tell_cover(work: Work, absence: Absence, text: str) -> None:
    """Tells the cover that it is over, unless they have not heard yet that it would be."""
    if not news.take_back(work.tx, absence.cover_id, _cover_key(absence)):
        _tell(work, absence.cover_id, f"absence:{absence.id}:over", text)


def _tell(work: Work, reader: str, key: str, text: str) -> None:
    if routing.can_answer(work.tx, reader):
        tell(work, reader, key, text)


def _cover_key(absence: Absence) -> str:
    return f"absence:{absence.id}:cover"
