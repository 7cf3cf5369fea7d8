"""Missing ("not known enough"): one list of gaps an account, never counted as risk. A gap is
closed by what is recorded; "nothing new" keeps it, and for 30 days nobody is asked again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from bot.rules.playbook.playbook import MANAGER, Play, Playbook
from bot.rules.playbook.sections import Records

VALUE: Final = "value"
DECIDER: Final = "decider"
CONTACT: Final = "contact"
TOUCH: Final = "touch"
ALTERNATIVES: Final = "alternatives"
DECISION_DATE: Final = "date"
#: Not a gap, but asked for in the same way: what could make them say no.
RISK: Final = "risk"

#: What a touchpoint has to bring back to close a gap.
RECORDS: Final[dict[str, Records]] = {
    VALUE: "value",
    DECIDER: "person",
    CONTACT: "person",
    TOUCH: "note",
    ALTERNATIVES: "alternative",
    DECISION_DATE: "decision date",
    RISK: "risk",
}
#: Nobody in touch for so long is a gap.
SILENT_DAYS: Final = 60
#: After "nothing new" nobody is asked again for so long.
REST_DAYS: Final = 30


@dataclass(frozen=True)
class Known:
    """What is known of an account, as far as its gaps need it. `quiet_since` is its last contact;
    without one (`never`), the day since when it is known here."""

    in_term: bool
    has_value: bool
    has_decider: bool
    has_contact: bool
    has_alternatives: bool
    has_decision_date: bool
    quiet_since: date
    never: bool = False


@dataclass(frozen=True)
class Planned:
    """A touchpoint that will ask for what is missing; `by` is who has claimed it."""

    owner: str
    person: str | None
    state: str
    due_on: date
    by: str | None


@dataclass(frozen=True)
class Gap:
    """Something that is missing, what is planned about it, and when "nothing new" was said. TOUCH
    alone has `quiet_since`: the last contact or (`never`) since when the account is known."""

    key: str
    planned: Planned | None = None
    asked_on: date | None = None
    quiet_since: date | None = None
    never: bool = False

    def may_ask(self, today: date) -> bool:
        """Whether somebody may be asked by a button."""
        rested = self.asked_on is None or (today - self.asked_on).days >= REST_DAYS
        return self.planned is None and rested


def missing(known: Known, today: date) -> Iterator[Gap]:
    """The gaps of an account, in the order in which they are told."""
    if known.in_term and not known.has_value:
        yield Gap(VALUE)
    if not known.has_decider:
        yield Gap(DECIDER)
    if not known.has_contact:
        yield Gap(CONTACT)
    if (today - known.quiet_since).days >= SILENT_DAYS:
        yield Gap(TOUCH, quiet_since=known.quiet_since, never=known.never)
    if not known.has_alternatives:
        yield Gap(ALTERNATIVES)
    if not known.has_decision_date:
        yield Gap(DECISION_DATE)


def asking_play(playbook: Playbook, gap: str, stages: tuple[str, ...]) -> Play | None:
    """The play whose question closes a gap: of the first of these stages that has one, else of
    the term; being in touch is no play's."""
    if gap == TOUCH:
        return None
    known = (playbook.stage(key) for key in stages)
    here = (play for stage in known if stage for play in stage.plays)
    of_term = (play for stage in playbook.stages for play in stage.plays if play.due.of_term)
    wanted = (play for play in chain(here, of_term) if play.records == RECORDS[gap])
    return next(wanted, None)


def gap_owner(playbook: Playbook, gap: str, play: Play | None) -> str:
    """Who is asked about a gap: its play's owner, or whom the playbook names for it."""
    section = playbook.renewals
    named = {VALUE: section.value, ALTERNATIVES: section.alternatives} if section else {}
    owner = play.owner if play is not None else named.get(gap)
    if owner is None and gap == VALUE:
        owner = playbook.value.ask
    if owner is None and gap in (TOUCH, DECISION_DATE):
        owner = MANAGER
    known = owner == MANAGER or owner in playbook.departments
    return owner if owner is not None and known else playbook.without_manager
