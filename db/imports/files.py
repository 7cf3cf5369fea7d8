"""Queries for files that were dropped in Slack."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import col, select

from db.core.tx import Tx
from db.models import DroppedFile

#: So long its questions can be answered and its import can be taken back in Slack.
KEPT = timedelta(days=30)


def forget(tx: Tx, file_id: int) -> None:
    """Forgets a file and what was answered."""
    tx.delete(DroppedFile, col(DroppedFile.id) == file_id)


def forget_words(tx: Tx, words: Iterable[str]) -> None:
    """Forgets files about which somebody answered with any of the words, whatever their case."""
    spelled = [word.casefold() for word in words]
    for file in tx.all(select(DroppedFile)):
        said = str(file.answers).casefold()
        if any(word in said for word in spelled):
            forget(tx, file.id)


def delete_old(tx: Tx, now: datetime) -> int:
    """Forgets files of a month ago; returns how many."""
    return tx.delete(DroppedFile, col(DroppedFile.at) < now - KEPT)
