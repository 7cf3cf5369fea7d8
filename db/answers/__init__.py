"""Queries for what plays brought back."""
