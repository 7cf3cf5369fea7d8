"""The database: engine, transactions, tables, queries by noun, the outbox, migrations."""
