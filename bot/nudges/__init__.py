"""Time comes in: claim one due thing, act or send. Each function does one and says if it did."""
