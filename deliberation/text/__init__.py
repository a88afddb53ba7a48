"""Comparing and merging texts word by word; independent of motions."""
