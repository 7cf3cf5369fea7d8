"""What commands do at their start: read the settings, open the database, ask Slack who we are."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, inspect
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot import settings as configuration
from bot.actions.actor import CLOCK
from bot.actions.playbook import versions
from bot.actions.work import Work
from bot.actions.workspace import setup
from bot.context import Context
from bot.manifest import SCOPES
from bot.nudges.duties.daily import sync_workspace
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import Playbook, PlaybookError, load
from bot.rules.slack_facts import WorkspaceFacts
from bot.settings import Settings
from bot.slack import CouldNotRead, Slack
from db.core import workspaces
from db.core.engine import NO_LIMIT, THREADS, connect, is_sqlite
from db.core.tx import begin
from db.upkeep.migrate import is_current, upgrade

# Read-backs look from a minute before a call: half of it is left for Slack's own clock.
MAX_CLOCK_SKEW_SECONDS = 30


def utc_now() -> datetime:
    return datetime.now(UTC)


def read_settings() -> Settings:
    """The settings; sets logging up as they say."""
    settings = configuration.load()
    line = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=settings.log_level, format=line)
    # They would log a line every few seconds.
    for name in ("apscheduler", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return settings


def open_database(url: str, threads: int = THREADS) -> Engine:
    """The engine; a SQLite file is brought up to date, a server's is refused if it is not."""
    engine = connect(url, threads=threads)
    if is_sqlite(engine):
        upgrade(engine)
    elif not _is_ready(engine):
        engine.dispose()
        raise UserError("The database is not up to date. Run this first: python -m bot migrate")
    else:
        _check_clock(engine)
    return engine


def _check_clock(engine: Engine) -> None:
    """Raises UserError when this machine's clock is not the database's: leases compare them."""
    with engine.connect() as connection:
        database_now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    ahead = (utc_now() - database_now).total_seconds()
    if abs(ahead) > MAX_CLOCK_SKEW_SECONDS:
        engine.dispose()
        raise UserError(
            f"This machine's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} "
            "the database's. Messages could be said twice: set it (NTP), then start again."
        )


def _is_ready(engine: Engine) -> bool:
    try:
        return is_current(engine)
    except OperationalError as error:
        raise UserError(
            f"The database of DATABASE_URL cannot be reached: {str(error.orig).splitlines()[0]}"
        ) from None


def read_playbook(path: Path) -> Playbook:
    try:
        return load(path)
    except PlaybookError as error:
        problems = "\n".join(str(problem) for problem in error.problems)
        raise UserError(f"The playbook {path} cannot be used:\n{problems}") from None


def build_context(settings: Settings, threads: int = THREADS) -> Context:
    """Everything that handlers and nudges need; asks Slack who and what is in the workspace."""
    configuration.require_variables(settings, "SLACK_BOT_TOKEN")
    configuration.require_lasting_database(settings)
    playbook = read_playbook(settings.playbook)
    engine = open_database(settings.database_url, threads)
    slack = Slack(
        settings.slack_bot_token.get_secret_value(),
        settings.slack_api_url,
        settle=timedelta(seconds=settings.settle_seconds),
    )
    context = learn_workspace(engine, playbook, slack, frozenset(settings.admins))
    context = replace(context, heartbeat_url=settings.heartbeat_url)
    send_greeting(context)
    return context


def learn_workspace(
    engine: Engine,
    playbook: Playbook,
    slack: Slack,
    admins: frozenset[str],
    now: Callable[[], datetime] = utc_now,
) -> Context:
    """Saves the workspace, its people, channels and playbook; UserError without a good token."""
    try:
        facts = sync_workspace(engine, slack, playbook, now())
    except CouldNotRead as error:
        raise UserError(
            f"Slack did not let me in ({error}). Check SLACK_BOT_TOKEN and that the app is "
            "installed; docs/slack.md goes through it step by step."
        ) from None
    with begin(engine, facts.id) as tx:
        versions.register_file(Work(tx, playbook, now(), CLOCK), playbook, admins)
    return Context(
        engine, playbook, slack, now, admins=admins, bot_user=facts.bot_user_id, scopes=SCOPES
    )


def send_greeting(context: Context) -> None:
    """Tells an admin in a DM what is missing, once a workspace."""
    with context.begin(context.now()) as work:
        setup.send_greeting(work, sorted(context.admins), context.scopes)


@contextmanager
def open_workspace(url: str, asked: str | None, now: datetime) -> Iterator[tuple[Engine, str]]:
    """The database, for statements that may take long, and the id of the workspace asked for."""
    engine = connect(url, statement_seconds=NO_LIMIT)
    try:
        yield engine, choose_workspace(engine, asked, now)
    finally:
        engine.dispose()


def choose_workspace(engine: Engine, asked: str | None, now: datetime) -> str:
    """The id of the workspace asked for, or of the only one; a new database takes that asked
    for."""
    if asked and is_sqlite(engine) and not inspect(engine).has_table("workspace"):
        upgrade(engine)  # a new file
    ready = inspect(engine).has_table("workspace")
    known = workspaces.all_ids(engine) if ready else []
    if ready and asked and not known:
        workspaces.save_installation(engine, WorkspaceFacts(asked, asked, ""), now)
        return asked
    if not known:
        raise UserError(
            "There is no workspace in the database yet: start the bot once (python -m bot run), "
            "or name yours with --workspace T…, then import."
        )
    if asked in known or (asked is None and len(known) == 1):
        return asked or known[0]
    problem = f"There is no workspace {asked}." if asked else "There are several workspaces."
    raise UserError(f"{problem} Say which one: --workspace {' or --workspace '.join(known)}")
