"""Checking an archive with the standard library alone; these sources are part of every archive, as its verifier."""
