"""An account's reasons in the same words everywhere, and the message of those that began."""

from collections.abc import Sequence
from datetime import date

from bot.messages.kit.blocks import compose, context
from bot.messages.kit.message import Message
from bot.messages.kit.text import bullet_list, day, one_line, plain
from bot.rules.playbook.playbook import Playbook
from bot.rules.reasons import Level, Reason
from bot.rules.text.words import plural

MAX_ROWS = 15
_MAX_WORDS = 100


def reason_text(reason: Reason, playbook: Playbook, today: date) -> str:
    """ "Complaint open since Thu 19 Nov"."""
    since, about = day(reason.since, today), one_line(reason.about, _MAX_WORDS)
    match reason.kind:
        case "complaint":
            return f"Complaint open since {since}"
        case "champion left":
            return f"Champion left on {since}: {about}"
        case "notice":
            return f"Notice given on {since}: {about}"
        case "promise broken":
            return f"Promise broken on {since}: {about}"
        case "promise overdue":
            return f"Promise overdue since {since}: {about}"
        case "risk":
            return f"Risk recorded on {since}: {about}"
        case "date passed":
            return f"Renewal date passed on {since}: record the outcome"
        case "value":
            return f"{_no_growth(int(reason.about))}: two thirds of the term were over on {since}"
        case "silent":
            name = playbook.departments[reason.about].name
            return f"{plain(name)} silent since {since} ({plural(reason.days, 'day')})"
    stage = playbook.stage(reason.about)
    name, spent = stage.name if stage else reason.about, plural(reason.days, "day")
    word = "Stuck" if reason.kind == "stuck" else "Behind"
    return f"{word} in {plain(name)} since {since} ({spent}, {reason.limit} expected)"


def pace_label(level: Level) -> str:
    """The word of lists of accounts; nothing for one that is on track."""
    return level.capitalize() if level != "on track" else ""


def reasons_lines(reasons: Sequence[Reason], playbook: Playbook, today: date) -> tuple[str, ...]:
    """What stands against an account, and what else is to be looked at, as lines of its card."""
    texts = [(each.is_risk, reason_text(each, playbook, today)) for each in reasons]
    risks = " · ".join(text for is_risk, text in texts if is_risk)
    others = " · ".join(text for is_risk, text in texts if not is_risk)
    return tuple(
        f"*{head}:* {text}" for head, text in (("At risk", risks), ("To watch", others)) if text
    )


def reasons_line(account: str, whose: str, reasons: Sequence[str]) -> str:
    """An account with the reasons that began; `whose` says who manages it, if not the reader."""
    who = f" · {plain(whose)}" if whose else ""
    return f"*{one_line(account, 80)}*{who}: {' · '.join(reasons)}"


def began_message(lines: Sequence[str]) -> Message:
    """One message for all that began, in a channel."""
    rows = bullet_list(lines, MAX_ROWS, ": `/linchpin digest`")
    head = f"*{plural(len(lines), 'account')} to look at*"
    return compose(head, rows, context("Each reason is told once."))


def _no_growth(last_term: int) -> str:
    return (
        f"No more confirmed value than in term {last_term}" if last_term else "No confirmed value"
    )
