"""The models of a playbook. They are frozen: a changed playbook is loaded anew."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property
from statistics import multimode
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from bot.rules.playbook.fields import (
    Ask,
    Channel,
    Days,
    DueField,
    DurationField,
    Holidays,
    Hours,
    Key,
    Keys,
    Text,
    Timezone,
)
from bot.rules.playbook.sections import (
    Advocacy,
    Attention,
    Escalation,
    Handoffs,
    OnlyFor,
    Outcomes,
    Pace,
    Part,
    Participation,
    Promises,
    Records,
    Renewals,
    Terms,
    Value,
    no_outcomes,
)
from bot.rules.text import names
from bot.rules.time.calendar import WorkingCalendar
from bot.rules.time.phrases import Due, Duration
from bot.rules.time.working_hours import DAYS, HOURS, parse_calendar

Direction = Literal["forward", "back", "out", "return", "same"]

#: The owner of a play that belongs to the account's manager, a person, not to a department.
MANAGER: Final = "manager"


class Company(Part):
    """The channel for news of the whole company, and the time zone of its digest."""

    channel: Channel = Field(description='The channel that everybody reads, like "#customers".')
    timezone: Timezone = Field(description="The time zone of the company's digest.")


class Department(Part):
    """Who owns touchpoints: a channel to be nudged in and the hours to be nudged at."""

    key: SkipJsonSchema[str]
    name: Text = Field(description="As people call it.")
    channel: Channel = Field(description='Where it is nudged, like "#operations" (in quotes).')
    routes: Annotated[Mapping[str, Channel], AfterValidator(MappingProxyType)] = Field(
        default_factory=dict, description='Other channels by an account\'s tier: {C: "#sales-c"}.'
    )
    timezone: Timezone = Field(description='Like "Europe/Dublin".')
    hours: Hours = Field(HOURS, description='Opening and closing, like "09:00-17:00".')
    days: Days = Field(DAYS, description='Working days: "mon-fri", "sun-thu", "mon, wed, fri".')
    holidays: Holidays = Field(
        (), description="A country (IE), a part of one (US-CA), dates, or a list of them."
    )
    lead: Text | None = Field(None, description="Who hears of what nobody took: a Slack user.")

    def calendar(self) -> WorkingCalendar:
        """Its working time; one object for as long as the words are the same."""
        return parse_calendar(self.timezone, self.hours, self.days, self.holidays)


class Play(Part):
    """One small thing to do for an account, and when."""

    key: Key = Field(description="A short name for history and statistics; keep it for good.")
    title: Text = Field(description="A few words, as in a list.")
    owner: Text = Field(description="A department's key, or manager: the account's own.")
    due: DueField = Field(description="When: see the examples.")
    ask: Ask = Field(description="The one small thing asked; {account} becomes the name.")
    helps: Text = Field(description="What it helps the customer to decide, and how.")
    remind_after: DurationField = Field(
        Duration(2, "business days"), description="Does nothing any more: there are no reminders."
    )
    escalate_after: DurationField = Field(
        Duration(4, "business days"),
        description="When the manager or the lead hears that nobody took it.",
    )
    claim_expires: DurationField = Field(
        Duration(3, "business days"), description="Who took it is asked: still on it?"
    )
    contacts_customer: bool = Field(
        True, description="false: work among ourselves, which asks nothing of the customer."
    )
    asks_for: Text | None = Field(
        None, description="The favour it asks for: one of advocacy.acts. Done notes it as asked."
    )
    weight: int = Field(
        2, ge=1, le=3, description="3 goes before the others when the customer was asked enough."
    )
    records: Records | None = Field(
        None, description="The one line that Done asks for; never required."
    )
    escalate: Escalation | None = Field(
        None,
        description="When nobody answers, who hears: left out, by weight: 3 at once (the lead or "
        "the manager), 2 weekly (the lead's digest), 1 never.",
    )
    only_for: OnlyFor | None = Field(
        None, alias="for", description="Only for some accounts: {tier: [A, B]}."
    )

    @property
    def escalation(self) -> Escalation:
        """How soon somebody hears that nobody answered."""
        by_weight: dict[int, Escalation] = {3: "at once", 2: "weekly", 1: "never"}
        return self.escalate or by_weight[self.weight]

    def is_for(self, tier: str | None) -> bool:
        """Whether the play is for accounts of that tier."""
        return self.only_for is None or self.only_for.includes(tier)


def _before_renewal(due: Due | None) -> Due | None:
    if due is not None and due.kind != "before renewal":
        raise ValueError('a stage is entered before a renewal, write "90 days before renewal".')
    return due


class Stage(Part):
    """A part of the customer's life with us, named by the decision they face in it."""

    key: Key = Field(description="A short name to type: /stage acme renewal.")
    name: Text = Field(description="As people call it.")
    decision: Text = Field(description="The question the customer is deciding.")
    expected_days: int | None = Field(
        None, ge=1, le=3660, description="How long it usually takes; longer counts as stuck."
    )
    owner: Text | None = Field(
        None, description="The department it belongs to; left out: the one with the most plays."
    )
    exit: bool = Field(False, description="true: the account has left (it can come back).")
    enter: Annotated[DueField | None, AfterValidator(_before_renewal)] = Field(
        None, description="When accounts come here by themselves: 90 days before renewal."
    )
    was: Keys = Field(None, description="Keys that this stage had before, or stages it replaces.")
    next: Keys = Field(
        None, description="Keys of the stages that may follow; left out: the next in the file."
    )
    outcomes: Outcomes = Field(
        default_factory=no_outcomes, description="How the decision can go, and where each leads."
    )
    plays: tuple[Play, ...] = Field((), description="What to do for an account in this stage.")


class Playbook(Part):
    """A whole playbook: departments, stages in order, plays. See `load` for reading one."""

    name: Text = Field("Our playbook", description="The playbook's name.")
    destination: Text = Field(description="The key of the stage that all of it leads to.")
    company: Company = Field(description="Left out: the first department's channel and zone.")
    without_manager: str = Field(
        description="The department that gets a manager's plays when an account has none."
    )
    departments: Annotated[
        Mapping[str, Department], Field(min_length=1), AfterValidator(MappingProxyType)
    ] = Field(description="Departments by key.")
    stages: tuple[Stage, ...] = Field(min_length=1, description="Stages, in order.")
    promises: Promises = Field(default_factory=Promises, description="Promises to customers.")
    terms: Terms = Field(Terms(), description="When a customer's first term begins.")
    value: Value = Field(Value(), description="Who is asked when the value does not grow.")
    decisions: Outcomes = Field(
        default_factory=no_outcomes, description="Outcomes of stages without their own."
    )
    attention: Attention = Field(
        default_factory=Attention, description="How much may be asked of whom."
    )
    handoffs: Handoffs | None = Field(
        None, description="Moves between departments are accepted; left out: they are moves."
    )
    renewals: Renewals | None = Field(
        None, description="The brief before a renewal; left out: there is none."
    )
    advocacy: Advocacy = Field(default_factory=Advocacy, description="What advocates may do.")
    participation: Participation = Field(
        default_factory=Participation, description="Who should stay in touch with every customer."
    )
    pace: Pace = Field(default_factory=Pace, description="When an account is stuck; who hears.")
    version: SkipJsonSchema[str] = ""
    # The text as it was written and the name of its file, to be stored.
    text: SkipJsonSchema[str] = Field("", repr=False)
    source: SkipJsonSchema[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, raw: Any) -> Any:
        return with_defaults(raw)

    def stage(self, key: str) -> Stage | None:
        """The stage with exactly this key."""
        return self._stages.get(key)

    def stage_name(self, key: str) -> str:
        """The name of a stage; its key where the playbook no longer has it."""
        stage = self.stage(key)
        return stage.name if stage else key

    def find_stage(self, words: str) -> Stage | None:
        """The stage that a person means by its key or name, however they write it."""
        return self._stages_by_words.get(_words_key(words))

    def suggest_stage(self, words: str) -> str | None:
        """The key of the stage whose name or key is spelled most like `words`, if any is."""
        near = get_close_matches(_words_key(words), self._stages_by_words, 1, 0.55)
        return self._stages_by_words[near[0]].key if near else None

    def after(self, key: str) -> Stage | None:
        """The stage that `next` means from here: later in the file, no exit; the last has none."""
        here = self._order.get(key, -1)
        later = (self._stages[k] for k in self.next_keys(key) if self._order[k] > here)
        return next((stage for stage in later if not stage.exit), None)

    def next_keys(self, key: str) -> tuple[str, ...]:
        """The keys that follow `key` by its `next`, or by the order of the file."""
        stage = self._stages.get(key)
        if stage is None or (stage.exit and stage.next is None):
            return ()
        if stage.next is not None:
            return stage.next
        following = self.stages[self._order[key] + 1 :]
        return tuple(later.key for later in following if not later.exit)[:1]

    def play(self, stage_key: str, play_key: str) -> Play | None:
        """The play of that stage, when both are still in the playbook."""
        stage = self._stages.get(stage_key)
        plays = stage.plays if stage else ()
        return next((play for play in plays if play.key == play_key), None)

    def owner_of(self, stage_key: str) -> str | None:
        """The department that a stage names, else has most plays; None when two have as many."""
        stage = self.stage(stage_key)
        if stage is None:
            return None
        most = multimode(play.owner for play in stage.plays if play.owner != MANAGER)
        return stage.owner or (most[0] if len(most) == 1 else None)

    def direction(self, from_key: str, to_key: str) -> Direction:
        """Which way a move goes; back and out ask for a reason. To a stage of `next` is forward
        even when it is earlier in the file. Keys that are gone stand before the first stage."""
        if from_key == to_key:
            return "same"
        if self._is_exit(to_key):
            return "out"
        if self._is_exit(from_key):
            return "return"
        ahead = self._order.get(to_key, -1) > self._order.get(from_key, -1)
        return "forward" if ahead or to_key in self.next_keys(from_key) else "back"

    def calendar(self, owner: str) -> WorkingCalendar:
        """The working time of a play's owner; a manager's is that of `without_manager`."""
        department = self.departments.get(owner) or self.departments[self.without_manager]
        return department.calendar()

    def _is_exit(self, key: str) -> bool:
        stage = self._stages.get(key)
        return stage is not None and stage.exit

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.key: stage for stage in self.stages}

    @cached_property
    def _order(self) -> dict[str, int]:
        return {stage.key: at for at, stage in enumerate(self.stages)}

    @cached_property
    def _stages_by_words(self) -> dict[str, Stage]:
        by_name = {_words_key(stage.name): stage for stage in self.stages}
        return by_name | {_words_key(stage.key): stage for stage in self.stages}


def _words_key(words: str) -> str:
    return names.slug(words.replace("_", " "))


def with_defaults(raw: Any) -> Any:
    """The mapping with the values that may be left out; raw values of any shape come in."""
    if not isinstance(raw, Mapping):
        return raw
    filled = dict(raw)
    departments = raw.get("departments")
    if isinstance(departments, Mapping) and departments:
        filled["departments"] = {
            key: _with_name({**values, "key": key}) if isinstance(values, Mapping) else values
            for key, values in departments.items()
        }
        first, values = next(iter(departments.items()))
        filled.setdefault("without_manager", first)
        company = raw.get("company", {})
        if isinstance(values, Mapping) and isinstance(company, Mapping):
            shared = {k: values[k] for k in ("channel", "timezone") if k in values}
            filled["company"] = {**shared, **company}
    stages = raw.get("stages")
    if isinstance(stages, (list, tuple)):
        filled["stages"] = [_with_name(stage) for stage in stages]
    return filled


def _with_name(raw: Any) -> Any:
    if not isinstance(raw, Mapping) or "key" not in raw:
        return raw
    return {"name": re.sub("[-_]", " ", str(raw["key"])).capitalize(), **raw}
