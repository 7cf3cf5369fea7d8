"""Loaded once by the process that the workers are forked from."""

from tests.chaos import migration, playbook, workers
from tools import child_processes

playbook.playbook()
child_processes.end_with_parent()  # and with it, stopped or not, the workers

__all__ = ["migration", "workers"]
