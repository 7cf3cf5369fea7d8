"""Several threads, people or requests at the same moment, on both databases: one wins, nobody is
left in the dark, nothing is lost, nothing is doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from bot.actions.accounts import accounts as account_actions
from bot.actions.actor import Actor
from bot.actions.work import Work
from bot.rules.errors import UserError
from bot.rules.playbook.playbook import parse
from bot.rules.slack_facts import ChannelFacts, PersonFacts, WorkspaceFacts
from db.accounts import accounts
from db.core import advisory_locks, workspaces
from db.core.transient_errors import retry_on_deadlock
from db.core.tx import Tx, begin, read
from db.members import members
from db.models import Account, Alias, Lane, Member, Outbox, Reaction, Touchpoint
from db.ops import inbox, occurrences
from db.outbox import cancel, claim_batch, enqueue_post, enqueue_update, outcomes, pending
from db.outbox.states import RateLimit
from db.touchpoints import reactions
from db.touchpoints import touchpoints as rows
from db.workspace import channels
from tests.commands.helpers import buttons, lasting, logged, moves, payload, send
from tests.databases import BOTH, POSTGRESQL, hasty
from tests.delivery.helpers import claim
from tests.story import PLAYBOOK, Story

pytestmark = BOTH

TEAM = "T1"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PRIYA = Actor("U1", "slash")
MANY = 6
FILE = parse(PLAYBOOK, "story.yaml")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = hasty(database_url)
    workspaces.save_installation(engine, WorkspaceFacts(TEAM, "Harbour", "UBOT"), NOW)
    yield engine
    engine.dispose()


def at_once(engine: Engine, work: Callable[[Tx, int], Any]) -> list[Any]:
    """Does the work in many transactions that begin together; what each returned, or its error."""
    together = threading.Barrier(MANY)

    def one(number: int) -> Any:
        together.wait(30)
        try:
            with begin(engine, TEAM) as tx:
                return work(tx, number)
        except Exception as error:
            return error

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


@contextmanager
def busy(engine: Engine, work: Callable[[Tx], Any]) -> Iterator[None]:
    """A transaction of somebody else's that has done its work and has not ended yet."""
    done, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with begin(engine, TEAM) as tx:
            work(tx)
            done.set()
            leave.wait(30)

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        assert done.wait(30)
        try:
            yield
        finally:
            leave.set()
            held.result()


def add(engine: Engine, name: str = "Acme") -> Account:
    with begin(engine, TEAM) as tx:
        return tx.add(
            Account(
                name=name,
                name_key=name.casefold(),
                slug=name.casefold(),
                stage="onboarding",
                stage_entered_at=NOW,
                created_at=NOW,
            )
        )


def plan(engine: Engine, account: Account, play: str = "kickoff") -> Touchpoint:
    with begin(engine, TEAM) as tx:
        return tx.add(
            Touchpoint(
                account_id=account.id,
                stage="onboarding",
                stage_entry=1,
                play=play,
                owner="operations",
                title="Kick-off call",
                state_at=NOW,
                due_at=NOW,
                wake_at=NOW,
            )
        )


def post(tx: Tx, key: str, channel: str = "C1", **more: Any) -> int:
    payload = {"text": key, "blocks": []}
    return enqueue_post(
        tx, dedupe_key=key, kind="nudge", channel=channel, payload=payload, now=NOW, **more
    )


def state(engine: Engine, row_id: int) -> str:
    with read(engine, TEAM) as tx:
        found = tx.get(Outbox, row_id)
        assert found is not None
        return found.state


def test_one_of_many_changes_of_a_version_is_saved(engine: Engine) -> None:
    account = add(engine)
    saved = at_once(engine, lambda tx, n: accounts.save(tx, account, stage=f"stage {n}"))
    assert sorted(saved) == [False] * (MANY - 1) + [True]
    touchpoint = plan(engine, account)
    saved = at_once(engine, lambda tx, n: rows.save(tx, touchpoint, note=f"{n}"))
    assert sorted(saved) == [False] * (MANY - 1) + [True]


def test_what_is_held_is_changed_by_everybody_one_after_the_other(engine: Engine) -> None:
    touchpoint = plan(engine, add(engine))

    def count_up(tx: Tx, number: int) -> bool:
        held = rows.lock_touchpoint(tx, touchpoint.id)
        assert held is not None
        return rows.save(tx, held, note=f"{int(held.note or 0) + 1}")

    assert at_once(engine, count_up) == [True] * MANY
    with read(engine, TEAM) as tx:
        assert tx.one(select(Touchpoint)).note == str(MANY)


def test_an_event_a_week_and_a_message_happen_once(engine: Engine) -> None:
    seen = at_once(engine, lambda tx, n: inbox.first_time(tx, "Ev1", NOW))
    assert sorted(seen) == [False] * (MANY - 1) + [True]
    week = NOW.date()
    told = at_once(
        engine, lambda tx, n: occurrences.record_run(tx, "digest:x", week, NOW, "posted")
    )
    assert sorted(told) == [False] * (MANY - 1) + [True]
    assert len(set(at_once(engine, lambda tx, n: post(tx, "the same")))) == 1


def test_the_second_of_one_name_is_told_kindly_and_its_transaction_goes_on(engine: Engine) -> None:
    playbook = FILE

    def name_it(tx: Tx, number: int) -> str:
        acme = add_named(tx, number)
        inbox.first_time(tx, f"after {number}", NOW)  # the transaction is not aborted
        return acme

    def add_named(tx: Tx, number: int) -> str:
        work = Work(tx, playbook, NOW, PRIYA)
        try:
            if number % 2:
                account_actions.add_alias(work, accounts.by_id(tx, other.id), "Acme")  # type: ignore[arg-type]
                return "alias"
            account_actions.add(work, "Acme", stage="prospect", manager=None, renews_on=None)
            return "account"
        except UserError as error:
            return error.sentence

    other = add(engine, "Borea")
    said = at_once(engine, name_it)
    won = {told for told in said if told in ("alias", "account")}
    assert len(won) == 1  # to give an account the alias it has is no mistake
    assert all(told in won or "already" in str(told) for told in said)
    with read(engine, TEAM) as tx:
        assert tx.count(Account, col(Account.name) == "Acme") + tx.count(Alias) == 1


def test_whoever_meets_a_person_or_a_channel_first(engine: Engine) -> None:
    def meet(tx: Tx, number: int) -> str:
        channels.save(tx, ChannelFacts("C9", f"room {number}"), FILE, NOW)
        return members.save(tx, PersonFacts("U9", TEAM, f"Jo {number}"), NOW).user_id

    assert at_once(engine, meet) == ["U9"] * MANY
    with read(engine, TEAM) as tx:
        assert tx.count(Member) == 1


def test_the_newest_of_a_reactions_events_stands(engine: Engine) -> None:
    def event(tx: Tx, number: int) -> bool:
        return reactions.record_reaction(
            tx, "C1", "1.1", "U1", "eyes", present=number % 2 == 0, event_ts=f"{number}.5", now=NOW
        )

    answers = at_once(engine, event)
    assert [a for a in answers if isinstance(a, Exception)] == []
    with read(engine, TEAM) as tx:
        stands = tx.one(select(Reaction))
    assert (stands.event_ts, stands.present) == (f"{MANY - 1}.5", False)


def test_many_workers_claim_each_message_once_and_one_a_channel(engine: Engine) -> None:
    with begin(engine, TEAM) as tx:
        for number in range(9):
            post(tx, f"m{number}", f"C{number % 3}")
    with ThreadPoolExecutor(MANY) as pool:
        claimed = list(pool.map(lambda _: claim(engine, TEAM, NOW), range(MANY)))
    taken = [mine for mine in claimed if mine is not None]
    assert sorted(mine.lane for mine in taken) == ["C0", "C1", "C2"]
    for mine in taken:
        with begin(engine, TEAM) as tx:
            outcomes.mark_sent(tx, mine, mine.lane, "1.1", NOW)
    with read(engine, TEAM) as tx:
        assert tx.count(Outbox, col(Outbox.state) == "sent") == 3
        assert tx.count(Lane, col(Lane.lease_until).is_not(None)) == 0


def test_calls_that_end_in_every_way_at_once_do_not_stand_in_each_others_way(
    engine: Engine,
) -> None:
    with begin(engine, TEAM) as tx:
        for number in range(24):
            post(tx, f"m{number}", f"C{number % 4}")

    def work(number: int) -> None:
        now = NOW
        for turn in range(4):
            now += timedelta(seconds=60)
            mine = claim(engine, TEAM, now)
            if mine is None:
                continue
            with begin(engine, TEAM) as tx:
                match (number + turn) % 3:
                    case 0:
                        outcomes.mark_offline(tx, mine, now, "no route")
                    case 1:
                        outcomes.mark_rate_limited(tx, mine, now, whole_workspace=True)
                    case _:
                        outcomes.mark_sent(tx, mine, mine.lane, "1.1", now)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(work, range(MANY)))
    with read(engine, TEAM) as tx:
        assert tx.count(Outbox, col(Outbox.state) == "sending") == 0
        assert tx.count(Lane, col(Lane.lease_until).is_not(None)) == 0


def test_batches_of_several_workers_have_no_lane_and_no_message_in_common(engine: Engine) -> None:
    with begin(engine, TEAM) as tx:
        for number in range(40):
            post(tx, f"m{number}", f"C{number % 20}")
    free = RateLimit(timedelta(0), timedelta(0))
    with ThreadPoolExecutor(MANY) as pool:
        batches = list(pool.map(lambda _: claim_batch(engine, TEAM, NOW, 5, free), range(MANY)))
    lanes = [mine.lane for batch in batches for mine in batch]
    assert len(lanes) == len(set(lanes)) == 20
    assert len({batch[0].token for batch in batches if batch}) == 4


@POSTGRESQL
def test_a_message_that_is_taken_back_at_this_moment_is_not_claimed(engine: Engine) -> None:
    with begin(engine, TEAM) as tx:
        row_id, other = post(tx, "m", "C1"), post(tx, "other", "C2")
        post(tx, "behind it", "C1")
    with busy(engine, lambda tx: cancel(tx, row_id)):
        # Neither is it waited for, nor does what stands behind it overtake.
        assert [mine.id for mine in claim_batch(engine, TEAM, NOW, MANY)] == [other]
        assert claim(engine, TEAM, NOW) is None
    assert state(engine, row_id) == "cancelled"


@POSTGRESQL
def test_what_follows_a_message_that_ends_unsent_at_this_moment_ends_with_it(
    engine: Engine,
) -> None:
    with begin(engine, TEAM) as tx:
        root = post(tx, "root")
    mine = claim(engine, TEAM, NOW)
    assert mine is not None

    def follow() -> int:
        with begin(engine, TEAM) as tx:
            face = {"text": "new", "blocks": []}
            return enqueue_update(tx, target=root, version=1, payload=face, now=NOW)

    with ThreadPoolExecutor(1) as pool:
        with busy(engine, lambda tx: outcomes.mark_dead(tx, mine, "msg_too_long", NOW)):
            update = pool.submit(follow)
            with pytest.raises(TimeoutError):
                update.result(0.3)
        assert state(engine, update.result(30)) == "cancelled"


@POSTGRESQL
def test_the_clock_leaves_alone_what_somebody_acts_on_and_works_once(engine: Engine) -> None:
    account = add(engine)
    first, second = plan(engine, account), plan(engine, account, "report")
    with busy(engine, lambda tx: rows.lock_touchpoint(tx, first.id)), begin(engine, TEAM) as tx:
        found = rows.lock_next_to_check(tx, NOW)
        assert found is not None
        assert found.id == second.id
        assert [t.id for t, _ in rows.lock_due(tx, NOW, ["operations"], None)] == [second.id]
        with begin(engine, TEAM) as others:  # a second worker has nothing to do meanwhile
            assert rows.lock_next_to_check(others, NOW) is None
            assert not advisory_locks.try_lock(others, advisory_locks.CLOCK_LOCK)


@POSTGRESQL
def test_what_was_read_before_is_read_anew_once_it_is_held(engine: Engine) -> None:
    account = add(engine)
    number, planned = account.id, plan(engine, account)
    with begin(engine, TEAM) as tx:
        (seen,) = rows.list_of_account(tx, number)
        with begin(engine, TEAM) as others:
            rows.save(others, planned, state="done", note="by phone")
        assert rows.list_of_account(tx, number) == [seen]
        assert rows.lock_open_of_account(tx, number) == []
        assert rows.list_of_account(tx, number) == []
        assert rows.lock_touchpoint(tx, planned.id) is seen
        assert seen.note == "by phone"


@POSTGRESQL
def test_a_deadlock_is_tried_again(engine: Engine) -> None:
    both = [plan(engine, add(engine, name)).id for name in ("Acme", "Borea")]
    crosswise = threading.Barrier(2)
    tries = []

    def lock(order: list[int]) -> None:
        with begin(engine, TEAM) as tx:
            tries.append(order)
            rows.lock_touchpoint(tx, order[0])
            if len(tries) <= 2:
                crosswise.wait(30)
            rows.lock_touchpoint(tx, order[1])

    with ThreadPoolExecutor(2) as pool:
        for ended in [
            pool.submit(retry_on_deadlock, lambda o=o: lock(o)) for o in (both, both[::-1])
        ]:
            ended.result(30)
    assert len(tries) >= 3  # the loser may be the quicker one again


@POSTGRESQL
def test_two_faces_of_one_message_are_made_one_after_the_other(engine: Engine) -> None:
    with begin(engine, TEAM) as tx:
        root = post(tx, "root")

    def new_face(tx: Tx, number: int) -> int:
        pending.lock_message(tx, root)
        version = pending.next_version(tx, root)
        face = {"text": f"{number}", "blocks": []}
        return enqueue_update(tx, target=root, version=version, payload=face, now=NOW)

    assert len(set(at_once(engine, new_face))) == MANY
    with read(engine, TEAM) as tx:
        assert tx.count(Outbox, col(Outbox.state) == "pending", col(Outbox.root_id) == root) == 1


# -- people, cards and requests


def test_who_comes_second_is_told_and_a_button_still_does_it_once(story: Story):
    story.types("priya", "/account add Acme")
    story.types("tom", "/stage acme onboarding")
    before = lasting(story)
    told = story.types("priya", "/stage acme renewal")
    assert told.text.startswith("<@U0TOM> moved Acme to Onboarding meanwhile, Mon 23 Nov")
    assert "Nothing was changed." in told.text
    assert lasting(story) == before
    assert buttons(told) == ["Still move it to Renewal"]
    story.clicks("priya", told.message, "Still move it to Renewal")
    assert "Acme: Onboarding → Renewal" in story.private("priya").text
    story.clicks("priya", told.message, "Still move it to Renewal")  # a double click
    assert len(moves(story, "Acme")) == 3
    for stage in ("Onboarding", "Renewal"):
        story.sees("#customers", "Acme", f"to *{stage}*")
    story.sees("#marketing", "Story of the year")


def test_who_wants_the_same_stage_hears_that_it_is_there(story: Story):
    story.types("priya", "/account add Acme")
    story.types("tom", "/stage acme onboarding")
    told = story.types("priya", "/stage acme onboarding")
    assert "is in Onboarding already" in told.text
    assert "<@U0TOM> moved it" in told.text
    story.sees("#customers", "Acme")


def test_a_minute_later_a_move_is_a_move(story: Story):
    story.types("priya", "/account add Acme")
    story.types("tom", "/stage acme onboarding")
    story.after(minutes=1)
    assert "Onboarding → Renewal" in story.types("priya", "/stage acme renewal").text
    for stage in ("Onboarding", "Renewal"):
        story.sees("#customers", f"to *{stage}*")
    story.sees("#marketing", "Story of the year")


def test_threads_that_move_one_account_at_once_leave_one_move_each_told(story: Story):
    story.types("priya", "/account add Acme")
    requests = [
        payload(story, who, f"/stage acme {stage}")
        for who, stage in (
            ("priya", "onboarding"),
            ("tom", "renewal"),
            ("maya", "advocacy"),
            ("diego", "onboarding"),
        )
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda request: send(story, request)["text"], requests))
    won = [text for text in answers if text.startswith("Acme: Prospect → ")]
    told = [text for text in answers if "Nothing was changed." in text or "already" in text]
    assert len(won) == 1
    assert len(told) == 3
    assert len(moves(story, "Acme")) == 2
    story.settle()
    story.sees("#customers", "Acme")
    story.slack.workspace.posts.pop("C0MARKETING", None)


def test_two_who_say_next_move_it_once(story: Story):
    story.types("priya", "/account add Acme")
    requests = [payload(story, who, "/stage acme next") for who in ("priya", "tom")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda request: send(story, request)["text"], requests))
    assert sum("Prospect → Onboarding" in text for text in answers) == 1
    assert len(moves(story, "Acme")) == 2
    story.settle()
    story.sees("#customers", "Acme")


def test_the_same_request_twice_has_one_effect_and_one_answer(story: Story):
    story.types("priya", "/account add Acme")
    for line in ("/stage acme onboarding", "/log acme call hello", "/account add Globex"):
        request = payload(story, "priya", line)
        first, before = send(story, request), lasting(story)
        story.after(minutes=5)
        assert send(story, request) == first
        assert lasting(story) == before
    assert len(logged(story)) == 1
    story.sees("#customers", "Acme")


def test_the_same_request_twice_at_once_has_one_effect(story: Story):
    story.types("priya", "/account add Acme")
    request = payload(story, "priya", "/log acme call hello")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(story, request), range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert len(logged(story)) == 1
