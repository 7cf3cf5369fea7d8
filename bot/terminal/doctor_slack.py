"""What `doctor` asks of Slack: the tokens, the scopes, the channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.messages.workspace import setup_problems
from bot.rules.errors import UserError

if TYPE_CHECKING:
    from bot.rules.slack_facts import ChannelFacts, WorkspaceFacts
    from bot.settings import Settings
    from bot.slack import CouldNotRead, Slack

Finding = tuple[bool, str]
# Slack's words for a token that is not (or no longer) one: docs.slack.dev, auth.test.
_BAD_TOKEN_ERRORS = (
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
)


def check_slack(settings: Settings) -> list[Finding]:
    """Everything that Slack can tell; one finding for each token, scope and channel."""
    from bot.slack import CouldNotRead, Slack

    found = _check_app_token(settings)
    token = settings.slack_bot_token.get_secret_value()
    if not token:
        return found
    slack = Slack(token, settings.slack_api_url)
    try:
        facts = slack.auth()
    except CouldNotRead as error:
        return [*found, (False, _token_problem("SLACK_BOT_TOKEN", error))]
    return [
        *found,
        (True, f"Slack knows me in {facts.name}."),
        *_check_scopes_and_channels(settings, slack, facts),
    ]


def _check_app_token(settings: Settings) -> list[Finding]:
    """Asks for a connection as `run` would; it is not opened."""
    from bot.slack import CouldNotRead, Slack

    token = settings.slack_app_token.get_secret_value()
    if not token:
        return []
    try:
        Slack(token, settings.slack_api_url).check_app_token()
    except CouldNotRead as error:
        return [(False, _token_problem("SLACK_APP_TOKEN", error))]
    return [(True, "Slack takes SLACK_APP_TOKEN.")]


def _token_problem(variable: str, error: CouldNotRead) -> str:
    from bot.settings import place_of

    if error.error in _BAD_TOKEN_ERRORS:
        return (
            f"Slack does not take {variable} ({error.error}): copy it anew from "
            f"{place_of(variable)}."
        )
    if error.error == "missing_scope":
        return f"{variable} lacks its scope: make a new one under {place_of(variable)}."
    return f"Slack could not be asked about {variable} ({error}): look at the network, try again."


def _check_scopes_and_channels(
    settings: Settings, slack: Slack, facts: WorkspaceFacts
) -> Iterator[Finding]:
    from bot.manifest import SCOPES
    from bot.slack import CouldNotRead

    missing = [s for s in SCOPES if facts.scopes is not None and s not in facts.scopes]
    yield from ((False, setup_problems.scope_missing(scope, SCOPES[scope])) for scope in missing)
    if not missing:
        yield True, f"I have all {len(SCOPES)} scopes."
    try:
        yield from _check_channels(settings, {c.channel_id: c for c in slack.channels()}, facts.id)
    except CouldNotRead as error:
        yield False, f"Slack did not tell of the channels ({error}): see the scopes above."
    except UserError:
        return  # the playbook's own finding says so


def _check_channels(
    settings: Settings, known: Mapping[str, ChannelFacts], workspace: str
) -> Iterator[Finding]:
    by_name = {channel.name: channel for channel in known.values() if not channel.is_archived}
    for whose, chosen, named in _expected_channels(settings, workspace):
        channel = known.get(chosen) if chosen else by_name.get(named.removeprefix("#"))
        yield _check_channel(channel, whose, chosen or named)


def _expected_channels(settings: Settings, workspace: str) -> Iterator[tuple[str, str | None, str]]:
    """(whose, the channel's id when one was chosen in Slack, its name in the playbook)."""
    from bot.terminal.process.startup import read_playbook

    playbook, chosen = read_playbook(settings.playbook), _chosen_channels(settings, workspace)
    for key, department in playbook.departments.items():
        yield department.name, chosen.get(key), department.channel
    yield "the company", chosen.get("company"), playbook.company.channel


def _chosen_channels(settings: Settings, workspace: str) -> dict[str, str]:
    """The channels that were chosen in Slack; none when there is no database yet."""
    from sqlalchemy.exc import SQLAlchemyError

    from db.core.engine import connect
    from db.core.tx import read
    from db.workspace import departments

    try:
        with read(connect(settings.database_url), workspace) as tx:
            return departments.chosen_channels(tx)
    except SQLAlchemyError:
        return {}


def _check_channel(channel: ChannelFacts | None, whose: str, wanted: str) -> Finding:
    if channel is None:
        return False, setup_problems.channel_missing(whose, wanted)
    where = f"#{channel.name}"
    if channel.is_archived:
        return False, setup_problems.channel_archived(whose, where)
    if channel.is_shared_outside:
        return False, setup_problems.channel_shared_outside(whose, where)
    if not channel.is_member:
        return False, setup_problems.bot_not_in_channel(whose, where)
    return True, f"I am in {where} for {whose}."
