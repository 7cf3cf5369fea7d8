"""What this process counts while it works; bot/health.py reads figures from the database. No label
contains anything that a person typed."""

from prometheus_client import CollectorRegistry, Counter, Histogram

REGISTRY = CollectorRegistry()

command_seconds = Histogram(
    "linchpin_command_seconds",
    "Time from a slash command to its answer.",
    ["command"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0),
    registry=REGISTRY,
)
_SENDS = "Calls to Slack that write, by what became of them."
_EVENTS = "Requests of Slack's that had their effect, by kind."
sends = Counter("linchpin_sends", _SENDS, ["outcome"], registry=REGISTRY)
events = Counter("linchpin_events", _EVENTS, ["kind"], registry=REGISTRY)
