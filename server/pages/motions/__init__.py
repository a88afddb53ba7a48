"""Motions: the text, its drafting, its history, origins and remarks, and two versions compared."""
