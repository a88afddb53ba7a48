"""Restitutions as zip files: made when asked for, kept until the record grows."""
