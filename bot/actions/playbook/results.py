"""Results of the process: what came of plays and stages, and which plays are mostly skipped."""

from datetime import datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.actions.admins import notify_admins
from bot.actions.work import Work
from bot.messages.kit.message import Message
from bot.messages.playbook import results as messages
from bot.rules import results as rules
from bot.rules.playbook.playbook import Playbook, Stage
from bot.rules.time.calendar import local_instant
from db.core.tx import Tx
from db.playbook import results

#: Older touchpoints say little about today's playbook.
LOOK_BACK = timedelta(days=365)


def list_ended(work: Work, place: rules.PlayKey | None = None) -> list[rules.Ended]:
    """What people did and skipped in the last year, oldest first; of one play or of all."""
    since = work.now - LOOK_BACK
    rows = results.list_ended(work.tx, since, place)
    snoozed = results.snoozed_subjects(work.tx, since)
    decided, terms = results.list_decisions(work.tx), results.list_term_starts(work.tx)
    return [
        rules.Ended(
            id=t.id,
            account=account,
            place=(t.stage, t.play),
            title=t.title,
            done=t.state == "done",
            at=t.state_at,
            by=t.by_user,
            nudged_at=t.nudged_at,
            snoozed=f"touchpoint:{t.id}" in snoozed,
            reason=(t.note or "").partition(":")[0].strip() if t.state == "skipped" else "",
            went=rules.went_well(
                t.state_at, decided.get(t.account_id, ()), terms.get(t.account_id, ())
            ),
        )
        for t, account in rows
    ]


def process_page(work: Work, number: int, *, department: str = "", stage: str = "") -> Message:
    """Everything `/linchpin plays` shows, of a department's plays or a stage's, or of all."""
    plays = []
    for result in rules.count_plays(list_ended(work)):
        owner_key, owner = _play_owner(work.playbook, result.place)
        if department in ("", owner_key) and stage in ("", result.place[0]):
            plays.append((result, work.playbook.stage_name(result.place[0]), owner))
    stages = [] if department else _stage_lines(work, stage)
    return messages.page(plays, stages, department or stage, number)


def propose_retirement(work: Work) -> None:
    """Tells the admins, once for each, of plays that are skipped more often than not."""
    for result in rules.count_plays(list_ended(work)):
        if result.retire and work.playbook.play(*result.place) is not None:
            text = messages.retirement(result, work.playbook.stage_name(result.place[0]))
            key = f"retire:{'/'.join(result.place)}"
            notify_admins(work.tx, text, dedupe_key=key, now=work.now)


def _stage_lines(work: Work, only: str) -> list[messages.StageLine]:
    begun, before = _quarter_starts(work.playbook, work.now)
    stays = _finished_stays(work.tx, work.playbook)
    this = rules.count_stages(stays, begun, work.now)
    last = rules.count_stages(stays, before, begun)
    return [
        messages.StageLine(stage.key, stage.name, this.get(stage.key), last.get(stage.key))
        for stage in work.playbook.stages
        if only in ("", stage.key) and (stage.key in this or stage.key in last)
    ]


def leavers_page(work: Work, stage: Stage, number: int) -> Message:
    """The accounts that left a stage in this quarter and in the last."""
    begun, before = _quarter_starts(work.playbook, work.now)
    stays = [s for s in _finished_stays(work.tx, work.playbook) if s.stage == stage.key]
    counted = [stay for stay in stays if before <= stay.left_at < work.now]
    return messages.leavers(counted, begun, stage.name, stage.key, number)


def _quarter_starts(playbook: Playbook, now: datetime) -> tuple[datetime, datetime]:
    zone = ZoneInfo(playbook.company.timezone)
    this = rules.quarter_start(now.astimezone(zone).date())
    last = rules.quarter_start(this - timedelta(days=1))
    return local_instant(this, time(0), zone), local_instant(last, time(0), zone)


def _finished_stays(tx: Tx, playbook: Playbook) -> list[rules.StageStay]:
    return [
        rules.StageStay(
            stage=one.to_stage,
            entered_at=one.at,
            left_at=after.at,
            forward=playbook.direction(one.to_stage, after.to_stage) == "forward",
            account=account,
            to=playbook.stage_name(after.to_stage),
        )
        for (one, account), (after, _) in pairwise(results.list_moves(tx))
        if one.account_id == after.account_id
        and one.to_stage != after.to_stage
        # Since when an imported account was in its first stage is not known.
        and one.source != "import"
    ]


def _play_owner(playbook: Playbook, place: rules.PlayKey) -> tuple[str, str]:
    play = playbook.play(*place)
    if play is None:
        return "", "no longer in the playbook"
    department = playbook.departments.get(play.owner)
    return play.owner, department.name if department else "the manager"
