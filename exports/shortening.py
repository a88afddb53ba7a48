"""Shortening of long texts."""

from __future__ import annotations


def shorten(text: str, limit: int) -> str:
    """The text if it has at most `limit` characters, otherwise its beginning, cut between words and with an ellipsis,
    within `limit`.
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return head[: cut if cut > limit // 2 else None].rstrip(" ,;:") + "…"
