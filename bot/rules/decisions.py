"""Where a customer's decision leads, by the stage's outcomes, the playbook's, or by default. By
default "chose us" makes a prospect a customer, "chose other" leads to an exit (the first for
prospects, the last for customers), all else nowhere. "renewed" begins the next term."""

from dataclasses import dataclass

from bot.rules.facts.live import exit_stages
from bot.rules.playbook.playbook import Playbook
from bot.rules.playbook.sections import CHOSE_OTHER, CHOSE_US, NONE, OUTCOMES, RENEWED, Outcome
from bot.rules.terms import first_stage, is_customer


@dataclass(frozen=True)
class DecisionEffect:
    """What a decision changes: `to` is a stage's key, None where the account stays."""

    to: str | None
    renews: bool
    means: str = ""
    if_value_grew: str | None = None  # the key of a stage to offer


def effect_of(playbook: Playbook, stage_key: str, outcome: str) -> DecisionEffect:
    """Where `outcome` leads an account in that stage."""
    stage = playbook.stage(stage_key)
    named = (stage.outcomes.get(outcome) if stage else None) or playbook.decisions.get(outcome)
    effect = named or Outcome(to=_default_stage(playbook, stage_key, outcome))
    renews = outcome == RENEWED if effect.renews is None else effect.renews
    to = None if effect.to == stage_key else effect.to
    return DecisionEffect(to, renews, effect.means or "", effect.if_value_grew)


def begins_term(playbook: Playbook, stage_key: str, outcome: str) -> bool:
    """Whether a term begins with that outcome, so that its end can be told with it."""
    effect = effect_of(playbook, stage_key, outcome)
    return effect.renews or (outcome == CHOSE_US and effect.to is not None)


def outcome_choices(playbook: Playbook, stage_key: str) -> list[tuple[str, DecisionEffect]]:
    """The outcomes to offer in that stage, with their effects; all where the playbook has none."""
    stage = playbook.stage(stage_key)
    named = dict.fromkeys([*(stage.outcomes if stage else ()), *playbook.decisions])
    return [(outcome, effect_of(playbook, stage_key, outcome)) for outcome in named or OUTCOMES]


def renewal_answers(playbook: Playbook, stage_key: str) -> tuple[str, ...]:
    """What can be said of a renewal that has passed, by the outcomes of that stage."""
    offered = {outcome for outcome, _ in outcome_choices(playbook, stage_key)}
    answers = {RENEWED: RENEWED, "reduced": "reduced", CHOSE_OTHER: "left", NONE: "left"}
    return tuple(dict.fromkeys(said for outcome, said in answers.items() if outcome in offered))


def is_redecision(playbook: Playbook, stage_key: str) -> bool:
    """Whether the stage's decision is to choose us again: its first outcome begins a term or,
    without outcomes, a play of it is due by the renewal date."""
    stage = playbook.stage(stage_key)
    if stage is None or stage.exit:
        return False
    first = next(iter(stage.outcomes), None)
    if first is not None:
        return effect_of(playbook, stage_key, first).renews
    return any(play.due.needs_renewal for play in stage.plays)


def _default_stage(playbook: Playbook, stage_key: str, outcome: str) -> str | None:
    customer = is_customer(playbook, stage_key)
    if outcome == CHOSE_US and not customer:
        return first_stage(playbook)
    exits = exit_stages(playbook)
    if outcome == CHOSE_OTHER and exits and stage_key not in exits:
        return exits[-1 if customer else 0]
    return None
