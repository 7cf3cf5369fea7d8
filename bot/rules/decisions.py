"""Where a customer's decision leads: the stage's own word, the playbook's, or what is usual.

Usual is: "chose us" makes a prospect a customer, "chose other" leads to the exit (the first one for
prospects, the last one for customers), everything else leaves the account where it is. "renewed"
begins the next term.
"""

from dataclasses import dataclass

from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import CHOSE_OTHER, CHOSE_US, OUTCOMES, RENEWED, Outcome
from bot.rules.terms import first_stage, is_customer


@dataclass(frozen=True)
class DecisionEffect:
    """What a decision sets going: `to` is a stage's key, None where the account stays."""

    to: str | None
    renews: bool
    means: str = ""


def effect_of(playbook: Playbook, stage_key: str, outcome: str) -> DecisionEffect:
    """Where `outcome` leads an account in that stage."""
    named = _stage_outcome(playbook, stage_key, outcome)
    to = named.to if named is not None else _default_stage(playbook, stage_key, outcome)
    renews = outcome == RENEWED
    if named is not None and named.renews is not None:
        renews = named.renews
    means = named.means if named is not None and named.means else ""
    return DecisionEffect(None if to == stage_key else to, renews, means)


def outcome_choices(playbook: Playbook, stage_key: str) -> list[tuple[str, DecisionEffect]]:
    """The outcomes to offer in that stage, in the playbook's order, each with where it leads; all
    of them where it names none."""
    stage = playbook.stage(stage_key)
    named = dict.fromkeys([*(stage.outcomes if stage else ()), *playbook.decisions])
    return [(one, effect_of(playbook, stage_key, one)) for one in named or OUTCOMES]


def is_redecision(playbook: Playbook, stage_key: str) -> bool:
    """Whether the stage's decision is to choose us again: the first way it goes begins a term, or,
    where it names no ways, what it asks hangs on the renewal."""
    stage = playbook.stage(stage_key)
    if stage is None or stage.exit:
        return False
    first = next(iter(stage.outcomes), None)
    if first is not None:
        return effect_of(playbook, stage_key, first).renews
    return any(play.due.needs_renewal for play in stage.plays)


def _stage_outcome(playbook: Playbook, stage_key: str, outcome: str) -> Outcome | None:
    stage = playbook.stage(stage_key)
    own = stage.outcomes.get(outcome) if stage else None
    return own or playbook.decisions.get(outcome)


def _default_stage(playbook: Playbook, stage_key: str, outcome: str) -> str | None:
    customer = is_customer(playbook, stage_key)
    if outcome == CHOSE_US and not customer:
        return first_stage(playbook)
    exits = [stage.key for stage in playbook.stages if stage.exit]
    if outcome == CHOSE_OTHER and exits and stage_key not in exits:
        return exits[-1 if customer else 0]
    return None
