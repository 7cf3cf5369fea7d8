"""The JSON schema of a playbook file, for editors that complete and check while one types."""

from typing import Any, Final

from bot.rules.playbook.models import Playbook

#: What a person may leave out although a loaded playbook always has it: model -> fields.
_FILLED_IN: Final = {
    "Playbook": {"company", "without_manager"},
    "Company": {"channel", "timezone"},
    "Department": {"name", "key"},
    "Stage": {"name"},
}


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
