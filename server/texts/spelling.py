"""Motions and maps in canonical words, whatever a program wrote in their Yjs documents (M35, M36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from deliberation.kernel.vocabulary import Draft, Node
from deliberation.motions.motions import canonical_draft
from deliberation.text.canonical_words import canonical
from server.texts.motion import MotionText


def canonical_text(text: MotionText) -> MotionText:
    """The text as the record says it."""
    return MotionText(canonical(text.title), tuple((id_, canonical_draft(draft)) for id_, draft in text.clauses))


def as_typed(wanted: MotionText, text: MotionText) -> MotionText:
    """The text that somebody wants who has seen `text` in canonical words: what they left as it was stays as `text`
    spells it, so that no letter of others is written anew.
    """
    typed = {id_: (draft, canonical_draft(draft)) for id_, draft in text.clauses}
    title = text.title if wanted.title == canonical(text.title) else wanted.title
    return MotionText(
        title, tuple((id_, _typed(draft, *typed.get(id_, (draft, draft)))) for id_, draft in wanted.clauses)
    )


def _typed(wanted: Draft, typed: Draft, seen: Draft) -> Draft:
    return typed if wanted == seen else wanted


def canonical_drafts(drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    """Clauses by id, in canonical words."""
    return {id_: canonical_draft(draft) for id_, draft in drafts.items()}


def canonical_nodes(nodes: Mapping[str, Node]) -> dict[str, Node]:
    """The nodes of a map by id, with their ideas in canonical words."""
    return {
        id_: node if (text := canonical(node.text).strip()) == node.text else replace(node, text=text)
        for id_, node in nodes.items()
    }
