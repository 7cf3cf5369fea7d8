"""What an action works with."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.actor import Actor
from bot.messages.kit.text import tell_days
from bot.rules.playbook.playbook import Playbook
from db.core.tx import Tx


@dataclass(frozen=True)
class Work:
    """The caller's transaction, the playbook in force in it, an aware UTC time, and who acts."""

    tx: Tx
    playbook: Playbook
    now: datetime
    by: Actor

    def __post_init__(self) -> None:
        tell_days(self.playbook, self.now)
