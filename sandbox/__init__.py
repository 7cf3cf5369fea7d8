"""A small, honest Slack on loopback: the demo's Slack and the tests' Slack.

    from sandbox import Sandbox

    sb = Sandbox(now=clock, bot_url="http://127.0.0.1:3000/slack/events")
    sb.serve()                                   # sb.api_url is for WebClient(base_url=...)
    answer = sb.command("priya", "#operations", "/stage acme renewal")
    nudge = sb.messages("#operations")[-1]
    sb.click("priya", nudge, "Done")
    sb.react("diego", nudge, "white_check_mark")
    sb.complaints                                # every rule of Slack's that the bot broke
    sb.close()

Everything a person does is one real signed HTTP request (or a Socket Mode envelope when the bot is
connected that way); everything the bot says comes over the real Web API at `/api/<method>`.

With freezegun, before `serve()`: `freezegun.configure(extend_ignore_list=sandbox.FREEZE_IGNORE)`.

What it does not imitate
------------------------
- Blocks that the bot does not send: table, markdown, rich_text, card, alert, video and the like.
- Canvases, lists, bookmarks, pins, search, calls, user groups, group DMs, Workflow Builder
  steps, assistant threads, link unfurling, legacy attachments, OAuth, several workspaces, Grid.
- Scopes: a token may call every method there is here. Rate limits by tier: only the one message a
  second a channel is imitated, and only with `pace = True`.
- What the bot itself does (posting, reacting, joining) sends no event back to it.
- Events are sent at once, in order, one at a time, and the caller waits for the answer. Slack sends
  them some time later, in any order. Retries come only from `redeliver()`.
- The time limits of trigger_id (3 s) and response_url (30 min) run by the sandbox's `now`;
  the 3 s for an ack are real seconds (`patience`).
- It is stricter than Slack where that finds mistakes: unknown arguments and unknown fields of
  blocks are refused, a message with blocks must carry a fallback `text`, a text longer than
  4,000 characters is complained about.
- The text of a command arrives with & < > escaped and addresses as links, like a message's: a
  domain is one under a few endings only, where Slack knows all; an outsider's command
  carries her own team_id. Both are guesses, on the side that asks more of the bot.
- Unverified against the real one: the order in which checks are made, and the wording in
  `response_metadata.messages`.
"""

from sandbox.errors import NotPossible, SlackError
from sandbox.freeze import FREEZE_IGNORE
from sandbox.model import (
    Answer,
    Call,
    Change,
    Channel,
    Ephemeral,
    Event,
    Person,
    SlackMessage,
    View,
)
from sandbox.sandbox import Sandbox

__all__ = [
    "FREEZE_IGNORE",
    "Answer",
    "Call",
    "Change",
    "Channel",
    "Ephemeral",
    "Event",
    "NotPossible",
    "Person",
    "Sandbox",
    "SlackError",
    "SlackMessage",
    "View",
]
