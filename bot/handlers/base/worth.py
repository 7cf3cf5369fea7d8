"""What something is worth a year, as it is typed in a form: read back before it counts."""

from slack_sdk.models.blocks import InputBlock
from slack_sdk.models.views import View

from bot.handlers.base.form import FieldError, Form, FormOutdated
from bot.messages.kit import form_parts
from bot.rules.language.value import read_value
from bot.rules.text.money import Money, format_yearly, parse_money

_ASKED = "counts"


def parse_worth(form: Form, text_block: str, worth_block: str = "") -> Money | None:
    """The amount of a form: typed into its own field, or read in the text and then asked about.
    Raises `FormOutdated` with the form that asks, once."""
    if _ASKED in form.inputs:
        return parse_amount(form, _ASKED)
    if worth_block and form.text(worth_block):
        return parse_amount(form, worth_block)
    try:
        got = read_value(form.text(text_block), form.request.playbook.value.currency)
    except ValueError as error:
        raise FieldError(text_block, str(error)) from None
    if got.worth is not None and got.worth.currency is not None:
        return got.worth
    if got.amounts or got.unread:
        raise FormOutdated(_with_question(form, text_block, worth_block, got.amounts, got.unread))
    return None


def parse_amount(form: Form, block_id: str) -> Money | None:
    """The amount of a field; None for an empty one."""
    words = form.text(block_id)
    if not words:
        return None
    try:
        worth = parse_money(words, form.request.playbook.value.currency)
    except ValueError as error:
        raise FieldError(block_id, str(error)) from None
    if worth is None:
        raise FieldError(block_id, "Write an amount and its currency, like EUR 12,000 or $12k.")
    if worth.currency is None:
        raise FieldError(block_id, "Name the currency as well, like EUR 12,000.")
    return worth


def _with_question(
    form: Form, text_block: str, worth_block: str, amounts: tuple[Money, ...], unread: str
) -> View:
    """The same form, what was filled in included, with the amount to be confirmed."""
    is_clear = len(amounts) == 1 and not unread
    found = [*map(format_yearly, amounts), *([f'"{unread}"'] if unread else [])]
    hint = "Empty: no amount counts." if is_clear else f"I read {', '.join(found)}. Which counts?"
    question = form_parts.text_input(
        _ASKED,
        f"{format_yearly(amounts[0])}? Correct it, or save again" if is_clear else "Amount a year",
        initial=format_yearly(amounts[0]) if is_clear else "",
        placeholder="EUR 12,000",
        optional=True,
        most=60,
        hint=hint,
    )
    return _insert(form, question, after=text_block, without=worth_block)


def _insert(form: Form, block: InputBlock, *, after: str, without: str) -> View:
    blocks = [each for each in form.view["blocks"] if each["block_id"] != without]
    at = next(i for i, each in enumerate(blocks) if each["block_id"] == after) + 1
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    values = {key: form.view[key] for key in kept}
    return View(**values, blocks=[*blocks[:at], block, *blocks[at:]])
