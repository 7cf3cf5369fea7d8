"""Setting Linchpin up: what is missing in a workspace, and what admins decide in forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from sqlmodel import col, select

from bot.actions.audit import audit_action
from bot.actions.lifecycle import plan_changes
from bot.actions.outgoing import post
from bot.actions.touchpoints.routing import can_answer
from bot.actions.work import Work
from bot.actions.workspace.health import find_gaps, find_obstacles, without_manager
from bot.messages.kit.message import Message
from bot.messages.workspace import setup as messages
from bot.rules.errors import UserError
from bot.rules.playbook.overrides import COMPANY, parse_holiday_list
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural
from bot.rules.time.working_hours import check_zone, parse_days, parse_hours
from db.core import workspaces
from db.core.tx import Tx
from db.members import members
from db.models import Account
from db.touchpoints import touchpoints
from db.workspace import channels, departments

# They are handed over one by one, within Slack's three seconds.
MAX_ASSIGNED_ACCOUNTS = 200


SHARED_CHANNEL_ERROR = (
    "Account data is never posted where people of another company read. Pick a channel of your own."
)


class FieldErrors(Exception):
    """What is wrong in a form: a sentence for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class DepartmentInput:
    channel: str | None
    lead: str | None = None
    timezone: str = ""
    hours: str = ""
    days: str = ""
    holidays: str = ""


def overview(work: Work, scopes: Mapping[str, str], *, hello: bool = False) -> Message:
    """What is set up and what is missing."""
    playbook = work.playbook
    return messages.overview(
        [department_row(work.tx, playbook, key) for key in (*playbook.departments, COMPANY)],
        [*find_obstacles(work, scopes), *find_gaps(work)],
        stand_in=playbook.departments[playbook.without_manager].name,
        accounts=work.tx.count(Account, col(Account.archived_at).is_(None)),
        hello=hello,
    )


def department_row(tx: Tx, playbook: Playbook, key: str) -> messages.Row:
    """One department, or the company, as it is in force."""
    channel = departments.channel(tx, playbook, key)
    if key == COMPANY:
        company = playbook.company
        return messages.Row(key, "The company", channel, company.channel, company.timezone)
    department = playbook.departments[key]
    return messages.Row(
        key,
        department.name,
        channel,
        department.channel,
        department.timezone,
        departments.lead(tx, playbook, key),
        department.hours,
        department.days,
        ", ".join(department.holidays),
    )


def send_greeting(work: Work, admins: list[str], scopes: Mapping[str, str]) -> bool:
    """Tells an admin in a DM what is missing, once a workspace; returns whether it did."""
    workspace = workspaces.current(work.tx)
    # The first admin of the settings who is a member here, else the first of Slack's own.
    named = [u for u in admins if members.by_user_id(work.tx, u) and can_answer(work.tx, u)]
    own = (admin.user_id for admin in members.list_admins(work.tx))
    to = next(chain(named, own), None)
    if workspace is None or workspace.greeted_at is not None or to is None:
        return False
    workspace.greeted_at = work.now
    post(work, to, overview(work, scopes, hello=True), kind="setup", key=f"setup:{workspace.id}")
    return True


def change_department(work: Work, key: str, words: DepartmentInput) -> None:
    """Saves a department's form, what differs from the playbook in force without settings;
    `FieldErrors`, and then nothing is saved."""
    errors = _field_errors(work.tx, words, whole=key != COMPANY)
    if errors:
        raise FieldErrors(errors)
    before = department_row(work.tx, departments.in_force(work.tx, work.playbook), key)
    values = _values_to_save(work.tx, work.playbook, key, words)
    departments.save_override(work.tx, key, **values)
    after = department_row(work.tx, departments.in_force(work.tx, work.playbook), key)
    if before == after:
        return
    touchpoints.wake_overdue(work.tx, work.now)  # nudges that had nowhere to go
    detail = {n: [getattr(before, n), v] for n, v in vars(after).items() if getattr(before, n) != v}
    audit_action(work, f"department:{key}", "department.changed", detail)


def set_lead(work: Work, key: str, lead: str | None) -> None:
    """Sets who leads a department; None goes back to the playbook's."""
    departments.save_override(work.tx, key, lead_id=lead)
    audit_action(work, f"department:{key}", "department.lead", {"lead": lead})


def set_channel(work: Work, key: str, channel: str) -> None:
    """Sets a department's channel; raises `UserError` for one that people outside read."""
    if channels.is_shared_outside(work.tx, channel):
        raise UserError(f"<#{channel}> is shared with people outside. {SHARED_CHANNEL_ERROR}")
    departments.save_override(work.tx, key, channel_id=channel)
    touchpoints.wake_overdue(work.tx, work.now)  # nudges that had nowhere to go
    audit_action(work, f"department:{key}", "department.channel", {"channel": channel})


def choose_managers(work: Work, stand_in: str, manager: str | None) -> None:
    """Sets the stand-in for managers, and gives `manager` every account without one."""
    alone = work.tx.all(select(Account).where(*without_manager(work.playbook))) if manager else []
    if manager and not can_answer(work.tx, manager):
        raise FieldErrors({"manager": "Only full members of this workspace can manage accounts."})
    if len(alone) > MAX_ASSIGNED_ACCOUNTS:
        error = f"{plural(len(alone), 'account')} are too many for a form: name owners in a CSV "
        raise FieldErrors({"manager": error + "column."})
    workspace = workspaces.current(work.tx)
    assert workspace is not None
    workspace.without_manager = stand_in
    own = departments.in_force(work.tx, work.playbook)
    for account in alone:
        plan_changes.set_manager(replace(work, playbook=own), account, manager)
    detail = {"stand_in": stand_in, "manager": manager, "accounts": len(alone)}
    audit_action(work, f"workspace:{work.tx.workspace}", "setup.managers", detail)


def count_unmanaged(work: Work) -> int:
    """How many live accounts have no manager."""
    return work.tx.count(Account, *without_manager(work.playbook))


def _field_errors(tx: Tx, words: DepartmentInput, *, whole: bool) -> dict[str, str]:
    checks: dict[str, Callable[[str], object]] = {"timezone": check_zone}
    if whole:
        checks |= {"hours": parse_hours, "days": parse_days, "holidays": parse_holiday_list}
    errors = {}
    for field, check in checks.items():
        try:
            check(getattr(words, field))
        except ValueError as error:
            errors[field] = str(error)[:1].upper() + str(error)[1:]
    if words.channel and channels.is_shared_outside(tx, words.channel):
        errors["channel"] = SHARED_CHANNEL_ERROR
    if words.lead and not can_answer(tx, words.lead):
        errors["lead"] = "Only full members of this workspace can lead a department."
    return errors


def _values_to_save(
    tx: Tx, playbook: Playbook, key: str, words: DepartmentInput
) -> dict[str, str | None]:
    own = departments.by_key(tx, key)
    same_channel = words.channel == department_row(tx, playbook, key).channel_id
    channel = (own.channel_id if own else None) if same_channel else words.channel
    if key == COMPANY:
        zone = words.timezone if words.timezone != playbook.company.timezone else None
        return {"channel_id": channel, "timezone": zone}
    file = playbook.departments[key]
    holidays = ", ".join(parse_holiday_list(words.holidays))
    values: dict[str, str | None] = {"channel_id": channel}
    for name in ("timezone", "hours", "days"):
        text = getattr(words, name)
        values[name] = text if text != getattr(file, name) else None
    values["holidays"] = holidays if holidays != ", ".join(file.holidays) else None
    if words.lead != departments.lead(tx, playbook, key):
        values["lead_id"] = words.lead or ""
    return values
