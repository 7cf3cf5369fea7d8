"""Trouble on purpose: real processes killed and stopped, a Slack that breaks, and a judge.

`python -m tests.chaos` runs every scenario in full (`make chaos`); `test_short.py` runs each one
small, in `make test`. docs/reliability.md tells what is promised and what was measured.
"""
