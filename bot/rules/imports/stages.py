"""Which stage of the playbook a CRM's words mean."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from bot.rules.errors import UserError
from bot.rules.imports.result import Choice, Question
from bot.rules.playbook.playbook import Playbook
from bot.rules.text.words import plural

#: The well-known words of HubSpot, Salesforce and Pipedrive, by the stages that they may mean, the
#: best first. A playbook without any of these stages does not know the words.
_WORDS_OF_STAGES: Final = {
    "prospect": "lead, subscriber, mql, sql, marketing qualified lead, sales qualified lead, new, "
    "cold, suspect, target, prospecting, open, attempted to contact, contacted, cold lead, "
    "warm lead, hot lead",
    "evaluation": "opportunity, trial, demo, proposal, negotiation, qualification, in progress, "
    "open deal, pilot, evaluating, prospect in evaluation",
    "onboarding, adoption": "closed won, won, new customer, implementation, go live, setup, signed",
    "adoption, onboarding": "customer, client, active, active customer, live, existing customer, "
    "customer direct, customer channel, paying, installed",
    "growth, adoption": "upsell, cross sell, expansion, expanding, growing",
    "renewal, growth": "up for renewal, renewing, in renewal, contract ending",
    "advocacy": "evangelist, advocate, promoter, champion, reference, reference customer",
    "lost, churned": "closed lost, disqualified, unqualified, not interested, dead, no deal",
    "churned, lost": "churn, former customer, past customer, ex customer, cancelled, canceled, "
    "inactive, lapsed, terminated",
}
_WELL_KNOWN: Final[Mapping[str, Sequence[str]]] = {
    word: stages.split(", ")
    for stages, words in _WORDS_OF_STAGES.items()
    for word in words.split(", ")
}
#: The stages to take instead of one that a playbook does not have.
_NEAREST_STAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "evaluation": ("prospect",),
    "onboarding": ("adoption",),
    "adoption": ("onboarding", "growth"),
    "growth": ("adoption",),
    "lost": ("churned",),
}
#: The answer that leaves the rows with a word out.
NO_STAGE: Final = "none"
_SIGNS: Final = re.compile(r"[\W_]+")


class StageWords:
    """Finds stages by the words of a file; answers ("stage:WORD" -> stage) go first."""

    def __init__(self, playbook: Playbook, answers: Mapping[str, str] | None = None) -> None:
        self._playbook = playbook
        self._keys = ", ".join(stage.key for stage in playbook.stages)
        given = {
            normalise(word.removeprefix("stage:")): name
            for word, name in (answers or {}).items()
            if word.startswith("stage:")
        }
        #: The words whose rows are to be left out.
        self.ignored = {word for word, name in given.items() if name == NO_STAGE}
        self.asked = {
            word: self._parse_answer(word, name) for word, name in given.items() if name != NO_STAGE
        }
        #: Where an account begins of which the file says no stage: `--stage "=stage"`.
        self.start = self.asked.get("", playbook.stages[0].key)
        #: The key of the stage that the words mean, or None.
        self.find: Callable[[str], str | None] = cache(self._find)

    def unknown(self, words: str) -> str:
        """Why a row with these words waits, and what would help."""
        near = self._playbook.suggest_stage(words)
        target = near or self._playbook.stages[0].key
        hint = f', did you mean "{near}"?' if near else "."
        return f'no stage "{words}"{hint} Say --stage "{words}={target}"'

    def questions(self, cells: Sequence[str]) -> Iterator[Question]:
        """What the unknown words among these cells mean; their rows wait for the answer."""
        choices = [Choice(stage.key, stage.name) for stage in self._playbook.stages]
        choices.append(Choice(NO_STAGE, "Leave these rows out"))
        for word, rows in Counter(filter(None, cells)).items():
            if self.find(word) is None and normalise(word) not in self.ignored:
                near = self._playbook.suggest_stage(word)
                text = f'{plural(rows, "row")} say "{word}", which is no stage. Which one is meant?'
                yield Question("stage", word, text, rows, False, choices, near)

    def of_deals(self, key: str) -> str:
        """The stage for what deals say, or the nearest there is; UserError when there is none."""
        for candidate in (key, *_NEAREST_STAGES.get(key, ())):
            if (stage := self.find(candidate)) is not None:
                return stage
        raise UserError(
            f"The playbook has no stage {key}, which the deals call for. Say which one it is, for "
            f'example: --stage "{key}={self._playbook.stages[0].key}". It has: {self._keys}.'
        )

    def _find(self, words: str) -> str | None:
        spelled = normalise(words)
        if spelled in self.asked:
            return self.asked[spelled]
        if (stage := self._playbook.find_stage(words.strip())) is not None:
            return stage.key
        keys = _WELL_KNOWN.get(spelled, ())
        return next((key for key in keys if self._playbook.stage(key) is not None), None)

    def _parse_answer(self, word: str, name: str) -> str:
        stage = self._playbook.find_stage(name.strip())
        if stage is None:
            raise UserError(
                f'I cannot use --stage "{word}={name}": write --stage "Their word=stage", where '
                f"stage is one of {self._keys}."
            )
        return stage.key


def normalise(words: str) -> str:
    """Words for comparing: "Closed-Won", "closed won" and "CLOSED_WON" are one."""
    return _SIGNS.sub(" ", words.casefold()).strip()
