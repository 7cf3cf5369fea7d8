"""One verb a function, one file a noun: load, decide, save, in the caller's transaction."""
