"""Witnesses, both sides: the small server that another party runs, and asking witnesses to cosign our checkpoints.

The server shares the formats of the record with the rest and nothing else: no database, no congress.
"""
