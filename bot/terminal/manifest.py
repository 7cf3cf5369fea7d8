"""`manifest`: prints what Slack needs to make the app."""

import argparse
import json

from bot.manifest import manifest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--url", help="the public address of `web` (https://…/slack/events); without it Socket Mode"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints JSON, to be pasted at api.slack.com/apps → Create New App → From a manifest."""
    print(json.dumps(manifest(arguments.url), indent=2, ensure_ascii=False))
    return 0
