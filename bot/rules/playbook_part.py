"""What every part of a playbook is: frozen, and strict about keys nobody knows."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a playbook. It never changes: a playbook is loaded anew."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
