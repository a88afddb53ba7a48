"""The record of a congress: an append-only Merkle log in the C2SP formats, and how anybody verifies it.

Pure and of the standard library only: the same sources travel in every archive as its verifier.
"""
