"""The JSON schema of a playbook file, for editors, and what is better said otherwise in it."""

from collections.abc import Iterator
from typing import Any, Final

from bot.rules.playbook.models import Playbook

#: What a person may leave out although a loaded playbook always has it: model -> fields.
_FILLED_IN: Final = {
    "Playbook": {"company", "without_manager"},
    "Company": {"channel", "timezone"},
    "Department": {"name", "key"},
    "Stage": {"name"},
}
#: A nudge shows the first sentence of an ask; more than this nobody reads there.
MAX_ASK_WORDS: Final = 32


def schema() -> dict[str, Any]:
    """The schema as plain values; it describes the YAML form, not the loaded one."""
    made = Playbook.model_json_schema()
    definitions = made["$defs"]
    for name, fields in _FILLED_IN.items():
        model = made if name == "Playbook" else definitions[name]
        model["required"] = [f for f in model.get("required", []) if f not in fields]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Linchpin playbook",
    }


def warnings(playbook: Playbook) -> Iterator[str]:
    """One sentence each, with the play it is about."""
    for stage in playbook.stages:
        for play in stage.plays:
            place, words = f"{stage.key}/{play.key}", len(play.ask.split())
            if words > MAX_ASK_WORDS:
                yield f"{place}: the ask has {words} words; shorten it to {MAX_ASK_WORDS}."
            if "remind_after" in play.model_fields_set:
                yield f"{place}: remind_after does nothing any more, leave it out."
