"""The quarter's customers: a file as a CRM writes it, with what is not known left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: A Monday. The file is dropped on it, and the first digest comes a week later.
FIRST = date(2026, 11, 23)


@dataclass(frozen=True)
class Row:
    """A line of the file. `renews` is in days from the first; `created` is an old date of the CRM;
    `deals` are the years in which a deal was won, in another file."""

    name: str
    manager: str
    words: str
    stage: str
    renews: int | None
    created: str
    deals: tuple[int, ...] = ()

    @property
    def renews_on(self) -> date | None:
        return None if self.renews is None else FIRST + timedelta(days=self.renews)


ROWS = (
    Row("Acme Corporation", "priya", "Customer", "adoption", 67, "2019-03-01"),
    Row("Borealis Freight", "priya", "Growth", "growth", None, "2017-02-14", (2017, 2018)),
    Row("Cinder Joinery", "tom", "Onboarding", "onboarding", 340, "2026-11-02"),
    Row("Dorset Mills", "sam", "Customer", "adoption", None, "2018-05-09", (2019,)),
    Row("Elm Street Clinics", "priya", "Opportunity", "evaluation", None, "2026-09-30"),
    Row("Fjord Energi", "tom", "Customer", "adoption", 7, "2020-01-20"),
    Row("Gale Hotels", "sam", "Churned", "churned", 17, "2020-06-11"),
    Row("Harbour Books", "priya", "Evangelist", "advocacy", 79, "2018-01-08"),
    Row("Ivory Optics", "tom", "Growth", "growth", 50, "2021-07-19"),
    Row("Juniper Labs", "priya", "Renewal", "renewal", 36, "2022-10-03"),
    Row("Kestrel Parts", "sam", "Growth", "growth", 118, "2020-03-30"),
    Row("Lantern Schools", "priya", "Customer", "adoption", 75, "2019-12-02"),
)
_MORE_NAMES = (
    "Mistral Foods", "Northgate Rail", "Orchard Dental", "Pinyon Analytics", "Quillon Legal",
    "Redwood Press", "Selkie Boats", "Tidewater Ferries", "Umber Ceramics", "Vellum Thread",
    "Westray Tours", "Xenia Labs", "Yarrow Care", "Zephyr Wind", "Alder Surveys",
    "Brook Insurance", "Cobalt Print", "Delta Yards", "Ember Studios", "Fathom Marine",
    "Granite Homes", "Hollow Tea", "Inlet Power", "Jasper Tools", "Keel Lines",
    "Linden Foods", "Meadow Vets", "Nimbus Air",
)  # fmt: skip
_OWNERS = {"priya": "Priya Raman", "tom": "Tom Okafor", "sam": "Sam Carter"}


def roster(count: int) -> list[Row]:
    """The first dozen, then as many more of the same kinds under other names."""
    more = [
        Row(
            name,
            ("priya", "tom", "priya", "sam")[number % 4],
            ROWS[number % 12].words,
            ROWS[number % 12].stage,
            None if ROWS[number % 12].renews is None else (ROWS[number % 12].renews or 0) + number,
            ROWS[number % 12].created,
        )
        for number, name in enumerate(_MORE_NAMES)
    ]
    return [*ROWS, *more][:count]


def accounts_file(rows: list[Row]) -> bytes:
    lines = ["Company name,Company owner,Lifecycle Stage,Renewal date,Create Date"]
    lines += [
        f"{row.name},{_OWNERS[row.manager]},{row.words},{row.renews_on or ''},{row.created}"
        for row in rows
    ]
    return ("\n".join(lines) + "\n").encode()


def deals_file(rows: list[Row]) -> bytes:
    lines = ["Deal Name,Deal Stage,Close Date,Create Date,Deal owner,Associated Company"]
    lines += [
        f"Plan {year},Closed Won,{year}-03-01,{year}-01-10,{_OWNERS[row.manager]},{row.name}"
        for row in rows
        for year in row.deals
    ]
    return ("\n".join(lines) + "\n").encode()
