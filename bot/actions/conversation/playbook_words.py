"""Words that name something of the playbook: departments, stages, advocacy acts."""

from bot.actions.conversation.runs import MOST_SHORT_WORDS, Span, joined, longer_first, runs
from bot.rules.language.lexicon import is_everyday
from bot.rules.language.parts import Part
from bot.rules.playbook.department_names import find_department, find_short, is_whole_name
from bot.rules.playbook.playbook import Playbook


def departments_in(playbook: Playbook, words: list[Span]) -> list[Part]:
    """Departments by key, name, or a short name such as "ops"."""
    found: list[Part] = []
    for run in runs(words, MOST_SHORT_WORDS):
        said = joined(run)
        key = find_department(playbook, said) if is_whole_name(playbook, said) else None
        if key is None and len(run) == 1 and not is_everyday(said):
            key = find_short(playbook, said)
        if key is not None:
            name = playbook.departments[key].name
            found.append(Part("department", key, run[0][1], run[-1][2], name))
    return longer_first(found)


def stages_and_acts_in(playbook: Playbook, words: list[Span]) -> list[Part]:
    """Stages and advocacy acts by key, name, or a short name."""
    found: list[Part] = []
    for run in runs(words, MOST_SHORT_WORDS):
        said, place = joined(run), (run[0][1], run[-1][2])
        stage = playbook.find_stage(said)
        if stage is not None:
            found.append(Part("stage", stage.key, *place, stage.name))
        act = next((a for a in playbook.advocacy.acts if said.casefold() in _forms_of(a)), None)
        if act is not None:
            found.append(Part("act", act, *place, act))
    return longer_first(found)


def _forms_of(act: str) -> set[str]:
    """ "reference call" is said as "reference", "references" and "reference calls" too."""
    whole = act.casefold()
    return {whole, f"{whole}s", whole.split()[0], f"{whole.split()[0]}s"}
