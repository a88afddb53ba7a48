"""Storage: the record, the tables that follow from it, the journal of keystrokes, on SQLite or PostgreSQL."""
