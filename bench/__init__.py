"""How near Linchpin comes to the limit, and how far ahead it is of what people would use instead.

`python -m bench` measures; docs/performance.md holds the last full run.
"""
