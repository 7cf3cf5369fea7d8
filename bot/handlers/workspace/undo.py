"""`/linchpin undo`: takes back what the person did last, of what can be taken back."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from bot.actions.accounts import interactions
from bot.actions.advocacy import advocacy
from bot.actions.lifecycle import changes
from bot.actions.responses.respond import respond
from bot.handlers.accounts import value
from bot.handlers.base.request import Request
from bot.handlers.home import reminders
from bot.handlers.lifecycle import decision
from bot.handlers.promises import buttons as promises
from bot.messages.accounts import log as log_messages
from bot.messages.advocacy import advocacy as advocacy_messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import day, plain, when
from bot.messages.workspace.conversation import propose
from bot.rules.errors import UserError
from db.accounts import accounts
from db.models import Account, Audit, Touchpoint
from db.ops import audit

#: So far back something is looked for, and so long it is taken back without a question.
_LOOKS_BACK = timedelta(hours=24)
_AT_ONCE = timedelta(minutes=10)


def handle(request: Request, words: list[str]) -> Message:
    """Answers `/linchpin undo`, with the number of a deed, and "?" where it is only to be asked."""
    rows = audit.list_of_person(request.tx, request.speaker.user_id, request.now - _LOOKS_BACK)
    deeds = [*_undoable(rows)]
    if words and words[0].isdecimal():
        deeds = [deed for deed in deeds if str(deed.id) == words[0]]
    if not deeds:
        raise UserError(
            "You did nothing in the last 24 hours that can be taken back. Nothing was changed."
        )
    deed = deeds[0]
    is_last = deed.at == rows[0].at and request.now - deed.at <= _AT_ONCE and "?" not in words
    is_move = deed.verb == _MOVED
    if (is_last or words[:1] == [str(deed.id)]) and not is_move:
        return _UNDO[deed.verb](request, deed)
    account = _account(request, deed)
    named = f" for *{plain(account.name)}*" if account else ""
    what = f"Take back: {_NAMES[deed.verb]}{named}, {when(deed.at)}"
    line = f"/linchpin undo {deed.id}"
    if is_move and account is not None:
        before = str(deed.detail["from"])
        what += f", back to {plain(request.playbook.stage_name(before))}"
        line = f"/stage id:{account.id} {before} because it was moved by mistake"
    return propose(what, "Undo", line)


def _undoable(rows: list[Audit]) -> Iterator[Audit]:
    """The deeds that were not taken back yet, the newest first."""
    gone: set[object] = set()
    for n, row in enumerate(rows):
        key = row.subject, row.detail.get("entry")
        if row.verb in _ENDS:
            gone.add(key)
        elif row.verb not in _NAMES or row.at in gone:
            continue
        elif key in gone:
            gone.add(row.at)  # what came of it is gone too
            gone.discard(key)
        elif row.verb in _SWAPPED and (back := _reversed(row, rows[n + 1 :])) is not None:
            gone.add(back.at)
        else:
            yield row


def _reversed(row: Audit, earlier: list[Audit]) -> Audit | None:
    """The change that this one has taken back."""
    same = (each for each in earlier if (each.verb, each.subject) == (row.verb, row.subject))
    last = next(same, None)
    is_back = last is not None and last.detail.get("from") == row.detail.get("to")
    return last if is_back else None


def _account(request: Request, deed: Audit) -> Account | None:
    kind, _, number = deed.subject.partition(":")
    if kind == "touchpoint":
        touchpoint = request.tx.get(Touchpoint, int(number))
        return accounts.by_id(request.tx, touchpoint.account_id if touchpoint else None)
    known = deed.detail.get("account") or (int(number) if kind == "account" else None)
    return accounts.by_id(request.tx, known)


def _interaction(request: Request, deed: Audit) -> Message:
    entry, account = interactions.undo(request.work, _number(deed))
    return log_messages.undone(account.name, entry.kind, entry.text)


def _favour(request: Request, deed: Audit) -> Message:
    account = _account(request, deed)
    assert account is not None
    entry = advocacy.undo(request.work, account, int(deed.detail["entry"]))
    return advocacy_messages.undone(account.name, entry.verb, entry.act)


def _promise(request: Request, deed: Audit) -> Message:
    done = promises.undo_promise(request, _number(deed))
    return done or text_message("That promise is gone already.")


def _touchpoint(request: Request, deed: Audit) -> Message:
    touchpoint = request.tx.require(Touchpoint, _number(deed), "touchpoint")
    respond(request.work, touchpoint, "undo")
    account = accounts.by_id(request.tx, touchpoint.account_id)
    name = f"*{plain(account.name)}*: " if account else ""
    return text_message(
        f"{name}{plain(touchpoint.title)} is open again, due {day(touchpoint.due_at.date())}."
    )


def _number(deed: Audit) -> int:
    return int(deed.subject.partition(":")[2])


_MOVED = "account.moved"
_SWAPPED = ("account.manager", "account.worth", "account.renews")
_ENDS = (
    *("interaction.undone", "value.undone", "decision.undone", "promise.taken back"),
    *("advocacy.undone", "touchpoint.undo"),
)
_NAMES = {
    "interaction.logged": "what you logged",
    "value.claimed": "the value",
    "value.confirmed": "the value",
    "decision.recorded": "the decision",
    "promise.made": "the promise",
    "touchpoint.reminder": "the reminder",
    "account.manager": "the change of the manager",
    "account.worth": "the change of the amount",
    "account.renews": "the change of the renewal date",
    _MOVED: "the move",
    **{f"advocacy.{verb}": "the favour" for verb in ("asked", "agreed", "did", "declined", "gave")},
    **{f"touchpoint.{verb}": f'"{verb}"' for verb in ("done", "skip", "snooze", "claim")},
}
_UNDO: dict[str, Callable[[Request, Audit], Message]] = {
    "interaction.logged": _interaction,
    **dict.fromkeys(
        ("value.claimed", "value.confirmed"),
        lambda request, deed: value.undo(request, _number(deed)),
    ),
    "decision.recorded": lambda request, deed: decision.take_back(request, _number(deed)),
    "promise.made": _promise,
    "touchpoint.reminder": lambda request, deed: reminders.undo(request, _number(deed)),
    **dict.fromkeys(_SWAPPED, lambda request, deed: changes.undo(request.work, deed.id)),
    **{verb: _favour for verb in _NAMES if verb.startswith("advocacy.")},
    **{f"touchpoint.{verb}": _touchpoint for verb in ("done", "skip", "snooze", "claim")},
}
