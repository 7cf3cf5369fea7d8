"""The only way out to Slack: calls with an end, and every end with a name."""

from bot.slack.client import Slack
from bot.slack.outcome import Offline, Outcome, RateLimited, Reach, Refused, Sent, Unknown
from bot.slack.pagination import CouldNotRead

__all__ = [
    "CouldNotRead",
    "Offline",
    "Outcome",
    "RateLimited",
    "Reach",
    "Refused",
    "Sent",
    "Slack",
    "Unknown",
]
