"""What is remembered of Slack's requests, people, channels and workspaces."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from bot.rules.playbook.playbook import parse
from bot.rules.slack_facts import ChannelFacts, PersonFacts, WorkspaceFacts
from db.core import workspaces
from db.core.tx import begin, read
from db.members import members
from db.models import Audit, Lane, Outbox
from db.ops import audit, health, inbox
from db.outbox import delete_old
from db.workspace import channels
from tests.databases import BOTH
from tests.delivery.helpers import START, TEAM, Post, settle_in
from tests.story import PLAYBOOK

pytestmark = BOTH


def test_a_request_has_its_effect_once_and_its_answer_can_be_said_again(post: Post) -> None:
    with begin(post.engine, TEAM) as tx:
        assert inbox.first_time(tx, "Ev1", START)
        inbox.remember_answer(tx, "Ev1", {"text": "done"})
    with begin(post.engine, TEAM) as tx:
        assert not inbox.first_time(tx, "Ev1", START)
        assert inbox.find_answer(tx, "Ev1") == {"text": "done"}
        assert inbox.find_answer(tx, "Ev2") is None
    with begin(post.engine, TEAM) as tx:
        assert inbox.delete_old(tx, START + timedelta(days=8)) == 1


def test_an_effect_that_failed_is_not_remembered(post: Post) -> None:
    try:
        with begin(post.engine, TEAM) as tx:
            inbox.first_time(tx, "Ev1", START)
            raise RuntimeError
    except RuntimeError:
        pass
    with begin(post.engine, TEAM) as tx:
        assert inbox.first_time(tx, "Ev1", START)


def test_people_are_found_by_handle_address_and_full_name_but_never_by_guess(post: Post) -> None:
    with begin(post.engine, TEAM) as tx:
        for user, name in (("U1", "Jörg Öztürk"), ("U2", "Sam Lee"), ("U3", "Sam Lee")):
            handle = name.split()[0].lower() + user
            mail = f"{user}@Example.com".lower()
            facts = PersonFacts(user, TEAM, handle, real_name=name, handle=handle, email=mail)
            members.save(tx, facts, START)
    with read(post.engine, TEAM) as tx:
        joerg = members.by_name(tx, "JÖRG öztürk")
        assert joerg is not None
        assert joerg == members.by_name(tx, "@jörgU1") == members.by_name(tx, "U1@example.com")
        assert members.by_name(tx, "Sam Lee") is None
        assert members.name(tx, "U1") == "Jörg Öztürk"
        assert members.name(tx, "U9") == "U9"


def test_a_refresh_keeps_what_a_person_chose(post: Post) -> None:
    with begin(post.engine, TEAM) as tx:
        members.save(tx, PersonFacts("U1", TEAM, "Jo"), START).digest_off = True
    with begin(post.engine, TEAM) as tx:
        again = members.save(tx, PersonFacts("U1", TEAM, "Joanna", is_deleted=True), START)
        assert (again.digest_off, again.name) == (True, "Joanna")
        assert members.by_name(tx, "Joanna") is None


def test_a_channel_follows_its_events_even_before_a_listing_showed_it(post: Post) -> None:
    file = parse(PLAYBOOK, "story.yaml")
    with begin(post.engine, TEAM) as tx:
        channels.save(tx, ChannelFacts("C1", "support"), file, START)
        channels.rename(tx, "C1", "ops", file, START)
        channels.mark(tx, "C1", START, is_member=True)
        channels.mark(tx, "C1", START, is_archived=True)
        channels.mark(tx, "C2", START, is_shared_outside=True)
    with read(post.engine, TEAM) as tx:
        ops, strange = channels.by_name(tx, "#ops"), channels.by_id(tx, "C2")
        assert ops is not None
        assert (ops.channel_id, ops.is_member, ops.is_archived) == ("C1", True, True)
        assert strange is not None
        assert strange.is_shared_outside
        assert channels.by_name(tx, "support") is None


def test_the_last_round_of_each_part_is_known(engine: Engine) -> None:
    health.record_beat(engine, "clock", START)
    health.record_beat(engine, "clock", START + timedelta(minutes=1))
    assert health.last_beats(engine) == {"clock": START + timedelta(minutes=1)}


def test_a_change_leaves_who_what_when_and_from_where(post: Post) -> None:
    with begin(post.engine, TEAM) as tx:
        audit.record(
            tx, now=START, by="U1", source="slash", verb="account.moved", subject="account:1"
        )
    with read(post.engine, TEAM) as tx:
        line = tx.one(select(Audit))
        assert (line.by_user, line.verb, line.at, line.detail) == ("U1", "account.moved", START, {})


def test_one_workspace_never_sends_anothers_messages(post: Post) -> None:
    workspaces.save_installation(post.engine, WorkspaceFacts("T2", "Other", "UBOT2"), START)
    Post(post.engine, post.slack, post.clock, "T2").say("not ours")
    assert workspaces.all_ids(post.engine) == [TEAM, "T2"]
    post.run(3)
    assert post.slack.texts() == []


def test_a_second_start_refreshes_the_workspace(post: Post) -> None:
    settle_in(post.engine, START)
    workspaces.save_installation(post.engine, WorkspaceFacts(TEAM, "Harbour Ltd", "UBOT3"), START)
    with read(post.engine, TEAM) as tx:
        known = workspaces.current(tx)
        assert known is not None
        assert (known.name, known.bot_user_id) == ("Harbour Ltd", "UBOT3")


def test_what_ended_long_ago_is_forgotten_but_not_what_people_react_to(post: Post) -> None:
    post.say("kept")
    post.say("stale", expires_at=START + timedelta(seconds=1))
    post.clock.on(2)
    post.run(2)
    with begin(post.engine, TEAM) as tx:
        delete_old(tx, START + timedelta(days=100))
    with read(post.engine, TEAM) as tx:
        assert [row.dedupe_key for row in tx.all(select(Outbox))] == ["kept"]
        assert [lane.lane for lane in tx.all(select(Lane))] == ["*"]
