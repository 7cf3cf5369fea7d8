"""`web`: answers Slack's requests over HTTP with gunicorn's threads; `worker` does the rest."""

import argparse
from typing import Any

from bot.terminal.process import garbage_collection

# A request takes one thread until it is answered: 32 answered 290 slow requests a second.
THREADS = 32


def run(_arguments: argparse.Namespace) -> int:
    """Serves `POST /slack/events` and the health addresses on PORT until it is told to stop."""
    garbage_collection.pause_collection()
    from gunicorn.app.base import BaseApplication

    from bot.app import build, wsgi
    from bot.health import Health
    from bot.settings import require_lasting_database, require_shared_database, require_variables
    from bot.terminal.process.startup import build_context, read_settings

    settings = read_settings()
    require_variables(settings, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
    require_shared_database(settings, "web")
    require_lasting_database(settings)

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            self.cfg.set("bind", f"0.0.0.0:{settings.port}")
            self.cfg.set("worker_class", "gthread")
            self.cfg.set("threads", THREADS)
            self.cfg.set("graceful_timeout", 20)
            # Reading the members of a large workspace takes longer than gunicorn's 30 seconds.
            self.cfg.set("timeout", 300)

        def load(self) -> Any:
            # After the fork: connections must not be shared with another process.
            context = build_context(settings, THREADS)
            app = build(context, settings.slack_signing_secret.get_secret_value())
            answer = wsgi(app, Health(context))
            garbage_collection.resume_collection()
            return answer

    Server().run()
    return 0
