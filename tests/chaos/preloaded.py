"""Loaded once by the process that the workers are forked from."""

from tests.chaos import playbook, workers

playbook.playbook()

__all__ = ["workers"]
