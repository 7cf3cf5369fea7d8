"""Generated files: encodings, separators, titles, date forms, ids. Nothing comes in that is not in
the file, twice is once, and undo restores exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from bot.rules.errors import UserError
from db.core.tx import read
from db.models import Account

from .conftest import TEAM, Desk

NAMES = (
    "Acme Corporation", "Bolt & Söhne GmbH", "Łódź Śruby", "O'Hara Ltd", 'The "Inn"', "Total Wine",
    "=SUM(A1)", "Ng", "株式会社さくら", "Crane\u200b Co", "Æther AS", "2nd Street",
)  # fmt: skip
DAYS: tuple[Callable[[date], str], ...] = (
    date.isoformat,
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day:%Y-%m-%dT00:00:00Z}",
    lambda day: f"{day.day} {day:%B} {day.year}",
    lambda day: "N/A",
    lambda day: "9999-12-31",
    lambda day: f"{day.isoformat()} or so",
    lambda day: "0001-01-01",
    lambda day: "soon",
)
IDS = ("", "1.23457E+11", "4215551212", "4215551212.0", "001A000001bcDEF", "001a000001bcdef", "7 ")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(IDS),
        st.sampled_from(("Onboarding", "adoption", "Evangelist - Gold", "", "Renewal")),
        st.sampled_from(("Priya Raman", "tom@fairweather.example", "Nobody Known", "")),
        st.tuples(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sampled_from(DAYS)),
    ),
    max_size=6,
)


def _file(rows: list[Any], sign: str, encoding: str, top: str, end: str) -> bytes:
    lines = [("Account", "Record ID", "Stage", "Owner", "Renewal date")]
    lines += [(name, mark, stage, who, form(day)) for name, mark, stage, who, (day, form) in rows]
    text = top + "".join(
        sign.join('"' + cell.replace('"', '""') + '"' for cell in line) + "\r\n" for line in lines
    )
    return (text + end).encode(encoding, errors="replace")


def _rows(desk: Desk) -> dict[str, list[Any]]:
    """Everything in the database that an import may touch, but its own account of itself."""
    # `workspace` counts how often names have changed.
    own = {"import_run", "import_change", "audit", "heartbeat", "finding", "workspace"}
    with read(desk.engine, TEAM) as tx:
        return {
            table.name: sorted(map(str, tx.connection.execute(table.select())))
            for table in SQLModel.metadata.tables.values()
            if table.name not in own
        }


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    ROWS,
    st.sampled_from(",;\t|"),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "shift_jis")),
    st.sampled_from(("", "Customers, as of today\r\n\r\n")),
    st.sampled_from(("", "Grand Totals (3 records)\r\n", "\r\n\r\nConfidential\r\n")),
)
def test_a_file_brings_in_what_stands_in_it_once_and_undo_restores(
    desk: Desk, rows: list[Any], sign: str, encoding: str, top: str, end: str
) -> None:
    data = _file(rows, sign, encoding, top, end)
    before = _rows(desk)
    try:
        desk.bring(data)
    except UserError:  # refused, with a sentence
        assert _rows(desk) == before
        return
    accounts = desk.all(Account)
    names = {" ".join(row[0].replace("\u200b", "").split()) for row in rows}
    days = {day for *_, (day, _form) in rows}
    if encoding.startswith("utf"):
        assert {account.name for account in accounts} <= names
    assert {account.renews_on for account in accounts} <= {None, *days}
    after = _rows(desk)
    desk.wait(minutes=5)
    desk.bring(data)
    assert _rows(desk) == after
    if accounts:
        desk.typed("--undo")
        assert _rows(desk) == before
