"""Loaded once by the process that the workers are forked from."""

from tests.chaos import migration, playbook, workers

playbook.playbook()

__all__ = ["migration", "workers"]
