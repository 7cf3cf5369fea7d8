"""`/account`: adding one, its card, and changing what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.actions.accounts import accounts
from bot.actions.facts.involvement import monthly_message
from bot.actions.lifecycle import changes, plan_changes
from bot.actions.views import cards, timeline
from bot.handlers.accounts import details, forms
from bot.handlers.answers import known
from bot.handlers.base.parsing import first_words, starts_with_quote, strip_quotes, words_after
from bot.handlers.base.request import NeedsForm, NeedsHelp, Request, offer, unknown_word
from bot.handlers.contacts import people
from bot.handlers.contracts import contracts
from bot.messages.accounts import account as messages
from bot.messages.accounts import changes as change_messages
from bot.messages.accounts import forms as account_forms
from bot.messages.accounts import timeline as timeline_messages
from bot.messages.kit.blocks import text_message
from bot.messages.kit.message import Message
from bot.messages.kit.text import example_day, plain, quoted, short
from bot.rules.errors import UserError
from bot.rules.language.dates import names_a_day
from bot.rules.text import names
from bot.rules.text.words import tokens
from db.models import Account
from db.workspace import channels

ADD = "/account add Acme Corporation stage onboarding manager @priya renews 2027-03-31"
_FIELDS = ("stage", "manager", "renews")
NO_FORM = "Slack did not open the form. Try once more."


@dataclass(frozen=True)
class Verb:
    """What follows an account's name: who answers it, what it `needs` after it with an `example`,
    or that nothing may follow; `also` are other words for it."""

    run: Callable[[Request, Account, str], str | Message]
    needs: str = ""
    example: str = ""
    also: str = ""
    is_alone: bool = False
    when_archived: bool = False


def handle(request: Request) -> Message:
    """Answers `/account …`."""
    words = tokens(request.text)
    if not words:
        raise NeedsHelp
    if [word.casefold() for word in words] == ["add"] and not starts_with_quote(request.text):
        raise NeedsForm(forms.add(request))
    if words[0].casefold() == "add" and not starts_with_quote(request.text):
        return _add(request, words[1:])
    count, verb = split_name_and_verb(words, request.name_length(words))
    again = " ".join(["/account", "{account}", *words[count:]])
    account = request.account(" ".join(words[:count]), again)
    if verb is None:
        return messages.card(cards.account_card(request.work, account))
    if not VERBS[verb].when_archived:
        accounts.require_live(account)
    rest = strip_quotes(words_after(request.text, count + 1))
    _check_rest(request, f"/account {quoted(account.name)} {verb}", VERBS[verb], rest)
    answer = VERBS[verb].run(request, account, rest)
    return answer if isinstance(answer, Message) else text_message(answer)


def _check_rest(request: Request, line: str, verb: Verb, rest: str) -> None:
    """Refuses a verb without the words it needs, and "acme archive ltd", which may mean another
    account."""
    if verb.needs and not rest:
        example = verb.example or example_day(request.today)
        raise UserError(f"{verb.needs}: `{line} {example}`.")
    if verb.is_alone and rest:
        raise UserError(f'Not used: "{short(rest)}". Nothing was changed: `{line}`.')


def parse_addition(words: list[str]) -> tuple[int, dict[str, str]]:
    """Reads `NAME [stage …] [manager …] [renews …]`: how many words the name has, and the fields.
    The first word always belongs to the name."""
    at = [n for n, word in enumerate(words) if n > 0 and word.casefold() in _FIELDS]
    ends = [*at[1:], len(words)][: len(at)]
    fields: dict[str, str] = {}
    for start, end in zip(at, ends, strict=True):
        field_name = words[start].casefold()
        if field_name in fields:
            raise UserError(f"`{field_name}` is there twice. A line that works: `{ADD}`.")
        fields[field_name] = " ".join(words[start + 1 : end])
    empty = next((name for name, value in fields.items() if not value), None)
    if empty is not None:
        raise UserError(f"Nothing follows `{empty}`. A line that works: `{ADD}`.")
    return at[0] if at else len(words), fields


def split_name_and_verb(words: list[str], known: int) -> tuple[int, str | None]:
    """How many words the name has, and the verb after it, if any. `known` tells how many of the
    first words are an account's name. Raises `UserError` when what follows a known name is no
    verb."""
    if known and known < len(words):
        said = words[known].casefold()
        verb = _SYNONYMS.get(said, said)
        if verb in VERBS:
            return known, verb
        at = _verb_at(words)
        if at is not None and at > known:
            return at, words[at].casefold()
        name = " ".join(words[:known])
        raise _unknown_verb(name, words[known], words[known + 1 :])
    at = None if known else _verb_at(words)
    return (at, words[at].casefold()) if at is not None else (len(words), None)


def _verb_at(words: list[str]) -> int | None:
    return next((n for n, w in enumerate(words) if n > 0 and w.casefold() in VERBS), None)


def _unknown_verb(name: str, said: str, rest: list[str]) -> Exception:
    if said.casefold() == "stage":
        to = " ".join(rest) or "next"
        return offer("`/stage` moves accounts.", (f"Move it to {to}", f'/stage "{name}" {to}'))
    line = " ".join(["/account", f'"{name}"', "{word}", *rest])
    return unknown_word(said, VERBS, line, f"/account {quoted(name)} renews 2027-03-31")


def _has_no_name(request: Request, words: list[str]) -> bool:
    """Whether the fields begin at once: "add stage renewal", but not "add Stage Door Ltd"."""
    if not words:
        return True
    field_name, value = words[0].casefold(), " ".join(words[1:2])
    if starts_with_quote(words_after(request.text, 1)) or field_name not in _FIELDS:
        return False
    if field_name == "stage":
        return not value or request.playbook.find_stage(value) is not None
    return not value or value[0] in "<@" or value[0].isdigit()


def _add(request: Request, words: list[str]) -> Message:
    if _has_no_name(request, words):
        raise UserError(f"An account needs a name: `{ADD}`. The rest is optional.")
    length, fields = parse_addition(words)
    playbook = request.playbook
    name = request.readable(first_words(words_after(request.text, 1), length))
    stage = playbook.stages[0]
    if "stage" in fields:
        again = "".join(f" {each} {fields[each]}" for each in _FIELDS[1:] if each in fields)
        stage = request.stage(fields["stage"], f"/account add {name} stage {{word}}{again}", ADD)
    manager = request.person(fields["manager"], ADD).user_id if "manager" in fields else None
    renews_on = request.future_date(fields["renews"], ADD) if "renews" in fields else None
    account, _ = accounts.add(
        request.work, name, stage=stage.key, manager=manager, renews_on=renews_on
    )
    return messages.added(cards.account_card(request.work, account))


def _manager(request: Request, account: Account, words: str) -> Message:
    would_work = f"/account {quoted(account.name)} manager @priya"
    nobody = words.casefold() in ("none", "nobody")
    manager = None if nobody else request.person(words, would_work).user_id
    return changes.answer(request.work, account, changes.give_to(request.work, account, manager))


def _renews(request: Request, account: Account, words: str) -> Message:
    would_work = f"/account {quoted(account.name)} renews {example_day(request.today)}"
    never = words.casefold() in ("never", "none")
    renews_on = None if never else request.future_date(words, would_work)
    known = account.renews_on
    if known and renews_on and renews_on != known and not names_a_day(words):
        return change_messages.ask_for_date(account.id, account.name, words, renews_on, known)
    changed = plan_changes.set_renewal(request.work, account, renews_on)
    return changes.answer(request.work, account, changed)


def _rename(request: Request, account: Account, words: str) -> str:
    old = accounts.rename(request.work, account, request.readable(words))
    if names.key(old) == names.key(account.name):
        return f"Its name is written *{plain(account.name)}* now."
    return f"*{plain(old)}* is now called *{plain(account.name)}*; the old name still finds it."


def _alias(request: Request, account: Account, words: str) -> str:
    words = request.readable(words)
    accounts.add_alias(request.work, account, words)
    return f'"{short(words)}" now finds *{plain(account.name)}* too.'


def _channel(request: Request, account: Account, words: str) -> str:
    would_work = f"/account {quoted(account.name)} channel #acme"
    if words.casefold() == "none":
        accounts.set_channel(request.work, account, None)
        return f"Moves of *{plain(account.name)}* are announced in the company's channel again."
    channel = request.channel_id(words, would_work)
    if channels.is_shared_outside(request.tx, channel):
        raise UserError(
            f"<#{channel}> is shared with people outside, and account data is never posted there. "
            f"Pick a channel of your own: `{would_work}`."
        )
    accounts.set_channel(request.work, account, channel)
    invite = request.invite_hint(channel)
    return f"Moves of *{plain(account.name)}* are announced in <#{channel}> from now on.{invite}"


def _edit(request: Request, account: Account, _words: str) -> str:
    raise NeedsForm(forms.edit(request, account), text_message(NO_FORM))


def _archive(request: Request, account: Account, _words: str) -> str:
    if request.work.by.source == "button":  # a menu is clicked more easily than a line is typed
        view = account_forms.archive(account.id, account.name, channel=request.channel)
        raise NeedsForm(view, text_message(f"{NO_FORM} Nothing was archived."))
    cancelled = plan_changes.archive(request.work, account)
    what = f" {cancelled} planned for it will not be sent." if cancelled else ""
    return (
        f"*{plain(account.name)}* is archived.{what} "
        f"`/account {quoted(account.name)} restore` brings it back."
    )


def _restore(request: Request, account: Account, _words: str) -> str:
    plan_changes.restore(request.work, account)
    return f"*{plain(account.name)}* is restored. Its touchpoints are planned again."


def _timeline(request: Request, account: Account, words: str) -> Message:
    if words and not words.isdecimal():
        raise UserError(
            "Only a page number can follow `timeline`: "
            f"`/account {quoted(account.name)} timeline 2`."
        )
    # No story has a million pages; a longer number shows the last.
    page = int(words[:6] or 1)
    return timeline_messages.page(timeline.build_page(request.work, account, page))


def _erase(request: Request, account: Account, _words: str) -> str:
    request.require_admin("erase a customer")
    view = account_forms.erase(account.id, account.name, channel=request.channel)
    raise NeedsForm(view, text_message(f"{NO_FORM} Nothing was erased."))


_sector, _tier, _country = (
    partial(details.change_fact, what=what) for what in ("sector", "tier", "country")
)
VERBS: dict[str, Verb] = {
    "manager": Verb(_manager, "Say who", "@priya", also="owner"),
    "renews": Verb(_renews, "Say when", also="renew renewal"),
    "rename": Verb(
        _rename, "Say the new name", "Acme International", also="name", when_archived=True
    ),
    "alias": Verb(_alias, "Say the other name", "ACME Inc", also="aka", when_archived=True),
    "channel": Verb(_channel, "Say which", "#acme"),
    "sector": Verb(_sector, "Say which", "healthcare", also="industry"),
    "worth": Verb(details.change_worth, also="amount pays"),
    "tier": Verb(_tier, "Say which", "A", also="segment"),
    "contracts": Verb(contracts.handle, also="contract"),
    "notice": Verb(details.notice, "Say for which day they gave notice"),
    "participation": Verb(
        lambda request, account, _: monthly_message(request.work, account), when_archived=True
    ),
    "country": Verb(_country, "Say which", "Ireland"),
    "edit": Verb(_edit, is_alone=True),
    "archive": Verb(_archive, is_alone=True),
    "restore": Verb(_restore, also="unarchive", is_alone=True, when_archived=True),
    "people": Verb(people.handle, also="contacts", when_archived=True),
    "timeline": Verb(_timeline, also="history", when_archived=True),
    "erase": Verb(_erase, is_alone=True, when_archived=True),
    "terms": Verb(details.terms, also="term cycle cycles", when_archived=True),
    "goals": Verb(known.page, also="risks alternatives"),
}
_SYNONYMS = {other: verb for verb, one in VERBS.items() for other in one.also.split()}
