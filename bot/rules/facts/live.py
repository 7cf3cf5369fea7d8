"""Live: an account that is not archived and has not left. Only live ones renew and rank."""

from typing import Any

from bot.rules.playbook.playbook import Playbook


def exit_stages(playbook: Playbook) -> list[str]:
    """The keys of the stages of accounts that have left."""
    return [stage.key for stage in playbook.stages if stage.exit]


def is_live(playbook: Playbook, account: Any) -> bool:
    """Whether an account, or a row with its `stage` and `archived_at`, is live."""
    return account.archived_at is None and account.stage not in exit_stages(playbook)
