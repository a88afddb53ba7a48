"""Votes: how each way of voting takes ballots, closes and counts, and what follows from the result."""
