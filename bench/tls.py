"""Posting over TLS in one thread, beside urllib3's pool of kept connections."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial

import trustme
import urllib3

from bench.figures import Line, interleaved, wall_seconds
from bench.machine import Machine, process
from bench.slack import stand
from bot.slack import Sent, Slack

PAYLOAD = {"channel": "C0SALES", "text": "Kick-off call with Acme is due.", "blocks": []}


def lines(machine: Machine) -> Iterator[Line]:
    authority = trustme.CA()
    trusted, key, chain = (machine.folder / name for name in ("ca.pem", "key.pem", "chain.pem"))
    issued = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(trusted))
    issued.private_key_pem.write_to_path(str(key))
    issued.cert_chain_pems[0].write_to_path(str(chain))
    posts = machine.sized(500, 20)
    with (
        stand("--tls", str(chain), str(key)) as server,
        # A process of its own: what it trusts is read once, from its environment.
        process(
            "bench.tls",
            server.api_url,
            str(posts),
            str(machine.runs),
            str(trusted),
            env={"SSL_CERT_FILE": str(trusted)},
        ) as said,
    ):
        found: dict[str, float] = json.loads(said)
    yield Line(
        "posting over TLS, one thread",
        f"{machine.runs} × {posts} posts",
        f"{found['ours']:,.0f} a second",
        f"a urllib3 keep-alive pool: {found['urllib3']:,.0f} a second",
        found["ours"] / found["urllib3"],
        0.8,
        at_least=True,
    )


def main() -> None:
    url, posts, runs, trusted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    slack = Slack("xoxb-bench", url)
    pool = urllib3.PoolManager(maxsize=1, retries=False, ca_certs=trusted)

    def ours() -> None:
        assert isinstance(slack.send("chat.postMessage", PAYLOAD), Sent)

    def theirs() -> None:
        headers = {"Authorization": "Bearer xoxb-bench", "Content-Type": "application/json"}
        answer = pool.request(
            "POST", url + "chat.postMessage", body=json.dumps(PAYLOAD), headers=headers
        )
        assert answer.json()["ok"]

    sides = {
        name: partial(lambda one: 1 / wall_seconds(one, posts), one)
        for name, one in {"ours": ours, "urllib3": theirs}.items()
    }
    print(json.dumps(interleaved(sides, runs)), flush=True)


if __name__ == "__main__":
    main()
