"""`/account acme contracts`: what a customer pays for, line by line; adding, changing, ending."""

from slack_bolt import App
from slack_sdk.models.views import View

from bot.actions.accounts.accounts import require_live
from bot.actions.contracts import contracts
from bot.context import Context
from bot.handlers.base.clicks import form_listener
from bot.handlers.base.form import FieldError, Form
from bot.handlers.base.request import Request
from bot.handlers.base.worth import parse_amount
from bot.messages.contracts import contracts as messages
from bot.messages.kit.message import Message
from bot.rules.contracts import ContractLine
from bot.rules.errors import UserError
from db.contracts import contracts as known
from db.models import Account, Contract


def register(app: App, linchpin: Context) -> None:
    """Listens to the button beside each contract."""
    app.action("contract:change")(form_listener(linchpin, _change_form))


def handle(request: Request, account: Account, words: str) -> Message:
    """Answers `/account acme contracts`."""
    found = known.list_of_account(request.tx, account.id)
    rows = [(one.id, known.contract_line(one)) for one in found]
    total = contracts.total(request.work, found)
    return messages.contracts_message((account.id, account.name), rows, total, request.today)


def form(request: Request, account: Account | None = None) -> View:
    """ "Add a contract" to an account."""
    assert account is not None  # every button carries it
    return messages.contract_form((account.id, account.name), None, request.channel)


def submit_contract(form: Form) -> Message:
    """Adds, changes or ends a contract."""
    request = form.request
    account = require_live(request.tx.require(Account, int(form.ids["account"])))
    contract = _load(request, int(form.ids["contract"])) if "contract" in form.ids else None
    if contract is not None and form.choice("standing") == messages.ENDED:
        contracts.end_contract(request.work, account, contract)
        return messages.ended_message(account.name, contract.name)
    renews_on = form.day("renews")
    if renews_on is not None and renews_on <= request.today and contract is None:
        raise FieldError("renews", "That day has passed: give the next one.")
    is_main = form.choice("standing") == messages.MAIN
    name = " ".join(form.text("name").split())
    line = ContractLine(name, parse_amount(form, "worth"), renews_on, is_main)
    contracts.save_contract(request.work, account, line, contract)
    total = contracts.total(request.work, known.list_of_account(request.tx, account.id))
    return messages.saved_message(account.name, line, total, request.today)


def _change_form(request: Request, contract_id: int) -> View:
    contract = _load(request, contract_id)
    account = request.tx.require(Account, contract.account_id)
    row = contract.id, known.contract_line(contract)
    return messages.contract_form((account.id, account.name), row, request.channel)


def _load(request: Request, contract_id: int) -> Contract:
    contract = request.tx.require(Contract, contract_id)
    if contract.ended_at is not None:
        raise UserError("That contract is no longer there.")
    return contract


SUBMITS = {"contract": submit_contract}
