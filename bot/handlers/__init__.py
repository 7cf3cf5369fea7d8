"""Slack comes in: parse, call one action, say the result; one file a surface."""
