"""`doctor`: checks the settings, the playbook, the database and Slack, and says what to mend."""

import argparse
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy.exc import SQLAlchemyError

from bot.manifest import SCOPES
from bot.messages.workspace import setup_problems
from bot.rules.errors import UserError
from bot.rules.playbook.overrides import COMPANY
from bot.rules.playbook.playbook import Playbook
from bot.rules.slack_facts import ChannelFacts
from bot.settings import Settings, load, place_of, require_variables
from bot.slack import CouldNotRead, Slack
from bot.terminal.process.startup import read_playbook
from db.core.engine import connect
from db.core.tx import read
from db.workspace import departments

Finding = tuple[bool, str]  # whether all is well, and a sentence
# Slack's words for a token that is not (or no longer) one: docs.slack.dev, auth.test.
_BAD_TOKEN_ERRORS = (
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
)


def run(_arguments: argparse.Namespace) -> int:
    """Prints one line a check; 1 when something has to be mended."""
    settings = load()
    findings = [
        *(_check_token_set(settings, name) for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")),
        _check_playbook(settings),
        _check_database(settings),
        *_check_app_token(settings),
        *_check_slack(settings),
    ]
    for good, sentence in findings:
        print(f"{'ok  ' if good else 'MEND'} {sentence}")
    return 0 if all(good for good, _ in findings) else 1


def _check_token_set(settings: Settings, name: str) -> Finding:
    try:
        require_variables(settings, name)
    except UserError as error:
        return False, error.sentence
    return True, f"{name} is set."


def _check_playbook(settings: Settings) -> Finding:
    try:
        playbook = read_playbook(settings.playbook)
    except (UserError, OSError) as error:
        return False, str(error)
    plays = sum(len(stage.plays) for stage in playbook.stages)
    return True, f"The playbook has {len(playbook.stages)} stages and {plays} plays."


def _check_database(settings: Settings) -> Finding:
    try:
        with connect(settings.database_url).connect():
            return True, "The database answers."
    except SQLAlchemyError as error:
        why = str(error).splitlines()[0]
        return False, f"The database does not answer ({why}). Check DATABASE_URL."


def _check_app_token(settings: Settings) -> Iterator[Finding]:
    """Asks for a connection as `run` would; it is not opened."""
    if not (token := settings.slack_app_token.get_secret_value()):
        return
    try:
        Slack(token, settings.slack_api_url).check_app_token()
        yield True, "Slack takes SLACK_APP_TOKEN."
    except CouldNotRead as error:
        yield False, _token_problem("SLACK_APP_TOKEN", error)


def _check_slack(settings: Settings) -> Iterator[Finding]:
    if not (token := settings.slack_bot_token.get_secret_value()):
        return
    slack = Slack(token, settings.slack_api_url)
    try:
        facts = slack.auth()
    except CouldNotRead as error:
        yield False, _token_problem("SLACK_BOT_TOKEN", error)
        return
    yield True, f"Slack knows me in {facts.name}."
    missing = [s for s in SCOPES if facts.scopes is not None and s not in facts.scopes]
    yield from ((False, setup_problems.scope_missing(scope, SCOPES[scope])) for scope in missing)
    if not missing:
        yield True, f"I have all {len(SCOPES)} scopes."
    try:
        yield from _check_channels(settings, slack.channels(), facts.id)
    except CouldNotRead as error:
        yield False, f"Slack did not tell of the channels ({error}): see the scopes above."
    except UserError:
        return  # the playbook's own finding says so


def _token_problem(variable: str, error: CouldNotRead) -> str:
    if error.error in _BAD_TOKEN_ERRORS:
        return (
            f"Slack does not take {variable} ({error.error}): copy it anew from "
            f"{place_of(variable)}."
        )
    if error.error == "missing_scope":
        return f"{variable} lacks its scope: make a new one under {place_of(variable)}."
    return f"Slack could not be asked about {variable} ({error}): look at the network, try again."


def _check_channels(
    settings: Settings, channels: Iterable[ChannelFacts], workspace: str
) -> Iterator[Finding]:
    """The channel of each department and the company: by its id where the database knows it, else
    by its name in the playbook."""
    by_id = {channel.channel_id: channel for channel in channels}
    by_name = {channel.name: channel for channel in by_id.values() if not channel.is_archived}
    playbook = read_playbook(settings.playbook)
    known = _known_channels(settings, workspace, playbook)
    owners = [(key, each.name, each.channel) for key, each in playbook.departments.items()]
    for key, whose, named in (*owners, (COMPANY, "the company", playbook.company.channel)):
        chosen = known.get(key)
        channel = by_id.get(chosen) if chosen else by_name.get(named.removeprefix("#"))
        where = f"#{channel.name}" if channel else chosen or named
        problem = setup_problems.channel_problem(whose, channel, where)
        yield problem is None, problem or f"I am in {where} for {whose}."


def _known_channels(settings: Settings, workspace: str, playbook: Playbook) -> Mapping[str, str]:
    try:
        with read(connect(settings.database_url), workspace) as tx:
            known = departments.all_channels(tx, playbook)
            return {key: channel for (key, tier), channel in known.items() if tier is None}
    except SQLAlchemyError:
        return {}
