"""Checking an archive with the standard library alone: these sources are in every archive as its verifier."""
