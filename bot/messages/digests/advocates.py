"""Favours of the quarter and who has become an advocate, as the company's digest tells of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages.kit.text import join_lines, more_line, plain, short
from bot.rules.text.words import plural

MAX_ROWS = 5
_MAX_NAME_LENGTH = 60


@dataclass(frozen=True)
class DoneFavour:
    """An act that was done, with the days on which it was asked for and agreed to."""

    account: str
    act: str
    asked: date | None
    agreed: date | None


@dataclass(frozen=True)
class NewAdvocate:
    """An account that came to the destination, and what was done for it on the way."""

    account: str
    stage: str
    days: int
    done: Mapping[str, int]  # by department


@dataclass(frozen=True)
class Advocates:
    favours: Sequence[DoneFavour] = ()
    became: Sequence[NewAdvocate] = ()


NO_ADVOCATES = Advocates()


def advocates_text(news: Advocates) -> str:
    told = advocate_lines(news)
    more = more_line(len(told) - MAX_ROWS)
    return join_lines("*Advocates this quarter*", *told[:MAX_ROWS], more) if told else ""


def advocate_lines(news: Advocates) -> list[str]:
    return [*map(_new_advocate_line, news.became), *map(_favour, news.favours)]


def _new_advocate_line(advocate: NewAdvocate) -> str:
    total = sum(advocate.done.values())
    share = ", ".join(f"{plain(name)} {count:,}" for name, count in advocate.done.items() if count)
    what = f": {plural(total, 'touchpoint')} ({share})" if total else ""
    return (
        f"• *{short(advocate.account, _MAX_NAME_LENGTH)}* came to {plain(advocate.stage)}, "
        f"{plural(advocate.days, 'day')} after we first met them{what}"
    )


def _favour(favour: DoneFavour) -> str:
    steps = [f"asked {_short_day(favour.asked)}"] if favour.asked else ["of their own accord"]
    if favour.agreed:
        steps.append(f"agreed {_short_day(favour.agreed)}")
    name = short(favour.account, _MAX_NAME_LENGTH)
    return f"• ⭐ *{name}*: {plain(favour.act)} ({', '.join(steps)})"


def _short_day(value: date) -> str:
    return f"{value.day} {value:%b}"
