"""What the rows hold: read before and after, compared, and held against what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select

from bench.questions.seen import holds
from bench.questions.sets import Effect
from db.models import (
    Absence,
    Account,
    AdvocacyEntry,
    Alias,
    Alternative,
    Contact,
    Contract,
    Decision,
    Department,
    Handoff,
    Interaction,
    Learned,
    Member,
    Promise,
    PromiseChange,
    StageChange,
    Term,
    Touchpoint,
    ValueEntry,
)

Row = dict[str, Any]
Rows = dict[str, dict[int, Row]]

#: The columns that count: what somebody changed, and not what a tick of the clock moves.
_COLUMNS: dict[Any, str] = {
    Account: "name stage manager_id renews_on tier hundredths currency channel_id archived_at",
    Touchpoint: "account_id kind play owner person_id title state by_user due_at snoozed_until "
    "note answer answered_by",
    Member: "user_id tz handle digest_off thanks_off digest_weekday digest_hour department "
    "hours days",
    Absence: "user_id cover_id since until",
    Handoff: "account_id accepted_by accepted_at",
}
_WHOLE = (
    *(Interaction, Promise, PromiseChange, ValueEntry, Decision, Alternative, Contact, Contract),
    *(AdvocacyEntry, StageChange, Term, Learned, Alias, Department),
)
#: Rows that only tell what happened: taking something back may leave them.
_HISTORY = ("stage_change", "promise_change", "term", "handoff", "alternative")
_OPEN = ("planned", "nudged", "claimed")


@dataclass(frozen=True)
class Change:
    """One row that is new, gone, or another than before."""

    table: str
    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        return self.after or self.before or {}

    def __str__(self) -> str:
        if self.before and self.after:
            new = {k: v for k, v in self.after.items() if v != self.before[k]}
            return f"{self.table} {self.row['id']}: " + ", ".join(
                f"{k}={v}" for k, v in new.items()
            )
        told = {k: v for k, v in self.row.items() if v not in (None, "", [], {}, False)}
        return ("+" if self.after else "-") + f"{self.table} {told}"


def read_rows(engine: Engine) -> Rows:
    """The rows about accounts and people."""
    with Session(engine) as session:
        return {
            name: {row.id: dict(row._mapping) for row in session.exec(select(*columns))}
            for name, columns in map(_columns, (*_COLUMNS, *_WHOLE))
        }


def _columns(table: Any) -> tuple[str, list[Any]]:
    found = SQLModel.metadata.tables[table.__tablename__].columns
    names = _COLUMNS.get(table, " ".join(found.keys())).split()
    kept = [found[name] for name in names if name not in ("id", "workspace_id")]
    return table.__tablename__, [found["id"], *kept]


def changes(before: Rows, after: Rows) -> list[Change]:
    """What differs; who somebody is, as Slack tells it, is no change."""
    return [
        Change(table, before[table].get(id), rows.get(id))
        for table, rows in after.items()
        for id in sorted(before[table].keys() | rows.keys())
        if before[table].get(id) != rows.get(id)
        and not (table == "person" and id not in before[table])
    ]


def is_taken_back(before: Rows, after: Rows) -> bool:
    """Whether nothing is left of what was done in between."""
    return not changes(_alive(before), _alive(after))


def _alive(rows: Rows) -> Rows:
    def counts(row: Row) -> bool:
        """Not what was taken back, nor what the playbook plans anew by itself."""
        planned = row.get("kind") == "play" and row["state"] in ("planned", "nudged")
        gone = row.get("undone_at") is not None or row.get("state") == "cancelled"
        return not gone and (not planned or row["snoozed_until"] is not None)

    return {
        table: {id: {**row, "by_user": None} for id, row in found.items() if counts(row)}
        for table, found in rows.items()
        if table not in _HISTORY
    }


@dataclass
class Found:
    """The rows before and after; `touchpoint` is the line under whose nudge it was said."""

    before: Rows
    after: Rows
    touchpoint: int | None = None
    changes: list[Change] = field(init=False)

    def __post_init__(self) -> None:
        self.changes = changes(self.before, self.after)

    def holds(self, effect: Effect) -> bool:
        """Whether the rows hold what was expected of them."""
        return _CHECKS[effect.what](self, effect.facts)

    def strangers(self, effects: Iterable[Effect]) -> list[Change]:
        """What was changed about accounts that were not meant."""
        meant = {self.account(effect.account) for effect in effects if effect.account}
        if self.touchpoint is not None:
            meant.add(self.after["touchpoint"][self.touchpoint]["account_id"])
        return [one for one in self.changes if meant and self.account_of(one) not in {None, *meant}]

    def account_of(self, change: Change) -> int | None:
        found = change.row["id"] if change.table == "account" else change.row.get("account_id")
        return None if found is None else int(found)

    def touches(self, table: str) -> bool:
        """Whether a row of the table changed; of touchpoints, whether one was done."""
        if table == "touchpoint":
            return any(row["state"] == "done" for row in self.touched(table))
        return any(one.table == table for one in self.changes)

    # -- finding

    def account(self, name: str) -> int:
        """The id of the account of that name; 0 while there is none."""
        rows = self.after["account"].values()
        return next((row["id"] for row in rows if row["name"].casefold() == name.casefold()), 0)

    def account_row(self, name: str) -> Row:
        """Its row, empty while there is none."""
        return self.after["account"].get(self.account(name), {})

    def user(self, handle: str) -> str:
        rows = self.after["person"].values()
        return str(next(row["user_id"] for row in rows if row["handle"] == handle.lstrip("@")))

    def touched(self, table: str, account: str = "") -> Iterator[Row]:
        """The rows that are new or another, as they are now, and were not taken back."""
        for one in self.changes:
            if one.table != table or not one.after or one.after.get("undone_at") is not None:
                continue
            if not account or self.account_of(one) == self.account(account):
                yield one.after

    def words(self, account: str, touchpoint: int | None = None) -> str:
        """All that was written down: of the account, or of the touchpoint only."""
        told = [
            str(value)
            for one in self.changes
            if one.after and (not account or self.account_of(one) == self.account(account))
            if touchpoint is None or touchpoint in (one.after.get("touchpoint_id"), one.after["id"])
            for key, value in one.after.items()
            if isinstance(value, str) and key not in ("name_key", "text_key", "source")
        ]
        return "\n".join(told)

    def is_person(self, who: str, row: Row) -> bool:
        """Whether a touchpoint is theirs: a person's by handle, or a department's."""
        if who.casefold() in {row["owner"]}:
            return True
        try:
            user = self.user(who)
        except StopIteration:
            return False
        manager = self.after["account"][row["account_id"]]["manager_id"]
        return bool(user == row["person_id"] or (row["owner"] == "manager" and manager == user))

    def day(self, moment: datetime, user: str | None = None) -> set[date]:
        """The local dates of a moment: of the company, and of a person."""
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        zones = [row["tz"] for row in self.after["person"].values() if row["user_id"] == user]
        return {aware.astimezone(ZoneInfo(zone)).date() for zone in ("Europe/Dublin", *zones)}


# -- single facts


def one_of(expected: Any, *actual: Any) -> bool:
    """Whether the fact is the expected one, or one of a list; nothing was expected of None."""
    if expected is None:
        return True
    wanted = expected if isinstance(expected, list | tuple) else [expected]
    return any(_same(each, found) for each in wanted for found in actual)


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, date) or isinstance(found, date):
        return str(wanted)[:10] == str(found)[:10]
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted.replace("_", " ").casefold() == found.replace("_", " ").casefold()
    return bool(wanted == found)


def has_words(facts: Row, key: str, text: str | None) -> bool:
    """Whether all words of `key` stand in the text, and none of `key`_never."""
    wanted, never = facts.get(key, ()), facts.get(f"{key}_never", ())
    text = text or ""
    return all(holds(text, one) for one in wanted) and not any(holds(text, one) for one in never)


def _money(facts: Row, row: Row) -> bool:
    amount = facts.get("amount")
    hundredths = None if amount is None else round(float(amount) * 100)
    return one_of(hundredths, row.get("hundredths")) and one_of(
        facts.get("currency"), row.get("currency")
    )


# -- one check an effect


def _interaction(found: Found, facts: Row) -> bool:
    return any(
        one_of(facts.get("kind"), row["kind"])
        and one_of(facts.get("on"), row["happened_on"])
        and has_words(facts, "text", row["text"])
        for row in found.touched("interaction", facts["account"])
    )


def _promise(found: Found, facts: Row) -> bool:
    owner = facts.get("owner")
    return any(
        has_words(facts, "text", row["text"])
        and one_of(facts.get("due"), row["due_on"])
        and (
            owner is None
            or found.is_person(owner, found.after["touchpoint"][row["touchpoint_id"]])
            or owner in {_handle(found, row["keeper_id"])}
        )
        for row in found.touched("promise", facts["account"])
    )


def _handle(found: Found, user: str | None) -> str:
    rows = found.after["person"].values()
    return next((row["handle"] for row in rows if row["user_id"] == user), "")


def _promise_ended(state: str) -> Callable[[Found, Row], bool]:
    def check(found: Found, facts: Row) -> bool:
        ended = {row["id"] for row in found.touched("touchpoint") if row["state"] == state}
        return any(
            row["touchpoint_id"] in ended and has_words(facts, "text", row["text"])
            for row in found.after["promise"].values()
            if row["account_id"] == found.account(facts["account"])
        )

    return check


def _value(found: Found, facts: Row) -> bool:
    return any(
        _money(facts, row)
        and one_of(facts.get("confirmed"), row["confirmed_at"] is not None)
        and has_words(facts, "text", row["text"])
        for row in found.touched("value_entry", facts["account"])
    )


def _decision(found: Found, facts: Row) -> bool:
    account = found.account_row(facts["account"])
    alternative = facts.get("alternative")
    return any(
        one_of(facts.get("outcome"), row["outcome"])
        and (alternative is None or holds(row["alternative"] or "", alternative))
        and has_words(facts, "reason", row["reason"])
        # The day stands in a column, or, until there is one, in the reason.
        and one_of(facts.get("on"), *found.day(row["at"]), *_days_in(row["reason"], facts))
        and one_of(facts.get("renewal"), row["renews_on"], account.get("renews_on"))
        for row in found.touched("decision", facts["account"])
    )


def _days_in(reason: str | None, facts: Row) -> Iterator[date]:
    wanted = facts.get("on")
    for day in wanted if isinstance(wanted, list) else [wanted]:
        if isinstance(day, date) and holds(reason or "", f"{day.isoformat()}|{day.day} {day:%b}"):
            yield day


def _account_field(column: str, key: str) -> Callable[[Found, Row], bool]:
    def check(found: Found, facts: Row) -> bool:
        return one_of(facts.get(key), found.account_row(facts["account"]).get(column))

    return check


def _manager(found: Found, facts: Row) -> bool:
    row = found.account_row(facts["account"])
    return bool(row.get("manager_id") == found.user(facts["person"]))


def _amount(found: Found, facts: Row) -> bool:
    return _money(facts, found.account_row(facts["account"]))


def _contact(found: Found, facts: Row) -> bool:
    """A contact, or a note that keeps all of it."""
    kept = found.words(facts["account"])
    said = [str(value) for key, value in facts.items() if key != "account"]
    return all(holds(kept, one) or _digits(one) in _digits(kept, one) for one in said)


def _digits(text: str, like: str | None = None) -> str:
    """Only the digits, where it is a telephone number; else something that is in no other."""
    if not (like or text).replace(" ", "").lstrip("+").isdigit():
        return "\0" if like is None else ""
    return "".join(each for each in text if each.isdigit())


def _contact_left(found: Found, facts: Row) -> bool:
    left = any(
        row["left_on"] is not None and holds(row["name"], facts["name"])
        for row in found.touched("contact", facts["account"])
    )
    kept = found.words(facts["account"])
    gone = "left|leaving|leaves|gone|no longer|moved on"
    return left or (holds(kept, facts["name"]) and holds(kept, gone))


def _reminder(found: Found, facts: Row) -> bool:
    return any(
        row["state"] in _OPEN
        and found.is_person(facts["person"], row)
        and one_of(
            facts.get("on"),
            *found.day(row["snoozed_until"] or row["due_at"], found.user(facts["person"])),
        )
        and has_words(facts, "text", f"{row['title']} {row['note']} {_text_of(found, row)}")
        for row in found.touched("touchpoint", facts["account"])
    )


def _text_of(found: Found, touchpoint: Row) -> str:
    promises = found.after["promise"].values()
    return " ".join(row["text"] for row in promises if row["touchpoint_id"] == touchpoint["id"])


def _touchpoint(found: Found, facts: Row) -> bool:
    named = facts.get("account")
    return any(
        (named or row["id"] == found.touchpoint)
        and _stands(found, facts, row)
        and (
            facts.get("by") is None
            or found.user(facts["by"]) in (row["by_user"], row["person_id"], row["answered_by"])
        )
        and has_words(facts, "note", found.words("", row["id"]))
        for row in found.touched("touchpoint", named or "")
    )


def _stands(found: Found, facts: Row, row: Row) -> bool:
    if facts.get("state") == "snoozed":
        until = row["snoozed_until"]
        return until is not None and one_of(facts.get("until"), *found.day(until))
    return one_of(facts.get("state"), row["state"])


def _advocacy(found: Found, facts: Row) -> bool:
    return any(
        one_of(facts.get("act"), row["act"])
        and one_of(facts.get("state"), row["verb"])
        and one_of(facts.get("on"), row["on"])
        and has_words(facts, "text", row["note"])
        for row in found.touched("advocacy_entry", facts["account"])
    )


def _away(found: Found, facts: Row) -> bool:
    cover = facts.get("cover")
    return any(
        row["user_id"] == found.user(facts["person"])
        and (not cover or row["cover_id"] == found.user(cover))
        and one_of(facts.get("from"), row["since"])
        and one_of(facts.get("until"), row["until"])
        for row in found.touched("absence")
    )


def _setting(found: Found, facts: Row) -> bool:
    user = found.user(facts["person"])
    row = next(each for each in found.after["person"].values() if each["user_id"] == user)
    first, _, last = (row["hours"] or "").partition("-")
    return (
        one_of(_weekday(facts.get("digest_day")), row["digest_weekday"])
        and one_of(_hour(facts.get("digest_hour")), row["digest_hour"])
        and one_of(facts.get("digest_off"), row["digest_off"])
        # Quiet from five to nine means that nudges come from nine to five.
        and one_of(_hour(facts.get("quiet_to")), _hour(first))
        and one_of(_hour(facts.get("quiet_from")), _hour(last))
    )


def _weekday(day: Any) -> Any:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return days.index(day[:3].casefold()) if isinstance(day, str) else day


def _hour(written: Any) -> Any:
    """16, "16:00", or what YAML makes of 16:00."""
    if isinstance(written, str):
        return int(written.partition(":")[0]) if written else None
    return written // 60 if isinstance(written, int) and written > 24 else written


_CHECKS: dict[str, Callable[[Found, Row], bool]] = {
    "interaction": _interaction,
    "promise": _promise,
    "promise_kept": _promise_ended("done"),
    "promise_moved": _promise,
    "promise_broken": _promise_ended("skipped"),
    "value": _value,
    "decision": _decision,
    "stage": _account_field("stage", "stage"),
    "renewal": _account_field("renews_on", "date"),
    "manager": _manager,
    "amount": _amount,
    "contact": _contact,
    "contact_left": _contact_left,
    "reminder": _reminder,
    "touchpoint": _touchpoint,
    "advocacy": _advocacy,
    "away": _away,
    "setting": _setting,
}
