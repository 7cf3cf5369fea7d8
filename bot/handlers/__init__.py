"""What Slack sends: each handler parses it, calls one action and returns the answer."""
