"""Pure: a result in, text and blocks out; one file a noun."""
