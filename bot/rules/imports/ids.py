"""Ids of a CRM, which spreadsheets and exports write in several ways."""

import re
from typing import Final

_ROUNDED: Final = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.I)
_WHOLE: Final = re.compile(r"(\d+)[.,]0+")
#: Salesforce's, whose case counts; the long form ends in what tells the case of the rest.
_SALESFORCE: Final = re.compile(r"(?=.*\d)(?=.*[a-z])[0a][a-z0-9]{14}", re.I)
_CHECKS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def clean_id(cell: str) -> str | None:
    """An id without spaces and ".0"; None for none. ValueError for one that has lost digits."""
    bare = "".join(cell.split())
    if _ROUNDED.fullmatch(bare):
        raise ValueError(f"{bare} is no id: a spreadsheet has rounded it")
    if match := _WHOLE.fullmatch(bare):
        return match[1]
    return bare or None


def id_key(external_id: str) -> str:
    """What two spellings of one id share."""
    if _SALESFORCE.fullmatch(external_id):
        parts = (external_id[start : start + 5] for start in (0, 5, 10))
        ends = (sum(1 << n for n, sign in enumerate(part) if sign.isupper()) for part in parts)
        external_id += "".join(_CHECKS[end] for end in ends)
    return external_id.casefold()


def id_forms(external_ids: set[str]) -> set[str]:
    """The ids and how they may be written in the database."""
    forms = {one for id_ in external_ids for one in (id_, id_.upper(), id_.lower(), id_key(id_))}
    shorter = {one[:15] for one in external_ids if len(one) == 18}
    return forms | shorter | {one + id_key(one)[len(one) :].upper() for one in external_ids}
