"""The same promises over real HTTP, against a Slack that fails on command."""

from __future__ import annotations

import gc
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from bot.nudges.duties.daily import sync_workspace
from bot.nudges.duties.reaction_sweep import changes
from bot.rules.playbook.playbook import parse
from bot.slack import CouldNotRead, Offline, Sent, Slack, http_call
from db.core.tx import begin, read
from db.members import members
from db.outbox import (
    enqueue_ephemeral,
    enqueue_response,
    enqueue_update,
    enqueue_view,
    recover_interrupted,
    status,
)
from db.outbox.lanes import open_lane
from db.outbox.states import RateLimit
from db.touchpoints import reactions
from db.workspace import channels
from sandbox import Sandbox
from tests.delivery.helpers import TEAM, Clock, Post, claim, send_batch, settle_in
from tests.story import PLAYBOOK
from tests.waiting import wait_for

OPS = "C0OPERATIONS"
POST = "chat.postMessage"
FILE = parse(PLAYBOOK, "story.yaml")


@pytest.fixture
def sandbox(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(now=clock) as sandbox:
        sandbox.pace = True
        yield sandbox


@pytest.fixture
def live(engine: Engine, sandbox: Sandbox, clock: Clock) -> Post:
    slack = Slack(sandbox.bot_token, sandbox.api_url, deadline=20)
    team = sync_workspace(engine, slack, FILE, clock.now).id
    return Post(engine, slack, clock, team)


def texts(sandbox: Sandbox, where: str = "#operations") -> list[str]:
    return [message.text for message in sandbox.messages(where)]


def test_sync_learns_the_people_and_the_channels(live: Post) -> None:
    with read(live.engine, live.team) as tx:
        priya = members.by_name(tx, "@priya")
        assert priya is not None
        assert priya == members.by_name(tx, "Priya Raman")
        assert [one.handle for one in members.list_admins(tx)] == ["priya"]
        gus = members.by_name(tx, "gus")
        assert gus is not None
        assert gus.is_guest
        partners = channels.by_name(tx, "#partners")
        assert partners is not None
        assert partners.is_shared_outside
        assert members.name(tx, "U0DIEGO") == "Diego Santos"


@pytest.mark.parametrize(
    "fault", ["429", "500_before", "500_after", "drop_before", "drop_after", "slow_commit"]
)
def test_every_fault_ends_in_one_message_each_in_order(
    live: Post, sandbox: Sandbox, fault: str
) -> None:
    rows = [live.say(f"n{number}", channel=OPS) for number in range(3)]
    live.run(1)
    sandbox.fail(POST, fault)
    live.run(260, step=2)
    assert texts(sandbox) == ["n0", "n1", "n2"]
    assert [live.state(row) for row in rows] == ["sent"] * 3
    assert not sandbox.complaints


def test_one_after_the_other_a_storm_of_faults_loses_and_doubles_nothing(
    live: Post, sandbox: Sandbox
) -> None:
    wanted = []
    for number, fault in enumerate(["500_after", "429", "drop_before", "drop_after", "500_before"]):
        sandbox.fail(POST, fault)
        where = ("operations", "sales", "marketing")[number % 3]
        wanted.append((where, f"n{number}"))
        live.say(f"n{number}", channel="C0" + where.upper())
    live.run(600, step=3)
    found = [(where, text) for where, _ in wanted for text in texts(sandbox, "#" + where)]
    assert sorted(set(found)) == sorted(wanted)
    assert sum(len(texts(sandbox, "#" + where)) for where, _ in wanted[:3]) == len(wanted)


def test_a_reply_an_update_a_private_line_and_a_home_arrive(live: Post, sandbox: Sandbox) -> None:
    root = live.say("root", channel=OPS)
    live.say("to Maya", channel="U0MAYA")
    live.say("reply", channel=OPS, thread_of=root)
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
    with begin(live.engine, live.team) as tx:
        now = live.clock()
        face = {"text": "root, done", "blocks": [block]}
        enqueue_update(tx, target=root, version=2, payload=face, now=now)
        line = {"text": "psst"}
        enqueue_ephemeral(tx, dedupe_key="e", channel=OPS, user="U0TOM", payload=line, now=now)
        view = {"type": "home", "blocks": [block]}
        enqueue_view(tx, dedupe_key="h", user="U0TOM", view=view, now=now)
    live.run(4)
    assert texts(sandbox) == ["root, done", "reply"]
    assert [one.text for one in sandbox.thread(sandbox.messages("#operations")[0])] == ["reply"]
    assert [one.text for one in sandbox.dms("maya")] == ["to Maya"]
    assert [one.text for one in sandbox.ephemerals("tom")] == ["psst"]
    assert sandbox.home("tom") is not None
    assert not sandbox.complaints


def test_what_was_lost_on_its_way_to_a_person_or_a_thread_is_found(
    live: Post, sandbox: Sandbox
) -> None:
    root = live.say("root", channel=OPS)
    live.run(2)
    for fault in ("500_after", "drop_after"):
        sandbox.fail(POST, fault)
    live.say("to Maya", channel="U0MAYA")
    live.say("reply", channel=OPS, thread_of=root)
    live.run(12)
    assert {row.state for row in live.rows()} == {"sent"}
    assert len(sandbox.dms("maya")) == 1
    assert texts(sandbox) == ["root", "reply"]


def test_an_archived_channel_waits_alone_until_it_is_opened(live: Post, sandbox: Sandbox) -> None:
    sandbox.archive("#operations")
    live.say("waits", channel=OPS)
    live.say("goes", channel="C0SALES")
    live.run(5)
    assert texts(sandbox, "#sales") == ["goes"]
    assert "archived" in sandbox.dms("priya")[0].text
    sandbox.unarchive("#operations")
    with begin(live.engine, live.team) as tx:
        assert open_lane(tx, OPS)
    live.run(3)
    assert texts(sandbox) == ["waits"]


def test_a_channel_the_bot_is_not_in_waits_alone(live: Post, sandbox: Sandbox) -> None:
    live.say("waits", channel="C0RANDOM")
    live.run(3)
    with read(live.engine, live.team) as tx:
        assert status(tx, live.clock()).parked[0].reason == "not_in_channel"
    assert len(sandbox.dms("priya")) == 1


def test_a_channel_shared_after_the_message_was_put_in_gets_nothing(
    live: Post, sandbox: Sandbox
) -> None:
    live.say("our secret", channel=OPS)
    with begin(live.engine, live.team) as tx:
        channels.mark(tx, OPS, live.clock(), is_shared_outside=True)
    live.run(3)
    assert texts(sandbox) == []
    assert "another company" in sandbox.dms("priya")[0].text
    with begin(live.engine, live.team) as tx:
        assert status(tx, live.clock()).parked[0].reason == "shared_outside"
        channels.mark(tx, OPS, live.clock(), is_shared_outside=False)
        open_lane(tx, OPS)
    live.run(3)
    assert texts(sandbox) == ["our secret"]


def test_a_revoked_token_parks_the_workspace(live: Post, sandbox: Sandbox) -> None:
    sandbox.fail(POST, "error:token_revoked")
    live.say("one", channel=OPS)
    live.say("two", channel="C0SALES")
    live.run(5)
    assert len(sandbox.calls(POST)) == 1
    sync_workspace(live.engine, live.slack, FILE, live.clock())  # a reinstall
    live.run(3)
    assert texts(sandbox) == ["one"]
    assert texts(sandbox, "#sales") == ["two"]


def test_a_process_killed_between_claim_and_call_or_after_it_neither_loses_nor_doubles(
    live: Post, sandbox: Sandbox
) -> None:
    live.say("never began", channel=OPS)
    live.say("went out", channel="C0SALES")
    for _ in range(2):
        mine = claim(live.engine, live.team, live.clock())
        assert mine is not None
        if mine.lane == "C0SALES":
            assert isinstance(live.slack.send(mine.method, mine.args), Sent)
    recover_interrupted(live.engine, live.clock.on(3))
    live.run(250, step=2)
    assert texts(sandbox) == ["never began"]
    assert texts(sandbox, "#sales") == ["went out"]


def test_an_answer_to_a_response_url_arrives(live: Post, sandbox: Sandbox) -> None:
    with begin(live.engine, live.team) as tx:
        enqueue_response(
            tx,
            dedupe_key="r",
            response_url=sandbox.url + "/no/such/ticket",
            payload={"text": "x"},
            now=live.clock(),
        )
    assert live.send()
    assert next(live.rows()).state == "dead"


def test_the_sweep_applies_what_no_event_told(live: Post, sandbox: Sandbox) -> None:
    from db.models import Account, Reaction, Touchpoint

    row = live.say("nudge", channel=OPS)
    live.run(1)
    message = sandbox.messages("#operations")[0]
    now = live.clock()
    with begin(live.engine, live.team) as tx:
        account = tx.add(
            Account(
                name="Acme",
                name_key="acme",
                slug="acme",
                stage="onboarding",
                stage_entered_at=now,
                created_at=now,
            )
        )
        assert account.id
        tx.add(
            Touchpoint(
                account_id=account.id,
                stage="onboarding",
                stage_entry=1,
                play="kickoff",
                owner="operations",
                title="Kick-off",
                state="nudged",
                state_at=now,
                due_at=now,
                nudge_id=row,
            )
        )
        taken_back = Reaction(
            channel=OPS, ts=message.ts, user_id="U0TOM", name="eyes", present=True, at=now
        )
        tx.add(taken_back)
    sandbox.react("diego", message, "white_check_mark")
    with read(live.engine, live.team) as tx:
        [place] = reactions.messages_to_sweep(tx, live.clock())
        known = reactions.present_reactions(tx, [place])
    seen = changes(live.slack, place, known[place], live.clock())
    assert [(each.channel, each.user, each.name, each.present) for each in seen] == [
        (OPS, "U0DIEGO", "white_check_mark", True),
        (OPS, "U0TOM", "eyes", False),
    ]


def test_no_more_than_one_call_of_a_channel_is_under_way(live: Post) -> None:
    for number in range(3):
        live.say(f"n{number}", channel=OPS)
    assert claim(live.engine, live.team, live.clock()) is not None
    live.clock.on(10)
    assert claim(live.engine, live.team, live.clock()) is None


def test_two_workers_at_once_send_everything_once(live: Post, sandbox: Sandbox) -> None:
    sandbox.pace = False
    for number in range(24):
        live.say(f"n{number}", channel=("C0SALES", "C0MARKETING", OPS)[number % 3])
    fast = RateLimit(timedelta(0), timedelta(0))

    def work() -> None:
        while send_batch(live.engine, live.slack, live.clock(), live.clock, fast):
            pass

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    work()
    everywhere = ("sales", "marketing", "operations")
    found = [text for where in everywhere for text in texts(sandbox, where)]
    assert len(found) == 24
    assert set(found) == {f"n{number}" for number in range(24)}


# -- calls with an end


@pytest.fixture
def dripping() -> Iterator[str]:
    """A server that answers a byte at a time and never ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    over, before = threading.Event(), _calls_under_way()

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            while not over.wait(0.05):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/"
    over.set()
    listening.close()
    wait_for(lambda: _calls_under_way() <= before)  # the one that was given up ends now
    gc.collect()


def _calls_under_way() -> int:
    threads = [thread for thread in threading.enumerate() if thread.name == "slack-call"]
    return len(threads) - len(http_call._idle)


def test_an_answer_that_drips_is_cut_at_the_deadline(
    engine: Engine, clock: Clock, dripping: str
) -> None:
    settle_in(engine, clock.now)
    post = Post(engine, Slack("xoxb-1", dripping, deadline=0.5, workspace_id=TEAM), clock)
    row = post.say("x")
    began = time.monotonic()
    assert post.send()
    assert time.monotonic() - began < 20  # it would drip for ever
    assert post.state(row) == "unknown"
    assert post.row(row).last_error == "no complete answer within 0.5 s"


# slack_sdk does not close a response that broke off.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_reading_an_answer_that_drips_is_cut_at_the_deadline(dripping: str) -> None:
    began = time.monotonic()
    with pytest.raises(CouldNotRead, match="CallTimedOut"):
        Slack("xoxb-1", dripping, deadline=0.5).auth()
    assert time.monotonic() - began < 20


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    slack = Slack("xoxb-1", f"http://127.0.0.1:{port}/api/", deadline=20)
    assert isinstance(slack.send(POST, {"channel": "C1", "text": "x"}), Offline)
    with pytest.raises(CouldNotRead) as failure:
        slack.auth()
    assert failure.value.offline


def test_neither_token_nor_text_is_logged(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    slack = Slack(sandbox.bot_token, sandbox.api_url)
    slack.send(POST, {"channel": OPS, "text": "our secret"})
    sandbox.fail(POST, "500_after")
    slack.send(POST, {"channel": OPS, "text": "our secret"})
    assert "our secret" not in caplog.text
    assert sandbox.bot_token not in caplog.text
