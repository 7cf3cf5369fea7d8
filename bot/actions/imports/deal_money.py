"""The amounts of won deals: what accounts pay, and what people are asked about."""

from collections.abc import Iterator, Mapping, Sequence

from bot.actions.imports.change_log import ChangeLog
from bot.actions.imports.contracts import write_contracts
from bot.actions.work import Work
from bot.rules.contracts import add_up
from bot.rules.imports.deal_kinds import DEAL_PREFIX, PaidDeals
from bot.rules.imports.deals import Deal
from bot.rules.imports.merge import Known
from bot.rules.text.money import Money, format_yearly
from bot.rules.text.words import plural
from db.contracts import contracts

#: So many deals that may be a renewal or an add-on are named.
MAX_ASKED = 3


def money_notes(
    groups: Mapping[str, Sequence[Deal]], paid: Mapping[str, PaidDeals]
) -> Iterator[str]:
    """What the amounts of the deals leave open, for people to say."""
    won = [deal for each in paid.values() for deal in (*each.running, *each.unclear)]
    bare = sum(deal.worth is not None and not deal.worth.currency for deal in won)
    if bare:
        yield f"{plural(bare, 'amount')} have no currency and count for nothing: name a Currency."
    asked = [(groups[m], d) for m, each in paid.items() if not each.orders for d in each.unclear]
    if asked:
        names = "; ".join(
            f"{group[0].account}: {_deal_text(deal)}" for group, deal in asked[:MAX_ASKED]
        )
        yield (
            f"{plural(len(asked), 'won deal')} may be a renewal or an add-on, and until that is "
            f"said they count as neither ({names}{' …' if len(asked) > MAX_ASKED else ''}). A "
            "column Type that says Renewal or Add-on tells; so does /account … contracts."
        )
    if orders := sum(each.orders for each in paid.values()):
        yield (
            f"The won deals of {plural(orders, 'account')} are orders, not contracts: they come "
            "too often. /account … worth sets what they pay a year."
        )


def _deal_text(deal: Deal) -> str:
    amount = f", {format_yearly(deal.worth)}" if deal.worth else ""
    return f'"{deal.title or deal.id}"{amount}, {deal.newest}'


def list_worths(
    work: Work, paid: Mapping[str, PaidDeals], met: Mapping[str, Known | None]
) -> dict[str, Money]:
    """What accounts pay a year by their deals, where only earlier deals say otherwise."""
    ids = [known.id for known in met.values() if known is not None and known.worth is not None]
    theirs = contracts.list_of_accounts(work.tx, ids)
    dealt = {o.account_id for o in theirs if (o.external_id or "").startswith(DEAL_PREFIX)}
    worths = {}
    for mark, known in met.items():
        deals = paid[mark]
        amounts = [deal.worth for deal in deals.running if deal.worth and deal.worth.currency]
        total = add_up(amounts, work.playbook.value.currency)
        is_free = known is None or known.worth is None or known.id in dealt
        if total is not None and is_free and deals.base is not None and not deals.orders:
            worths[mark] = total
    return worths


def write_deal_contracts(
    work: Work,
    paid: Mapping[str, PaidDeals],
    met: Mapping[str, Known | None],
    worths: Mapping[str, Money],
    log: ChangeLog,
) -> None:
    """Writes the running deals of accounts as their contracts, where the amount was taken."""
    wanted = {}
    for mark, worth in worths.items():
        known = met[mark]
        if known is not None and not known.archived and known.worth == worth:
            wanted[known.id] = paid[mark].lines()
    write_contracts(work, wanted, log)
