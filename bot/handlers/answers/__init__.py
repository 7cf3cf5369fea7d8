"""What plays bring back: forms, replies in a nudge's thread, what an account's page shows."""
