"""Measures what matters to users, beside what they would use instead.

`python -m bench` measures; docs/performance.md holds the last figures.
"""
