"""`demo`: a small Slack in the browser with the real bot behind it; no Slack account is needed. The
only module of the program that knows the demo, and with it the sandbox."""

import argparse
import tempfile
from pathlib import Path

from bot.terminal.run import wait_for_signal

PORT = 8765


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=PORT, help=f"default {PORT}; 0 takes any")
    parser.add_argument(
        "--plain", action="store_true", help="for measuring: forty accounts, nobody answers"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serves the demo until Ctrl-C. Everything it stores is gone with it."""
    from demo.company import Demo  # other commands work without it

    stopped = wait_for_signal()
    with tempfile.TemporaryDirectory(prefix="linchpin-demo-") as folder:
        demo = Demo(Path(folder), arguments.port, plain=arguments.plain)
        try:
            print("Preparing a small company …", flush=True)
            demo.prepare()
            print(f"Linchpin's sandbox: {demo.sandbox.url} (Ctrl-C ends it)", flush=True)
            stopped.wait()
        finally:
            demo.close()
    return 0
