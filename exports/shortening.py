"""Long texts cut to a length, between words."""

from __future__ import annotations


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words and closed by an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return head[: cut if cut > limit // 2 else None].rstrip(" ,;:") + "…"
