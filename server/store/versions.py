"""Said when what is kept belongs to another version; apart, because it is known before anything is loaded."""

from __future__ import annotations


class OtherVersion(Exception):
    """What is kept cannot be brought to this version's form; nothing has changed."""
