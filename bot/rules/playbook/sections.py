"""The sections of a playbook beside its departments and stages, and the outcomes of a decision."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from bot.rules.playbook.fields import Currency, DurationField, Key, Text
from bot.rules.time.phrases import Duration

RENEWED: Final = "renewed"
CHOSE_US: Final = "chose us"
CHOSE_OTHER: Final = "chose other"
NONE: Final = "none"
#: In the order in which they are offered.
OUTCOMES: Final = (RENEWED, "expanded", "reduced", "adopted", CHOSE_US, CHOSE_OTHER, NONE)


class Part(BaseModel):
    """A part of a playbook; it is frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Outcome(Part):
    """One way a stage's decision can go."""

    to: Key | None = Field(None, description="The stage it leads to; left out: it stays.")
    means: Text | None = Field(None, description="What it means here, in a few words.")
    renews: bool | None = Field(
        None, description='true: it begins the next term. Left out: only "renewed" does.'
    )
    if_value_grew: Key | None = Field(
        None,
        description="A stage that is offered when they confirmed more value than last term.",
    )


_Name = Annotated[str, WithJsonSchema({"type": "string", "enum": list(OUTCOMES)})]
Outcomes = Annotated[Mapping[_Name, Outcome], AfterValidator(MappingProxyType)]


def no_outcomes() -> Mapping[str, Outcome]:
    """No outcomes: those of `decisions:` and the default ones apply."""
    return MappingProxyType({})


class Terms(Part):
    """When an account's terms begin; they end by a decision, or where the account leaves."""

    begins: Key | None = Field(
        None,
        description="The stage that begins term 1; left out: onboarding, else the second stage.",
    )


class Value(Part):
    """Settings for the value that customers get."""

    ask: Text = Field(
        "manager",
        description="Who is asked when a term has not grown: a department's key, or manager.",
    )
    currency: Currency | None = Field(
        None, description="What an amount without a currency is in: EUR."
    )


class Promises(Part):
    """Settings for promises to customers."""

    notice: DurationField = Field(
        Duration(5, "business days"),
        description="How long before its date the owner of a promise is nudged.",
    )
    owner: Text = Field(
        "manager", description="Who keeps a promise that names nobody: a department, or manager."
    )


class Attention(Part):
    """Limits of asks and nudges; over them the most consequential touchpoints go first."""

    customer_a_week: int = Field(
        2, ge=1, le=100, description="How often all departments together may ask for one customer."
    )
    channel_a_day: int = Field(
        10, ge=1, le=500, description="New lines a morning in a department's channel."
    )
    person_a_day: int = Field(5, ge=1, le=500, description="New lines a morning in a person's DM.")
    longest_wait: DurationField = Field(
        Duration(3, "weeks"), description="Nothing is held for longer: then it goes anyway."
    )


class Handoffs(Part):
    """How moves between departments are accepted; left out, they need not be accepted."""

    accept_within: DurationField = Field(
        Duration(2, "business days"),
        description="A handoff that nobody has accepted by then goes to the department's lead.",
    )


def _days(days: tuple[int, ...]) -> tuple[int, ...]:
    if not all(1 <= day <= 366 for day in days):
        raise ValueError("days before the renewal are numbers from 1 to 366, write [90, 60, 30].")
    return tuple(sorted(set(days), reverse=True))


class Renewals(Part):
    """The brief before a renewal; left out, nobody gets one, nobody is asked for a decision."""

    brief: Annotated[tuple[int, ...], AfterValidator(_days)] = Field(
        (90, 60, 30), description="How many days before the renewal the manager gets the brief."
    )
    value: Text | None = Field(
        None, description="Who is asked for value that the customer confirms: a department."
    )
    alternatives: Text | None = Field(
        None, description="Who is asked what else the customer could choose: a department."
    )


class Advocacy(Part):
    """The favours to ask for, the smallest first, and how often customers may be asked."""

    acts: tuple[Text, ...] = Field(
        ("quote", "review", "reference call", "case study", "referral", "talk"),
        min_length=1,
        max_length=20,
        description="What an advocate may do, the smallest favour first.",
    )
    asks_a_quarter: int = Field(
        2, ge=1, le=20, description="After so many asks in 90 days a customer rests."
    )
    rest_after_complaint: DurationField = Field(
        Duration(30, "days"), description="No ask for so long after a complaint that is open."
    )


class OnlyFor(Part):
    """Which accounts something is for; one without a tier counts as a B."""

    tier: Annotated[
        tuple[Text, ...], BeforeValidator(lambda raw: (raw,) if isinstance(raw, str) else raw)
    ] = Field(min_length=1, description="Tiers, like [A, B].")

    def includes(self, tier: str | None) -> bool:
        """Whether accounts of that tier are among them."""
        return tier_key(tier) in map(tier_key, self.tier)


def tier_key(tier: str | None) -> str:
    """A tier to compare by; no tier is B."""
    return (tier or "B").casefold()


class Participation(Part):
    """A department that has not touched an account for so long is asked once to be in touch."""

    silent_after: Annotated[Mapping[str, DurationField], AfterValidator(MappingProxyType)] = Field(
        default_factory=dict, description="A department's key, and how long it may be silent."
    )
    stages: tuple[Text, ...] = Field(
        (), description="Only accounts in these stages; left out, in all but the exits."
    )
    only_for: OnlyFor | None = Field(
        None, alias="for", description="Only some accounts: {tier: [A, B]}."
    )


#: What a play brings back: the one line that Done asks for.
Records = Literal[
    "value", "person", "alternative", "decision date", "goal", "risk", "promise", "note"
]
#: How soon somebody hears that a touchpoint got no answer.
Escalation = Literal["at once", "weekly", "never"]
Hearer = Literal["manager", "lead", "department"]


class Pace(Part):
    """An account is behind after its stage's expected days, and stuck after some times as many."""

    stuck_after: float = Field(
        1.5, ge=1, le=10, description="Stuck after so many times the expected days."
    )
    tell_behind: tuple[Hearer, ...] = Field(
        ("manager",), description="Who hears of it: manager, lead, department; [] for nobody."
    )
    tell_stuck: tuple[Hearer, ...] = Field(
        ("manager", "lead"),
        description="The lead and the channel are those of the stage's department.",
    )
