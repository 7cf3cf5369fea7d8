"""The sandbox's two ways of saying no."""

from __future__ import annotations

from collections.abc import Sequence


class SlackError(Exception):
    """The Web API refuses. `error` is Slack's word, `details` go to response_metadata.messages."""

    def __init__(
        self, error: str, details: Sequence[str] = (), *, status: int = 200, retry_after: int = 0
    ) -> None:
        super().__init__(": ".join([error, *details]))
        self.error = error
        self.details = list(details)
        self.status = status
        self.retry_after = retry_after


class NotPossible(LookupError):
    """A person tried what Slack's own window would not offer: a button that is not there ..."""
