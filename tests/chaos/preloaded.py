"""Loaded once by the process that the workers are forked from."""

from tests import leash
from tests.chaos import migration, playbook, workers

playbook.playbook()
leash.die_with_parent()  # and with it, stopped or not, the workers

__all__ = ["migration", "workers"]
