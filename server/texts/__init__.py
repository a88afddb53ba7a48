"""Yjs documents on the server: checked, read as clauses and nodes, written in the congress's name, replayed."""
