"""What this process counts while it works. What the rows know is counted at scrape: bot/health.py.

Nothing in a label comes from a person: commands, outcomes and kinds of events are ours or Slack's.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()

command_seconds = Histogram(
    "linchpin_command_seconds",
    "Time from a slash command to its answer.",
    ["command"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0),
    registry=REGISTRY,
)
sends = Counter(
    "linchpin_sends",
    "Calls to Slack that write, by what became of them.",
    ["outcome"],
    registry=REGISTRY,
)
events = Counter(
    "linchpin_events",
    "Requests of Slack's that had their effect, by kind.",
    ["kind"],
    registry=REGISTRY,
)
