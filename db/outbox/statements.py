"""Delivery's statements."""

from db.statements import Statement

__all__ = ["Statement"]
